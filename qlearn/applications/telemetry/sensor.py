"""A sensor: it seals readings under a key that moves on, and uses no nonce twice, not even after a reboot."""

from dataclasses import dataclass, replace
from typing import NoReturn

from qlearn._checks import as_count
from qlearn.applications.telemetry.packets import (
    ASK,
    DOWN,
    EXTEND,
    FRESH,
    HARD_LIMIT,
    RATCHET,
    READING,
    UP,
    FrameRefused,
    Header,
    as_address,
    as_key_id,
    next_key,
    read_header,
    seal,
    unseal,
)
from qlearn.communication.key_management.hybrid_keys import as_bytes


class KeyExhausted(Exception):
    """The key of a sensor has sealed as many readings as it may: ask the gateway for the next; nothing is sent unsealed."""


@dataclass
class Flash:
    """What a sensor keeps when its power goes: all that it needs to go on, and nothing that could bring a nonce back.

    Examples
    --------
    >>> sensor = Sensor(7, bytes(range(32)), messages_per_key=100, stride=16)
    >>> frame = sensor.seal(b"21.5 C")
    >>> sensor.flash.reserved, sensor.flash.writes  # numbers up to here may have been used
    (16, 1)
    """

    key: bytes
    key_id: int
    limit: int
    """Numbers of readings under this key."""
    reserved: int = 0
    """No number from here on was used."""
    writes: int = 0
    """How often this was written: flash wears out."""

    def __repr__(self) -> str:  # and never the key
        return (
            f"Flash(key {self.key_id}, numbers below {self.reserved} of {self.limit}, {self.writes} writes)"
        )


class Sensor:
    r"""A sensor that seals its readings by AES-256-CCM and follows its gateway from key to key.

    **Nonces.** A frame's nonce is direction, address, key and number. The number only rises. It lives in memory, which a
    loss of power clears; so before it uses a number the sensor has written to its flash that it may: `stride` numbers at a
    time, to spare the flash. After a reboot it goes on *behind* all of them: at most `stride` numbers are lost, none is
    used twice.

    **Keys.** The gateway's frames give fresh secret bits, order a step of a ratchet (a hash: the last key cannot be found
    from the next) or allow more readings under the same key. A repeated or late order changes nothing: it is sealed
    under a key that is gone, or allows no more than before.

    **Nothing unsealed.** When the key has sealed what it may, :meth:`seal` raises :class:`KeyExhausted`; :meth:`ask` still
    makes frames, without a reading.

    Parameters
    ----------
    sensor_id : int
        Its address, below 2**32.
    key : bytes, 32
        Loaded when the two were paired; the gateway enrols the same.
    messages_per_key : int
        Readings under one key, until the gateway allows more.
    stride : int
        Numbers that one write to flash allows.

    Examples
    --------
    >>> sensor = Sensor(7, bytes(range(32)), messages_per_key=2)
    >>> len(sensor.seal(b"21.5 C")), len(sensor.seal(b"21.6 C"))
    (23, 23)
    >>> sensor.seal(b"21.7 C")
    Traceback (most recent call last):
    ...
    qlearn.applications.telemetry.sensor.KeyExhausted: key 0 has sealed its 2 readings: ask for the next one

    References
    ----------
    RFC 3610 (2003), section 5: a nonce used twice under CCM. RFC 8613 (2019), appendix B.1.1: numbers kept in steps across
    a reboot.
    """

    def __init__(self, sensor_id: int, key: bytes, *, messages_per_key: int, stride: int = 64) -> None:
        self.sensor_id = as_address(sensor_id)
        self.stride = as_count(stride, "stride")
        self.messages_per_key = _as_limit(messages_per_key)
        self.flash: Flash = Flash(as_bytes(key, "key", exact=32), 0, self.messages_per_key)
        self._number = 0

    def __repr__(self) -> str:
        return f"Sensor({self.sensor_id}, {self.flash!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sensor cannot be pickled: the copy would use the same nonces once more")

    @property
    def left(self) -> int:
        """Readings that its key may still seal."""
        return max(0, self.flash.limit - self._number)

    def seal(self, text: bytes) -> bytes:
        """Return a frame with this reading, at least one byte; KeyExhausted if the key has sealed what it may."""
        text = as_bytes(text, "text", least=1)
        if not self.left:
            raise KeyExhausted(
                f"key {self.flash.key_id} has sealed its {self.flash.limit} readings: ask for the next one"
            )
        return self._sealed(READING, text)

    def ask(self) -> bytes:
        """Return a frame without a reading, which asks for the next key: also when no reading may be sealed."""
        return self._sealed(ASK, b"")

    def _sealed(self, kind: int, text: bytes) -> bytes:
        if self._number >= HARD_LIMIT:
            raise KeyExhausted(
                f"key {self.flash.key_id} has used all numbers of 4 bytes: load a new one at the dock"
            )
        if (
            self._number >= self.flash.reserved
        ):  # written before it is used: a fault in between costs numbers, never a nonce
            self._write(reserved=self._number + self.stride)
        header = Header(kind, self.flash.key_id, self._number)
        self._number += 1
        return seal(self.flash.key, UP, self.sensor_id, header, text)

    def receive(self, frame: bytes) -> str:
        """Take an order of the gateway, and return which: "fresh", "ratchet" or "extend"; else FrameRefused."""
        header = read_header(frame)
        if header.key_id != self.flash.key_id:
            raise FrameRefused(
                "unknown key", f"the order is under key {header.key_id}, this is {self.flash.key_id}"
            )
        text = unseal(self.flash.key, DOWN, self.sensor_id, header, frame)
        if header.kind == EXTEND and len(text) == 4:
            allowed = int.from_bytes(text, "big")
            if allowed <= self.flash.limit:
                raise FrameRefused(
                    "taken already",
                    f"{self.flash.limit} readings are allowed, and the order allows {allowed}",
                )
            self._write(limit=allowed)
            return "extend"
        if header.kind in (FRESH, RATCHET) and len(text) == (32 if header.kind == FRESH else 0):
            if self.flash.key_id >= HARD_LIMIT:
                raise FrameRefused("beyond its limit", "there is no number of 4 bytes left for a key")
            self._enter(self.flash.key_id + 1, text or None)
            return "ratchet" if header.kind == RATCHET else "fresh"
        raise FrameRefused("wrong kind", "a sensor takes orders: fresh, ratchet or extend")

    def _enter(self, key_id: int, fresh: bytes | None) -> None:
        # Key and number change in one write: a new number under the old key would be a nonce that comes again.
        key = next_key(self.flash.key, key_id, fresh)
        self._write(key=key, key_id=key_id, limit=self.messages_per_key, reserved=0)
        self._number = 0

    def dock(self, key: bytes, key_id: int) -> None:
        """Take a key by wire, with a number above the last one's: of all here, what surely heals a sensor whose key was read.

        Whoever had the last key may have ordered the sensor from key to key. So the dock reads ``flash``'s `key_id`
        and asks the gateway for a number above it.
        """
        secret = as_bytes(key, "key", exact=32)
        if as_key_id(key_id) <= self.flash.key_id:
            raise ValueError(
                f"key_id must be above {self.flash.key_id}, not {key_id}: a number names one key for good; "
                "the gateway's dock(above=...) gives one"
            )
        self._write(key=secret, key_id=key_id, limit=self.messages_per_key, reserved=0)
        self._number = 0

    def reboot(self) -> None:
        """Lose the memory, keep the flash: go on behind the last number that may have been used."""
        self._number = self.flash.reserved

    def _write(self, **changed: bytes | int) -> None:
        self.flash = replace(self.flash, writes=self.flash.writes + 1, **changed)  # type: ignore[arg-type]


def _as_limit(messages_per_key: int) -> int:
    limit = as_count(messages_per_key, "messages_per_key")
    if limit > HARD_LIMIT // 2:
        raise ValueError(
            f"messages_per_key must be below 2**31, not {messages_per_key}: a number has 4 bytes"
        )
    return limit
