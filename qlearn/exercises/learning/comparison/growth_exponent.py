"""Growth exponent."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="The exponent of a power law is the slope of a straight line on logarithms.",
    because=r"""
        $\log y = \log a + b\log x$ is a straight line with slope $b$; the base of the logarithm does not matter,
        and neither does the unit of $y$, which moves into $a$.
    """,
)
def growth_exponent(x, y):
    r"""Write `growth_exponent(x, y)`: the $b$ of $y = a\,x^b$ that fits measured costs $y$ at sizes $x$
    best, by least squares on logarithms, all points used.
    """
    return np.polyfit(np.log(x), np.log(y), 1)[0]


@growth_exponent.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_growth_exponent of the old module
    yield ()


@growth_exponent.mistake(
    "That is the slope in plain numbers: a power law is straight on logarithms of both axes."
)
def plain_numbers(x, y):
    return np.polyfit(x, y, 1)[0]


@growth_exponent.mistake("Only y has its logarithm: that is the rate of an exponential. Take that of x too.")
def logarithm_of_y_only(x, y):
    return np.polyfit(x, np.log(y), 1)[0]


@growth_exponent.mistake("Upside down: you fitted x as a power of y.")
def upside_down(x, y):
    return np.polyfit(np.log(y), np.log(x), 1)[0]


@growth_exponent.mistake(
    "On measured times it is off: use all points (least squares), not the first and the last."
)
def two_points(x, y):
    return np.log(y[-1] / y[0]) / np.log(x[-1] / x[0])


@growth_exponent.mistake(
    "Right only for sizes that double, one point to the next: put the logarithms of x beside those of y."
)
def sizes_that_double(x, y):
    return np.polyfit(np.arange(len(y)), np.log2(y), 1)[0]


@growth_exponent.mistake("for y = 7 x^1.5 it gives 2.828, not 1.5.")
def a_ratio(x, y):
    return y[1] / y[0]
