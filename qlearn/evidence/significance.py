"""Significance: a mean with its standard error, and paired differences with the chance that luck alone makes them.

Taught in :doc:`/learning/comparison`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, inf, log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure, as_real, as_reals

_SAME = 1e-9
"""Numbers that differ by less than this share are taken for equal: the same numbers, added in another order."""


@dataclass(frozen=True)
class Average:
    """A mean and its standard error; ``print`` writes it as the book does, 0.941 ± 0.012.

    Parameters
    ----------
    mean : float
        Of the repetitions.
    error : float
        One standard error of that mean. (Not the standard deviation of the repetitions, which says how far a single
        one lies from it.)
    n : int
        Repetitions.
    """

    mean: float
    error: float
    n: int

    def __format__(self, spec: str) -> str:
        """Write both numbers in one format; if none is given with three decimals, or as many as the error asks for."""
        spec = spec or f".{places(self.error)}f"
        return f"{self.mean:{spec}} ± {self.error:{spec}}"

    def __str__(self) -> str:
        return f"{self}"


def average(values: ArrayLike, *, overlap: float | None = None) -> Average:
    r"""Return the mean of some repetitions and its standard error, also where the repetitions share rows.

    .. math:: \sigma = s \sqrt{\frac1n + \rho}, \qquad s^2 = \frac{1}{n-1} \sum_j (x_j - \bar x)^2

    with :math:`\rho = 0` for independent repetitions. Splits of one data set are not independent: any two of them
    share most of their training rows, so their scores agree more than those of two fresh data sets would, and
    :math:`s/\sqrt n` promises too much. Nadeau and Bengio put :math:`\rho =` test rows / training rows.

    Parameters
    ----------
    values : array_like, shape (n,) or (runs, folds)
        Scores, one a repetition, at least two.
    overlap : float, optional
        Test rows over training rows of one split: 1/(k-1) for k folds. None: the repetitions share nothing.

    Returns
    -------
    Average

    Examples
    --------
    >>> scores = [0.94, 0.91, 0.95, 0.93, 0.92]
    >>> print(average(scores))
    0.930 ± 0.007
    >>> print(average(scores, overlap=1 / 4))  # five folds of one data set
    0.930 ± 0.011

    References
    ----------
    Nadeau and Bengio, "Inference for the generalization error", Mach. Learn. 52, 239 (2003),
    doi:10.1023/A:1024068626366. Bouckaert and Frank, 2004, doi:10.1007/978-3-540-24775-3_3, for repeated
    cross-validation.
    """
    repeated = as_reals(values, "values").ravel()
    if repeated.size < 2:
        raise ValueError(f"values must hold at least two repetitions, not {repeated.size}: one has no spread")
    mean, error = float(repeated.mean()), _error_of_mean(repeated, overlap)
    return Average(mean, 0.0 if error <= _SAME * abs(mean) else error, repeated.size)


def places(error: float) -> int:
    """Return with how many decimals a number of this error is written: three, or as many as show one digit of the error."""
    return 3 if not 0 < error < 5e-4 else -floor(log10(error))


def _error_of_mean(values: np.ndarray[Any, np.dtype[np.float64]], overlap: float | None) -> float:
    """Return the standard error of the mean of these values, whose splits share rows if there is an overlap."""
    shared = 0.0
    if overlap is not None:
        shared = as_real(overlap, "overlap")
        if shared <= 0:
            raise ValueError(
                f"overlap must be above 0, test rows over training rows of one split, not {overlap:g}; leave it out "
                "where the repetitions share no rows"
            )
    return float(np.sqrt((1 / values.size + shared) * values.var(ddof=1)))


_LEVEL = 0.05
_ALL_SIGNS = 20
"""Up to so many replicates all 2**n choices of signs are gone through: half a million sums."""
_ROUNDING = 1e-12
"""Scores that differ by less than this share of themselves are taken for equal: 0.1 + 0.2 is no better than 0.3."""
_RAREST = 1e-300
"""The smallest chance that is told: 2**(1 - n) is no number any more from n = 1076 on."""
_NOTHING = 1e-15
"""Nor is a difference of such a size one: it is what is left where scores of the size of 1 were subtracted before."""


@dataclass(frozen=True)
class Difference:
    """A mean difference, its standard error, and how often chance alone makes one as large.

    Words in prose come from :meth:`verdict`, numbers from ``print``: +0.023 ± 0.007.

    Parameters
    ----------
    mean : float
        Mean of first minus second, in the unit of the scores.
    error : float
        One standard error of that mean.
    low, high : float
        The differences that are compatible with what was seen, at 95 %; infinite if all differences are 0 (but
        for rows, of which the number counts), for then nothing is known about how far chance moves the mean.
    p : float
        The chance of a difference at least as large, to either side, if there were none.
    n : int
        Replicates: repetitions, rows or data sets, whatever was paired.
    least : float
        The smallest p that so many replicates could have given, 0 where there is no such floor and for rows. What is
        above the level decides nothing.
    rows : bool
        Whether rows were right or wrong: then the rows that differ decide, and few of them cannot.
    ranks : bool
        Whether the ranks of the differences gave p, and not their sizes: what :func:`pooled` returns.
    side : int
        1 or -1: the side on which p was found. 0: that of the mean. (Ranks may have another: one data set far out can
        pull the mean to itself.)
    """

    mean: float
    error: float
    low: float
    high: float
    p: float
    n: int
    least: float = 0.0
    rows: bool = False
    ranks: bool = False
    side: int = 0

    def verdict(self, level: float = _LEVEL, *, questions: int = 1) -> str:
        """Say in words which of the two is better: "ahead" (the first), "behind" or "not told apart".

        "Not told apart" is not "equal": :func:`detectable_difference` says what would have been seen, and :meth:`within` whether
        more than a margin is excluded.

        Parameters
        ----------
        level : float
            The chance of a wrong "ahead" or "behind", for all questions together.
        questions : int
            How many such differences were looked at; each gets its share of the level (Bonferroni).
        """
        if self.p >= as_failure(level, "level") / as_count(questions, "questions"):
            return "not told apart"
        return "ahead" if (self.side or self.mean) > 0 else "behind"

    def within(self, margin: float) -> bool:
        """Tell whether every difference compatible with what was seen is smaller than a margin, to either side."""
        return -margin < self.low and self.high < margin

    def __format__(self, spec: str) -> str:
        """Write mean, with its sign, and error in one format; if none is given, as an average is written."""
        spec = spec or f".{places(self.error)}f"
        return f"{self.mean:+{spec}} ± {self.error:{spec}}"

    def __str__(self) -> str:
        return f"{self}"


def paired(a: ArrayLike, b: ArrayLike, *, overlap: float | None = None) -> Difference:
    r"""Compare two things that were tried under the same circumstances, pair by pair.

    .. math:: d_j = a_j - b_j, \qquad \sigma = s_d \sqrt{\frac1n + \rho}

    Three kinds of pairs, each with its test:

    * *Independent replicates* (seeds, fresh data): if nothing differs, each :math:`d_j` might as well have the
      other sign. So p is the share of all :math:`2^n` choices of signs whose mean is as large; this is exact for
      shares and small counts too. `low` and `high` are the shifts that this test does not exclude: means of some of
      the differences (Hartigan). With more than 20 differences that are not 0 Student's t is used for both,
      :math:`\bar d \pm t_{.975,\,n-1}\, \sigma`. (A difference of 0 has no sign to choose, so it changes no p. Where at
      most 20 of more than 20 are not 0, their signs give p, and t the interval, which then holds 0 if p decides nothing, and
      may hold it though p decides.)
    * *Overlapping splits* of one data set, with `overlap` :math:`\rho`: Student's t with the error of Nadeau and Bengio.
    * *Right or wrong*, arrays of bool, one entry a row: the exact test of McNemar, in which only those rows count that
      the two answer differently; `low` and `high` as Agresti and Min have them, and 0 between them if p decides nothing.
      Another run on the same rows brings no new rows, so these arrays have one axis. Average the runs row by row, and
      compare those numbers.

    Replicates that are all equal have no spread to learn from, and signs that are all alike come by chance once in
    :math:`2^{n-1}`: that is their p. So five equal differences prove nothing at the level of 5 %, and fewer than six
    replicates are refused. (Equal differences of overlapping splits get this p too, though differences that are nearly
    equal may get a smaller one: where nothing varies, Student's t has nothing to go by.) Where the level is shared by many
    questions, six do not do either: `least` says what n could have given. And replicates that are equal *and zero* tell
    nothing at all: :func:`detectable_difference` is infinite.

    Parameters
    ----------
    a, b : array_like, shape (n,) or (runs, folds)
        Scores of the first and of the second, in the same order.
    overlap : float, optional
        Test rows over training rows of one split: 1/(k-1) for k folds, 500/200 for 200 rows that train and 500 that
        test. None: the replicates share nothing.

    Returns
    -------
    Difference

    Examples
    --------
    >>> ahead = paired([0.97, 0.96, 0.98, 0.97, 0.97, 0.95], [0.71, 0.69, 0.70, 0.72, 0.70, 0.70])
    >>> print(ahead, ahead.verdict(), ahead.p)
    +0.263 ± 0.004 ahead 0.03125
    >>> right, wrong = [True] * 8 + [False] * 2, [True] * 7 + [False] * 3
    >>> print(paired(right, wrong).verdict())
    not told apart

    References
    ----------
    Fisher, "The Design of Experiments", 1935, section 21 (the signs). Hartigan, "Using subsample values as typical
    values", 1969, doi:10.1080/01621459.1969.10501057. Nadeau and Bengio, 2003,
    doi:10.1023/A:1024068626366. McNemar, 1947, doi:10.1007/BF02295996. Agresti and Min, 2005, doi:10.1002/sim.1781.
    """
    first, second = np.asarray(a), np.asarray(b)
    if first.shape != second.shape or first.ndim not in (1, 2):
        raise ValueError(
            f"a and b must hold the scores of the same replicates, pair by pair, not of shapes {first.shape} and "
            f"{second.shape}"
        )
    if first.dtype == bool and second.dtype == bool:
        if overlap is not None:
            raise ValueError(
                "overlap must be left out for rows that are right or wrong: each was judged once"
            )
        if first.ndim != 1:
            raise ValueError(
                f"a and b must have one axis if rows are right or wrong, not the shape {first.shape}: runs that judge "
                "the same rows bring no new rows; average the runs row by row, or take one run"
            )
        enough(first.size, "rows")
        return _of_rows(first, second)
    x, y = as_reals(a, "a").ravel(), as_reals(b, "b").ravel()
    if overlap is None and x.size > len(first) and np.isin((x, y), (0, 1)).all():
        raise ValueError(
            f"a and b must have one axis if rows are right or wrong, as these zeros and ones seem to say, not the shape "
            f"{first.shape}: runs that judge the same rows bring no new rows; average the runs row by row"
        )
    d = _without_rounding(x - y, _ROUNDING * np.maximum(np.abs(x), np.abs(y)))
    enough(d.size, "replicates")
    return _from_differences(d, overlap)


def _without_rounding(d: NDArray[np.float64], size: NDArray[np.float64] | float = 0.0) -> NDArray[np.float64]:
    """Return the differences, 0 where they are no more than what rounding leaves."""
    return np.where(np.abs(d) <= np.maximum(size, _NOTHING), 0.0, d)


def enough(n: int, what: str) -> None:
    """Refuse so few that they could not decide, whatever they said."""
    fewest = int(np.floor(1 - np.log2(_LEVEL))) + 1
    if n < fewest:
        raise ValueError(
            f"at least {fewest} {what} are needed, not {n}: even if all of them point the same way, chance alone does "
            f"that with probability 2**(1 - n), and {2.0 ** (1 - n):g} is not below {_LEVEL:g}"
        )


def _from_differences(d: NDArray[np.float64], overlap: float | None) -> Difference:
    """Return the difference of pairs whose single differences are these."""
    from scipy.stats import t as student  # half a second of imports

    n, mean, error = d.size, float(d.mean()), _error_of_mean(d, overlap)
    alike = max(2.0 ** (1 - n), _RAREST)
    by_signs = overlap is None and n <= _ALL_SIGNS
    least = alike if by_signs else 0.0
    # Equal numbers have no spread to learn from, but for what is left of rounding.
    equal = error <= _SAME * abs(mean)
    if equal and not mean:
        return Difference(0.0, 0.0, -inf, inf, 1.0, n, least)
    if equal:
        error = abs(mean) / float(student.isf(alike / 2, n - 1))
    if by_signs and not equal:
        return Difference(mean, error, *_by_signs(d), n, least)
    reach = float(student.isf(_LEVEL / 2, n - 1)) * error
    low, high = mean - reach, mean + reach
    p = alike if equal else max(2 * float(student.sf(abs(mean) / error, n - 1)), _RAREST)
    some = d[d != 0]
    if overlap is None and some.size <= _ALL_SIGNS:  # of many replicates few differ: for t they are too few
        p = _sign_test(some)
        low, high = undecided(low, high, p)
    return Difference(mean, error, low, high, p, n, least)


def extremes(n: int, level: float) -> int:
    """Return how many of the 2**(n - 1) choices of signs may be as large as what was seen, for p to be below the level."""
    return ceil(level * 2 ** (n - 1)) - 1


def means_of_some(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each choice of some of the differences (last axis), at least one; bit j of a place + 1 chooses d_j."""
    n = d.shape[-1]
    sums, counts = np.zeros((*d.shape[:-1], 1 << n)), np.zeros(1 << n, dtype=np.int8)
    for j in range(n):
        half, whole = 1 << j, 2 << j
        np.add(sums[..., :half], d[..., j, None], out=sums[..., half:whole])
        np.add(counts[:half], 1, out=counts[half:whole])
    means = sums[..., 1:]
    return np.divide(means, counts[1:], out=means)


def _by_signs(d: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the shifts that the signs do not exclude, and :func:`_sign_test`."""
    means, k = _means(d), extremes(d.size, _LEVEL)
    return -_kth_largest(-means, k), _kth_largest(means, k), _sign_test(d, means)


def _kth_largest(numbers: NDArray[np.float64], k: int) -> float:
    """Return the k-th largest number; of many, only those are sorted out that a few of them let expect above it."""
    few = numbers[:: 1 + numbers.size // 4096]
    share = min(1.0, 1.3 * k / numbers.size + 0.01)
    border = np.quantile(few, 1 - share)
    above = numbers[numbers >= border]
    chosen = above if above.size >= k else numbers
    return float(np.partition(chosen, chosen.size - k)[-k])


def _sign_test(d: NDArray[np.float64], means: NDArray[np.float64] | None = None) -> float:
    """Return the share of all choices of signs whose sum is as large, to either side; `means` are :func:`_means`, if known.

    To turn the signs of some differences takes twice their sum away. So the sum after it is as large, or as large to the
    other side, where the mean of those that were turned, or of the others, is not on the side of the mean of all.
    """
    means = _means(d) if means is None else means
    beyond = np.count_nonzero(means <= 0) if d.sum() > 0 else np.count_nonzero(means >= 0)
    return min(1.0, (1 + beyond) / 2 ** (d.size - 1))


def _means(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return :func:`means_of_some`, 0 where rounding is all that is left."""
    means, sizes = means_of_some(d), np.abs(d)
    # No mean of sizes is above the largest: so few of the means are near enough to 0 to be looked at.
    near = np.flatnonzero(np.abs(means) <= 2 * _SAME * sizes.max(initial=0.0))
    sums, counts = np.zeros(near.size), np.zeros(near.size)
    for j, size in enumerate(sizes):
        chosen = (near + 1) >> j & 1
        sums += chosen * size
        counts += chosen
    means[near[np.abs(means[near]) <= _SAME * (sums / counts)]] = 0.0
    return means


def undecided(low: float, high: float, p: float) -> tuple[float, float]:
    """Return the ends of an interval, 0 within it unless the exact test decides: the two are not of one making."""
    return (low, high) if p < _LEVEL else (min(low, 0.0), max(high, 0.0))


def _of_rows(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Difference:
    from scipy.stats import binomtest, norm

    n = first.size
    won, lost = int(np.sum(first & ~second)), int(np.sum(second & ~first))
    apart = won + lost
    # Half a row is added to each of the four kinds, so that no row apart is no error of nothing.
    error = float(np.sqrt(apart + 1 - (won - lost) ** 2 / (n + 2)) / (n + 2))
    reach = float(norm.isf(_LEVEL / 2)) * error if apart else 1 - (_LEVEL / 2) ** (1 / n)
    middle = (won - lost) / (n + 2)
    p = float(binomtest(won, apart).pvalue) if apart else 1.0
    low, high = undecided(max(-1.0, middle - reach), min(1.0, middle + reach), p)
    return Difference((won - lost) / n, error, low, high, p, n, rows=True)


def pooled(differences: Sequence[Difference] | ArrayLike) -> Difference:
    r"""Compare two models over several data sets, with the data sets as replicates.

    .. math:: W = \sum_{j:\, d_j > 0} \operatorname{rank} |d_j|

    One data set answers whether one model is ahead *there*; the spread between data sets is what counts for the next
    one. The ranks are used, not the sizes, since a point of accuracy is much on one data set and little on another:
    the exact signed-rank test of Wilcoxon. Data sets without any difference take no side (Pratt).

    Parameters
    ----------
    differences : sequence of Difference, or array_like of float, shape (n,)
        First minus second, one for each data set; at least six.

    Returns
    -------
    Difference
        `mean` and `error` over the data sets, `low` and `high` from the means of pairs (Hodges and Lehmann), `p` and `side`
        from the ranks, `n` data sets. The interval is that of ranks without ties: where sizes are equal, or 0, it may hold 0
        though p decides.

    Examples
    --------
    >>> together = pooled([-0.012, -0.008, -0.021, -0.004, -0.016, -0.010, -0.002])
    >>> print(together, together.verdict(), f"p = {together.p:.3f}")
    -0.010 ± 0.003 behind p = 0.016

    References
    ----------
    Wilcoxon, 1945, doi:10.2307/3001968. Pratt, 1959, doi:10.1080/01621459.1959.10501526. Demšar, "Statistical
    comparisons of classifiers over multiple data sets", JMLR 7, 1 (2006): why ranks. Hodges and Lehmann, 1963,
    doi:10.1214/aoms/1177704172.
    """
    listed: list[Any] = list(differences)  # type: ignore[arg-type]
    d = as_reals([each.mean if isinstance(each, Difference) else each for each in listed], "differences")
    if d.ndim != 1:
        raise ValueError(f"differences must be one number a data set, not of shape {d.shape}")
    enough(d.size, "data sets")
    d = _without_rounding(d)
    spread = _from_differences(d, None)
    if not spread.error:
        return replace(spread, ranks=True)
    # The interval holds every shift that the ranks do not exclude: an order statistic of the means of pairs.
    pairs = np.sort([(d[i] + d[j]) / 2 for i in range(d.size) for j in range(i, d.size)])
    cut = excluded(d.size, _LEVEL)
    chances, won = _chances(d), round(2 * _ranks(d)[d > 0].sum())
    below, above = chances[: won + 1].sum(), chances[won:].sum()
    p = float(min(1.0, max(2 * min(below, above), _RAREST)))
    low, high = float(pairs[cut - 1]), float(pairs[-cut])
    if low == high:  # equal numbers, or mostly zeros, have no spread to learn from, here neither
        low, high = undecided(spread.low, spread.high, p)
    return Difference(
        spread.mean,
        spread.error,
        low,
        high,
        p,
        d.size,
        max(2.0 ** (1 - d.size), _RAREST),
        ranks=True,
        side=1 if above < below else -1,
    )


def excluded(n: int, level: float) -> int:
    """Return how many values of the sum of ranks, from its end, are rarer than half the level together."""
    return int(np.count_nonzero(_chances(np.arange(1.0, n + 1))[::2].cumsum() < level / 2))


def _ranks(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of the size of each difference; equal ones, but for rounding, share theirs."""
    from scipy.stats import rankdata

    return rankdata(np.round(np.abs(d) / np.abs(d).max(), 9))


def _chances(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of each value of twice the sum of ranks, if every sign is a coin."""
    chances = np.ones(1)
    for rank in np.rint(2 * _ranks(d)[d != 0]).astype(int):  # twice: the shared ranks of ties have halves
        grown = np.zeros(chances.size + rank)
        grown[: chances.size] += chances / 2
        grown[rank:] += chances / 2
        chances = grown
    return chances
