"""Random walk tests of SP 800-22: a step up for a one, down for a zero; how far it goes and where it dwells."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfc, gammaincc, ndtr

from qlearn._types import Array, Bits
from qlearn.communication.random_numbers.p_values import RandomnessTest, as_sequence, result

_STATES = np.array([-4, -3, -2, -1, 1, 2, 3, 4])
_FAR_STATES = np.array([*range(-9, 0), *range(1, 10)])


def _walk(bits: Bits) -> NDArray[np.int64]:
    """Return where the walk is after each step."""
    return np.cumsum(2 * bits.astype(np.int64) - 1)


def _beyond(z: int, n: int) -> float:
    """Return the chance that a walk of n steps gets as far as z."""
    root = np.sqrt(n)
    # NIST's sums, with its code's whole numbers, which are cut towards zero.
    k = np.arange(int((-(n // z) + 1) / 4), int((n // z - 1) / 4) + 1)
    inside = ndtr((4 * k + 1) * z / root) - ndtr((4 * k - 1) * z / root)
    k = np.arange(int((-(n // z) - 3) / 4), int((n // z - 1) / 4) + 1)
    outside = ndtr((4 * k + 3) * z / root) - ndtr((4 * k + 1) * z / root)
    return float(np.clip(1 - inside.sum() + outside.sum(), 0, 1))


def cumulative_sums(bits: ArrayLike) -> RandomnessTest:
    r"""Test whether the random walk of a sequence goes as far as that of fair coins.

    .. math:: P = 1 - \sum_k\left[\Phi\tfrac{(4k+1)z}{\sqrt n}-\Phi\tfrac{(4k-1)z}{\sqrt n}\right]
              + \sum_k\left[\Phi\tfrac{(4k+3)z}{\sqrt n}-\Phi\tfrac{(4k+1)z}{\sqrt n}\right]

    with z the largest distance from the start, the first sum over :math:`(-n/z+1)/4 \le k \le (n/z-1)/4`, the second from
    :math:`(-n/z-3)/4`. The document's example of 10 bits prints 0.4116588, which these sums give with limits cut
    towards zero, as in NIST's code; rounded down they make 0.411585, and all k together, the limit of long sequences, 0.411511.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends 100 or more.

    Returns
    -------
    RandomnessTest
        Two parts, forward and backward; the statistics are z.

    Examples
    --------
    >>> cumulative_sums([1, 0, 1, 1, 0, 1, 0, 1, 1, 1]).p_values.round(4)
    array([0.4116, 0.4116])

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.13.
    """
    sequence = as_sequence(bits, 1, "100 or more")
    far = [int(np.abs(_walk(s)).max()) for s in (sequence, sequence[::-1])]
    return result(far, [_beyond(z, sequence.size) for z in far])


def _cycles(bits: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the walk, in which cycle each step is, and how many cycles from zero to zero there are."""
    walk = _walk(as_sequence(bits, 2, "a million, and 500 cycles or more"))
    home = walk == 0
    cycle = np.cumsum(home) - home
    return walk, cycle, int(cycle[-1]) + 1


def count_cycles(bits: ArrayLike) -> int:
    """Return how many cycles from zero to zero a sequence has, the last one as if it came home."""
    return _cycles(bits)[2]


def _visit_chances(x: NDArray[np.int64]) -> Array:
    """Return the chances of 0, 1, ..., 4 and at least 5 visits to x in one cycle, shape (x, 6)."""
    away = 1 / (2 * np.abs(x)[:, None])
    k = np.arange(1, 5)
    return np.hstack([1 - away, away**2 * (1 - away) ** (k - 1), away * (1 - away) ** 4])


def random_excursions(bits: ArrayLike) -> RandomnessTest:
    r"""Test how often the random walk visits each of eight places between two returns to zero.

    .. math:: p_0 = 1-\frac1{2|x|}, \quad p_k = \frac1{4x^2}\left(1-\frac1{2|x|}\right)^{k-1}, \quad
              p_{\ge5} = \frac1{2|x|}\left(1-\frac1{2|x|}\right)^4

    with k = 1 to 4, and chi square over the J cycles for each x. The document's example of 10 bits prints
    :math:`\chi^2` = 4.333033 and P = 0.502529 for x = 1; it is 4.333333 and 0.502488. Its values for a million bits of e hold
    for x = -4 to -1; those for x = 1 to 4, .778616 .365752 .790853 .792378, come out neither here nor in NIST's code:
    .786868 .440912 .797854 .778186.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends a million, and uses the result if there are 500 cycles or more.

    Returns
    -------
    RandomnessTest
        Eight parts, x = -4, -3, -2, -1, 1, 2, 3, 4; the statistics are chi squares.

    Examples
    --------
    >>> random_excursions([0, 1, 1, 0, 1, 1, 0, 1, 0, 1]).p_values[4].round(6)
    np.float64(0.502488)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.14.
    """
    walk, cycle, many = _cycles(bits)
    counts = np.empty((8, 6))
    for i, x in enumerate(_STATES):
        visits = np.bincount(cycle[walk == x], minlength=many)
        counts[i] = np.bincount(np.minimum(visits, 5), minlength=6)
    expected = many * _visit_chances(_STATES)
    chi2 = ((counts - expected) ** 2 / expected).sum(axis=1)
    return result(chi2, gammaincc(2.5, chi2 / 2))


def random_excursions_variant(bits: ArrayLike) -> RandomnessTest:
    r"""Test how often the random walk visits each of eighteen places in all.

    .. math:: P = \operatorname{erfc}\frac{|\xi(x) - J|}{\sqrt{2J(4|x|-2)}}

    with :math:`\xi(x)` the visits to x, and J the cycles from zero to zero.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends a million, and uses the result if there are 500 cycles or more.

    Returns
    -------
    RandomnessTest
        Eighteen parts, x = -9, ..., -1, 1, ..., 9; the statistics are :math:`\xi(x)`.

    Examples
    --------
    >>> random_excursions_variant([0, 1, 1, 0, 1, 1, 0, 1, 0, 1]).p_values[9].round(6)
    np.float64(0.683091)

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.15.
    """
    walk, _, many = _cycles(bits)
    visits = np.array([np.count_nonzero(walk == x) for x in _FAR_STATES])
    p = erfc(np.abs(visits - many) / np.sqrt(2 * many * (4 * np.abs(_FAR_STATES) - 2)))
    return result(visits, p)
