"""Statistical power: the difference that a comparison could have seen.

Taught in :doc:`/learning/comparison`.
"""

from functools import lru_cache
from math import inf, pi, sqrt

import numpy as np

from qlearn._checks import as_count, as_failure, as_real
from qlearn.evidence.significance import _LEVEL, Difference, excluded, extremes, means_of_some

_DRAWS = 8_000
"""Comparisons that are simulated: the power comes out to .0045 (one standard deviation)."""
_AT_ONCE = 1 << 22
_SIGNS_SIMULATED = 12
"""With more replicates the signs and Student's t of the same level find as much, to 3 % where at least twenty choices of
signs are rarer than the level; with fewer (a level shared by very many questions) more is needed than is said."""
_RANKS_SIMULATED = 40


def detectable_difference(difference: Difference, *, power: float = 0.8, level: float = _LEVEL) -> float:
    r"""Return the minimum detectable effect: the true difference that such a comparison finds with the given power.

    .. math:: \Pr\!\left(T > t_{1-\alpha/2,\,n-1}\right) = \text{power},
              \qquad T \sim t'_{n-1}\!\left(\frac{\delta}{\sigma}\right)

    with the noncentral t distribution; solved for :math:`\delta`. That is the power of Student's test. Where signs or ranks
    decide, few replicates leave p few values, and :math:`\alpha` is the largest of them below `level`; and the few extreme
    choices of signs that count then ask for more than t does. So up to 12 replicates (40 data sets) the very test is
    simulated, always with the same draws, on normal differences whose spread is the one that was seen. For rows that are
    right or wrong it is the power of McNemar's exact test, summed over the number of rows that differ: as large a share of
    them as was seen, or as the difference itself takes. "Not told apart" where 0.1 was detectable says nothing about a
    difference of 0.05. (Where nearly all differences are 0, more is needed than is said.)

    Parameters
    ----------
    difference : Difference
        The comparison as it was made: its error and its replicates count, not what it found.
    power : float
        How likely it should have been found.
    level : float
        Chance of a false finding.

    Returns
    -------
    float
        In the unit of the scores; infinite if so few replicates could not have decided at this level whatever they had
        said, and if all of them showed no difference at all: then the scores may have been too coarse for it.

    Examples
    --------
    >>> from qlearn.evidence import paired
    >>> a = [0.91, 0.94, 0.90, 0.93, 0.95, 0.92, 0.94, 0.90]
    >>> b = [0.93, 0.92, 0.91, 0.93, 0.92, 0.93, 0.93, 0.93]
    >>> gap = paired(a, b)
    >>> print(gap, gap.verdict(), round(detectable_difference(gap), 3))
    -0.001 ± 0.007 not told apart 0.024

    References
    ----------
    Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, chapter 2. Hartigan, 1969,
    doi:10.1080/01621459.1969.10501057, and Hodges and Lehmann, 1963, doi:10.1214/aoms/1177704172: the shifts that signs
    and ranks do not exclude.
    """
    power, level = as_failure(power, "power"), as_failure(level, "level")
    if power <= level:
        raise ValueError(f"power must be above level={level:g}, which chance alone reaches, not {power:g}")
    if difference.least >= level or not difference.error:
        return inf
    n = difference.n
    if difference.rows:
        return _of_rows(difference, level, power)
    if difference.ranks:
        return difference.error * _of_ranks(n, level, power)
    if difference.least:
        return difference.error * _of_signs(n, extremes(n, level), power)
    return difference.error * _of_student(n, level, power)


def power_of_pairs(
    difference: float, spread: float, n: int, *, correlation: float = 0.0, level: float = _LEVEL
) -> float:
    r"""Return the power of a paired comparison: the chance that n pairs tell the first ahead if it truly is.

    .. math:: \Pr\!\left(T > t_{1-\alpha/2,\,n-1}\right), \qquad
              T \sim t'_{n-1}\!\left(\frac{\delta}{\sigma}\right), \qquad
              \sigma = s\,\sqrt{\frac{2\,(1-\rho)}{n}}

    with the noncentral t distribution, for two scores that are normal with the same spread s. What the two share (the split,
    the seed) makes them correlated by :math:`\rho` and drops out of their difference: half the variance that is not shared
    needs about half the pairs, where these are many. Without a difference it is half the level, a false "ahead".
    :func:`detectable_difference` answers the reverse question for a comparison that was made.

    Parameters
    ----------
    difference : float
        True mean of the first minus that of the second, in the unit of the scores.
    spread : float
        Standard deviation of one score from pair to pair, above 0.
    n : int
        Pairs, at least 2.
    correlation : float
        Of the two scores of a pair, from -1 to below 1; 0 is what unpaired runs have.
    level : float
        Chance of a wrong "ahead" or "behind" where nothing differs.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> power_of_pairs(0.01, 0.02, 20)  # a difference of one point, scores that scatter by two
    0.33
    >>> power_of_pairs(0.01, 0.02, 20, correlation=0.9)
    0.998

    The pairs that find it four times in five, if nothing of the variance is shared, a half, or nine tenths:

    >>> [next(n for n in range(2, 99) if power_of_pairs(0.01, 0.02, n, correlation=c) >= 0.8) for c in (0, 0.5, 0.9)]
    [65, 34, 9]

    References
    ----------
    Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, chapter 2.
    """
    from scipy.stats import nct, t as student

    size, scatter, shared = (
        as_real(value, name)
        for value, name in ((difference, "difference"), (spread, "spread"), (correlation, "correlation"))
    )
    pairs, level = as_count(n, "n", least=2), as_failure(level, "level")
    if scatter <= 0:
        raise ValueError(f"spread must be above 0, not {scatter:g}: scores that never vary need no test")
    if not -1 <= shared < 1:
        raise ValueError(
            f"correlation must be from -1 to below 1, not {shared:g}: at 1 the difference of a pair would never vary"
        )
    error = scatter * sqrt(2 * (1 - shared) / pairs)
    return float(nct.sf(student.isf(level / 2, pairs - 1), pairs - 1, size / error))


def _of_rows(difference: Difference, level: float, power: float) -> float:
    """Return the share of rows, won minus lost, that McNemar's test finds with this power."""
    from scipy.optimize import brentq
    from scipy.stats import binom

    n = difference.n
    if 2.0 ** (1 - n) >= level:
        return inf
    net = n * difference.mean
    # The rows that differ, from their error.
    differing = ((n + 2) * difference.error) ** 2 - 1 + net**2 / (n + 2)
    apart = np.arange(n + 1)
    decide = binom.isf(level / 2, apart, 0.5) + 1  # so many of them on one side

    def missing(fraction: float) -> float:
        differ = min(1.0, max(fraction, differing / n))
        found = binom.sf(decide - 1, apart, (1 + fraction / differ) / 2)
        return float(binom.pmf(apart, n, differ) @ found) - power

    return float(brentq(missing, 1e-12, 1.0))


def _of_student(n: int, level: float, power: float) -> float:
    """Return the shift, in standard errors, that Student's t finds with this power."""
    from scipy.optimize import brentq
    from scipy.stats import nct, t as student

    border = float(student.isf(level / 2, n - 1))
    return float(brentq(lambda shift: float(nct.sf(border, n - 1, shift)) - power, 0.0, 4 * border + 20))


@lru_cache(maxsize=1024)
def _of_signs(n: int, k: int, power: float) -> float:
    """Return the shift, in standard errors, that the signs find with this power; k choices of them may be as large.

    Differences d + shift are told apart where the k-th smallest mean of some of them is above 0.
    """
    if n > _SIGNS_SIMULATED:
        return _of_student(n, k / 2.0 ** (n - 1), power)
    rng, least = np.random.default_rng(n), []
    at_once = max(1, _AT_ONCE >> n)
    for _ in range(0, _DRAWS, at_once):
        means = means_of_some(rng.standard_normal((at_once, n)))
        least.append(-np.partition(means, k - 1, axis=-1)[:, k - 1])
    return sqrt(n) * float(np.quantile(np.concatenate(least), power))


@lru_cache(maxsize=1024)
def _of_ranks(n: int, level: float, power: float) -> float:
    """Return the shift, in standard errors, that the ranks find with this power.

    Differences d + shift are told apart where enough means of pairs of them are above 0.
    """
    if n > _RANKS_SIMULATED:  # normal differences: the ranks need pi/3 times the replicates
        return sqrt(pi / 3) * _of_student(n, level, power)
    d = np.random.default_rng(n).standard_normal((_DRAWS, n))
    i, j = np.triu_indices(n)
    cut, at_once = excluded(n, level), max(1, _AT_ONCE // i.size)
    least = [
        -np.partition((part[:, i] + part[:, j]) / 2, cut - 1, axis=-1)[:, cut - 1]
        for part in np.split(d, range(at_once, _DRAWS, at_once))
    ]
    return sqrt(n) * float(np.quantile(np.concatenate(least), power))
