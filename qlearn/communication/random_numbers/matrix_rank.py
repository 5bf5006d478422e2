"""The rank test of SP 800-22: linear dependence among stretches of a sequence."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.communication.random_numbers.p_values import RandomnessTest, as_classes, as_sequence, chi_square


def _ranks(words: NDArray[np.uint64], columns: int) -> NDArray[np.int64]:
    """Return the ranks over GF(2) of matrices whose rows are words, shape (matrices, rows)."""
    words, each = words.copy(), np.arange(len(words))
    free = np.ones(words.shape, dtype=bool)
    for column in range(columns):
        ones = (words >> np.uint64(column) & np.uint64(1)).astype(bool)
        pivot = (ones & free).argmax(axis=1)
        found = (ones & free)[each, pivot]
        row = np.where(found, words[each, pivot], np.uint64(0))
        words ^= np.where(ones, row[:, None], np.uint64(0))
        free[each[found], pivot[found]] = False
    return (~free).sum(axis=1)


def _chance(rows: int, columns: int, r: int) -> float:
    """Return the chance that a random matrix of bits has the rank r."""
    i = np.arange(r)
    ways = (1 - 2.0 ** (i - rows)) * (1 - 2.0 ** (i - columns)) / (1 - 2.0 ** (i - r))
    return float(2.0 ** (r * (rows + columns - r) - rows * columns) * ways.prod())


def rank(
    bits: ArrayLike, rows: int = 32, columns: int = 32, *, probabilities: str | ArrayLike = "exact"
) -> RandomnessTest:
    r"""Test whether matrices filled with the bits have full rank as often as random ones.

    .. math:: P(r) = 2^{r(Q+M-r)-MQ}\prod_{i=0}^{r-1}\frac{(1-2^{i-Q})(1-2^{i-M})}{1-2^{i-r}}

    The classes are full rank, one less, and all below; :math:`\chi^2` as ever, with 2 degrees of freedom. A linear feedback
    shift register shorter than a row fails. The document's example of two 3 by 3 matrices, P = 0.741948, takes the
    probabilities of large matrices, 0.2888, 0.5776 and 0.1336; with those of 3 by 3 it is 0.820962.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 38 matrices or more, 38 912 bits.
    rows, columns : int
        M and Q, at least 2; Q at most 64.
    probabilities : {"exact"} or array_like, shape (3,)
        Of the three classes: by the formula, or yours.

    Returns
    -------
    RandomnessTest
        One part; the statistic is chi square.

    Examples
    --------
    >>> from qlearn.communication.random_numbers import constant_bits
    >>> rank(constant_bits("e", 100_000))
    RandomnessTest(p_value=0.532069)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.5.
    """
    rows, columns = as_count(rows, "rows", 2), as_count(columns, "columns", 2)
    if columns > 64:
        raise ValueError(f"columns must be at most 64, a machine word, not {columns}")
    sequence = as_sequence(bits, rows * columns, "38 matrices or more, 38912 bits for 32 by 32")
    most = min(rows, columns)
    by_rank = [_chance(rows, columns, r) for r in range(most + 1)]
    # Summed, not 1 less the others: that would round a rare class away.
    p = as_classes(probabilities, {"exact": (by_rank[-1], by_rank[-2], sum(by_rank[:-2]))})
    many = sequence.size // (rows * columns)
    matrices = sequence[: many * rows * columns].reshape(many, rows, columns)
    words = np.zeros((many, rows), np.uint64)
    for column in range(columns):
        words = words << np.uint64(1) | matrices[..., column]
    missing = most - _ranks(words, columns)
    return chi_square(np.bincount(np.minimum(missing, 2), minlength=3), p)
