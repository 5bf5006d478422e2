"""Packets between a sensor and its gateway: their header, their nonce, and how the next key follows from the last.

A frame is a header of nine bytes in clear (kind, key, number), the sealed text, and a tag of eight bytes that covers both
and the address of the sensor, which the radio's own header carries.
"""

from typing import NamedTuple

from qlearn._checks import as_count
from qlearn.applications.telemetry.frame_sizes import HEADER_BYTES

UP, DOWN = 0, 1
READING, ASK, FRESH, RATCHET, EXTEND = range(5)
TAG_BYTES = 8
HARD_LIMIT = 2**32 - 1


class FrameRefused(Exception):
    """A frame that is not taken, and the reason in one word or two, as the counts of a gateway have it.

    Parameters
    ----------
    reason : str
        "forged", "taken already", "too late", "unknown key", "unknown sensor", "cut short", "wrong kind" or "beyond its limit".
    detail : str
        What to make of it.

    Examples
    --------
    >>> FrameRefused("taken already", "number 7 under key 0 came before").reason
    'taken already'
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Header(NamedTuple):
    """Kind, key and number of a frame."""

    kind: int
    key_id: int
    number: int

    def written(self) -> bytes:
        """Return its nine bytes."""
        return bytes([self.kind]) + self.key_id.to_bytes(4, "big") + self.number.to_bytes(4, "big")


def read_header(frame: bytes) -> Header:
    """Return the header of a frame; FrameRefused if it is too short to be one."""
    if not isinstance(frame, bytes | bytearray | memoryview) or len(frame) < HEADER_BYTES + TAG_BYTES:
        raise FrameRefused("cut short", f"a frame has at least {HEADER_BYTES + TAG_BYTES} bytes")
    return Header(frame[0], int.from_bytes(frame[1:5], "big"), int.from_bytes(frame[5:9], "big"))


def as_address(sensor_id: int) -> int:
    """Return the address of a sensor: a whole number of 4 bytes."""
    address = as_count(sensor_id, "sensor_id", 0)
    if address > HARD_LIMIT:
        raise ValueError(f"sensor_id must be below 2**32, not {sensor_id}: the nonce has 4 bytes for it")
    return address


def as_key_id(key_id: int, least: int = 0) -> int:
    """Return the number of a key: a whole number of 4 bytes."""
    number = as_count(key_id, "key_id", least)
    if number > HARD_LIMIT:
        raise ValueError(f"key_id must be below 2**32, not {key_id}: a header has 4 bytes for it")
    return number


def nonce(direction: int, sensor_id: int, header: Header) -> bytes:
    """Return the 13 bytes that no other frame under this key has: direction, sensor, key and number."""
    return bytes([direction]) + sensor_id.to_bytes(4, "big") + header.written()[1:]


def seal(key: bytes, direction: int, sensor_id: int, header: Header, text: bytes) -> bytes:
    """Return header, ciphertext and tag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM

    told = header.written()
    sealed = AESCCM(key, tag_length=TAG_BYTES).encrypt(
        nonce(direction, sensor_id, header), text, told + sensor_id.to_bytes(4, "big")
    )
    return told + sealed


def unseal(key: bytes, direction: int, sensor_id: int, header: Header, frame: bytes) -> bytes:
    """Return the text of a frame; FrameRefused if its tag is wrong."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM

    try:
        return bytes(
            AESCCM(key, tag_length=TAG_BYTES).decrypt(
                nonce(direction, sensor_id, header),
                bytes(frame[HEADER_BYTES:]),
                header.written() + sensor_id.to_bytes(4, "big"),
            )
        )
    except InvalidTag:
        raise FrameRefused("forged", "its tag is wrong: it was changed, or sealed by somebody else") from None


def next_key(key: bytes, key_id: int, fresh: bytes | None = None) -> bytes:
    """Return the key number `key_id` by HKDF from the last one, and from fresh secret bits where there are some."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    label = b"qlearn telemetry " + (b"ratchet " if fresh is None else b"fresh ") + key_id.to_bytes(4, "big")
    if fresh is None:
        return HKDF(SHA256(), 32, salt=None, info=label).derive(key)
    return HKDF(SHA256(), 32, salt=key, info=label).derive(fresh)
