"""A gateway: it takes readings once each, hands out the next keys, and bridges what gets lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import NoReturn

from qlearn._checks import as_choice, as_count, as_real
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
from qlearn.applications.telemetry.replay_window import ReplayWindow
from qlearn.communication.key_management.hybrid_keys import as_bytes

KeySource = Callable[[], bytes | None]
POLICIES = ("keep", "ratchet", "wait")

# From this share of its readings on a key is due for the next: the rest is for orders that get lost.
_DUE = 0.75


@dataclass(frozen=True)
class Received:
    """What a gateway made of a frame.

    Parameters
    ----------
    text : bytes or None
        The reading; None for a frame that only asks.
    reply : bytes or None
        An order for the sensor, to be sent right away: it listens after it has spoken.

    Examples
    --------
    >>> gateway = Gateway(lambda: bytes(range(32)), messages_per_key=4)
    >>> gateway.enrol(7, bytes(32))
    >>> from qlearn.applications.telemetry import Sensor
    >>> sensor = Sensor(7, bytes(32), messages_per_key=4)
    >>> replies = [gateway.receive(7, sensor.seal(b"x"), now=t).reply for t in range(3)]
    >>> [reply is None for reply in replies], sensor.receive(replies[2])
    ([True, True, False], 'fresh')
    """

    text: bytes | None
    reply: bytes | None


@dataclass
class _Key:
    secret: bytes = field(repr=False)
    key_id: int
    granted: int
    since: float
    window: ReplayWindow
    down: int = 0
    until: float = inf


@dataclass
class _Line:
    now: _Key
    before: _Key | None = None
    coming: _Key | None = None
    order: tuple[int, bytes] = field(default=(RATCHET, b""), repr=False)
    drawn: float = -inf


class Gateway:
    """The other end of many sensors: one key and one replay window for each, and a store that fresh keys come from.

    **The next key.** A key is due once three quarters of its readings are used, or it is older than `seconds_per_key`. Then
    the gateway takes 32 bytes from its source and sends them, sealed under the present key, as an answer to the sensor's
    frame. It sends the same order again after each further frame until one comes under the new key: so orders and readings
    may be lost in any number. The key before is taken for `overlap_s` longer, for frames that were overtaken.

    **Out of key.** When the source has none, `on_empty` decides: "ratchet" moves to a hash of the present key, "keep" allows
    as many readings again under the same key, "wait" sends nothing: the sensor stops at its limit and asks. Nothing is
    ever sent or taken unsealed. None of the three bounds how *old* a key may get: as long as no order comes through, a
    sensor seals on, up to its number of readings.

    **What a fresh key heals.** It travels under the key before it. Whoever has read that one, and heard the order, has the
    next, too; and may answer in the sensor's name, so that the gateway moves on and the sensor is left behind. After a
    sensor was opened, dock it.

    **Who empties the store.** A sensor that asks again and again gets a key each time. `pause_s` bounds what one that is in
    wrong hands takes from the others.

    Parameters
    ----------
    source : callable
        Returns 32 secret bytes, or None when the store is empty: :func:`~qlearn.applications.telemetry.kme_source`.
    messages_per_key : int
        As at the sensors.
    seconds_per_key : float
        Age at which a key is due with the next frame; no bound on its age.
    overlap_s : float
        How long the key before is still taken.
    on_empty : str
        "keep", "ratchet" or "wait".
    window : int
        Size of each replay window.
    pause_s : float
        Shortest time between two fresh keys of one sensor. What is due sooner is met as if the store were empty.

    Examples
    --------
    >>> from qlearn.applications.telemetry import Sensor
    >>> gateway = Gateway(lambda: None, messages_per_key=2, on_empty="wait")
    >>> gateway.enrol(7, bytes(32))
    >>> sensor = Sensor(7, bytes(32), messages_per_key=2)
    >>> frame = sensor.seal(b"21.5 C")
    >>> gateway.receive(7, frame, now=0).text
    b'21.5 C'
    >>> gateway.receive(7, frame, now=1)
    Traceback (most recent call last):
    ...
    qlearn.applications.telemetry.packets.FrameRefused: taken already: number 0 under key 0

    References
    ----------
    RFC 4303 (2005), section 3.4.3, for the window. ETSI GS QKD 014 V1.1.1 (2019), for where fresh keys come from.
    """

    def __init__(
        self,
        source: KeySource,
        *,
        messages_per_key: int,
        seconds_per_key: float = inf,
        overlap_s: float = 60.0,
        on_empty: str = "keep",
        window: int = 64,
        pause_s: float = 0.0,
    ) -> None:
        if not callable(source):
            raise TypeError(
                f"source must be a function that returns 32 bytes or None, not {type(source).__name__}"
            )
        self._source = source
        self._limit = as_count(messages_per_key, "messages_per_key")
        self._age = inf if seconds_per_key == inf else as_real(seconds_per_key, "seconds_per_key", above=0)
        self._overlap = as_real(overlap_s, "overlap_s", least=0)
        self._on_empty = as_choice(on_empty, POLICIES, "on_empty")
        self._window = as_count(window, "window")
        self._pause = as_real(pause_s, "pause_s", least=0)
        self._lines: dict[int, _Line] = {}
        self.counts: Counter[str] = Counter()
        """Events so far: readings, asks, keys by kind ("fresh", "ratchet", "extend"), orders, "source empty", "too soon"."""

    def __repr__(self) -> str:
        return f"Gateway({len(self._lines)} sensors, {self.counts['readings']} readings, {self.counts['fresh']} fresh keys)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Gateway cannot be pickled: the copy would use the same nonces once more")

    def enrol(self, sensor_id: int, key: bytes, *, key_id: int = 0, now: float = 0.0) -> None:
        """Know a sensor by the key that was loaded into it when the two were paired; a key that was never used.

        A gateway that lost its state and is enrolled with a key in use takes recorded frames again, and seals two orders
        with one nonce. Dock every sensor then.
        """
        address, secret = as_address(sensor_id), as_bytes(key, "key", exact=32)
        if address in self._lines:
            raise ValueError(
                f"sensor_id {sensor_id} is enrolled: the same key again would begin its nonces anew; dock it"
            )
        self._lines[address] = _Line(self._new(secret, as_key_id(key_id), now))

    def dock(self, sensor_id: int, now: float, *, above: int = 0) -> tuple[bytes, int]:
        """Return a fresh key and its number for a sensor that lies in the dock; all keys before are forgotten.

        The number is above the gateway's own and above `above`, the number of the key that the sensor has: a thief may
        have ordered it ahead.
        """
        address = as_address(sensor_id)
        line = self._line(address)
        # Beyond a key that may be on its way: a number names one key for good. Checked before a key is drawn.
        key_id = as_key_id(max((line.coming or line.now).key_id, as_key_id(above)) + 1)
        fresh = self._draw()
        if fresh is None:
            raise ValueError("source is empty: a sensor cannot be docked without a fresh key")
        self._lines[address] = _Line(self._new(fresh, key_id, now), drawn=now)
        self.counts["docked"] += 1
        return fresh, key_id

    def receive(self, sensor_id: int, frame: bytes, now: float) -> Received:
        """Take a frame of a sensor: return its reading and what to answer; FrameRefused if it is not taken.

        A refused frame changes nothing. If the source raises, so does this, and the same frame may be offered again: its
        reading is not lost. `now` is the gateway's own clock, in seconds, which never goes back.
        """
        sensor_id = as_address(sensor_id)
        line, header = self._line(sensor_id), read_header(frame)
        key = self._key_of(line, header.key_id, now)
        if header.kind not in (READING, ASK):
            raise FrameRefused("wrong kind", "a gateway takes readings and questions")
        if header.kind == READING and header.number >= key.granted:
            raise FrameRefused("beyond its limit", f"key {header.key_id} may seal {key.granted} readings")
        if (why := key.window.refusal(header.number)) is not None:
            raise FrameRefused(why, f"number {header.number} under key {header.key_id}")
        text = unseal(key.secret, UP, sensor_id, header, frame)
        if key is line.coming:
            line.now.until = now + self._overlap
            line.before, line.now, line.coming = line.now, key, None
            line.order = (RATCHET, b"")  # its fresh bits are of no use any more
            key.since = now
            self.counts["confirmed"] += 1
        # The answer first: it asks the source, which may fail, and a number that is taken does not come again.
        used = max(key.window.highest, header.number) + 1
        asked = header.kind == ASK
        reply = self._order(sensor_id, line, now, used, asked=asked) if key is line.now else None
        key.window.take(header.number)
        self.counts["asks" if asked else "readings"] += 1
        return Received(text if header.kind == READING else None, reply)

    def _new(self, secret: bytes, key_id: int, now: float) -> _Key:
        return _Key(secret, key_id, self._limit, now, ReplayWindow(self._window))

    def _line(self, sensor_id: int) -> _Line:
        if sensor_id not in self._lines:
            raise FrameRefused("unknown sensor", f"{sensor_id} is not enrolled")
        return self._lines[sensor_id]

    def _key_of(self, line: _Line, key_id: int, now: float) -> _Key:
        if line.before is not None and now > line.before.until:
            line.before = None  # forgotten with the first frame after its time, and not only refused
        for key in (line.now, line.coming, line.before):
            if key is not None and key.key_id == key_id:
                return key
        raise FrameRefused("unknown key", f"key {key_id} is gone or not yet reached")

    def _next(self, line: _Line, now: float) -> bytes | None:
        if now - line.drawn < self._pause:
            self.counts["too soon"] += 1
            return None
        fresh = self._draw()
        if fresh is not None:
            line.drawn = now
        return fresh

    def _draw(self) -> bytes | None:
        fresh = self._source()
        if fresh is None:
            self.counts["source empty"] += 1
            return None
        self.counts["drawn"] += 1
        return as_bytes(fresh, "the key that source returned", exact=32)

    def _order(self, sensor_id: int, line: _Line, now: float, used: int, *, asked: bool) -> bytes | None:
        key = line.now
        full = used >= _DUE * key.granted
        last = key.key_id >= HARD_LIMIT  # no number is left for a next one: a new sensor address, then
        if line.coming is None and not last and (asked or full or now - key.since >= self._age):
            fresh = self._next(line, now)
            if fresh is not None or self._on_empty == "ratchet":
                secret = next_key(key.secret, key.key_id + 1, fresh)
                line.coming = self._new(secret, key.key_id + 1, now)
                line.order = (RATCHET, b"") if fresh is None else (FRESH, fresh)
                self.counts["ratchet" if fresh is None else "fresh"] += 1
            elif self._on_empty == "keep" and (full or asked):
                if full:
                    key.granted = min(used + self._limit, HARD_LIMIT)
                    self.counts["extend"] += 1
                return self._sent(sensor_id, key, EXTEND, key.granted.to_bytes(4, "big"))
        return None if line.coming is None else self._sent(sensor_id, key, *line.order)

    def _sent(self, sensor_id: int, key: _Key, kind: int, text: bytes) -> bytes:
        header = Header(kind, key.key_id, key.down)
        key.down += 1
        self.counts["orders"] += 1
        return seal(key.secret, DOWN, sensor_id, header, text)
