"""Pooled: what many data sets say together, where each alone says little."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals
from qlearn.evidence.difference import (
    _LEVEL,
    _RAREST,
    Difference,
    enough,
    of_differences,
    undecided,
    without_rounding,
)


def pooled(differences: Sequence[Difference] | ArrayLike) -> Difference:
    r"""Compare two models over several data sets, with the data sets as replicates.

    .. math:: W = \sum_{j:\, d_j > 0} \operatorname{rank} |d_j|

    One data set answers whether one model is ahead *there*; the spread between data sets is what counts for the next
    one. The ranks are used, not the sizes, since a point of accuracy is much on one data set and little on another:
    the exact signed-rank test of Wilcoxon. Data sets without any difference take no side (Pratt).

    Parameters
    ----------
    differences : sequence of Difference, or array_like of float, shape (n,)
        First minus second, one for each data set.

    Returns
    -------
    Difference
        `mean` and `error` over the data sets, `low` and `high` from the means of pairs (Hodges and Lehmann), `p` and `side`
        from the ranks, `n` data sets. The interval is that of ranks without ties: where sizes are equal, or 0, it may hold 0
        though p decides.

    Raises
    ------
    ValueError
        If there are fewer than six data sets: even if all point the same way, that decides nothing.

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

    Taught in :doc:`/learning/comparison`.
    """
    listed: list[Any] = list(differences)  # type: ignore[arg-type]
    d = as_reals([each.mean if isinstance(each, Difference) else each for each in listed], "differences")
    if d.ndim != 1:
        raise ValueError(f"differences must be one number a data set, not of shape {d.shape}")
    enough(d.size, "data sets")
    d = without_rounding(d)
    spread = of_differences(d, None)
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
