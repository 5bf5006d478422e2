"""Privacy amplification: a shorter key about which Eve knows almost nothing."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from qlearn._checks import as_bits, as_count, as_rng
from qlearn._types import Bits
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.public_channel import (
    Program,
    PublicChannel,
    Receive,
    Send,
    converse,
    packed_size,
    unpacked,
)

# Transforms of this length stay in a processor's cache; a float64 one is 1e-10 away from integers.
_BLOCK = 2**18
_LARGEST_ROUNDING = 0.25


def toeplitz_hash(key: ArrayLike, seed: ArrayLike, length: int) -> NDArray[np.uint8]:
    r"""Hash a key with the random Toeplitz matrix that a seed spells out.

    .. math:: y_i = \sum_j s_{\,n-1+i-j}\; k_j \bmod 2, \qquad 0 \le i < m

    The matrix has one value per diagonal, so it needs only :math:`n+m-1` random bits, and multiplying by it
    is a convolution: an FFT of that length does it in :math:`O(n \log n)`. Two different keys get the same
    hash with probability :math:`2^{-m}` over the seed.

    Parameters
    ----------
    key : array_like of 0/1, shape (n,)
        The reconciled key, equal on both sides.
    seed : array_like of 0/1, shape (n + length - 1,)
        Public and uniformly random, chosen *after* the pulses of the key have passed Eve. Toeplitz hashing is
        a strong extractor: the key stays secret beside its seed. So one seed may serve several keys, if the
        pulses of *all* of them had passed her before she heard it, and their security parameters are added
        up. A seed that she knows beforehand proves nothing: she could fit her attack to it.
    length : int
        Bits to keep, 1 to n. How many are safe is the business of :func:`finite_key_length`.

    Returns
    -------
    ndarray of uint8, shape (length,)

    Examples
    --------
    >>> toeplitz_hash([1, 0, 1, 1], seed=[1, 1, 0, 1, 1], length=2)
    array([1, 0], dtype=uint8)

    References
    ----------
    Krawczyk, "LFSR-based hashing and authentication", CRYPTO '94, section 3,
    doi:10.1007/3-540-48658-5_15.
    """
    key, seed = as_bits(key, "key"), as_bits(seed, "seed")
    n, length = key.size, as_count(length, "length")
    if length > n:
        raise ValueError(
            f"length must be at most the {n} bits of the key, not {length}: hashing adds no secrecy"
        )
    if seed.size != n + length - 1:
        raise ValueError(
            f"seed must have n + length - 1 = {n + length - 1} bits, not {seed.size}: "
            "one for each diagonal of the matrix"
        )
    return _bits(_in_blocks(key, seed, length, _BLOCK), length)


def hash_frames(frames: Bits, seed: Bits, length: int) -> Bits:
    """Hash each row of `frames`, shape (f, n), with one matrix, by one FFT each: shape (f, length)."""
    n = frames.shape[-1]
    # A circular convolution wraps around, into the first n - 1 values only, and those are not kept.
    size = fft.next_fast_len(seed.size, real=True)
    sums = fft.irfft(fft.rfft(frames, size) * fft.rfft(seed, size), size)
    return _bits(sums[:, n - 1 :], length)


def _in_blocks(key: Bits, seed: Bits, length: int, block: int) -> NDArray[np.float64]:
    """Convolve piece by piece: a Toeplitz matrix is a Toeplitz arrangement of smaller ones.

    The piece in block row r and block column c depends on r - c alone, so each stretch of the seed is
    transformed once, and so is each block of the key and of the result.
    """
    columns = -(-key.size // block)
    side = -(-key.size // columns)
    rows = -(-length // side)
    size = fft.next_fast_len(2 * side, real=True)
    stretches = np.zeros((columns + rows) * side)
    stretches[columns * side - key.size :][: seed.size] = seed
    blocks = np.zeros((columns, side))
    blocks.reshape(-1)[: key.size] = key

    spectra = fft.rfft(blocks, size)
    sums = np.zeros((rows, size // 2 + 1), dtype=np.complex128)
    for diagonal in range(columns + rows - 1):
        stretch = fft.rfft(stretches[diagonal * side : (diagonal + 2) * side], size)
        for row in range(max(0, diagonal - columns + 1), min(rows, diagonal + 1)):
            sums[row] += stretch * spectra[columns - 1 + row - diagonal]
    return fft.irfft(sums, size)[:, side - 1 : 2 * side - 1].reshape(-1)


def _bits(sums: NDArray[np.float64], length: int) -> Bits:
    """Round sums to counts, refuse if they are not, and keep whether each is odd."""
    counts = np.rint(sums[..., :length])
    if np.abs(sums[..., :length] - counts).max() > _LARGEST_ROUNDING:
        raise ArithmeticError("the FFT is too coarse for a key of this length: hash it in smaller blocks")
    return (counts.astype(np.int32) & 1).astype(np.uint8)


def amplify(
    alice: Bits, bob: Bits, length: int, *, channel: PublicChannel, rng: Any = None
) -> tuple[Bits, Bits]:
    """Agree on a seed in public, and hash both keys with it.

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (n,)
        Their keys, verified to be equal.
    length : int
        Bits to keep, 1 to n.
    channel : PublicChannel
        Where Alice tells Bob the seed, n + length - 1 bits.
    rng : None, int or numpy.random.Generator
        Alice's coins.

    Returns
    -------
    tuple of (ndarray, ndarray), each of uint8, shape (length,)
        Alice's key, and Bob's with the seed that *he* heard.

    Examples
    --------
    >>> key = np.array([1, 0, 1, 1, 0, 1], dtype=np.uint8)
    >>> ours, theirs = amplify(key, key, 3, channel=PublicChannel(), rng=1)
    >>> (ours == theirs).all()
    np.True_
    """
    length = as_count(length, "length")
    return converse(channel, amplify_as_alice(alice, length, as_rng(rng)), amplify_as_bob(bob, length))


def amplify_as_alice(key: Bits, length: int, rng: np.random.Generator) -> Program[Bits]:
    """Draw a seed, say it, and return the hash of her key."""
    seed = random_bits(key.size + length - 1, rng=rng)
    yield Send("amplify", np.packbits(seed))
    return toeplitz_hash(key, seed, length)


def amplify_as_bob(key: Bits, length: int) -> Program[Bits]:
    """Hear the seed, and return the hash of his key."""
    size = key.size + length - 1
    heard = yield Receive("amplify", packed_size(size))
    return toeplitz_hash(key, unpacked(heard, size), length)
