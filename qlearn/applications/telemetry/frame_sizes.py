"""Frame sizes: what a sealed reading takes on the air, and how many secret bits it takes for good."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_choice, as_count
from qlearn.communication.key_management.hybrid_keys import as_bytes
from qlearn.communication.secret_key import encrypt, tag

HEADER_BYTES = 9
"""Bytes before the ciphertext of every frame here: kind, key and number."""

CIPHERS = ("aes-256-ccm", "aes-256-gcm", "chacha20-poly1305", "one-time pad")
"""The ways to seal a frame; under a one-time pad the tag is Poly1305 with a point and a pad of its own."""

_TAGS = {"aes-256-ccm": (4, 6, 8, 10, 12, 14, 16)}
_WHOLE_TAG, _NONCE, _CCM_NONCE, _TAG_KEY = 16, 12, 13, 32


@dataclass(frozen=True)
class FrameSize:
    """What one sealed reading costs; made by :func:`frame_size`."""

    cipher: str
    text: int
    """Bytes of the reading."""
    tag: int
    """Bytes of the tag."""
    spent: int
    """Secret bits that this frame uses up for good: none under a key that goes on."""

    @property
    def total(self) -> int:
        """Bytes of the frame: header, ciphertext, tag."""
        return HEADER_BYTES + self.text + self.tag


def frame_size(text_bytes: int, cipher: str = "aes-256-ccm", *, tag_bytes: int | None = None) -> FrameSize:
    r"""Return how many bytes a sealed reading takes on the air, and how many secret bits it uses up.

    .. math:: B = 9 + L + T, \qquad k = 8L + 256 \ \text{(one-time pad)},\quad k = 0 \ \text{(a key that goes on)}

    No nonce is sent: it is the number in the header. A one-time pad takes a bit of key for each bit of text, and its tag
    256 more: a point and a pad. Whoever keeps the point (:class:`~qlearn.communication.secret_key.AuthenticationKey`)
    takes 128.

    Parameters
    ----------
    text_bytes : int
        :math:`L`, of the reading; at least 1.
    cipher : str
        One of :data:`CIPHERS`.
    tag_bytes : int, optional
        :math:`T`. None: 8 for CCM, 16 for the others, which have no shorter ones here. A forger who tries one frame
        passes a tag of T bytes with chance :math:`2^{-8T}` at least.

    Returns
    -------
    FrameSize

    Examples
    --------
    >>> frame_size(24).total, frame_size(24, "one-time pad").total, frame_size(24, "one-time pad").spent
    (41, 49, 448)

    References
    ----------
    Dworkin, NIST SP 800-38C (2004), appendix A: tags of CCM of 4 to 16 bytes.
    """
    length = as_count(text_bytes, "text_bytes")
    as_choice(cipher, CIPHERS, "cipher")
    size = _tag_bytes(cipher, tag_bytes)
    return FrameSize(cipher, length, size, 8 * (length + _TAG_KEY) if cipher == "one-time pad" else 0)


def _tag_bytes(cipher: str, tag_bytes: int | None) -> int:
    allowed = _TAGS.get(cipher, (_WHOLE_TAG,))
    size = (8 if cipher in _TAGS else _WHOLE_TAG) if tag_bytes is None else as_count(tag_bytes, "tag_bytes")
    if size not in allowed:
        raise ValueError(
            f"tag_bytes must be one of {', '.join(map(str, allowed))} for {cipher}, not {tag_bytes}"
        )
    return size


def seal_frame(
    text: bytes,
    key: bytes,
    number: int,
    *,
    header: bytes = bytes(HEADER_BYTES),
    cipher: str = "aes-256-ccm",
    tag_bytes: int | None = None,
) -> bytes:
    """Seal one reading: the header, in clear and authenticated, the ciphertext and the tag.

    Parameters
    ----------
    text : bytes
        The reading, at least 1 byte.
    key : bytes
        32, and for a one-time pad as many more as the text has: all of them are spent then.
    number : int
        Of the frame under its key, below 2**96; its nonce. Under a one-time pad it is not used.
    header : bytes
        What the tag is to cover besides, sent as it is.
    cipher, tag_bytes
        As for :func:`frame_size`.

    Returns
    -------
    bytes

    Examples
    --------
    >>> sealed = seal_frame(b"21.5 C", bytes(range(32)), 0)
    >>> len(sealed), open_frame(sealed, bytes(range(32)), 0)
    (23, b'21.5 C')

    References
    ----------
    RFC 3610 (2003): CCM. RFC 8439 (2018): ChaCha20-Poly1305.
    """
    text, header = as_bytes(text, "text", least=1), as_bytes(header, "header")
    secret, tag_size = _checked(key, len(text), number, cipher, tag_bytes)
    if cipher == "one-time pad":
        pad = np.unpackbits(np.frombuffer(secret[_TAG_KEY:], np.uint8))
        cut = encrypt(text, pad)
        return header + cut + tag(_told(header, cut), secret[:_TAG_KEY])
    return header + _aead(cipher, secret, tag_size).encrypt(_nonce(cipher, number), text, header)


def open_frame(
    sealed: bytes,
    key: bytes,
    number: int,
    *,
    header_bytes: int = HEADER_BYTES,
    cipher: str = "aes-256-ccm",
    tag_bytes: int | None = None,
) -> bytes:
    """Return the reading of a frame that :func:`seal_frame` made; a ValueError if a bit of it was changed.

    Parameters
    ----------
    sealed : bytes
        Header, ciphertext and tag.
    key, number
        As for :func:`seal_frame`.
    header_bytes : int
        How many bytes of it are header.
    cipher, tag_bytes
        As for :func:`seal_frame`.

    Returns
    -------
    bytes

    Examples
    --------
    >>> sealed = seal_frame(b"21.5 C", bytes(range(38)), 0, cipher="one-time pad")
    >>> open_frame(sealed, bytes(range(38)), 0, cipher="one-time pad")
    b'21.5 C'
    """
    from cryptography.exceptions import InvalidTag

    sealed = as_bytes(sealed, "sealed")
    as_choice(cipher, CIPHERS, "cipher")
    length = len(sealed) - as_count(header_bytes, "header_bytes", 0) - _tag_bytes(cipher, tag_bytes)
    if length < 1:
        raise ValueError(
            f"sealed must hold header, text and tag, not {len(sealed)} bytes: a frame was cut short"
        )
    secret, tag_size = _checked(key, length, number, cipher, tag_bytes)
    header, body = sealed[:header_bytes], sealed[header_bytes:]
    if cipher == "one-time pad":
        from hmac import compare_digest

        cut, seen = body[:length], body[length:]
        if not compare_digest(tag(_told(header, cut), secret[:_TAG_KEY]), seen):
            raise ValueError("sealed does not carry its tag: it was changed, or the key is another one")
        return encrypt(cut, np.unpackbits(np.frombuffer(secret[_TAG_KEY:], np.uint8)))
    try:
        return bytes(_aead(cipher, secret, tag_size).decrypt(_nonce(cipher, number), body, header))
    except InvalidTag:
        raise ValueError(
            "sealed does not carry its tag: it was changed, or the key or the number is another one"
        ) from None


def _checked(key: bytes, length: int, number: int, cipher: str, tag_bytes: int | None) -> tuple[bytes, int]:
    as_choice(cipher, CIPHERS, "cipher")
    if as_count(number, "number", 0) >= 2 ** (8 * _NONCE):
        raise ValueError(f"number must be below 2**96, not {number}: it is the nonce, and would come again")
    exact = _TAG_KEY + (length if cipher == "one-time pad" else 0)
    return as_bytes(key, "key", exact=exact), _tag_bytes(cipher, tag_bytes)


def _told(header: bytes, cut: bytes) -> bytes:
    # Where the header ends is under the tag, too: else a byte could move from one to the other.
    return len(header).to_bytes(4, "big") + header + cut


def _nonce(cipher: str, number: int) -> bytes:
    return number.to_bytes(_CCM_NONCE if cipher == "aes-256-ccm" else _NONCE, "big")


def _aead(cipher: str, key: bytes, tag_size: int) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

    if cipher == "aes-256-ccm":
        return AESCCM(key, tag_length=tag_size)
    return AESGCM(key) if cipher == "aes-256-gcm" else ChaCha20Poly1305(key)
