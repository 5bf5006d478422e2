"""Runs in SP 800-22: how many there are, and how long the longest one of a block is."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc

from qlearn._checks import as_count
from qlearn.communication.random_numbers.p_values import (
    RandomnessTest,
    as_classes,
    as_sequence,
    chi_square,
    result,
)

# Block: the longest runs that the first and the last class stand for, and the probabilities in NIST's code.
_CLASSES = {8: (1, 4), 128: (4, 9), 10_000: (10, 16)}
_NIST = {
    8: (0.21484375, 0.3671875, 0.23046875, 0.1875),
    128: (0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847),
    10_000: (0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727),
}


def runs(bits: ArrayLike) -> RandomnessTest:
    r"""Test whether a sequence changes between 0 and 1 as often as fair coins do.

    .. math:: P = \operatorname{erfc}\frac{|V - 2n\pi(1-\pi)|}{2\sqrt{2n}\,\pi(1-\pi)}

    with V the number of runs, blocks of equal bits, and :math:`\pi` the share of ones. A sequence too far from half
    ones, :math:`|\pi - 1/2| \ge 2/\sqrt n`, fails at once: its P-value is 0.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 100 or more.

    Returns
    -------
    RandomnessTest
        One part; the statistic is V.

    Examples
    --------
    >>> runs([1, 0, 0, 1, 1, 0, 1, 0, 1, 1])
    RandomnessTest(p_value=0.147232)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.3.
    """
    sequence = as_sequence(bits, 2, "100 or more")
    n, share = sequence.size, float(sequence.mean())
    many = 1 + np.count_nonzero(sequence[1:] != sequence[:-1])
    spread = share * (1 - share)
    if abs(share - 0.5) >= 2 / np.sqrt(n) or spread == 0:
        return result(many, 0.0)
    return result(many, erfc(abs(many - 2 * n * spread) / (2 * np.sqrt(2 * n) * spread)))


@cache
def _exact_classes(block: int) -> tuple[float, ...]:
    """Return the chances of the classes: a block has no run above k, or one more bit ends the first that is."""
    first, last = _CLASSES[block]
    below = []
    for k in range(first, last):
        none = [1.0] * (k + 1) + [1 - 0.5 ** (k + 1)]
        for n in range(k + 2, block + 1):
            none.append(none[n - 1] - 0.5 ** (k + 2) * none[n - k - 2])
        below.append(none[block])
    return tuple(np.diff([0.0, *below, 1.0]).tolist())


def longest_run(
    bits: ArrayLike, block: int | None = None, *, probabilities: str | ArrayLike = "nist"
) -> RandomnessTest:
    r"""Test whether the longest runs of ones in the blocks are as long as those of fair coins.

    .. math:: \chi^2 = \sum_i \frac{(\nu_i - N p_i)^2}{N p_i}

    with :math:`\nu_i` of the N blocks in the i-th class of lengths.

    The default is what NIST's code computes, to be held against it. Its probabilities for blocks of 10 000 are off by up to
    2 %, which the exact ones mend; of the document's example of 128 bits, P = 0.180609, its four printed digits make 0.180598.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        128 or more.
    block : {8, 128, 10000}, optional
        Bits in a block. None: 8 below 6272 bits, 128 below 750 000, and else 10 000, as NIST has it.
    probabilities : {"nist", "exact"} or array_like, shape (classes,)
        Of the classes: those of NIST's code, those that the recursion over the bits gives, or yours.

    Returns
    -------
    RandomnessTest
        One part; the statistic is chi square.

    Examples
    --------
    >>> from qlearn.communication.random_numbers import constant_bits
    >>> longest_run(constant_bits("e", 10_000), probabilities="exact")
    RandomnessTest(p_value=0.945101)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.4.
    """
    sequence = as_sequence(bits, 8 if block else 128, "128 or more, and 750 000 for blocks of 10 000")
    if block is None:
        block = 8 if sequence.size < 6272 else 128 if sequence.size < 750_000 else 10_000
    if as_count(block, "block") not in _CLASSES:
        raise ValueError(f"block must be 8, 128 or 10000, for which NIST has classes, not {block}")
    p = as_classes(probabilities, {"nist": _NIST[block], "exact": _exact_classes(block)})
    many = sequence.size // block
    if not many:
        raise ValueError(f"bits must be at least one block of {block}, not {sequence.size}")
    first, last = _CLASSES[block]
    padded = np.zeros((many, block + 1), np.uint8)  # a zero before each block: no run goes across
    padded[:, 1:] = sequence[: many * block].reshape(many, block)
    zeros = np.flatnonzero(padded.ravel() == 0)
    lengths = np.diff(zeros, append=padded.size) - 1
    longest = np.maximum.reduceat(lengths, np.searchsorted(zeros, np.arange(many) * (block + 1)))
    counts = np.bincount(np.clip(longest, first, last) - first, minlength=last - first + 1)
    return chi_square(counts, p)
