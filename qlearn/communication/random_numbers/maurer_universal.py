"""Maurer's universal test of SP 800-22: how far back a word was last seen, which is how well a sequence compresses."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc

from qlearn._checks import as_count
from qlearn.communication.random_numbers._words import words
from qlearn.communication.random_numbers.p_values import RandomnessTest, as_sequence, result

# For words of 1, 2, ..., 16 bits: mean and variance of log2 of the distance between equal words of fair bits.
_MEANS = (
    *(0.7326495, 1.5374383, 2.4016068, 3.3112247, 4.2534266, 5.2177052, 6.1962507, 7.1836656),
    *(8.1764248, 9.1723243, 10.170032, 11.168765, 12.168070, 13.167693, 14.167488, 15.167379),
)
_VARIANCES = (
    *(0.690, 1.338, 1.901, 2.358, 2.705, 2.954, 3.125, 3.238),
    *(3.311, 3.356, 3.384, 3.401, 3.410, 3.416, 3.419, 3.421),
)
# Bits from which on NIST takes words of 6, 7, ..., 16 bits.
_FROM = (
    *(387_840, 904_960, 2_068_480, 4_654_080, 10_342_400, 22_753_280, 49_643_520, 107_560_960),
    *(231_669_760, 496_435_200, 1_059_061_760),
)


def universal(bits: ArrayLike, word: int | None = None, warm_up: int | None = None) -> RandomnessTest:
    r"""Test whether words come again after as long a time as in fair bits.

    .. math:: f = \frac1K\sum_{i=Q+1}^{Q+K}\log_2 A_i, \qquad
              P = \operatorname{erfc}\left|\frac{f - \mu_L}{\sqrt2\,\sigma}\right|, \qquad
              \sigma = c\,\sqrt{v_L/K}, \quad c = 0.7-\frac{0.8}L+\left(4+\frac{32}L\right)\frac{K^{-3/L}}{15}

    with :math:`A_i` how many words ago the i-th one was last seen. The document's example of 20 bits, P = 0.767189, takes
    :math:`\sigma = \sqrt{v_L}`, without the factor and the number of words; by the formula it is 0.063454.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        387 840 or more; fewer if `word` is given.
    word : int, optional
        L, bits of a word, 2 to 16. None: NIST's choice for n bits, 6 to 16.
    warm_up : int, optional
        Q, words that are only looked at. None: 10 times 2**L, so that each word has been seen.

    Returns
    -------
    RandomnessTest
        One part; the statistic is f.

    Examples
    --------
    >>> from qlearn.communication.random_numbers import constant_bits
    >>> universal(constant_bits("sqrt2", 1_000_000))
    RandomnessTest(p_value=0.130805)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.9. U. M. Maurer, "A universal statistical test for random bit generators",
    J. Cryptology 5, 89 (1992), doi:10.1007/BF00193563.
    """
    advice = "387840 or more; give word for fewer"
    if word is not None and not 2 <= as_count(word, "word") <= 16:
        raise ValueError(
            f"word must be 2 to 16 bits, not {word}: for these the moments are known, and c is positive"
        )
    sequence = as_sequence(bits, 2 if word else _FROM[0], advice)
    size = 5 + sum(sequence.size >= n for n in _FROM) if word is None else int(word)
    first = 10 * 2**size if warm_up is None else as_count(warm_up, "warm_up")
    many = sequence.size // size
    if many <= first:
        raise ValueError(
            f"bits must be more than {first} words of {size}, not {many}; NIST recommends {advice}"
        )
    spelled = words(sequence, size)[: many * size : size]
    order = np.argsort(spelled, kind="stable")
    ago = np.empty(many)
    before = np.concatenate([[-1], order[:-1]])
    same = np.concatenate([[False], spelled[order[1:]] == spelled[order[:-1]]])
    ago[order] = order - np.where(same, before, -1)  # never seen: as if just before the first
    tested = many - first
    f = np.log2(ago[first:]).mean()
    c = 0.7 - 0.8 / size + (4 + 32 / size) * tested ** (-3 / size) / 15
    sigma = c * np.sqrt(_VARIANCES[size - 1] / tested)
    return result(f, erfc(abs(f - _MEANS[size - 1]) / (np.sqrt(2) * sigma)))
