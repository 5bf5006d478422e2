"""Randomness extractors: fewer bits, almost perfect, from bits that are only hard to guess."""

from math import floor, isqrt

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_count, as_real
from qlearn._types import Bits
from qlearn.communication.secret_key import hashing_margin, toeplitz_hash


def von_neumann(bits: ArrayLike) -> Bits:
    r"""Return von Neumann's bits: of each pair 01 or 10 the first bit; 00 and 11 are dropped.

    Independent bits with the same bias give both pairs with the chance :math:`p(1-p)`, so what is left is fair, with no seed
    and without knowing p. About :math:`n\,p(1-p)` bits are left. Bits that depend on each other may stay wrong:
    :class:`MarkovSource` has an example.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        An odd last bit is dropped.

    Returns
    -------
    ndarray of uint8, shape (m,)
        May be empty.

    Examples
    --------
    >>> von_neumann([0, 1, 1, 1, 1, 0, 0, 0])
    array([0, 1], dtype=uint8)

    References
    ----------
    von Neumann, "Various techniques used in connection with random digits", National Bureau of Standards, Applied
    Mathematics Series 12, 36 (1951).
    """
    x = as_bits(bits, "bits")
    first, second = x[: x.size // 2 * 2].reshape(-1, 2).T
    return first[first != second]


def leftover_hash_length(min_entropy: float, distance: float = 1e-10) -> int:
    r"""Return how many bits universal hashing may keep of a string with so much min-entropy.

    .. math:: m = \Bigl\lfloor k + 2 - 2\log_2\tfrac1\delta \Bigr\rfloor
              \qquad\text{from}\qquad \delta \le \tfrac12\sqrt{2^{m-k}}

    The m bits and the seed together are then :math:`\delta` from uniform bits and an independent seed, in total variation, for
    :func:`~qlearn.communication.secret_key.toeplitz_hash` and :func:`circulant_hash` alike. It holds against quantum side
    information, too, where k is the min-entropy given that. At 1e-10 it costs 64.4 bits, whatever the length of the string.
    The seed is independent of the string: a source that has seen it can fix a bit of every hash, and is still hard to guess.

    Parameters
    ----------
    min_entropy : float
        k, of the whole string, given all that Eve has.
    distance : float
        :math:`\delta`, above 0 and below 1/2.

    Returns
    -------
    int
        m; 0 where nothing is left.

    Examples
    --------
    >>> leftover_hash_length(1000), leftover_hash_length(60)
    (935, 0)

    References
    ----------
    Impagliazzo, Levin and Luby, STOC '89, 12, doi:10.1145/73007.73009. Renner, 2005, arXiv:quant-ph/0512258, corollary 5.6.1.
    """
    k = as_real(min_entropy, "min_entropy", least=0)
    delta = as_real(distance, "distance", above=0)
    if not delta < 0.5:
        raise ValueError(f"distance must be below 1/2, not {delta:g}: half of nothing is promised there")
    # hashing_margin speaks of twice the distance.
    return max(0, floor(k - hashing_margin(2 * delta)))


def extractor_size(least: int) -> int:
    """Return the smallest size for :func:`circulant_hash` and :func:`dodis_extract` from `least` on.

    It is a prime of which 2 is a primitive root. Then each circulant matrix loses at most one rank, but for two: that of zeros,
    and that of ones.

    Parameters
    ----------
    least : int
        At least 1.

    Returns
    -------
    int

    Examples
    --------
    >>> [extractor_size(n) for n in (2, 6, 1000, 1_000_000)]
    [3, 11, 1019, 1000003]

    References
    ----------
    Foreman, Yeung, Edgington and Curchod, "Cryptomite", 2024, arXiv:2402.09481.
    """
    n = max(3, as_count(least, "least"))
    while not _has_primitive_root_2(n):
        n += 1
    return n


def circulant_hash(bits: ArrayLike, seed: ArrayLike, length: int) -> Bits:
    r"""Hash bits with the random circulant matrix that a seed spells out: a seed of hardly more than the bits themselves.

    .. math:: y_i = \sum_j s_{(i+j) \bmod n}\; x_j \bmod 2, \qquad 0 \le i < m

    Bit i is a parity of the seed, turned by i places. For two different strings the hashes of m bits are equal with probability
    :math:`2^{-m}` over the seed, as for :func:`~qlearn.communication.secret_key.toeplitz_hash`, whose seed has m - 2 bits more
    here. That holds because n is a prime with primitive root 2: the difference, as a polynomial modulo :math:`x^n - 1`, then
    shares at most the factor :math:`x - 1` with it. (That n is a prime is not enough: with 7 and m = 6 some strings collide
    eight times as often.)

    Parameters
    ----------
    bits : array_like of 0/1, shape (n - 1,)
        n must be an :func:`extractor_size`: append zeros to a shorter string.
    seed : array_like of 0/1, shape (n,)
        Uniform, and independent of the bits.
    length : int
        m, 1 to n - 1.

    Returns
    -------
    ndarray of uint8, shape (length,)

    Examples
    --------
    >>> circulant_hash([1, 0, 1, 1], seed=[1, 1, 0, 1, 0], length=4)
    array([0, 0, 1, 1], dtype=uint8)

    References
    ----------
    Foreman, Yeung, Edgington and Curchod, "Cryptomite", 2024, arXiv:2402.09481.
    """
    x, s = as_bits(bits, "bits"), as_bits(seed, "seed")
    _refuse_size(x.size + 1, "bits must have n - 1 bits with n")
    _refuse_unlike(s.size, x.size + 1, "seed")
    m = _as_length(length, x.size)
    return _cyclic(x, s, m)


def dodis_extract(first: ArrayLike, second: ArrayLike, length: int) -> Bits:
    r"""Extract from two independent weak sources, neither of which is uniform (Dodis, Elbaz, Oliveira and Raz).

    .. math:: z_i = \sum_j y_{(i+j) \bmod n}\; x_j \bmod 2, \qquad 0 \le i < m

    A seed is uniform by definition, and a generator that is to make uniform bits has none to begin with. Two sources that
    are hard to guess are enough, if they are independent; :func:`dodis_length` says how hard.

    Parameters
    ----------
    first, second : array_like of 0/1, shape (n,)
        x and y; n must be an :func:`extractor_size`.
    length : int
        m, 1 to n - 1.

    Returns
    -------
    ndarray of uint8, shape (length,)

    Examples
    --------
    >>> dodis_extract([1, 0, 1, 1, 1], [1, 0, 0, 1, 1], length=4)
    array([1, 1, 0, 0], dtype=uint8)
    >>> dodis_length(5, first=5, second=4, distance=0.25)  # so much of it is good, beside the fair string
    1

    References
    ----------
    Dodis, Elbaz, Oliveira and Raz, RANDOM 2004, 334, doi:10.1007/978-3-540-27821-4_30. Foreman et al., Quantum 7, 969 (2023),
    arXiv:2009.06551 (with cyclic shifts).
    """
    x, y = as_bits(first, "first"), as_bits(second, "second")
    _refuse_size(x.size, "first must have n bits with n")
    _refuse_unlike(y.size, x.size, "second")
    return _cyclic(x, y, _as_length(length, x.size - 1))


def dodis_length(n: int, first: float, second: float, distance: float = 1e-10) -> int:
    r"""Return how many bits :func:`dodis_extract` may keep of two independent sources with so much min-entropy.

    .. math:: m = \Bigl\lfloor k_1 + k_2 - n + 1 - 2\log_2\tfrac1\delta \Bigr\rfloor
              \qquad\text{from}\qquad \delta \le \tfrac12\sqrt{2^{\,m + n + 1 - k_1 - k_2}}

    Together the sources must have more min-entropy than *one* of them has bits. Each sum of output bits is a form
    :math:`x^T A y` with a matrix of rank n - 1 at least, whose bias Lindsey's lemma bounds by
    :math:`2^{(n+1-k_1-k_2)/2}`; Cauchy and Schwarz add up the :math:`2^m` of them. The bits stay that good beside *one* of the
    two strings. Side information here is classical, and about one source or about each apart.

    Parameters
    ----------
    n : int
        Bits of each string, an :func:`extractor_size`: with another length a matrix may lose more than one rank.
    first, second : float
        :math:`k_1` and :math:`k_2`, 0 to n.
    distance : float
        :math:`\delta` from uniform, in total variation, above 0 and below 1/2.

    Returns
    -------
    int
        m, below n - 1; 0 where nothing is left.

    Examples
    --------
    >>> dodis_length(1019, 900, 700)
    515

    References
    ----------
    As :func:`dodis_extract`.
    """
    n = as_count(n, "n", least=2)
    _refuse_size(n, "n must be")
    k_1, k_2 = (as_real(k, name, least=0, most=n) for k, name in ((first, "first"), (second, "second")))
    # Two perfect sources give less than n - 1: with distance < 1/2 the hash keeps less than it is given.
    return leftover_hash_length(max(0.0, k_1 + k_2 - n - 1), distance)


def _cyclic(x: Bits, s: Bits, length: int) -> Bits:
    """Take parities of s turned by 0, 1, ... places: backwards, that is a Toeplitz matrix whose diagonals repeat."""
    return toeplitz_hash(x[::-1], np.resize(s, x.size + length - 1), length)


def _has_primitive_root_2(n: int) -> bool:
    if n < 3 or n % 2 == 0 or any(n % d == 0 for d in range(3, isqrt(n) + 1, 2)):
        return False
    rest, factors = n - 1, []
    for d in range(2, isqrt(n) + 1):
        if rest % d == 0:
            factors.append(d)
            while rest % d == 0:
                rest //= d
    factors += [rest] if rest > 1 else []
    return all(pow(2, (n - 1) // d, n) != 1 for d in factors)


def _refuse_size(n: int, what: str) -> None:
    if not _has_primitive_root_2(n):
        raise ValueError(
            f"{what} a prime of which 2 is a primitive root, not {n}: extractor_size gives the next, {extractor_size(n)}; "
            "append zeros"
        )


def _refuse_unlike(size: int, n: int, name: str) -> None:
    if size != n:
        raise ValueError(f"{name} must have n = {n} bits, not {size}")


def _as_length(length: int, most: int) -> int:
    m = as_count(length, "length")
    if m > most:
        raise ValueError(
            f"length must be at most n - 1 = {most} bits, not {m}: there the matrix may lose a rank"
        )
    return m
