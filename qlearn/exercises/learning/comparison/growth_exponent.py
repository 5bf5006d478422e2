"""The exponent of a power law, from measured costs."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the exponent of a power law is the slope of a straight line on logarithms.",
    because=r"""
        $\log y = \log a + b\log x$ is a straight line with slope $b$; the base of the logarithm does not matter,
        and neither does the unit of $y$, which moves into $a$.
    """,
)
def growth_exponent(x, y):
    r"""Return the $b$ of $y = a\,x^b$ that fits measured costs $y$ at sizes $x$ best, by least squares on logarithms,
    all points used. Both are arrays.
    """
    return np.polyfit(np.log(x), np.log(y), 1)[0]


@growth_exponent.cases
def costs(rng):
    """An exact law, and measured ones; sizes that double, and uneven ones in any order; growth, and decay."""
    x = 50.0 * 2.0 ** np.arange(4)
    yield x, rng.uniform(2, 9) * x ** rng.uniform(1.2, 2.5)
    yield x, 1e-4 * x ** rng.uniform(1.2, 2.5) * np.exp(rng.normal(0, 0.3, 4))
    for low, high, n in ((0.5, 3, 6), (-2, -0.5, 9), (-0.3, 0.3, 3)):
        x = rng.permutation(np.exp(rng.uniform(0, 7, n)))
        yield x, 10 ** rng.uniform(-3, 3) * x ** rng.uniform(low, high) * np.exp(rng.normal(0, 0.4, n))


@growth_exponent.mistake(
    "that is the slope in plain numbers: a power law is straight on logarithms of both axes."
)
def plain_numbers(x, y):
    return np.polyfit(x, y, 1)[0]


@growth_exponent.mistake("only y has its logarithm: that is the rate of an exponential. Take that of x too.")
def logarithm_of_y_only(x, y):
    return np.polyfit(x, np.log(y), 1)[0]


@growth_exponent.mistake("only x has its logarithm: take that of y too.")
def logarithm_of_x_only(x, y):
    return np.polyfit(np.log(x), y, 1)[0]


@growth_exponent.mistake("upside down: you fitted x as a power of y.")
def upside_down(x, y):
    return np.polyfit(np.log(y), np.log(x), 1)[0]


@growth_exponent.mistake(
    "you fitted x as a power of y and turned the slope round: its errors are those of x then."
)
def turned_round(x, y):
    return 1 / np.polyfit(np.log(y), np.log(x), 1)[0]


@growth_exponent.mistake(
    "that is log a, where the line crosses: the exponent is its slope, which np.polyfit gives first."
)
def intercept(x, y):
    return np.polyfit(np.log(x), np.log(y), 1)[1]


@growth_exponent.mistake(
    "on measured times it is off: use all points (least squares), not the first and the last."
)
def two_points(x, y):
    return np.log(y[-1] / y[0]) / np.log(x[-1] / x[0])


@growth_exponent.mistake(
    "that is the mean of the slopes from one point to the next: fit one line to all points, by least squares."
)
def mean_of_the_slopes(x, y):
    return np.mean(np.diff(np.log(y)) / np.diff(np.log(x)))


@growth_exponent.mistake(
    "right only for sizes that double, one point to the next: put the logarithms of x beside those of y."
)
def sizes_that_double(x, y):
    return np.polyfit(np.arange(len(y)), np.log2(y), 1)[0]


@growth_exponent.mistake("your line goes through the origin of the logarithms: there would be no factor a.")
def through_the_origin(x, y):
    return np.log(x) @ np.log(y) / (np.log(x) @ np.log(x))


@growth_exponent.mistake(
    "that is how much y grows from the first point to the second; the exponent is asked for."
)
def a_ratio(x, y):
    return y[1] / y[0]
