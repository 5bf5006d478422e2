"""Interleaving: a burst on the line becomes single errors in many words."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count


def interleave(bits: ArrayLike, depth: int) -> NDArray[np.uint8]:
    """Return a stream in which the bits of one word lie `depth` bits apart, shape (n,).

    Words are written as the rows of a table of `depth` rows, and the table is sent column by column. A burst of
    up to `depth` bits then meets each of these words once. The price is delay: nothing can be read before the table is full.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        `depth` words of equal length, one after the other; n is a multiple of `depth`.
    depth : int
        Words in the table.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Examples
    --------
    >>> interleave([0, 0, 0, 1, 1, 1], depth=2)
    array([0, 1, 0, 1, 0, 1], dtype=uint8)

    References
    ----------
    Lin and Costello, "Error Control Coding", 2004, chapter 21.
    """
    stream, rows = _as_table(bits, depth)
    return stream.reshape(rows, -1).T.ravel()


def deinterleave(bits: ArrayLike, depth: int) -> NDArray[np.uint8]:
    """Undo :func:`interleave`: the words one after the other again, shape (n,).

    Parameters
    ----------
    bits : array_like of 0 and 1, shape (n,)
        As they came, n a multiple of `depth`.
    depth : int
        That of the sender.

    Returns
    -------
    ndarray of uint8, shape (n,)

    Examples
    --------
    >>> deinterleave(interleave([0, 0, 0, 1, 1, 1], depth=2), depth=2)
    array([0, 0, 0, 1, 1, 1], dtype=uint8)
    """
    stream, rows = _as_table(bits, depth)
    return stream.reshape(-1, rows).T.ravel()


def _as_table(bits: ArrayLike, depth: int) -> tuple[NDArray[np.uint8], int]:
    stream, rows = as_bits(bits, "bits"), as_count(depth, "depth")
    if stream.size % rows:
        raise ValueError(
            f"bits must be a multiple of depth = {rows} bits, not {stream.size}: the table would have a hole"
        )
    return stream, rows
