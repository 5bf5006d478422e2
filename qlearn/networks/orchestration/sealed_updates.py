r"""Sealed updates: numbers of a model under one-time pads, with one-time tags."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qlearn.networks.orchestration.key_reserves import WORD_BITS, Words

TAG_WORDS = 4
"""Words of the key of one Poly1305 tag: 256 bits."""
TAG_BITS = 128
"""Bits of a tag."""


@dataclass(frozen=True, eq=False)
class Sealed:
    """What travels over n links: ciphertexts and their tags.

    Parameters
    ----------
    words : ndarray of uint64, shape (n, k)
        Ciphertexts.
    tags : list of bytes
        One tag of 128 bits a link.
    """

    words: Words
    tags: list[bytes]

    @property
    def bits(self) -> int:
        """Bits of all messages together."""
        return WORD_BITS * self.words.size + TAG_BITS * len(self.tags)


def key_words(numbers: int) -> int:
    """Return the words of key that one message of so many numbers takes: a pad as long as it is, and the key of its tag.

    Parameters
    ----------
    numbers : int
        Numbers of 64 bits in the message.

    Returns
    -------
    int
        Words of 64 bits.

    Examples
    --------
    >>> key_words(10)
    14
    """
    return numbers + TAG_WORDS


def seal(values: NDArray[np.float64], keys: Words) -> Sealed:
    r"""Seal one message a row: :math:`c = m \oplus k`, with a Poly1305 tag of :math:`c` under a key of its own.

    The pad hides the numbers from whoever has unlimited time, as long as no word of it is used again; the tag is forged
    with a probability of at most :math:`8\lceil L/16\rceil\,2^{-106}` for L bytes. The length is not hidden.

    Parameters
    ----------
    values : ndarray of float64, shape (n, k)
        Numbers of n messages.
    keys : ndarray of uint64, shape (n, k + 4)
        Fresh key of n links, of :meth:`KeyReserves.take <qlearn.networks.orchestration.key_reserves.KeyReserves.take>`.

    Returns
    -------
    Sealed

    Examples
    --------
    >>> from qlearn.networks.orchestration.key_reserves import KeyReserves
    >>> reserves = KeyReserves(2, capacity=16, rng=0)
    >>> _ = reserves.add([1024.0, 1024.0])
    >>> near, far = reserves.take([0, 1], key_words(3))
    >>> sent = seal(np.array([[0.5, -1.0, 2.0], [1.0, 1.0, 1.0]]), near)
    >>> values, genuine = open_sealed(sent, far)
    >>> values[0], genuine.tolist()
    (array([ 0.5, -1. ,  2. ]), [True, True])

    References
    ----------
    Vernam, 1926, and Shannon, "Communication theory of secrecy systems", 1949, for the pad; Bernstein, "The Poly1305-AES
    message-authentication code", 2005, for the tag.
    """
    from cryptography.hazmat.primitives.poly1305 import Poly1305

    numbers = np.ascontiguousarray(values, np.float64)
    _refuse_other_keys(keys, *numbers.shape)
    words = numbers.view(np.uint64) ^ keys[:, TAG_WORDS:]
    tags = [Poly1305.generate_tag(secret, message) for secret, message in _pieces(keys, words)]
    return Sealed(words, tags)


def open_sealed(sent: Sealed, keys: Words) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Open one message a row, and tell which are genuine; the numbers of the others are NaN.

    Parameters
    ----------
    sent : Sealed
        What arrived.
    keys : ndarray of uint64, shape (n, k + 4)
        The same key, as the other end has it.

    Returns
    -------
    values : ndarray of float64, shape (n, k)
        The numbers.
    genuine : ndarray of bool, shape (n,)
        Whether each tag fits.

    Examples
    --------
    A bit of the second message flips on the way:

    >>> keys = np.random.default_rng(0).integers(0, 2**64, (2, 6), np.uint64)
    >>> sent = seal(np.ones((2, 2)), keys)
    >>> sent.words[1, 0] ^= np.uint64(1)
    >>> open_sealed(sent, keys)
    (array([[ 1.,  1.],
           [nan, nan]]), array([ True, False]))
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.poly1305 import Poly1305

    _refuse_other_keys(keys, *sent.words.shape)
    values = (sent.words ^ keys[:, TAG_WORDS:]).view(np.float64)
    genuine = np.ones(len(values), bool)
    for i, (secret, message) in enumerate(_pieces(keys, sent.words)):
        try:
            Poly1305.verify_tag(secret, message, sent.tags[i])
        except InvalidSignature:
            genuine[i] = False
    values[~genuine] = np.nan
    return values, genuine


def _pieces(keys: Words, words: Words) -> Iterator[tuple[bytes, bytes]]:
    """Return the key of each row's tag, and the row, as bytes."""
    # One copy of all rows, then slices: a method call on each row of an array would take as long as a tag.
    secrets, messages = keys[:, :TAG_WORDS].tobytes(), words.tobytes()
    n, length = 8 * TAG_WORDS, 8 * words.shape[1]
    for i in range(len(words)):
        yield secrets[n * i : n * (i + 1)], messages[length * i : length * (i + 1)]


def _refuse_other_keys(keys: Words, n: int, k: int) -> None:
    if keys.dtype != np.uint64 or keys.shape != (n, key_words(k)):
        raise ValueError(
            f"keys must be {n} x {key_words(k)} words (uint64), a pad for {k} numbers and {TAG_WORDS} words for the tag, not "
            f"{keys.dtype} of shape {keys.shape}. Nothing is sealed with less"
        )
