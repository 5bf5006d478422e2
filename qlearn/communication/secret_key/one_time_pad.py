"""One-time pad: a message and a key of its length, used once, make a cipher that says nothing."""

import numpy as np

from qlearn._checks import as_bits
from qlearn._types import Bits


def encrypt(message: bytes, key: Bits) -> bytes:
    r"""Encrypt a message, or decrypt a cipher: both are the exclusive or with the key.

    .. math:: c = m \oplus k, \qquad m = c \oplus k

    Every message of this length is as likely as it was before the cipher was seen, whatever computer Eve has. It
    holds for one message a key: of two, :math:`c_1 \oplus c_2 = m_1 \oplus m_2` has no key left in it.

    Parameters
    ----------
    message : bytes
        Any bytes, at least one.
    key : ndarray of uint8, shape (n,)
        Secret bits, at least 8 a byte. The first ones are used, and are never to be used again.

    Returns
    -------
    bytes
        As many as the message has.

    Examples
    --------
    >>> key = np.array([0, 1, 1, 0, 1, 0, 0, 1], dtype=np.uint8)
    >>> encrypt(encrypt(b"!", key), key)
    b'!'

    References
    ----------
    Shannon, "Communication theory of secrecy systems", Bell Syst. Tech. J. 28, 656 (1949),
    doi:10.1002/j.1538-7305.1949.tb00928.x.
    """
    if not isinstance(message, bytes) or not message:
        raise TypeError(f"message must be bytes, at least one, not {message!r}: text goes through .encode()")
    bits = as_bits(key, "key")
    if bits.size < 8 * len(message):
        raise ValueError(
            f"key must have at least {8 * len(message)} bits for {len(message)} bytes, not {bits.size}: "
            f"a pad is as long as the message. Cut it to {bits.size // 8} bytes, or make more key"
        )
    pad = np.packbits(bits[: 8 * len(message)])
    return (np.frombuffer(message, dtype=np.uint8) ^ pad).tobytes()
