"""Shots needed."""

from fractions import Fraction
from math import ceil

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="p(1-p)/error**2, rounded up. One more digit costs a hundred times the shots.",
    because=r"""
        Solve $\sqrt{p(1-p)/n} \le \varepsilon$ for n, and round up. With floats $0.1\cdot0.9/0.03^2$ is
        100.00000000000001, which would round up to 101: where a number is rounded to a whole one, the sixteenth
        digit counts.
    """,
)
def shots_needed(p, error):
    r"""An outcome has probability `p`. Write `shots_needed(p, error)`: the smallest number of shots for
    which the observed frequency has a standard error $\sqrt{p(1-p)/n}$ of at most `error`. Take both
    numbers as they are written: `Fraction(str(0.1))` is exactly 1/10, the float 0.1 is not. Given:
    `np`, `ceil`, `Fraction`.
    """
    p, error = Fraction(str(p)), Fraction(str(error))
    return ceil(p * (1 - p) / error**2)


@shots_needed.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_shots_needed of the old module
    yield ()


@shots_needed.mistake(
    "for p = 0.1 and a standard error of 0.03 you say 101; 100 are enough, exactly. Your formula is right, but a "
    "computer holds 0.1 and 0.03 to 16 digits only, finds 100.00000000000001 and rounds it up. Count with "
    "fractions."
)
def floats(p, error):
    return int(np.ceil(p * (1 - p) / error**2))


@shots_needed.mistake(
    "for p = 0.5 and a standard error of 0.25 you say 5; 4 are enough: what is whole already is not rounded up."
)
def always_one_more(p, error):
    return int(p * (1 - p) / error**2) + 1


@shots_needed.mistake(
    "for p = 0.5 and a standard error of 0.012 you say 21: the error falls with the *root* of n, so n goes with "
    "1/error**2."
)
def no_square(p, error):
    return int(np.ceil(p * (1 - p) / error))


@shots_needed.mistake(
    "for p = 0.5 and a standard error of 0.012 you say 6945: one shot does not vary by 1, its variance is p(1-p)."
)
def variance_1(p, error):
    return int(np.ceil(1 / error**2))


@shots_needed.mistake(
    "for p = 0.5 and a standard error of 0.012 you say 1736: that is too few, the error would be 0.012."
)
def rounds_down(p, error):
    return int(p * (1 - p) / error**2)


@shots_needed.mistake(
    "for p = 0.5 and a standard error of 0.012 you say 1736.11: a number of shots is a whole number, rounded up."
)
def a_fraction(p, error):
    return p * (1 - p) / error**2
