"""An update: the model goes down, units train, sealed updates come up, aggregators blend them, and what that takes of time."""

from copy import deepcopy
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Array, Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated._server import Answers, Server, copies
from qlearn.networks.federated._strategy_answers import chosen_of, pair_of, settings_of
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.checkpoint import refuse_unsavable
from qlearn.networks.federated.history import Failure
from qlearn.networks.orchestration._participation import Participation, Units, sealed_bits
from qlearn.networks.orchestration._sealed_lines import SealedLines
from qlearn.networks.orchestration.key_shortage import SendPlan
from qlearn.networks.orchestration.latency import Latency, departures, transmission_time

_ORDER_BITS = 1024
"""Bits of orders with their tag, as far as their way takes time."""


class NoModel(Exception):
    """The round makes no model; its text says why."""


@dataclass
class Update:
    """One update, step by step; what it leaves behind are its results, from `answers` on."""

    participation: Participation
    server: Server
    fusion: Strategy
    number: int
    lines: SealedLines
    answers: Answers = field(default_factory=Answers)
    latency: Latency = field(default_factory=Latency)
    sent: dict[str, str] = field(default_factory=dict)
    waited: int = 0
    shrunk: int = 0
    bits_down: int = 0

    def __post_init__(self) -> None:
        self.world, self.orders, self.now = (
            getattr(self.participation, name) for name in ("world", "orders", "now")
        )
        self.events = self.participation.events
        self.updates = np.zeros(len(self.world.hubs), np.int64)

    def run(
        self, model: Arrays, state: Any, offset: int, rng: np.random.Generator
    ) -> tuple[Arrays, Any, int]:
        """Return the next model, the next state of the strategy, and where the next share begins."""
        server = self.server
        asked = chosen_of(server.strategy.choose(len(server.clients), rng), len(server.clients))
        settings = {**settings_of(server.strategy, self.number), "epochs": self.orders.local_epochs}
        # Else they are what all clients have taken before.
        if settings != {**server.told, "round": self.number}:
            for i in asked:
                server.clients[i].check(settings)
        seeds = {i: int(rng.integers(2**32)) for i in asked}
        flat = np.concatenate([p.ravel() for p in model])
        size = max(1, int(np.floor(self.orders.model_size * flat.size + 0.5)))
        piece = np.arange(size) if size == flat.size else (offset + np.arange(size)) % flat.size

        units, trunk = self.participation.of(np.array(asked, np.int64), size)
        self.waited, self.shrunk = int((units.keys_s > 0).sum()), int((units.up < size).sum())
        have = self._models_down(units, flat)
        trained, units = self._trained(units, have, settings, seeds)
        collected, units = self._updates_up(units, trained, piece, flat)
        blended = self._blended(units, collected, trunk, piece, flat, len(asked))
        new, next_state = pair_of(server.strategy.aggregate(blended, copies(model), deepcopy(state)))
        after = checked_parameters(new, server.shapes)
        if server.path is not None:
            refuse_unsavable(next_state)
        moved = np.concatenate([p.ravel() for p in after]).view(np.uint64) != flat.view(np.uint64)
        self.participation.changed_at[moved] = self.number
        return after, next_state, (offset + size) % flat.size if size < flat.size else offset

    def _models_down(self, units: Units, flat: Array) -> Array:
        """Send what changed to the aggregators and on to the units; return the model as each unit then has it."""
        hubs = np.unique(units.hub)
        have = np.broadcast_to(flat, (len(units.unit), flat.size)).copy()
        for of, links, seen, to in (
            (hubs, self.world.trunk[hubs], self.participation.hub_seen, None),
            (units.unit, units.link, self.participation.unit_seen, have),
        ):
            for since in np.unique(seen[of]):
                rows = np.flatnonzero(seen[of] == since)
                stale = np.flatnonzero(self.participation.changed_at > since)
                values = np.broadcast_to(flat[stale], (len(rows), stale.size))
                before = self.lines.bits
                arrived, genuine = self.lines.carry(links[rows], values)
                self.bits_down += self.lines.bits - before
                # Who was sent a false model has none: the client refuses the NaN.
                seen[of[rows[genuine]]] = self.number - 1
                if to is not None:
                    to[np.ix_(rows, stale)] = arrived
                    to[rows[~genuine]] = np.nan
        return have

    def _trained(
        self, units: Units, have: Array, settings: dict[str, Any], seeds: dict[int, int]
    ) -> tuple[Array, Units]:
        """Let the units train; return their models, one row each, of those that did."""
        answers, kept = self.answers, []
        for row, (i, model) in enumerate(zip(units.unit.tolist(), self._split(have), strict=True)):
            before = len(answers.updates)
            self.server.ask(i, {**settings, "seed": seeds[i]}, model, answers)
            if len(answers.updates) > before:
                kept.append(row)
        return _rows([local for local, _ in answers.updates], have.shape[1]), units.only(
            np.array(kept, np.int64)
        )

    def _updates_up(
        self, units: Units, trained: Array, piece: NDArray[np.int64], flat: Array
    ) -> tuple[Array, Units]:
        """Send the updates sealed; return the models as the aggregators open them, and whose they are."""
        values, opened = trained[:, piece], np.broadcast_to(flat, trained.shape).copy()
        genuine = np.zeros(len(units.unit), bool)
        self.lines.flip = {int(link) for link in units.link[self.now.tampered[units.unit]]}
        for up in np.unique(units.up):
            rows = np.flatnonzero(units.up == up)
            arrived, genuine[rows] = self.lines.carry(units.link[rows], values[rows, :up])
            opened[np.ix_(rows, piece[:up])] = arrived
        self.lines.flip = set()
        self._out(
            units.unit[~genuine],
            "seal",
            "the tag of its update is wrong: it was changed on the way, and is not merged",
        )
        for i in units.unit[~genuine].tolist():
            self.answers.samples.pop(self.server.names[i])
            self.answers.metrics.pop(self.server.names[i])
        counts = np.array([n for _, n in self.answers.updates], np.int64)[genuine]
        self.answers.updates = list(zip(self._split(opened[genuine]), counts.tolist(), strict=True))
        return opened[genuine], units.only(genuine)

    def _blended(
        self,
        units: Units,
        opened: Array,
        trunk: SendPlan,
        piece: NDArray[np.int64],
        flat: Array,
        n_asked: int,
    ) -> list[tuple[Arrays, int]]:
        """Let each aggregator blend its units' models and send the result on, sealed; return what the orchestrator opens."""
        world = self.world
        blended: list[tuple[Arrays, int]] = []
        [own] = self._split(flat[None])
        for j in np.unique(units.hub).tolist():
            rows = np.flatnonzero(units.hub == j)
            theirs = [self.answers.updates[row] for row in rows.tolist()]
            self.updates[j] = len(rows)
            try:
                merged = pair_of(self.fusion.aggregate(theirs, copies(own), self.fusion.start(own)))[0]
                values = np.concatenate([p.ravel() for p in checked_parameters(merged, self.server.shapes)])
            except Exception as error:  # the fusion may be anybody's
                self.events.append(Failure(world.hubs[j], "fusion", f"{type(error).__name__}: {error}"))
                continue
            up = piece[: trunk.numbers[j]]
            arrived, _ = self.lines.carry(world.trunk[[j]], values[None, up])
            result = flat.copy()
            result[up] = arrived[0]
            blended.append((self._split(result[None])[0], sum(n for _, n in theirs)))
            self.sent.update({world.units[i]: world.hubs[j] for i in units.unit[rows].tolist()})
            self._time(units.only(rows), j, len(up))
        need = max(self.server.min_answers, self.participation.constraints.least_units)
        if len(self.sent) < need:
            answered, self.sent = len(self.sent), {}
            raise NoModel(f"{answered} of {n_asked} units answered; a round needs {need}")
        return blended

    def _time(self, units: Units, j: int, numbers: int) -> None:
        """Keep the latency of the update that is merged last."""
        world, m, t = self.world, self.world.management[j], self.world.trunk[j]
        backlog = float(world.backlog_s[j])
        orders = float(transmission_time(_ORDER_BITS, world.bits_per_second[m], world.length_km[m]))
        if m == t:  # on one line, orders stand behind what waits there
            orders += backlog
        arrivals = orders + units.seconds
        left = departures(arrivals, float(world.service_s[j]), busy_until=backlog)
        last = int(left.argmax())
        up = float(
            transmission_time(sealed_bits(np.array(numbers)), world.bits_per_second[t], world.length_km[t])
        )
        latency = Latency(
            orders,
            float(units.keys_s[last]),
            float(units.compute_s[last]),
            float(units.lines_s[last]) + up,
            float(left[last] - arrivals[last]),
        )
        if latency.total_s > self.latency.total_s:
            self.latency = latency

    def _split(self, rows: Array) -> list[Arrays]:
        """Return rows of numbers as models, one each."""
        layers, start = [], 0
        for shape in self.server.shapes:
            size = prod(shape)
            layers.append(rows[:, start : start + size].reshape(len(rows), *shape))
            start += size
        return [list(arrays) for arrays in zip(*layers, strict=True)]

    def _out(self, units: NDArray[np.int64], stage: str, why: str) -> None:
        self.events += [Failure(self.world.units[i], stage, why) for i in units.tolist()]


def _rows(models: list[Arrays], size: int) -> Array:
    """Return models as rows of numbers, shape (n_models, size)."""
    layers = [np.array(layer).reshape(len(models), -1) for layer in zip(*models, strict=True)]
    return np.concatenate(layers, axis=1) if models else np.empty((0, size))
