"""Standard error."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="For 5 folds it is 1.5 times the error that the ordinary paired test would state.",
    because=r"""
        The variance of a mean of independent numbers is $s^2/k$. The folds are not independent: their training sets
        overlap. The correction adds the ratio of test to training rows, $\tfrac{1}{k-1}$, to $\tfrac1k$. For $k=5$
        that is $0.45$ in place of $0.2$.
    """,
)
def standard_error(a, b):
    """`a` and `b` are the scores of two models on the same $k$ folds of one cross-validation. Write
    `standard_error(a, b)`: the standard error of the mean difference with the correction of Nadeau and
    Bengio.
    """
    d, k = a - b, len(a)
    return np.sqrt((1 / k + 1 / (k - 1)) * d.var(ddof=1))


@standard_error.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_standard_error of the old module
    yield ()


@standard_error.mistake(
    "That takes the five folds for five independent experiments; any two share three quarters of their training "
    "rows. Add 1/(k - 1) to 1/k under the root."
)
def independent_folds(a, b):
    return (a - b).std(ddof=1) / np.sqrt(len(a))


@standard_error.mistake(
    "The spread is estimated from the same five numbers: divide by k - 1 (ddof=1), not by k."
)
def population_spread(a, b):
    return np.sqrt(1 / 5 + 1 / 4) * (a - b).std()


@standard_error.mistake(
    "The two models were judged on the same rows: a hard fold is hard for both. Take the spread of the "
    "differences, not the two spreads."
)
def two_spreads(a, b):
    return np.sqrt((1 / 5 + 1 / 4) * (a.var(ddof=1) + b.var(ddof=1)))


@standard_error.mistake("That is the variance: take its root.")
def a_variance(a, b):
    return (1 / 5 + 1 / 4) * (a - b).var(ddof=1)


@standard_error.mistake("Right for five folds, not for ten: take k from the length of the scores.")
def five_folds_for_ever(a, b):
    return np.sqrt((1 / 5 + 1 / 4) * (a - b).var(ddof=1))


@standard_error.mistake("That is the correction alone: 1/k stays under the root beside 1/(k - 1).")
def the_correction_alone(a, b):
    return np.sqrt((a - b).var(ddof=1) / (len(a) - 1))


@standard_error.mistake("That is t, the difference in units of its error: the error alone is asked for.")
def t(a, b):
    return (a - b).mean() / np.sqrt((1 / 5 + 1 / 4) * (a - b).var(ddof=1))


@standard_error.mistake("got 0.02681, expected 0.02227 for a - b = [0.007, 0.029, 0.05, 0.065, -0.018].")
def the_mean(a, b):
    return (a - b).mean()
