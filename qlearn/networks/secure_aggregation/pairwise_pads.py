r"""Pairwise pads: what each two clients share, one adds and the other subtracts, so that it cancels in the sum."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from qlearn._checks import as_count
from qlearn.communication.key_management.hybrid_keys import as_bytes
from qlearn.networks.secure_aggregation.fixed_point import Words, as_words, bytes_for, words_of

SEED_BYTES = 32
"""Bytes of a seed that a stretched pad is made of."""
TAG_KEY_BYTES = 32
"""Bytes of the key of one Poly1305 tag."""


def pairwise_mask(words: Words, own: int, pads: Mapping[int, Words], *, word_bits: int = 64) -> Words:
    r"""Return an update under its pads, shape (d,): added towards clients of a higher number, else subtracted.

    .. math:: y_u = x_u + \sum_{v > u} k_{uv} - \sum_{v < u} k_{uv} \bmod 2^w

    Each pad is in two updates with opposite signs, so that :math:`\sum_u y_u = \sum_u x_u`. If one pad with an honest client is
    uniform and unknown, so is :math:`y_u`, whatever :math:`x_u` is: a one-time pad.

    Parameters
    ----------
    words : ndarray of uint64, shape (d,)
        The update as words (:class:`FixedPoint`).
    own : int
        The client's number.
    pads : mapping of int to ndarray of uint64, shape (d,)
        For each other client's number the pad with it. Used once, in this update.
    word_bits : int
        :math:`w`.

    Returns
    -------
    ndarray of uint64, shape (d,)

    Examples
    --------
    >>> x, pad = np.array([7], np.uint64), np.array([2**63 + 1], np.uint64)
    >>> first, second = pairwise_mask(x, 0, {1: pad}), pairwise_mask(x, 1, {0: pad})
    >>> first, first + second
    (array([9223372036854775816], dtype=uint64), array([14], dtype=uint64))

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982.
    """
    masked = as_words(words, "words", word_bits).copy()
    if own in pads:
        raise ValueError(f"pads must be with other clients, not with the client {own} itself")
    for other, pad in pads.items():
        as_words(pad, f"pads[{other}]", word_bits, masked.size)
        if other > own:
            masked += pad  # uint64 wraps at 2**64, a multiple of 2**w
        else:
            masked -= pad
    if word_bits < 64:
        masked &= np.uint64((1 << word_bits) - 1)
    return masked


def stretched_pad(seed: bytes, size: int, *, word_bits: int = 64, label: bytes = b"") -> Words:
    r"""Return a pad of `size` words made from 256 secret bits: HKDF-SHA-256, then AES-256 in counter mode.

    It is no one-time pad: it hides an update from whoever cannot tell AES from random bits, and a round costs 256 bits a
    pair however long the update is.

    Parameters
    ----------
    seed : bytes, 32
        Secret, shared by the two, used for one label once.
    size : int
        :math:`d`.
    word_bits : int
        :math:`w`.
    label : bytes
        What the pad is for, such as the round.

    Returns
    -------
    ndarray of uint64, shape (d,)

    Examples
    --------
    >>> stretched_pad(bytes(32), 2, word_bits=16)
    array([1689, 2419], dtype=uint64)

    References
    ----------
    Krawczyk and Eronen, RFC 5869 (2010), for HKDF; NIST SP 800-38A (2001), section 6.5, for the counter mode.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = as_bytes(seed, "seed", exact=SEED_BYTES)
    key = HKDF(SHA256(), 32, salt=None, info=b"qlearn pad " + as_bytes(label, "label")).derive(secret)
    stream = Cipher(algorithms.AES256(key), modes.CTR(bytes(16))).encryptor()
    material = stream.update(bytes(bytes_for(as_count(size, "size"), word_bits)))
    return words_of(material, word_bits)


@dataclass(frozen=True, repr=False)
class PairKeys:
    """The keys of one pair for one round, cut from what the two drew together.

    Parameters
    ----------
    pad : bytes
        Hides the updates: a pad, or the seed of one.
    outgoing, incoming : bytes
        One-time pads of the shares that go to the other and come from it.
    outgoing_tag, incoming_tag : bytes
        Keys of their tags.
    """

    pad: bytes
    outgoing: bytes = b""
    incoming: bytes = b""
    outgoing_tag: bytes = field(default=b"")
    incoming_tag: bytes = field(default=b"")

    def __repr__(self) -> str:  # and never a key
        return f"PairKeys({8 * (len(self.pad) + 2 * len(self.outgoing) + 2 * len(self.outgoing_tag))} bits)"

    @classmethod
    def cut(cls, material: bytes, mask_bytes: int, *, recover: bool, first: bool) -> "PairKeys":
        """Cut the material as both ends do; `first` is the end that drew it."""
        if len(material) != pair_bytes(mask_bytes, recover=recover):
            raise ValueError(
                f"material must have {pair_bytes(mask_bytes, recover=recover)} bytes, not {len(material)}: the key service "
                "gave other keys than were asked for"
            )
        if not recover:
            return cls(material)
        ends = (mask_bytes, 2 * mask_bytes, 3 * mask_bytes, 3 * mask_bytes + TAG_KEY_BYTES, len(material))
        pad, up, down, up_tag, down_tag = (material[a:b] for a, b in zip((0, *ends), ends, strict=False))
        return cls(pad, up, down, up_tag, down_tag) if first else cls(pad, down, up, down_tag, up_tag)


def pair_bytes(mask_bytes: int, *, recover: bool) -> int:
    """Return the bytes that a pair draws for a round: a pad; to recover dropouts three, and the keys of two tags."""
    return 3 * mask_bytes + 2 * TAG_KEY_BYTES if recover else mask_bytes
