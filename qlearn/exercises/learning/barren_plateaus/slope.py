"""Slope."""

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
    r"""Write `slope(n, variances)`: the slope of $\log_2$ of the variance against the number of qubits, by
    a straight line through all points (unweighted).
    """
    return np.polyfit(n, np.log2(variances), 1)[0]


@slope.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_slope of the old module
    yield ()


@slope.mistake("that is the slope of the natural logarithm; in bits, divide by ln 2 or use log2.")
def natural(n, variances):
    return np.polyfit(n, np.log(variances), 1)[0]


@slope.mistake("that is the slope of the decimal logarithm; use log2.")
def decimal(n, variances):
    return np.polyfit(n, np.log10(variances), 1)[0]


@slope.mistake(
    "for a variance 0.3 * 2^(-1 n) you say -0.0093; the slope is -1. Did you fit a line to the logarithm? The "
    "variance itself is no straight line."
)
def no_logarithm(n, variances):
    return np.polyfit(n, variances, 1)[0]


@slope.mistake("that is the factor per qubit; its log2 was asked for.")
def factor(n, variances):
    return 2 ** np.polyfit(n, np.log2(variances), 1)[0]


@slope.mistake(
    "you took the logarithm of the qubits too: that slope is the power of n, if it is a power of n."
)
def power(n, variances):
    return np.polyfit(np.log2(n), np.log2(variances), 1)[0]


@slope.mistake("2 numbers came back; of the line, only the slope is asked for.")
def both(n, variances):
    return np.polyfit(n, np.log2(variances), 1)


@slope.mistake(
    "right for points on a line. Measured points lie beside one: use *all* of them, by least squares, each with "
    "the same weight."
)
def ends(n, variances):
    return (np.log2(variances[-1]) - np.log2(variances[0])) / (n[-1] - n[0])


@slope.mistake(
    "that is the slope against the number of the point, 0, 1, 2, ...: the points stand at `n`, and not all are "
    "one qubit apart."
)
def number_of_the_point(n, variances):
    return np.polyfit(range(len(n)), np.log2(variances), 1)[0]


@slope.mistake("the sign: a variance that falls has a negative slope.")
def sign(n, variances):
    return -np.polyfit(n, np.log2(variances), 1)[0]
