"""Participation: which units take part in an update, what each can send with its keys, and how long that takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Array
from qlearn.networks.federated.history import Failure
from qlearn.networks.orchestration._world import Conditions, World
from qlearn.networks.orchestration.constraints import Constraints
from qlearn.networks.orchestration.key_reserves import WORD_BITS
from qlearn.networks.orchestration.key_shortage import SendPlan, send_plan
from qlearn.networks.orchestration.latency import transmission_time
from qlearn.networks.orchestration.orchestration_history import OrchestratedRound
from qlearn.networks.orchestration.orders import Orders
from qlearn.networks.orchestration.sealed_updates import TAG_BITS, key_words


class RunEnds(Exception):
    """The run cannot go on; its text says why, `record` what had happened in its last round, which is no whole one."""

    record: OrchestratedRound | None = None


@dataclass
class Units:
    """Units of a round: numbers of units, links and aggregators; what comes down and goes up, in numbers; seconds."""

    unit: NDArray[np.int64]
    link: NDArray[np.int64]
    hub: NDArray[np.int64]
    down: NDArray[np.int64]
    up: NDArray[np.int64]
    wait_s: Array
    keys_s: Array
    compute_s: Array
    lines_s: Array

    def only(self, rows: NDArray) -> "Units":
        """Return some of them."""
        return Units(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def seconds(self) -> Array:
        """From the orders to the arrival of the update."""
        return self.keys_s + self.compute_s + self.lines_s


@dataclass
class Participation:
    """What decides who takes part; `waits_s` then says how long each link waits for keys."""

    world: World
    constraints: Constraints
    patience_s: float
    orders: Orders
    now: Conditions
    told: NDArray[np.bool_]
    """Aggregators that have their orders."""
    links: NDArray[np.int64]
    """The link of each unit; -1: none."""
    samples: Array
    """Samples of each unit."""
    changed_at: NDArray[np.int64]
    """Round that changed each number of the model last."""
    unit_seen: NDArray[np.int64]
    """Round after which each unit has had the model; -1: never."""
    hub_seen: NDArray[np.int64]
    events: list[Failure]

    def __post_init__(self) -> None:
        self.waits_s = np.zeros(len(self.world.key_rate))

    def of(self, asked: NDArray[np.int64], size: int) -> tuple[Units, SendPlan]:
        """Return the units that take part, and what the aggregators can send on; who cannot take part is recorded."""
        world, now = self.world, self.now
        link = self.links[asked]
        hub = world.link_hub[link]  # of link -1 it is any: such a unit is out before that counts
        out = np.zeros(len(asked), bool)
        for is_out, stage, why in (
            (~now.unit_there[asked], "unit", "it is away"),
            (link < 0, "link", "no link of it makes keys and leads to an aggregator that is there"),
            (~now.hub_there[hub], "aggregator", "its aggregator is away"),
            (
                ~now.line[world.trunk[hub]],
                "link",
                "the line between its aggregator and the orchestrator is cut",
            ),
            (~self.told[hub], "orders", "its aggregator has no orders"),
            (~now.line[link], "link", "its line is cut"),
        ):
            self._out(asked[is_out & ~out], stage, why)
            out |= is_out
        unit, link, hub = asked[~out], link[~out], hub[~out]

        stale = self._stale(self.hub_seen)
        # An aggregator that cannot send a number on need not get it.
        trunk = self._plan(world.trunk, stale, np.full(len(stale), size))
        down = self._stale(self.unit_seen[unit])
        plan = self._plan(link, down, trunk.numbers[hub])
        keyless = plan.numbers == 0
        self._out(
            unit[keyless & (trunk.numbers[hub] == 0)],
            "keys",
            "too few between its aggregator and the orchestrator",
        )
        self._out(unit[keyless & (trunk.numbers[hub] > 0)], "keys", "too few on its link: it sends nothing")
        rate, km, t = world.bits_per_second, world.length_km, world.trunk[hub]
        samples = self.samples[unit]
        units = Units(
            unit, link, hub, down, plan.numbers, plan.waits_s,
            # Both links make keys at the same time.
            keys_s=np.maximum(plan.waits_s, trunk.waits_s[hub]),
            compute_s=samples * self.orders.local_epochs / world.speed[unit],
            lines_s=transmission_time(sealed_bits(stale[hub]), rate[t], km[t])
            + transmission_time(sealed_bits(down), rate[link], km[link])
            + transmission_time(sealed_bits(plan.numbers), rate[link], km[link]),
        )  # fmt: skip
        units = self._admitted(units.only(~keyless))
        self._wait(units, trunk)
        return units, trunk

    def _plan(self, rows: NDArray, down: NDArray, numbers: NDArray) -> SendPlan:
        return send_plan(
            self.world.reserves.levels[rows],
            down,
            numbers,
            self.now.key_rate[rows],
            on_empty=self.orders.on_empty,
            capacity=self.world.reserves.capacity,
            patience_s=self.patience_s,
        )

    def _admitted(self, units: Units) -> Units:
        """Return the units that the constraints let through."""
        limits = self.constraints
        words = key_words(0) + units.down + key_words(0) + units.up
        used = (WORD_BITS * words * self.world.hops[units.link]).astype(float)
        fits, contradiction = limits.admitted(units.seconds, used)
        if contradiction:
            if limits.on_contradiction == "end":
                raise RunEnds(contradiction)
            self.events.append(
                Failure("constraints", "contradiction", f"{contradiction}; they are dropped in this round")
            )
            fits = np.zeros(len(used), bool)
            fits[np.argsort(units.seconds, kind="stable")[: limits.least_units]] = True
        self._out(units.unit[~fits], "constraints", "it does not fit within the limits")
        return units.only(fits)

    def _wait(self, units: Units, trunk: SendPlan) -> None:
        """Let the links on which somebody waits make what is missing, out of this round's time."""
        hubs = np.unique(units.hub)
        self.waits_s[units.link] = units.wait_s
        self.waits_s[self.world.trunk[hubs]] = trunk.waits_s[hubs]
        if self.waits_s.any():
            # What is waited for is whole words; a rounded product must not lose one.
            words = np.rint(self.waits_s * self.now.key_rate / WORD_BITS)
            self.world.reserves.add(WORD_BITS * words)

    def _stale(self, seen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many numbers of the model changed since each of these has seen it."""
        since, back = np.unique(seen, return_inverse=True)
        return np.array([int((self.changed_at > one).sum()) for one in since], np.int64)[back]

    def _out(self, units: NDArray[np.int64], stage: str, why: str) -> None:
        self.events += [Failure(self.world.units[i], stage, why) for i in units.tolist()]


def sealed_bits(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the bits of messages of so many numbers, each with its tag.

    Examples
    --------
    >>> sealed_bits(np.array([0, 4]))
    array([128, 384])
    """
    return WORD_BITS * numbers + TAG_BITS
