"""Read Bob's bit off the clock."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="warm-up",
    same=equal,
    right="the border is halfway, whichever detector is the later one: no reader of single stamps does better.",
    because=r"""
        Both laws have the same shape, so the likelier bit is that of the nearer mean: the border is $d/2$. If detector 1 is
        the earlier one, d is negative and the stamps *below* the border are ones. No photon was touched, and no error
        rate tells of this reader.
    """,
)
def guess_from_time(t, d):
    """Bob's detector 0 answers at time 0 and detector 1 at time `d`, both with the same normal jitter; `d` is not 0 and may
    be negative. Return the likelier bit, 0 or 1, for each stamp of the array `t`. Given: `np`.
    """
    return np.where(d > 0, t > d / 2, t < d / 2).astype(int)


@guess_from_time.cases
def clocks(rng):
    """Detector 1 late and early, by little and by much."""
    for d in (0.5, -0.5, *rng.uniform(0.2, 3, 2), *-rng.uniform(0.2, 3, 2)):
        bits = rng.integers(0, 2, 40)
        # both sides of each border, and close to the right one
        around = np.array([0.1, 0.4, 0.45, 0.499, 0.501, 0.55, 0.6, 0.9, 1.1, -0.1, 1.6]) * d
        yield np.concatenate([bits * d + rng.normal(size=40), around]), float(d)


@guess_from_time.mistake("the border lies halfway between the detectors, at d/2, and not at 0.")
def border_at_zero(t, d):
    return (np.sign(d) * t > 0).astype(int)


@guess_from_time.mistake("the border lies halfway between the detectors, at d/2, and not at d itself.")
def border_at_the_second(t, d):
    return (np.sign(d) * (t - d) > 0).astype(int)


@guess_from_time.mistake(
    "if `d` is negative detector 1 is the earlier one: then stamps *below* d/2 are ones."
)
def always_late(t, d):
    return (t > d / 2).astype(int)


@guess_from_time.mistake("exchanged: stamps nearer to `d` are those of detector 1.")
def exchanged(t, d):
    return (np.abs(t) < np.abs(t - d)).astype(int)


@guess_from_time.mistake(
    "it is the sign of `d` that matters, not of d/2 alone: halfway is d/2, on the other side is -d/2."
)
def border_by_size(t, d):
    return np.where(d > 0, t > abs(d) / 2, t < abs(d) / 2).astype(int)
