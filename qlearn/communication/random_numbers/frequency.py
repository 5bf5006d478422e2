"""Frequency tests of SP 800-22: as many ones as zeros, in the whole sequence and in its blocks."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc, gammaincc

from qlearn._checks import as_count
from qlearn.communication.random_numbers.p_values import RandomnessTest, as_sequence, result


def monobit(bits: ArrayLike) -> RandomnessTest:
    r"""Test whether a sequence has as many ones as zeros.

    .. math:: s = \frac{|n_1 - n_0|}{\sqrt n}, \qquad P = \operatorname{erfc}\frac{s}{\sqrt2}

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 100 or more.

    Returns
    -------
    RandomnessTest
        One part; the statistic is s.

    Examples
    --------
    >>> monobit([1, 0, 1, 1, 0, 1, 0, 1, 0, 1])
    RandomnessTest(p_value=0.527089)

    A source that is a little biased passes now and then; its P-values are not uniform:

    >>> import numpy as np
    >>> from qlearn.communication.random_numbers import uniformity
    >>> biased = np.random.default_rng(1).random((200, 10_000)) < 0.51
    >>> p_values = [monobit(bits).p_value for bits in biased]
    >>> max(p_values) > 0.5, uniformity(p_values) < 1e-6
    (True, True)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.1.
    """
    sequence = as_sequence(bits, 1, "100 or more")
    off = abs(2 * int(sequence.sum(dtype=np.int64)) - sequence.size) / np.sqrt(sequence.size)
    return result(off, erfc(off / np.sqrt(2)))


def block_frequency(bits: ArrayLike, block: int = 128) -> RandomnessTest:
    r"""Test whether every block of a sequence has as many ones as zeros.

    .. math:: \chi^2 = 4 M \sum_{i=1}^{N} \left(\pi_i - \tfrac12\right)^2, \qquad
              P = Q\!\left(\tfrac N2, \tfrac{\chi^2}2\right)

    with :math:`\pi_i` the share of ones in the i-th of N blocks and Q the regularised upper incomplete gamma function. A
    bias that turns its sign passes :func:`monobit` and not this. Bits after the last whole block are not used.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 100 or more.
    block : int
        The length M. NIST recommends at least 20, more than n/100, and fewer than 100 blocks; its code takes 128.

    Returns
    -------
    RandomnessTest
        One part; the statistic is chi square.

    Examples
    --------
    >>> block_frequency([0, 1, 1, 0, 0, 1, 1, 0, 1, 0], block=3)
    RandomnessTest(p_value=0.801252)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.2.
    """
    block = as_count(block, "block", 2)
    sequence = as_sequence(bits, block, "100 or more, and a block of 20 or more")
    many = sequence.size // block
    share = sequence[: many * block].reshape(many, block).mean(axis=1)
    chi2 = 4 * block * ((share - 0.5) ** 2).sum()
    return result(chi2, gammaincc(many / 2, chi2 / 2))
