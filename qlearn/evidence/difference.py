"""Difference: how much better one thing is than another, and whether chance alone would do that."""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure, as_reals
from qlearn.evidence.average import SAME, error_of_mean, places

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

    Taught in :doc:`/learning/comparison`.
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

        "Not told apart" is not "equal": :func:`resolution` says what would have been seen, and :meth:`within` whether
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
    nothing at all: :func:`resolution` is infinite.

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

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, there are fewer than six replicates, a number is not finite, or arrays of bool have two
        axes.

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

    Taught in :doc:`/learning/comparison`.
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
    d = without_rounding(x - y, _ROUNDING * np.maximum(np.abs(x), np.abs(y)))
    enough(d.size, "replicates")
    return of_differences(d, overlap)


def without_rounding(d: NDArray[np.float64], size: NDArray[np.float64] | float = 0.0) -> NDArray[np.float64]:
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


def of_differences(d: NDArray[np.float64], overlap: float | None) -> Difference:
    """Return the difference of pairs whose single differences are these."""
    from scipy.stats import t as student  # half a second of imports

    n, mean, error = d.size, float(d.mean()), error_of_mean(d, overlap)
    alike = max(2.0 ** (1 - n), _RAREST)
    by_signs = overlap is None and n <= _ALL_SIGNS
    least = alike if by_signs else 0.0
    # Equal numbers have no spread to learn from, but for what is left of rounding.
    equal = error <= SAME * abs(mean)
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
        p = _share_of_signs(some)
        low, high = undecided(low, high, p)
    return Difference(mean, error, low, high, p, n, least)


def extremes(n: int, level: float) -> int:
    """Return how many of the 2**(n - 1) choices of signs may be as large as what was seen, for p to be below the level."""
    return ceil(level * 2 ** (n - 1)) - 1


def means_of_some(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each choice of some of the differences (last axis), at least one."""
    sums, counts = np.zeros((*d.shape[:-1], 1)), np.zeros(1)
    for j in range(d.shape[-1]):
        sums = np.concatenate([sums, sums + d[..., j, None]], axis=-1)
        counts = np.concatenate([counts, counts + 1])
    return sums[..., 1:] / counts[1:]


def _by_signs(d: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the shifts that the signs do not exclude, and :func:`_share_of_signs`."""
    means, k = _means(d), extremes(d.size, _LEVEL)
    parts = np.partition(means, (k - 1, means.size - k))
    return float(parts[k - 1]), float(parts[-k]), _share_of_signs(d)


def _share_of_signs(d: NDArray[np.float64]) -> float:
    """Return the share of all choices of signs whose sum is as large, to either side.

    To turn the signs of some differences takes twice their sum away. So the sum after it is as large, or as large to the
    other side, where the mean of those that were turned, or of the others, is not on the side of the mean of all.
    """
    means = _means(d)
    beyond = np.count_nonzero(means <= 0) if d.sum() > 0 else np.count_nonzero(means >= 0)
    return min(1.0, (1 + beyond) / 2 ** (d.size - 1))


def _means(d: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return :func:`means_of_some`, 0 where rounding is all that is left."""
    means = means_of_some(d)
    return np.where(np.abs(means) <= SAME * means_of_some(np.abs(d)), 0.0, means)


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
