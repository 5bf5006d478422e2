"""The ports of comparisons of pairs, against the library and SciPy."""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr
from scipy.stats import t as student

from qlearn.evidence import false_lead, lead_of_best, paired, power_of_pairs


def test_students_t(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    t, free = rng.uniform(-8, 8, 1200), rng.integers(1, 300, 1200)
    asked = list(zip(t.tolist(), free.tolist(), strict=True))
    agree(port("evidence/significance", "student_chance", asked), 2 * student.sf(np.abs(t), free), scale=1)
    level = rng.uniform(0.002, 0.2, 1200)
    asked = list(zip(level.tolist(), free.tolist(), strict=True))
    agree(port("evidence/significance", "student_border", asked), student.isf(level / 2, free))
    z = rng.uniform(-9, 9, 1200)
    agree(port("evidence/statistical_power", "ndtr", z[:, None]), ndtr(z))


def test_pairs(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    asked, ours = [], []
    for _ in range(1000):
        n = int(rng.integers(6, 61))
        a, b = rng.normal(0.8, 0.02, (2, n)) + rng.normal(0, 0.01) * np.array([[1], [0]])
        asked.append([a, b])
        # (Up to 20 pairs the library goes through their signs, but for splits that overlap.)
        found = paired(a, b, overlap=None if n > 20 else 1e-300)
        ours.append([found.mean, found.error, found.low, found.high, found.p])
    theirs = [
        [one[key] for key in ("mean", "error", "low", "high", "p")]
        for one in port("evidence/significance", "paired", asked)
    ]
    theirs, ours = np.array(theirs), np.array(ours)
    for column, scale in enumerate((0.01, None, 0.01, 0.01, 1)):
        agree(theirs[:, column], ours[:, column], scale=scale)


def test_what_pairs_find(port: Callable, agree: Callable):
    rng = np.random.default_rng(3)
    asked, ours = [], []
    # (all that the port says it can: few pairs and many, at the lowest level too)
    edges = [(n, 0.05 / share) for n in (6, 7, 8, 1000, 2000) for share in (1, 20) for _ in range(60)]
    for k in range(1800):
        difference, spread, n = rng.uniform(0, 0.05), rng.uniform(0.005, 0.06), int(rng.integers(6, 400))
        correlation, level = rng.uniform(0, 0.95), 0.05 / rng.integers(1, 21)
        n, level = edges[k] if k < len(edges) else (n, level)
        asked.append([difference * (k % 9 > 0), spread, n, correlation, level])
        ours.append(power_of_pairs(*asked[-1][:3], correlation=correlation, level=level))
    agree(port("evidence/statistical_power", "power_of_pairs", asked), ours, scale=1)
    methods, errors = rng.integers(1, 40, 1000), rng.uniform(0, 1, 1000)
    asked = list(zip(methods.tolist(), errors.tolist(), strict=True))
    agree(
        port("evidence/statistical_power", "lead_of_best", asked),
        [lead_of_best(*one) for one in asked],
        scale=0.01,
    )
    levels = rng.uniform(1e-4, 0.5, 1000)
    asked = list(zip(methods.tolist(), levels.tolist(), strict=True))
    agree(port("evidence/statistical_power", "false_lead", asked), [false_lead(*one) for one in asked])
