"""The linear complexity test of SP 800-22: the shortest feedback shift register that makes a block."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_count
from qlearn.communication.random_numbers.p_values import RandomnessTest, as_classes, as_sequence, chi_square

_EXACT = (1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48)
_NIST = (0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833)


def berlekamp_massey(blocks: ArrayLike) -> NDArray[np.int64]:
    r"""Return the length of the shortest linear feedback shift register that makes each block.

    .. math:: s_n = c_1 s_{n-1} \oplus \dots \oplus c_L s_{n-L}

    All blocks are worked on at once: a machine word holds one coefficient of 64 registers.

    Parameters
    ----------
    blocks : array_like of 0/1, shape (..., m)
        The bits of each block.

    Returns
    -------
    ndarray of int64, shape (...)
        L, from 0 for zeros alone to m; of fair bits close to m/2.

    Examples
    --------
    >>> int(berlekamp_massey([1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1]))
    4

    References
    ----------
    J. L. Massey, "Shift-register synthesis and BCH decoding", IEEE Trans. Inf. Theory 15, 122 (1969),
    doi:10.1109/TIT.1969.1054260.
    """
    array = as_bits(blocks, "blocks", ndim=None)
    if not array.ndim:
        raise ValueError("blocks must have their bits on the last axis, not be a single bit")
    shape, m = array.shape[:-1], array.shape[-1]
    array = array.reshape(-1, m)
    many = len(array)
    lanes = -(-many // 64) * 64

    def packed(rows: NDArray) -> NDArray[np.uint64]:
        padded = np.zeros((*rows.shape[:-1], lanes), np.uint8)
        padded[..., :many] = rows
        return np.packbits(padded, axis=-1).view(np.uint64)

    bits = packed(array.T)
    register = np.zeros((m + 2, lanes // 64), np.uint64)
    register[0] = ~np.uint64(0)
    last = register.copy()  # the register before its length grew last, shifted by the steps since
    length = np.zeros(many, np.int64)
    for n in range(m):
        wrong = np.bitwise_xor.reduce(register[: n + 1] & bits[n::-1], axis=0)
        last[1 : n + 2] = last[: n + 1].copy()
        last[0] = 0
        fails = np.unpackbits(wrong.view(np.uint8), count=many).astype(bool)
        grows = fails & (2 * length <= n)
        mended = register[: n + 2] ^ (last[: n + 2] & wrong)
        last[: n + 2] ^= (last[: n + 2] ^ register[: n + 2]) & packed(grows)
        register[: n + 2] = mended
        length[grows] = n + 1 - length[grows]
    return length.reshape(shape)


def linear_complexity(
    bits: ArrayLike, block: int = 500, *, probabilities: str | ArrayLike = "nist"
) -> RandomnessTest:
    r"""Test whether the shift registers that make the blocks are as long as those of fair bits.

    .. math:: \mu = \frac M2 + \frac{9+(-1)^{M+1}}{36} - \frac{M/3+2/9}{2^M}, \qquad T_i = (-1)^M(L_i-\mu)+\tfrac29

    with the classes :math:`T \le -2.5`, ..., :math:`T > 2.5`, each one wide. A linear generator of any length below M/2
    fails.

    The default is what NIST's code computes, which writes 0.01047 for the first class; its document says 0.010417, 1/96. The
    document's example, a million bits of e in blocks of 1000 with P = 0.845406, has the slip too: without it, 0.844721.

    Parameters
    ----------
    bits : array_like of 0/1, shape (n,)
        NIST recommends a million, and 200 blocks or more.
    block : int
        M; 500 to 5000 by NIST's advice.
    probabilities : {"nist", "exact"} or array_like, shape (7,)
        Of the classes: NIST's, or 1/96, 1/32, 1/8, 1/2, 1/4, 1/16, 1/48.

    Returns
    -------
    RandomnessTest
        One part; the statistic is chi square.

    Examples
    --------
    >>> from qlearn.communication.random_numbers import constant_bits
    >>> linear_complexity(constant_bits("sqrt2", 1_000_000))
    RandomnessTest(p_value=0.317127)

    The digits are as complex as coins, half as long as their number:

    >>> from qlearn.communication.random_numbers import berlekamp_massey
    >>> int(berlekamp_massey(constant_bits("sqrt2", 500)))
    250

    References
    ----------
    NIST SP 800-22 rev. 1a (2010), section 2.10.
    """
    block = as_count(block, "block", 4)
    sequence = as_sequence(bits, block, "a million, and 200 blocks or more")
    p = as_classes(probabilities, {"nist": _NIST, "exact": _EXACT})
    many = sequence.size // block
    lengths = berlekamp_massey(sequence[: many * block].reshape(many, block))
    sign = (-1) ** block
    mean = block / 2 + (9 - sign) / 36 - (block / 3 + 2 / 9) * 2.0**-block
    t = sign * (lengths - mean) + 2 / 9
    classes = np.clip(np.ceil(t + 2.5), 0, 6).astype(int)
    return chi_square(np.bincount(classes, minlength=7), p)
