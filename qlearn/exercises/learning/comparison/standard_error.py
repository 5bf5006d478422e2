"""The error of a difference between two models that share folds."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="for 5 folds it is 1.5 times the error that the ordinary paired test would state.",
    because=r"""
        The variance of a mean of independent numbers is $s^2/k$. The folds are not independent: their training sets
        overlap. The correction adds the ratio of test to training rows, $\tfrac{1}{k-1}$, to $\tfrac1k$. For $k=5$
        that is $0.45$ in place of $0.2$.
    """,
)
def standard_error(a, b):
    """`a` and `b` are the scores of two models on the same $k$ folds of one cross-validation. Return the standard error
    of the mean difference with the correction of Nadeau and Bengio.
    """
    d, k = a - b, len(a)
    return np.sqrt((1 / k + 1 / (k - 1)) * d.var(ddof=1))


@standard_error.cases
def scores(rng):
    """Of five folds, of ten, and of others; of models that are good on the same folds, on others, or alike."""
    for k in (5, 10, 2, 3, int(rng.integers(4, 20))):
        shared = rng.choice((0.0, 0.05)) * rng.normal(size=k)
        ahead = 0.0 if k == 10 else rng.uniform(-0.2, 0.2)
        yield tuple(0.8 + good + shared + rng.normal(0, 0.02, k) for good in (ahead, 0))


def _slip(a, b, *, factor=lambda k: 1 / k + 1 / (k - 1), variance=lambda a, b: (a - b).var(ddof=1)):
    """The solution with something else in it: what the mistakes are made of."""
    return np.sqrt(factor(len(a)) * variance(a, b))


@standard_error.mistake(
    "that takes the folds for independent experiments; any two share most of their training rows. Add 1/(k - 1) to 1/k "
    "under the root."
)
def independent_folds(a, b):
    return _slip(a, b, factor=lambda k: 1 / k)


@standard_error.mistake(
    "the spread is estimated from the same few numbers: divide by k - 1 (ddof=1), not by k."
)
def population_spread(a, b):
    return _slip(a, b, variance=lambda a, b: (a - b).var())


@standard_error.mistake(
    "the two models were judged on the same rows: a hard fold is hard for both. Take the spread of the differences, "
    "not the two spreads."
)
def two_spreads(a, b):
    return _slip(a, b, variance=lambda a, b: a.var(ddof=1) + b.var(ddof=1))


@standard_error.mistake("that is the variance: take its root.")
def a_variance(a, b):
    return standard_error(a, b) ** 2


@standard_error.mistake(
    "right for five folds, and for no other number: take k from the length of the scores."
)
def five_folds_for_ever(a, b):
    return _slip(a, b, factor=lambda k: 1 / 5 + 1 / 4)


@standard_error.mistake("that is the correction alone: 1/k stays under the root beside 1/(k - 1).")
def the_correction_alone(a, b):
    return _slip(a, b, factor=lambda k: 1 / (k - 1))


@standard_error.mistake(
    "the correction is the ratio of test rows to *training* rows: one fold to k - 1 of them, not to all k."
)
def ratio_to_all_rows(a, b):
    return _slip(a, b, factor=lambda k: 2 / k)


@standard_error.mistake("that is the spread of the differences: the error of their mean is asked for.")
def the_spread(a, b):
    return _slip(a, b, factor=lambda k: 1)


@standard_error.mistake("that is t, the difference in units of its error: the error alone is asked for.")
def t(a, b):
    return (a - b).mean() / standard_error(a, b)


@standard_error.mistake("that is the mean difference itself: its error is asked for.")
def the_mean(a, b):
    return (a - b).mean()
