"""The engine of a run: one round, from the policy's orders to the indicators that it sees next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf, isnan, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.networks.federated._server import Server
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.history import Failure, History, Round
from qlearn.networks.orchestration._participation import Participation, RunEnds
from qlearn.networks.orchestration._sealed_lines import SealedLines
from qlearn.networks.orchestration._update import NoModel, Update
from qlearn.networks.orchestration._world import Conditions, World
from qlearn.networks.orchestration.constraints import Constraints
from qlearn.networks.orchestration.faults import Fault
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orchestration_history import OrchestratedRound
from qlearn.networks.orchestration.orders import Orders

Reward = Callable[[KPIs, Orders, KPIs], float]


@dataclass
class Engine:
    """What plays rounds. All that changes from round to round is in it, in its world, and in `learning`."""

    world: World
    server: Server
    policy: Any
    fusion: Strategy
    faults: Sequence[Fault]
    constraints: Constraints
    reward: Reward
    period_s: float
    patience_s: float
    generator: np.random.Generator
    policy_rng: np.random.Generator
    learning: History
    kpis: KPIs = field(default_factory=KPIs)
    orders: Orders = field(default_factory=Orders)
    offset: int = 0

    def __post_init__(self) -> None:
        self.changed_at = np.zeros(sum(p.size for p in self.learning.parameters), np.int64)
        self.unit_seen = np.full(len(self.world.units), -1)
        self.hub_seen = np.full(len(self.world.hubs), -1)
        self.samples = np.array([client.n_samples for client in self.server.clients], float)

    def play(self, number: int, rounds: int) -> OrchestratedRound:
        """Play round `number` of `rounds`, and return its record; a :class:`RunEnds` ends the run."""
        world, learning = self.world, self.learning
        events: list[Failure] = []
        now = world.conditions(number, self.faults, events)
        orders = self._decided(events)
        lines = SealedLines(world.reserves, world.hops)
        told = self._told(orders, now, lines, events)
        links = world.assigned(orders.assignment, now, events)
        who = Participation(
            world, self.constraints, self.patience_s, orders, now, told, links, self.samples, self.changed_at, self.unit_seen,
            self.hub_seen, events,
        )  # fmt: skip
        update = Update(who, self.server, self.fusion, number, lines)
        failed = ""
        if number % orders.update_every:
            failed = f"rest: an update every {orders.update_every} rounds"
        else:
            try:
                learning.parameters, learning.state, self.offset = update.run(
                    learning.parameters, learning.state, self.offset, self.generator
                )
            except RunEnds as end:
                end.record = OrchestratedRound(
                    number, orders, self.kpis, key_bits=lines.key_bits, management_bits=lines.management_bits,
                    events=tuple(events),
                )  # fmt: skip
                raise
            except NoModel as error:
                failed = str(error)
            except Exception as error:  # the strategy may be anybody's
                failed = f"the strategy failed: {type(error).__name__}: {error}"
                update.sent = {}
        # Links that waited have made keys for so long, also if nothing came of it.
        seconds = max(self.period_s, update.latency.total_s, float(who.waits_s.max()))
        world.pass_time(now, seconds, who.waits_s, update.updates)
        answers = update.answers
        record = Round(
            number,
            metrics=answers.metrics,
            samples=answers.samples,
            bits_down=update.bits_down,
            bits_up=lines.bits - update.bits_down,
            failures=tuple(answers.failures),
            failed=failed,
        )
        record = self._scored(record, rounds)
        learning.rounds.append(record)
        before, self.orders = self.kpis, orders
        self.kpis = self._measured(record, update, links, now, events)
        self._taught(before, orders, events)
        return OrchestratedRound(
            number, orders, self.kpis, update.latency, seconds, update.sent, lines.messages, lines.key_bits, update.waited,
            update.shrunk, lines.bits, lines.management_bits, (*events, *record.failures),
        )  # fmt: skip

    def get_state(self) -> dict[str, Any]:
        """Return what the next round depends on, but for the model and the generator of the run."""
        return {
            "world": self.world.get_state(),
            "policy_rng": self.policy_rng.bit_generator.state,
            "policy": self.policy.get_state() if hasattr(self.policy, "get_state") else None,
            "offset": self.offset,
            "changed_at": self.changed_at,
            "unit_seen": self.unit_seen,
            "hub_seen": self.hub_seen,
        }

    def set_state(self, state: dict[str, Any], last: OrchestratedRound | None) -> None:
        """Go on from there; `last` is the record of the last round."""
        self.world.set_state(state["world"])
        self.policy_rng.bit_generator.state = state["policy_rng"]
        if hasattr(self.policy, "set_state"):
            self.policy.set_state(state["policy"])
        self.offset = state["offset"]
        self.changed_at, self.unit_seen, self.hub_seen = (
            state[name].copy() for name in ("changed_at", "unit_seen", "hub_seen")
        )
        if last is not None:
            self.kpis, self.orders = last.kpis, last.orders

    def _decided(self, events: list[Failure]) -> Orders:
        """Return the policy's orders; where it fails, those of the last round hold."""
        try:
            orders = self.policy.decide(self.kpis, self.policy_rng)
            if not isinstance(orders, Orders):
                raise TypeError(f"decide must return Orders, not {orders!r}")
            return orders
        except Exception as error:  # a policy may be anybody's, and the network goes on
            events.append(
                Failure("policy", "decide", f"{type(error).__name__}: {error}; the last orders hold")
            )
            return self.orders

    def _taught(self, before: KPIs, orders: Orders, events: list[Failure]) -> None:
        if not hasattr(self.policy, "learn"):
            return
        try:
            self.policy.learn(before, orders, self.reward(before, orders, self.kpis), self.kpis)
        except Exception as error:
            events.append(Failure("policy", "learn", f"{type(error).__name__}: {error}"))

    def _told(
        self, orders: Orders, now: Conditions, lines: SealedLines, events: list[Failure]
    ) -> NDArray[np.bool_]:
        """Return the aggregators that know their orders."""
        told = now.told & now.hub_there & now.line[self.world.management]
        for j in np.flatnonzero(told).tolist():
            if not lines.tell(int(self.world.management[j]), self.world.hubs[j], orders, self.kpis):
                told[j] = False
                events.append(
                    Failure(self.world.hubs[j], "orders", "no key for their tag: it does not act on them")
                )
        return told

    def _scored(self, record: Round, rounds: int) -> Round:
        """Return the record with its scores, where they are due."""
        if record.number % self.server.evaluate_every == 0 or record.number == rounds:
            return self.server.scored(record, self.learning.parameters)
        return record

    def _measured(
        self,
        record: Round,
        update: Update,
        links: NDArray[np.int64],
        now: Conditions,
        events: list[Failure],
    ) -> KPIs:
        """Return the indicators as they reach the orchestrator; what is missing or no indicator is NaN, and recorded."""
        used = np.unique(np.where(links >= 0, links, self.world.choices[:, 0]))
        scores = record.scores
        told = {
            "latency": update.latency.total_s,
            "accuracy": scores.get("central_accuracy", scores.get("train_accuracy", nan)),
            "key_reserve": float(np.median(self.world.reserves.fill[used])),
            "buffer": float(self.world.backlog_s.max()),
            "suspected_eve": float(now.suspected[used].sum()),
            "new_arrivals": now.arrivals,
        }
        for fault in self.faults:
            if fault.in_round(record.number) and fault.kind == "KPI missing":
                told.update(dict.fromkeys([fault.where] if fault.where else told, nan))
            elif fault.in_round(record.number) and fault.kind == "KPI nonsense":
                told[fault.where] = fault.size
        for name, value in told.items():
            if isnan(value):
                continue
            try:
                KPIs(record.number, **{name: value})
            except (ValueError, TypeError) as error:
                events.append(Failure("KPIs", name, f"{error}; it counts as missing"))
                told[name] = nan
        return KPIs(record.number, **told)


def gain_less_delay(before: KPIs, orders: Orders, after: KPIs) -> float:
    """Return the gain in accuracy less a hundredth for each second of latency; what is missing counts nothing.

    Examples
    --------
    >>> gain_less_delay(KPIs(1, accuracy=0.5), Orders(), KPIs(2, accuracy=0.75, latency=5.0))
    0.2
    """
    gain = after.accuracy - before.accuracy
    delay = after.latency if after.latency < inf else 0.0
    return (0.0 if isnan(gain) else gain) - 0.01 * delay
