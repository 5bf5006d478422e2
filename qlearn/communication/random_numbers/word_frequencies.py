"""Serial and approximate entropy tests of SP 800-22: all words of m bits, equally often."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, gammaincc

from qlearn._checks import as_count
from qlearn.communication.random_numbers._words import cyclic_counts
from qlearn.communication.random_numbers.p_values import RandomnessTest, as_sequence, result

_LONGEST = 24


def _as_word(m: int, least: int) -> int:
    m = as_count(m, "m", least)
    if m > _LONGEST:
        raise ValueError(f"m must be at most {_LONGEST}, not {m}: there are 2**m words to count")
    return m


def serial(bits: ArrayLike, m: int = 16) -> RandomnessTest:
    r"""Test whether all words of `m` bits are equally frequent, beyond what shorter words tell.

    .. math:: \psi_m^2 = \frac{2^m}n\sum_w \nu_w^2 - n, \quad
              \nabla = \psi_m^2-\psi_{m-1}^2, \quad \nabla^2 = \psi_m^2-2\psi_{m-1}^2+\psi_{m-2}^2

    with :math:`\nu_w` the occurrences of a word in the sequence bent to a ring;
    :math:`P_1 = Q(2^{m-2}, \nabla/2)` and :math:`P_2 = Q(2^{m-3}, \nabla^2/2)`. The document's example of 10 bits quotes 0.9057
    and 0.8805 by a wrong incomplete gamma function; its :math:`\nabla = 1.6` and :math:`\nabla^2 = 0.8` give 0.808792 and
    0.670320, as in NIST's code.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends a million for m = 16.
    m : int
        Bits of a word, 2 to 24; below log2(n) - 2 by NIST's advice.

    Returns
    -------
    RandomnessTest
        Two parts, :math:`P_1` and :math:`P_2`; the statistics are the two differences.

    Examples
    --------
    >>> serial([0, 0, 1, 1, 0, 1, 1, 1, 0, 1], m=3).p_values.round(6)
    array([0.808792, 0.67032 ])

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.11.
    """
    m = _as_word(m, 2)
    sequence = as_sequence(bits, m, "m below log2(n) - 2, a million bits for m = 16")
    counts = cyclic_counts(sequence, m).astype(float)
    psi = []
    for length in (m, m - 1, m - 2):
        frequent = counts.reshape(1 << length, -1).sum(axis=1)
        psi.append(2.0**length / sequence.size * (frequent**2).sum() - sequence.size)
    differences = np.array([psi[0] - psi[1], psi[0] - 2 * psi[1] + psi[2]])
    differences = np.maximum(differences, 0)  # rounding leaves -1e-16
    return result(differences, gammaincc([2.0 ** (m - 2), 2.0 ** (m - 3)], differences / 2))


def approximate_entropy(bits: ArrayLike, m: int = 10) -> RandomnessTest:
    r"""Test whether a bit is as uncertain as it can be when the `m` bits before it are known.

    .. math:: \mathrm{ApEn} = \varphi_m-\varphi_{m+1}, \quad \varphi_m = \sum_w \frac{\nu_w}n\ln\frac{\nu_w}n, \quad
              \chi^2 = 2n(\ln2-\mathrm{ApEn}), \quad P = Q(2^{m-1}, \chi^2/2)

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 2**(m+6) or more, 65 536 for m = 10.
    m : int
        Bits that are known, 1 to 24; below log2(n) - 5 by NIST's advice.

    Returns
    -------
    RandomnessTest
        One part; the statistic is chi square.

    Examples
    --------
    >>> approximate_entropy([0, 1, 0, 0, 1, 1, 0, 1, 0, 1], m=3)
    RandomnessTest(p_value=0.261961)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.12.
    """
    m = _as_word(m, 1)
    sequence = as_sequence(bits, m + 1, "m below log2(n) - 5, 65536 bits for m = 10")
    counts = cyclic_counts(sequence, m + 1)
    longer, shorter = (entr(c / sequence.size).sum() for c in (counts, counts.reshape(-1, 2).sum(axis=1)))
    chi2 = max(0.0, 2 * sequence.size * (np.log(2) - (longer - shorter)))
    return result(chi2, gammaincc(2.0 ** (m - 1), chi2 / 2))
