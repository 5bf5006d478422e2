"""A day of telemetry: sensors, a gateway, a lossy radio, a store that the link fills and that may run empty."""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_probability, as_real, as_rng
from qlearn.applications.telemetry.gateway import Gateway
from qlearn.applications.telemetry.packets import FrameRefused, nonce, read_header
from qlearn.applications.telemetry.sensor import KeyExhausted, Sensor

_HOUR = 3600.0


@dataclass(frozen=True)
class DayReport:
    """What became of a day's readings and keys; made by :func:`simulate_day`.

    Parameters
    ----------
    made, delivered, waiting : int
        Readings that the sensors took, that the gateway has, and that still wait at the sensors. The rest was lost.
    refused : Counter
        Frames that were not taken, by reason: replays and late ones of the gateway, orders of the sensors.
    events : Counter
        Of the gateway: readings, fresh keys, steps of the ratchet, extensions, orders.
    key_bits : int
        Secret bits that the gateway drew.
    nonces_again : int
        Frames whose key and nonce an earlier frame had: counted by looking at all frames, not by asking the sensors.
    unsealed : int
        Frames in which the reading stood in clear.
    numbers_lost, flash_writes : int
        Numbers that reboots skipped; writes to the flash of all sensors.
    longest_wait_s : float
        Of a reading at its sensor.
    stock : tuple of (float, int)
        Hours, and keys in the store at that time.

    Examples
    --------
    >>> report = simulate_day(3, hours=1, messages_per_key=4, rng=1)
    >>> report.made == report.delivered + report.lost + report.waiting
    True
    """

    made: int
    delivered: int
    waiting: int
    refused: Counter[str]
    events: Counter[str]
    key_bits: int
    nonces_again: int
    unsealed: int
    numbers_lost: int
    flash_writes: int
    longest_wait_s: float
    stock: tuple[tuple[float, int], ...] = field(repr=False)

    @property
    def lost(self) -> int:
        """Readings that were sent and did not arrive."""
        return self.made - self.delivered - self.waiting


def simulate_day(
    sensors: int = 100,
    *,
    hours: float = 24.0,
    period_s: float = 300.0,
    loss: float = 0.05,
    delay_s: float = 0.5,
    replays: float = 0.02,
    reboots_per_day: float = 0.5,
    messages_per_key: int = 48,
    seconds_per_key: float = inf,
    overlap_s: float = 60.0,
    on_empty: str = "keep",
    stride: int = 64,
    supply_bits_per_day: float = inf,
    stock_keys: int = 0,
    outage: tuple[float, float] | None = None,
    rng: Any = None,
) -> DayReport:
    """Run real sensors, real packets and a real gateway for a day of simulated time.

    Each sensor takes a reading of 16 random bytes every `period_s`, sends what waits, and listens for an answer. Frames
    and answers are lost independently and delayed by exponential times, so that they overtake each other. Somebody records
    frames, and sends some again a few minutes later. Sensors lose their power at random times and come back. The store gets
    keys of 256 bits at a steady rate, and none during an outage.

    Parameters
    ----------
    sensors : int
        How many.
    hours, period_s : float
        Length of the run, and seconds between two readings.
    loss : float
        Chance that a frame is lost.
    delay_s : float
        Mean delay of a frame.
    replays : float
        Chance that a frame is sent again by somebody else.
    reboots_per_day : float
        Of each sensor, on average.
    messages_per_key, seconds_per_key, overlap_s, on_empty, stride
        As for :class:`Sensor` and :class:`Gateway`.
    supply_bits_per_day : float
        Of the link; infinite: the store is never empty.
    stock_keys : int
        Keys in the store at the beginning.
    outage : tuple of float
        Begin and end, in hours, of a time in which the link makes nothing.
    rng : optional
        Seed or Generator; all of the day follows from it.

    Returns
    -------
    DayReport

    Examples
    --------
    >>> day = simulate_day(5, hours=4, messages_per_key=12, loss=0.2, rng=7)
    >>> day.nonces_again, day.unsealed, day.events["fresh"] > 5
    (0, 0, True)

    References
    ----------
    Mueller et al., SimPy: discrete events by generators.
    """
    import simpy

    chance = as_rng(rng)
    world = _World(
        n=as_count(sensors, "sensors"),
        end=as_real(hours, "hours", above=0) * _HOUR,
        period=as_real(period_s, "period_s", above=0),
        loss=as_probability(loss, "loss"),
        delay=as_real(delay_s, "delay_s", least=0),
        replays=as_probability(replays, "replays"),
        reboots=as_real(reboots_per_day, "reboots_per_day", least=0),
        stock=as_count(stock_keys, "stock_keys", 0),
        supply=inf
        if supply_bits_per_day == inf
        else as_real(supply_bits_per_day, "supply_bits_per_day", least=0),
        outage=_as_outage(outage),
        chance=chance,
        env=simpy.Environment(),
    )
    world.gateway = Gateway(
        world.draw,
        messages_per_key=messages_per_key,
        seconds_per_key=seconds_per_key,
        overlap_s=overlap_s,
        on_empty=on_empty,
    )
    for number in range(world.n):
        key = chance.bytes(32)
        world.gateway.enrol(number, key)
        world.sensors.append(Sensor(number, key, messages_per_key=messages_per_key, stride=stride))
    return world.run()


def _as_outage(outage: tuple[float, float] | None) -> tuple[float, float]:
    if outage is None:
        return inf, inf
    begin, end = (as_real(x, "outage", least=0) * _HOUR for x in outage)
    if end < begin:
        raise ValueError(f"outage must end after it begins, not {outage}")
    return begin, end


@dataclass
class _World:
    n: int
    end: float
    period: float
    loss: float
    delay: float
    replays: float
    reboots: float
    stock: float
    supply: float
    outage: tuple[float, float]
    chance: np.random.Generator
    env: Any
    sensors: list[Sensor] = field(default_factory=list)
    made: int = 0
    unsealed: int = 0
    again: int = 0
    lost_numbers: int = 0
    key_bits: int = 0
    longest: float = 0.0
    filled: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    nonces: set[tuple[bytes, bytes]] = field(default_factory=set)
    levels: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gateway: Gateway
        self.backlogs: list[list[tuple[float, bytes]]] = [[] for _ in range(self.n)]

    def run(self) -> DayReport:
        for number in range(self.n):
            self.env.process(self.life(number))
            if self.reboots:
                self.env.process(self.power(number))
        self.env.process(self.watch())
        self.env.run(until=self.end)
        waiting = sum(map(len, self.backlogs))
        oldest = min((row[0][0] for row in self.backlogs if row), default=self.end)
        return DayReport(
            made=self.made,
            delivered=self.gateway.counts["readings"],
            waiting=waiting,
            refused=self.refused,
            events=self.gateway.counts,
            key_bits=self.key_bits,
            nonces_again=self.again,
            unsealed=self.unsealed,
            numbers_lost=self.lost_numbers,
            flash_writes=sum(sensor.flash.writes for sensor in self.sensors),
            longest_wait_s=max(self.longest, self.end - oldest),
            stock=tuple(self.levels),
        )

    def draw(self) -> bytes | None:
        self.fill()
        if self.supply < inf:
            if self.stock < 1:
                return None
            self.stock -= 1
        self.key_bits += 256
        return self.chance.bytes(32)

    def fill(self) -> None:
        # What the link made since the last look, without the part of it that lies in the outage.
        now, (begin, end) = self.env.now, self.outage
        dark = max(0.0, min(now, end) - max(self.filled, begin))
        if self.supply < inf:
            self.stock += (now - self.filled - dark) * self.supply / 256 / 86_400
        self.filled = now

    def watch(self) -> Generator[Any, None, None]:
        while True:
            self.fill()
            self.levels.append((self.env.now / _HOUR, int(self.stock)))
            yield self.env.timeout(900)

    def life(self, number: int) -> Generator[Any, None, None]:
        yield self.env.timeout(self.chance.uniform(0, self.period))
        while True:
            self.backlogs[number].append((self.env.now, self.chance.bytes(16)))
            self.made += 1
            self.speak(number)
            yield self.env.timeout(self.period)

    def power(self, number: int) -> Generator[Any, None, None]:
        while True:
            yield self.env.timeout(self.chance.exponential(86_400 / self.reboots))
            sensor = self.sensors[number]
            before = sensor.left
            sensor.reboot()
            self.lost_numbers += before - sensor.left

    def speak(self, number: int) -> None:
        """Send what waits, or ask for a key if nothing may be sent."""
        sensor, backlog = self.sensors[number], self.backlogs[number]
        while backlog:
            taken, text = backlog[0]
            try:
                frame = sensor.seal(text)
            except KeyExhausted:
                self.send(number, sensor.ask())
                return
            backlog.pop(0)
            self.longest = max(self.longest, self.env.now - taken)
            self.unsealed += text in frame
            self.send(number, frame)

    def note(self, secret: bytes, direction: int, number: int, frame: bytes) -> None:
        seen = secret, nonce(direction, number, read_header(frame))
        self.again += seen in self.nonces
        self.nonces.add(seen)

    def send(self, number: int, frame: bytes) -> None:
        self.note(self.sensors[number].flash.key, 0, number, frame)
        if self.chance.random() >= self.loss:
            self.env.process(
                self.arrive(number, frame, self.chance.exponential(self.delay) if self.delay else 0)
            )
        if self.chance.random() < self.replays:
            self.env.process(self.arrive(number, frame, self.chance.uniform(10, 600)))

    def arrive(self, number: int, frame: bytes, after: float) -> Generator[Any, None, None]:
        yield self.env.timeout(after)
        try:
            reply = self.gateway.receive(number, frame, self.env.now).reply
        except FrameRefused as refusal:
            self.refused[refusal.reason] += 1
            return
        if reply is None:
            return
        self.note(b"down", 1, number, reply)  # where a key's number names it: one key has one number
        if self.chance.random() < self.loss:
            return
        yield self.env.timeout(self.chance.exponential(self.delay) if self.delay else 0)
        try:
            self.sensors[number].receive(reply)
        except FrameRefused as refusal:
            self.refused["order: " + refusal.reason] += 1
            return
        self.speak(number)  # what had to wait for the key
