"""The ports behind a threshold on errors, against the library and against SciPy."""

from collections.abc import Callable

import numpy as np
from scipy.stats import binom

from qlearn.control.eavesdropper_detection import roc
from qlearn.exercises.control import eavesdropper_detection as exercises

N = 1000


def settings(seed: int) -> list[tuple[int, float, float]]:
    """Blocks of all lengths up to 300, some long ones, and both ends of the error rate and of Eve's part."""
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 300, N)
    n[:4] = 31_623, 10_000, 2239, 1
    e, r = rng.uniform(0, 0.1, N), rng.uniform(0, 0.5, N)
    e[4:8], r[6:10] = 0, 0
    return list(zip(n.tolist(), e.tolist(), r.tolist(), strict=True))


def test_chances_of_errors(port: Callable, agree: Callable):
    asked = [(n, e) for n, e, _ in settings(1)]
    theirs = port("control/eavesdropper_detection", "binomial", asked)
    ours = [binom.pmf(range(n + 1), n, e) for n, e in asked]
    agree(np.concatenate(theirs), np.concatenate(ours), scale=1)
    assert len(theirs) == N


def test_the_curve_and_its_thresholds(port: Callable, agree: Callable):
    asked = settings(2)
    theirs, ours = port("control/eavesdropper_detection", "roc", asked), [roc(*one) for one in asked]
    for name in ("false_alarm", "power"):
        agree(
            np.concatenate([one[name] for one in theirs]),
            np.concatenate([getattr(one, name) for one in ours]),
            scale=1,
        )
    agree([one["auc"] for one in theirs], [one.auc for one in ours])
    allowed = 10 ** np.random.default_rng(3).uniform(-4, -0.1, N)
    sent = [[{"false_alarm": one.false_alarm.tolist()}, a] for one, a in zip(ours, allowed, strict=True)]
    found = port("control/eavesdropper_detection", "threshold_at", sent)
    agree(found, [one.threshold_at(a) for one, a in zip(ours, allowed, strict=True)])


def test_what_an_alarm_says(port: Callable, agree: Callable):
    rng = np.random.default_rng(4)
    asked = [
        (
            10 ** rng.uniform(-9, 0),
            rng.uniform(),
            10 ** rng.uniform(-5, -0.1),
            (rng.random(k % 6) < 0.6).tolist(),
        )
        for k in range(N)
    ]
    agree(
        port("control/eavesdropper_detection", "base_rate", asked),
        [exercises.base_rate.solution(*one) for one in asked],
    )
