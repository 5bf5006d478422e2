"""Random bits: independent, with a chosen chance of a 1, made of fair ones.

Taught in :doc:`/communication/bb84`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_rng

# As fine as rng.random() < p: probabilities are rounded to 53 binary digits, an error below 6e-17.
_DIGITS = 53


def random_bits(n: int, p: float = 0.5, rng: Any = None) -> NDArray[np.uint8]:
    r"""Return `n` independent random bits, each 1 with probability `p`.

    Write :math:`p = 0.b_1 b_2 \dots b_{53}` in binary and throw fair coins :math:`f_1, f_2, \dots`; then

    .. math:: c = f_1 \circ_1 (f_2 \circ_2 (f_3 \circ_3 \dots)), \qquad
              \circ_i = \mathrm{OR}\ \text{if}\ b_i = 1,\ \mathrm{AND}\ \text{if}\ b_i = 0

    is 1 with probability `p`: OR with a fair coin makes :math:`(1 + q)/2` of a chance :math:`q`, AND makes
    :math:`q/2`. A computer throws 64 such coins with one instruction, and :math:`p = 1/2` needs a single
    fair one each, so most of a protocol's randomness costs an eighth of a byte a bit.

    Parameters
    ----------
    n : int
        How many coins, at least 1.
    p : float
        Chance of a 1. Rounded to a multiple of 2**-53, as ``rng.random(n) < p`` does.
    rng : None, int or numpy.random.Generator
        Source of the fair coins. None: unpredictable, but never good enough for a key that is used.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Zeros and ones; ``.view(bool)`` makes a mask of them at no cost.

    Examples
    --------
    >>> random_bits(8, rng=2)
    array([1, 1, 0, 0, 0, 0, 0, 1], dtype=uint8)
    >>> random_bits(1_000_000, 0.25, rng=1).mean().round(3)
    np.float64(0.25)

    References
    ----------
    Knuth and Yao, "The complexity of nonuniform random number generation", 1976.
    """
    n, p, rng = as_count(n, "n"), as_probability(p, "p"), as_rng(rng)
    digits = round(p * 2**_DIGITS)
    if digits in (0, 2**_DIGITS):
        return np.full(n, digits >> _DIGITS, dtype=np.uint8)
    zeros = (digits & -digits).bit_length() - 1
    words = np.zeros(-(-n // 64), dtype=np.uint64)
    for place in range(zeros, _DIGITS):  # from the last digit that counts to the first
        fair = rng.integers(0, 2**64 - 1, words.size, dtype=np.uint64, endpoint=True)
        if digits >> place & 1:
            words |= fair
        else:
            words &= fair
    return np.unpackbits(words.view(np.uint8), count=n)
