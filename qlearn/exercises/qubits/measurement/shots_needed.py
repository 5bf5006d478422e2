"""How many shots a standard error takes."""

from fractions import Fraction
from math import ceil

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="p(1-p)/error**2, rounded up. One more digit costs a hundred times the shots.",
    because=r"""
        Solve $\sqrt{p(1-p)/n} \le \varepsilon$ for n, and round up. With floats $0.1\cdot0.9/0.03^2$ is
        100.00000000000001, which would round up to 101: where a number is rounded to a whole one, the sixteenth
        digit counts.
    """,
)
def shots_needed(p, error):
    r"""An outcome has probability `p`. Return the smallest number of shots for
    which the observed frequency has a standard error $\sqrt{p(1-p)/n}$ of at most `error`. Take both
    numbers as they are written: `Fraction(str(0.1))` is exactly 1/10, the float 0.1 is not. Given: `ceil`, `Fraction`.
    """
    p, error = Fraction(str(p)), Fraction(str(error))
    return ceil(p * (1 - p) / error**2)


WHOLE = ((0.1, 0.01), (0.2, 0.02), (0.5, 0.05), (0.8, 0.1), (0.9, 0.03))


@shots_needed.cases
def frequencies(rng):
    """Where the number of shots comes out whole, with floats or not, or a trace above; then any decimals; few, and many."""
    yield 0.1, 0.03
    yield 0.2, 0.04
    yield 0.5, 0.25
    yield from rng.permutation(WHOLE)[:2].tolist()
    p, error = WHOLE[rng.integers(len(WHOLE))]
    yield p, float(Fraction(str(error)) - Fraction(1, 10 ** int(rng.integers(14, 16))))  # 0.04999999999999
    for finest, least in ((7, 0.05), (80, 0.05), (400, 0.05), (30, 0.55), (400, 0.55)):
        shots = Fraction(0)
        while not least < shots % 1 < least + 0.4:  # to round down in some, and up in others
            p, error = int(rng.integers(1, 100)), int(rng.integers(1, finest))
            shots = Fraction(p * (100 - p) * 100, error**2)
        yield p / 100, error / 1000


@shots_needed.mistake(
    "your formula is right, but a computer holds 0.1 and 0.03 to 16 digits only, finds 100.00000000000001 shots and "
    "rounds that up to one too many. Count with fractions of the numbers as they are written."
)
def floats(p, error):
    return int(np.ceil(p * (1 - p) / error**2))


@shots_needed.mistake(
    "fractions, but of the floats: Fraction(0.1) is 3602879701896397/2**55. Fraction(str(0.1)) is 1/10."
)
def fractions_of_floats(p, error):
    return ceil(Fraction(p) * (1 - Fraction(p)) / Fraction(error) ** 2)


@shots_needed.mistake("one too many where the number is whole already: what is whole is not rounded up.")
def always_one_more(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    return int(p * (1 - p) / error**2) + 1


@shots_needed.mistake("the error falls with the *root* of n, so n goes with 1/error**2.")
def no_square(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    return ceil(p * (1 - p) / error)


@shots_needed.mistake("one shot does not vary by 1: its variance is p(1-p).")
def variance_1(p, error):
    return ceil(1 / Fraction(str(error)) ** 2)


@shots_needed.mistake("one shot has the variance p(1-p): you left out 1-p.")
def variance_p(p, error):
    return ceil(Fraction(str(p)) / Fraction(str(error)) ** 2)


@shots_needed.mistake("too few: rounded down, the error is a little above what is allowed. Round up.")
def rounds_down(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    return int(p * (1 - p) / error**2)


@shots_needed.mistake(
    "you round to the nearest whole number: where that is down, the error is a little above what is allowed. Round up."
)
def rounds_to_the_nearest(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    return round(p * (1 - p) / error**2)


@shots_needed.mistake(
    "you take off the last digits before you round up: what lies a trace above a whole number is rounded down. Count "
    "with fractions of the numbers as they are written, and nothing is to be taken off."
)
def takes_off_digits(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    return ceil(round(p * (1 - p) / error**2, 6))


@shots_needed.mistake("a number of shots is a whole number: round up.")
def a_fraction(p, error):
    p, error = Fraction(str(p)), Fraction(str(error))
    return p * (1 - p) / error**2
