"""The ports of alarms by a count of errors, against the library, SciPy and the exercise."""

from collections.abc import Callable

import numpy as np
from scipy.stats import binom

from qlearn.control.eavesdropper_detection import roc
from qlearn.exercises.control.eavesdropper_detection import base_rate


def test_curves_of_error_counts(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    for n in (1, 20, 1000, 30_000):
        for qber, share in rng.uniform(0, [0.1, 0.5], (4, 2)):
            (theirs,) = port("control/eavesdropper_detection", "roc", [[n, qber, share]])
            ours, attacked = roc(n, qber, share), qber + share * (0.25 - qber / 2)
            np.testing.assert_allclose(theirs["auc"], ours.auc, rtol=1e-9)
            for name, values in {
                "false_alarm": ours.false_alarm,
                "power": ours.power,
                "quiet": binom.pmf(np.arange(n + 1), n, qber),
                "attacked": binom.pmf(np.arange(n + 1), n, attacked),
            }.items():
                # (SciPy's own far tails are good to nine digits, too: below 1e-15 it is they that differ)
                if len(values) >= 1000:
                    agree(theirs[name], values, scale=1e-3)
                np.testing.assert_allclose(theirs[name], values, rtol=1e-9, atol=1e-12)
            curve = {"false_alarm": theirs["false_alarm"]}
            levels = 10 ** rng.uniform(-6, 0, 300 if n < 1000 else 3)
            found = port("control/eavesdropper_detection", "threshold_at", [[curve, one] for one in levels])
            assert found == [ours.threshold_at(one) for one in levels]


def test_what_an_alarm_is_worth(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    asked = [
        [
            float(10 ** rng.uniform(-6, 0)),
            rng.uniform(),
            float(10 ** rng.uniform(-6, -0.3)),
            [bool(b) for b in rng.random(k % 4) < 0.5],
        ]
        for k in range(1200)
    ]
    agree(
        port("control/eavesdropper_detection", "base_rate", asked),
        [base_rate.solution(*one) for one in asked],
    )
