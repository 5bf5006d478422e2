"""Words: the numbers that every stretch of m bits spells."""

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Bits


def words(bits: Bits, m: int) -> NDArray[np.uint32]:
    """Return the word that begins at each bit, shape (n - m + 1,), its first bit the most significant."""
    many = bits.size - m + 1
    spelled = np.zeros(many, np.uint32)
    for i in range(m):
        spelled <<= 1
        spelled |= bits[i : i + many]
    return spelled


def cyclic_counts(bits: Bits, m: int) -> NDArray[np.int64]:
    """Return how often each word of m bits occurs, the sequence bent to a ring: shape (2**m,)."""
    return np.bincount(
        words(np.resize(bits, bits.size + m - 1), m) if m else np.zeros(bits.size, int), minlength=1 << m
    )
