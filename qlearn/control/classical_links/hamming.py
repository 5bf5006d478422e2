"""Hamming's code: four bits in seven, of which any single error is found by three parities."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_probability
from qlearn.control.classical_links.channels import all_words

# Positions 1 to 7; those that are powers of two are parities, and the rest carry the message.
_MESSAGE = np.array([3, 5, 6, 7]) - 1
_CHECKS = (np.arange(1, 8) >> np.arange(3)[:, None] & 1).astype(np.uint8)


def hamming_encode(message: ArrayLike) -> NDArray[np.uint8]:
    """Return the code words of messages of four bits, shape (..., 7).

    Positions are counted from 1. Position 1, 2 and 4 are parities: position 2**j makes the sum over all positions
    even whose number has the binary digit j. The message stands at 3, 5, 6 and 7.

    Parameters
    ----------
    message : array_like of 0/1, shape (..., 4)
        The bits to send.

    Returns
    -------
    ndarray of uint8, shape (..., 7)

    Examples
    --------
    >>> hamming_encode([1, 0, 1, 1])
    array([0, 1, 1, 0, 0, 1, 1], dtype=uint8)

    References
    ----------
    Hamming, "Error detecting and error correcting codes", 1950, doi:10.1002/j.1538-7305.1950.tb00463.x.
    """
    bits = _as_blocks(message, "message", 4)
    word = np.zeros((*bits.shape[:-1], 7), np.uint8)
    word[..., _MESSAGE] = bits
    word[..., [0, 1, 3]] = word @ _CHECKS.T & 1
    return word


def hamming_decode(received: ArrayLike) -> NDArray[np.uint8]:
    """Return the messages in words with at most one error each, shape (..., 4).

    The three parities, read as a binary number (the *syndrome*), are the position of the error, 0 if there is none.
    Two errors have the syndrome of a third position, so a word with two comes out with three: nothing is flagged.

    Parameters
    ----------
    received : array_like of 0/1, shape (..., 7)
        Words as they were read.

    Returns
    -------
    ndarray of uint8, shape (..., 4)

    Examples
    --------
    >>> word = hamming_encode([1, 0, 1, 1])
    >>> word[4] ^= 1
    >>> hamming_decode(word)
    array([1, 0, 1, 1], dtype=uint8)

    References
    ----------
    Hamming, 1950, doi:10.1002/j.1538-7305.1950.tb00463.x.
    """
    word = _as_blocks(received, "received", 7)
    syndrome = (word @ _CHECKS.T & 1) @ np.array([1, 2, 4])
    return (word ^ (np.arange(1, 8) == syndrome[..., None]))[..., _MESSAGE]


def hamming_words() -> NDArray[np.uint8]:
    """Return the 16 code words, shape (16, 7), in the order of their messages, the first bit most significant.

    Returns
    -------
    ndarray of uint8, shape (16, 7)

    Examples
    --------
    >>> words = hamming_words()
    >>> least = min(int((a ^ b).sum()) for a in words for b in words if (a != b).any())
    >>> len(words), least  # any two differ in three places at least: one error leaves the sent word the nearest
    (16, 3)
    """
    return hamming_encode(all_words(4))


def hamming_block_error(p: float) -> float:
    r"""Return the probability that a word of Hamming's code is decoded wrongly on a binary symmetric channel.

    .. math:: P = 1 - (1-p)^7 - 7p(1-p)^6

    The 16 words with their 7 neighbours each fill all 128: the code is *perfect*. So for p below one half no decoder,
    learned or not, errs less on this channel if all messages are alike.

    Parameters
    ----------
    p : float
        Probability that a bit flips.

    Returns
    -------
    float

    Examples
    --------
    >>> round(hamming_block_error(0.05), 8)
    0.04438054

    References
    ----------
    MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 1.
    """
    p = as_probability(p, "p")
    # Summed from the errors that fail: 1 - (...) would lose digits where p is small.
    return float(
        sum(c * p**w * (1 - p) ** (7 - w) for w, c in ((2, 21), (3, 35), (4, 35), (5, 21), (6, 7), (7, 1)))
    )


def _as_blocks(x: ArrayLike, name: str, n: int) -> NDArray[np.uint8]:
    bits = as_bits(x, name, ndim=None)
    if bits.ndim == 0 or bits.shape[-1] != n:
        raise ValueError(f"{name} must have {n} bits on its last axis, not the shape {bits.shape}")
    return bits
