"""The slope of the logarithm of a variance against the number of qubits."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="-1 is one bit a qubit: a plateau. Slopes that bend towards 0 are powers of n: no plateau.",
    because="""
        An exponential is a straight line on a logarithmic axis. `fit_decay` does the same with weights, so that a
        noisy point pulls less, and tells the error of the slope.
    """,
)
def slope(n, variances):
    r"""Return the slope of $\log_2$ of the variance against the number of qubits, by
    a straight line through all points (unweighted): `n` and `variances` are arrays of one length. Given: `np`.
    """
    return np.polyfit(n, np.log2(variances), 1)[0]


@slope.cases
def measurements(rng):
    """Beside a line and on one; falling and rising; two points to eight, with gaps, and not always in order."""
    for points, scatter, rate in (
        (4, 0.0, -1.0),
        (5, 0.3, -0.5),
        (2, 0.5, -0.2),
        (8, 0.2, 0.4),
        (6, 0.5, -1.0),
    ):
        n = rng.choice(np.arange(2, 17), points, replace=False)
        if points != 6:
            n = np.sort(n)
        yield n, 2.0 ** (rng.uniform(-3, 1) + rate * n + scatter * rng.normal(size=points))


@slope.mistake("that is the slope of the natural logarithm; in bits, divide by ln 2 or use log2.")
def natural(n, variances):
    return np.polyfit(n, np.log(variances), 1)[0]


@slope.mistake("that is the slope of the decimal logarithm; use log2.")
def decimal(n, variances):
    return np.polyfit(n, np.log10(variances), 1)[0]


@slope.mistake("you fit a line to the variance itself, which is no straight line. Fit it to the logarithm.")
def no_logarithm(n, variances):
    return np.polyfit(n, variances, 1)[0]


@slope.mistake("you take the logarithm of a slope. Take that of the variances first, and fit a line to it.")
def logarithm_of_the_slope(n, variances):
    return np.log2(np.abs(np.polyfit(n, variances, 1)[0]))


@slope.mistake("that is the factor per qubit; its log2 was asked for.")
def factor(n, variances):
    return 2 ** np.polyfit(n, np.log2(variances), 1)[0]


@slope.mistake(
    "you took the logarithm of the qubits too: that slope is the power of n, if it is a power of n."
)
def power(n, variances):
    return np.polyfit(np.log2(n), np.log2(variances), 1)[0]


@slope.mistake("two numbers came back; of the line, only the slope is asked for.")
def both(n, variances):
    return np.polyfit(n, np.log2(variances), 1)


@slope.mistake("that is where the line begins, its value at no qubits. The slope was asked for.")
def intercept(n, variances):
    return np.polyfit(n, np.log2(variances), 1)[1]


@slope.mistake(
    "right for points on a line. Measured points lie beside one: use *all* of them, by least squares, each with "
    "the same weight. You use the first and the last."
)
def ends(n, variances):
    return (np.log2(variances[-1]) - np.log2(variances[0])) / (n[-1] - n[0])


@slope.mistake(
    "that is the mean of the slopes from point to point. A line through all points, by least squares, was asked for."
)
def mean_of_the_steps(n, variances):
    return np.mean(np.diff(np.log2(variances)) / np.diff(n))


@slope.mistake("you force the line through zero. It may begin anywhere: fit its beginning too.")
def through_zero(n, variances):
    return n @ np.log2(variances) / (n @ n)


@slope.mistake(
    "that is the slope against the number of the point, 0, 1, 2, ...: the points stand at `n`, and not all are "
    "one qubit apart."
)
def number_of_the_point(n, variances):
    return np.polyfit(range(len(n)), np.log2(variances), 1)[0]


@slope.mistake("the axes are exchanged: qubits on the horizontal one.")
def axes_exchanged(n, variances):
    return np.polyfit(np.log2(variances), n, 1)[0]


@slope.mistake("the sign: a variance that falls has a negative slope.")
def sign(n, variances):
    return -np.polyfit(n, np.log2(variances), 1)[0]
