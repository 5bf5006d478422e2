r"""Two-sample tests: do two sets of traces come from one law? Each p-value is that of a permutation, so it needs no law.

Rows are traces, and must be independent of each other: pieces of one long trace are not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist
from scipy.stats import hypergeom

from qlearn._checks import as_count, as_failure, as_reals, as_rng
from qlearn.evidence import holdout_split

_LEAST_ROWS = 10


@dataclass(frozen=True)
class TwoSampleTest:
    """What a two-sample test found.

    Parameters
    ----------
    statistic : float
        What was measured: 0 for equal samples, or for a classifier the share it got right.
    p_value : float
        The chance that equal laws give as large a statistic.
    """

    statistic: float
    p_value: float


@dataclass(frozen=True)
class Rejections:
    """How often a test told two laws apart: its power, or its size where both are the same.

    Parameters
    ----------
    share : float
        Of the repetitions.
    low, high : float
        The 95 % interval of Clopper and Pearson.
    repeats : int
        How many.
    """

    share: float
    low: float
    high: float
    repeats: int


def energy_distance(real: ArrayLike, generated: ArrayLike) -> float:
    r"""Return the energy distance of two sets of traces, without bias.

    .. math:: 2\,\mathbb{E}\lVert X-Y\rVert - \mathbb{E}\lVert X-X'\rVert - \mathbb{E}\lVert Y-Y'\rVert

    It is 0 where the laws are equal, and only there. Pairs of one trace with itself are left out, so the estimate is right
    on average, and may be below 0.

    Parameters
    ----------
    real, generated : array_like, shapes (n, length) and (m, length)
        At least ten traces in each.

    Returns
    -------
    float
        In the unit of the traces.

    Examples
    --------
    >>> energy_distance(np.zeros((10, 1)), np.ones((20, 1)))
    2.0

    References
    ----------
    Szekely, Rizzo, "Energy statistics: a class of statistics based on distances", 2013, doi:10.1016/j.jspi.2013.03.018.
    """
    x, y = _samples(real, generated)
    within = [cdist(z, z).sum() / (len(z) * (len(z) - 1)) for z in (x, y)]
    return float(2 * cdist(x, y).mean() - sum(within))


def energy_test(
    real: ArrayLike, generated: ArrayLike, *, permutations: int = 999, rng: Any = None
) -> TwoSampleTest:
    r"""Test by the energy distance whether two sets of traces have one law.

    The traces are shuffled between the two sets, and the distance is measured again: with r of the B shufflings at
    least as far, :math:`p = (1 + r)/(1 + B)`.

    Parameters
    ----------
    real, generated : array_like, shapes (n, length) and (m, length)
    permutations : int
        Shufflings, B.
    rng : None, int or numpy.random.Generator

    Returns
    -------
    TwoSampleTest
        With :func:`energy_distance` as its statistic.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.normal(size=(2, 100, 3))
    >>> energy_test(x, y, rng=1).p_value > 0.05, energy_test(x, y + 1, rng=1).p_value
    (True, 0.001)

    References
    ----------
    Szekely, Rizzo, 2013, doi:10.1016/j.jspi.2013.03.018. Phipson, Smyth, 2010, arXiv:1603.05766 (why the 1 is added).
    """
    x, y = _samples(real, generated)
    together, n = np.vstack([x, y]), len(x)
    distances, m = cdist(together, together), len(y)

    def statistic(order: NDArray[np.intp]) -> NDArray[np.float64]:
        # One matrix product for all shufflings: a column marks who is in the first set.
        first = np.zeros((n + m, len(order)))
        np.put_along_axis(first, order[:, :n].T, 1.0, axis=0)
        reach = distances @ first
        both = (first * reach).sum(axis=0)  # twice the sum over pairs of the first set
        cross = reach.sum(axis=0) - both
        rest = distances.sum() - both - 2 * cross
        return 2 * cross / (n * m) - both / (n * (n - 1)) - rest / (m * (m - 1))

    return _permuted(statistic, n + m, permutations, rng)


def kolmogorov_smirnov_test(
    real: ArrayLike, generated: ArrayLike, *, permutations: int = 999, rng: Any = None
) -> TwoSampleTest:
    r"""Test by the largest gap between distribution functions, over all steps, whether two sets of traces have one law.

    .. math:: D = \max_t \sup_v \lvert F_t(v) - G_t(v) \rvert

    It looks at one step at a time: two sets which differ in their memory alone look equal. Whole traces are shuffled, so
    that the p-value holds though the steps of a trace depend on each other.

    Parameters
    ----------
    real, generated : array_like, shapes (n, length) and (m, length)
    permutations : int
        Shufflings, B; :math:`p = (1 + r)/(1 + B)`.
    rng : None, int or numpy.random.Generator

    Returns
    -------
    TwoSampleTest

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> steps, walk = rng.normal(size=(2, 200, 1)), rng.normal(size=(200, 1))
    >>> apart, alike = np.hstack(steps), np.hstack([walk, walk])  # equal step by step, not as pairs
    >>> kolmogorov_smirnov_test(apart, alike, rng=1).p_value > 0.05, energy_test(apart, alike, rng=1).p_value < 0.05
    (True, True)

    References
    ----------
    Smirnov, 1948, doi:10.1214/aoms/1177730256.
    """
    x, y = _samples(real, generated)
    together, n, m = np.vstack([x, y]), len(x), len(y)
    columns = np.sort(together, axis=0)
    ranked = np.argsort(together, axis=0, kind="stable")
    # Between equal values the distribution functions have no step of their own.
    ends = np.vstack([columns[1:] > columns[:-1], np.ones((1, columns.shape[1]), dtype=bool)])

    def statistic(order: NDArray[np.intp]) -> NDArray[np.float64]:
        weights = np.full((len(order), n + m), -1 / m)
        np.put_along_axis(weights, order[:, :n], 1 / n, axis=1)
        gaps = [
            np.abs(np.cumsum(weights[:, rows], axis=1)[:, end]).max(axis=1)
            for rows, end in zip(ranked.T, ends.T, strict=True)
        ]
        return np.max(gaps, axis=0)

    return _permuted(statistic, n + m, permutations, rng)


def classifier_test(
    real: ArrayLike, generated: ArrayLike, *, classifier: Any = None, rng: Any = None
) -> TwoSampleTest:
    """Test whether two sets of traces have one law: by a classifier, on traces that it was not trained on.

    Half of the traces train it, the other half judge. With its predictions fixed, shuffling the labels of the judging half
    makes the number of hits hypergeometric: the p-value is exact, whatever the classifier is, and small
    only where it does better than its own guesses would by luck.

    Parameters
    ----------
    real, generated : array_like, shapes (n, length) and (m, length)
        Label 0 and 1.
    classifier : estimator, optional
        Anything with scikit-learn's `fit` and `predict`. None: logistic regression on the values and their products, which
        sees means and covariances.
    rng : None, int or numpy.random.Generator
        Deals the halves.

    Returns
    -------
    TwoSampleTest
        With the share of hits in the judging half as its statistic.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.normal(size=(2, 400, 2))
    >>> found = classifier_test(x, 2 * y, rng=1)
    >>> found.statistic > 0.6, found.p_value < 0.001
    (True, True)

    References
    ----------
    Lopez-Paz, Oquab, "Revisiting classifier two-sample tests", 2017, arXiv:1610.06545. Kim, Ramdas, Singh, Wasserman, 2021,
    doi:10.1214/20-AOS1962 (its power).
    """
    x, y = _samples(real, generated)
    if classifier is None:
        model = _quadratic()
    elif hasattr(classifier, "fit") and hasattr(classifier, "predict"):
        from sklearn.base import clone

        model = clone(classifier)
    else:
        raise TypeError(f"classifier must have fit and predict, as those of scikit-learn, not {classifier!r}")
    X, labels = np.vstack([x, y]), np.repeat([0, 1], [len(x), len(y)])
    halves = holdout_split(labels, rng=as_rng(rng))
    said = np.asarray(model.fit(X[halves.settle], labels[halves.settle]).predict(X[halves.judge])) == 1
    truth = labels[halves.judge] == 1
    # Margins are fixed, so hits grow by two with each generated trace that is called so.
    caught = int(np.sum(said & truth))
    p_value = hypergeom.sf(caught - 1, truth.size, int(truth.sum()), int(said.sum()))
    return TwoSampleTest(float(np.mean(said == truth)), float(min(1.0, p_value)))


def rejection_share(
    test: Callable[..., TwoSampleTest],
    first: Callable[[np.random.Generator], NDArray[np.float64]],
    second: Callable[[np.random.Generator], NDArray[np.float64]],
    *,
    repeats: int = 200,
    level: float = 0.05,
    rng: Any = None,
) -> Rejections:
    """Return how often a test tells two laws apart: its power, or its size if both are the same.

    "Not told apart" says little without it: this is the chance that a difference of the given size would have been seen.

    Parameters
    ----------
    test : callable
        Takes two sets of traces and `rng`, returns a :class:`TwoSampleTest`.
    first, second : callable
        Each draws a set of traces, shape (n, length), with the generator that it is given.
    repeats : int
        How often both are drawn.
    level : float
        Where the test rejects.
    rng : None, int or numpy.random.Generator

    Returns
    -------
    Rejections

    Examples
    --------
    >>> def still(rng):
    ...     return rng.normal(size=(40, 2))
    >>> def shifted(rng):
    ...     return still(rng) + 1
    >>> power = rejection_share(classifier_test, still, shifted, repeats=50, rng=1)
    >>> power.share > 0.8, rejection_share(classifier_test, still, still, repeats=50, rng=1).low < 0.05
    (True, True)
    """
    from scipy.stats import binomtest

    repeats, level, rng = as_count(repeats, "repeats"), as_failure(level, "level"), as_rng(rng)
    for name, given in (("test", test), ("first", first), ("second", second)):
        if not callable(given):
            raise TypeError(f"{name} must be a function, not {given!r}")
    rejected = sum(test(first(rng), second(rng), rng=rng).p_value <= level for _ in range(repeats))
    interval = binomtest(rejected, repeats).proportion_ci(0.95)
    return Rejections(rejected / repeats, float(interval.low), float(interval.high), repeats)


def _quadratic() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    return make_pipeline(
        StandardScaler(), PolynomialFeatures(2), StandardScaler(), LogisticRegression(C=0.1, max_iter=1000)
    )


def _samples(real: ArrayLike, generated: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both sets as finite floats of shapes (n, length) and (m, length)."""
    x, y = as_reals(real, "real"), as_reals(generated, "generated")
    for name, z in (("real", x), ("generated", y)):
        if z.ndim != 2 or not z.shape[1]:
            raise ValueError(
                f"{name} must be traces as rows, shape (n, length), not {z.shape}; one number each: shape (n, 1)"
            )
        if len(z) < _LEAST_ROWS:
            raise ValueError(f"{name} must hold at least {_LEAST_ROWS} traces, not {len(z)}")
    if x.shape[1] != y.shape[1]:
        raise ValueError(
            f"real and generated must have traces of the same length, not {x.shape[1]} and {y.shape[1]}"
        )
    return x, y


def _permuted(
    statistic: Callable[[NDArray[np.intp]], NDArray[np.float64]], size: int, permutations: int, rng: Any
) -> TwoSampleTest:
    """Return the statistic of the order as it came, and how it stands among those of random ones."""
    permutations, rng = as_count(permutations, "permutations"), as_rng(rng)
    shuffled = rng.permuted(np.tile(np.arange(size), (permutations, 1)), axis=1)
    found = statistic(np.vstack([np.arange(size), shuffled]))
    # Sums in another order differ in the last digits: such ties count as ties.
    as_far = np.count_nonzero(found[1:] >= found[0] - 1e-12 * max(1.0, abs(found[0])))
    return TwoSampleTest(float(found[0]), float((1 + as_far) / (1 + permutations)))
