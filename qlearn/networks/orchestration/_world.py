"""The world of a run: the network as arrays, with what changes in it from round to round."""

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn.communication.key_rate import asymptotic_rate, threshold
from qlearn.networks.federated.history import Failure
from qlearn.networks.orchestration.faults import KINDS, Fault
from qlearn.networks.orchestration.key_reserves import KeyReserves
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.topology import ORCHESTRATOR, nodes_of

if TYPE_CHECKING:
    import networkx as nx

REQUESTS_PER_DEVICE = 1.0
"""Requests a second that a device (a sensor, or one that joins) makes at its aggregator."""
TEST_BITS = 1000
"""Bits that a link opens in a round to estimate its error rate."""

_LINE = ("length_km", "bits_per_second", "key_rate", "qber")


class Conditions(NamedTuple):
    """What holds in one round."""

    suspected: NDArray[np.bool_]
    """Links (rows of the reserves) whose measured error rate is above the threshold."""
    key_rate: NDArray[np.float64]
    """Bits a second that each link makes."""
    line: NDArray[np.bool_]
    """Links whose classical line is there."""
    hub_there: NDArray[np.bool_]
    unit_there: NDArray[np.bool_]
    told: NDArray[np.bool_]
    """Aggregators that orders reach."""
    requests: NDArray[np.float64]
    """Requests a second at each aggregator."""
    tampered: NDArray[np.bool_]
    """Units whose update is changed on the way."""
    arrivals: float


class World:
    """Units, aggregators and links by number; a link is a row of the reserves: of units, of trunks, of management.

    Examples
    --------
    >>> from qlearn.networks.orchestration.topology import intelligence_network
    >>> world = World(intelligence_network(3, 2, rng=0), capacity=100, rngs=np.random.default_rng(0).spawn(2))
    >>> world.units, world.link_hub.tolist(), len(world.reserves.levels)
    (['unit 0', 'unit 1', 'unit 2'], [0, 1, 1, 0, 0, 1], 10)
    """

    def __init__(self, network: "nx.Graph", capacity: int, rngs: Sequence[np.random.Generator]) -> None:
        self.units, self.hubs = nodes_of(network, "unit"), nodes_of(network, "aggregator")
        if not self.units or not self.hubs or ORCHESTRATOR not in network:
            raise ValueError(
                f"network must have units, aggregators and the node {ORCHESTRATOR!r}, as intelligence_network makes it; it has "
                f"{len(self.units)} units and {len(self.hubs)} aggregators"
            )
        self.unit_of, self.hub_of = (
            {name: i for i, name in enumerate(names)} for names in (self.units, self.hubs)
        )
        lines: list[list[float]] = []
        self.link_of: dict[tuple[str, str], int] = {}
        link_hub: list[int] = []
        choices: list[list[int]] = []
        for unit in self.units:
            its = [(hub, edge) for _, hub, edge in network.edges(unit, data=True) if hub in self.hub_of]
            its = sorted((pair for pair in its if pair[1].get("channel") == "results"), key=_length)
            if not its:
                raise ValueError(
                    f"network must have a link for results from {unit!r} to an aggregator; it has none"
                )
            choices.append(list(range(len(lines), len(lines) + len(its))))
            for hub, edge in its:
                self.link_of[unit, hub] = len(lines)
                link_hub.append(self.hub_of[hub])
                lines.append(_line(edge, f"{unit} - {hub}"))
        self.n_links = len(lines)
        self.link_hub = np.array(link_hub)
        widest = max(map(len, choices))
        self.choices = np.array([own + [-1] * (widest - len(own)) for own in choices])
        self.trunk = np.arange(len(self.hubs)) + self.n_links
        self.management = self.trunk.copy()
        own_line: list[list[float]] = []
        for j, hub in enumerate(self.hubs):
            found = {edge.get("channel"): edge for edge in _edges(network, ORCHESTRATOR, hub)}
            if "results" not in found:
                raise ValueError(f"network must have a link for results from {ORCHESTRATOR!r} to {hub!r}")
            self.link_of[hub, ORCHESTRATOR] = len(lines)
            lines.append(_line(found["results"], f"{hub} - {ORCHESTRATOR}"))
            if "management" in found:
                self.management[j] = self.n_links + len(self.hubs) + len(own_line)
                own_line.append(_line(found["management"], f"{hub} - {ORCHESTRATOR}"))
        self.length_km, self.bits_per_second, self.key_rate, self.qber, hops = np.array(lines + own_line).T
        self.hops = hops.astype(np.int64)
        """Quantum links that a key of this link is relayed over: it takes as much key on each of them."""
        self.speed = np.array([_number(network, unit, "speed", 1000.0, least=1e-9) for unit in self.units])
        self.service_s = np.array([_number(network, hub, "service_s", 0.005) for hub in self.hubs])
        self.devices = np.zeros(len(self.hubs))
        for i, unit in enumerate(self.units):
            sensors = sum(1 for other in network[unit] if network.nodes[other].get("role") == "sensor")
            self.devices[self.link_hub[self.choices[i, 0]]] += sensors
        keys, self._measures = rngs
        self.reserves = KeyReserves(len(self.key_rate), capacity, keys)
        self.backlog_s = np.zeros(len(self.hubs))

    @property
    def one_channel(self) -> NDArray[np.bool_]:
        """Aggregators whose orders come over the line of their results."""
        return self.management == self.trunk

    def refuse_unknown(self, faults: Sequence[Fault]) -> None:
        """Refuse faults of what is not there."""
        for fault in faults:
            if not isinstance(fault, Fault):
                raise TypeError(
                    f"faults must be Fault objects, as Fault(3, 'aggregator lost', 'aggregator 0'), not {fault!r}"
                )
            if fault.kind in ("link noise", "line cut", "reserve drained"):
                known = fault.ends in self.link_of or fault.ends[::-1] in self.link_of
            elif fault.kind in ("unit lost", "update tampered"):
                known = fault.where in self.unit_of
            elif fault.kind in ("KPI missing", "KPI nonsense"):
                known = fault.where in KPIs().missing or (fault.kind == "KPI missing" and not fault.where)
            else:
                known = fault.where in self.hub_of
            if not known:
                raise ValueError(
                    f"where must name what {fault.kind!r} happens to ({KINDS[fault.kind]}), not {fault.where!r}"
                )

    def conditions(self, number: int, faults: Sequence[Fault], events: list[Failure]) -> Conditions:
        """Return what holds in this round, and record what is not as it should be."""
        rows = len(self.key_rate)
        qber, line = self.qber.copy(), np.ones(rows, bool)
        hub_there, told = np.ones((2, len(self.hubs)), bool)
        unit_there, tampered = np.ones(len(self.units), bool), np.zeros(len(self.units), bool)
        flood, arrivals = np.zeros(len(self.hubs)), 0.0
        for fault in faults:
            if not fault.in_round(number):
                continue
            events.append(
                Failure(fault.where, fault.kind, KINDS[fault.kind].replace("`size`", f"{fault.size:g}"))
            )
            if fault.kind == "link noise":
                qber[self._row(fault)] = fault.size
            elif fault.kind == "line cut":
                line[self._row(fault)] = False
            elif fault.kind == "reserve drained":
                self.reserves.drain(self._row(fault))
            elif fault.kind == "aggregator lost":
                hub_there[self.hub_of[fault.where]] = False
            elif fault.kind == "orders lost":
                told[self.hub_of[fault.where]] = False
            elif fault.kind == "unit lost":
                unit_there[self.unit_of[fault.where]] = False
            elif fault.kind == "update tampered":
                tampered[self.unit_of[fault.where]] = True
            elif fault.kind == "flood":
                flood[self.hub_of[fault.where]] += fault.size
            elif fault.kind == "new devices" and number == fault.round:
                self.devices[self.hub_of[fault.where]] += fault.size
                arrivals += fault.size
        measured = self._measures.binomial(TEST_BITS, qber) / TEST_BITS
        suspected = measured > threshold()
        usual = np.maximum(asymptotic_rate(self.qber), 1e-300)
        rate = np.where(suspected, 0.0, self.key_rate * asymptotic_rate(qber) / usual)
        requests = self.devices * REQUESTS_PER_DEVICE + flood
        return Conditions(suspected, rate, line, hub_there, unit_there, told, requests, tampered, arrivals)

    def assigned(
        self, assignment: str | Mapping[str, str], now: Conditions, events: list[Failure]
    ) -> NDArray[np.int64]:
        """Return each unit's link for this round; -1 where the rule finds none."""
        home = self.choices[:, 0]
        if isinstance(assignment, Mapping):
            links = home.copy()
            for unit, hub in assignment.items():
                link = self.link_of.get((unit, hub), -1) if unit in self.unit_of else -1
                if link < 0:
                    events.append(Failure(unit, "assignment", f"it has no link to {hub!r}, and goes home"))
                else:
                    links[self.unit_of[unit]] = link
            return links
        if assignment == "home":
            return home
        there = now.line & (now.key_rate > 0)
        usable = (self.choices >= 0) & there[self.choices] & now.hub_there[self.link_hub[self.choices]]
        if assignment == "usable":
            found = usable.argmax(axis=1)
            return np.where(usable.any(axis=1), np.take_along_axis(self.choices, found[:, None], 1)[:, 0], -1)
        load = self.backlog_s.copy()
        links = np.full(len(self.units), -1)
        for i, (own, fits) in enumerate(zip(self.choices.tolist(), usable.tolist(), strict=True)):
            open_ = [link for link, fit in zip(own, fits, strict=True) if fit]
            if open_:
                links[i] = min(open_, key=lambda link: load[self.link_hub[link]])
                hub = self.link_hub[links[i]]
                load[hub] += self.service_s[hub]
        return links

    def pass_time(
        self, now: Conditions, seconds: float, waits_s: NDArray[np.float64], updates: NDArray[np.int64]
    ) -> None:
        """Let a round go by: links make keys, queues take up work and do it."""
        self.reserves.add(now.key_rate * np.maximum(seconds - waits_s, 0.0))
        work = (now.requests * seconds + updates) * self.service_s
        self.backlog_s = np.maximum(self.backlog_s + work - seconds, 0.0)

    def get_state(self) -> dict[str, Any]:
        """Return what changes from round to round."""
        return {
            "reserves": self.reserves.get_state(),
            "backlog_s": self.backlog_s,
            "devices": self.devices,
            "measures": self._measures.bit_generator.state,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        self.reserves.set_state(state["reserves"])
        self.backlog_s, self.devices = state["backlog_s"].copy(), state["devices"].copy()
        self._measures.bit_generator.state = state["measures"]

    def _row(self, fault: Fault) -> int:
        first, second = fault.ends
        return self.link_of.get((first, second), self.link_of.get((second, first), -1))


def _length(pair: tuple[str, Mapping[str, Any]]) -> float:
    return float(pair[1].get("length_km", 0.0))


def _edges(network: "nx.Graph", first: str, second: str) -> list[Mapping[str, Any]]:
    found = network.get_edge_data(first, second, default={})
    return list(found.values()) if network.is_multigraph() else [found]


def _number(network: "nx.Graph", node: str, what: str, usual: float, *, least: float = 0.0) -> float:
    try:
        return as_real(network.nodes[node].get(what, usual), what, least=least)
    except (ValueError, TypeError) as error:
        raise ValueError(f"network must say {what} of {node!r} in numbers: {error}") from None


def _line(edge: Mapping[str, Any], name: str) -> list[float]:
    missing = [key for key in _LINE if key not in edge]
    if missing:
        raise ValueError(f"network must say {missing[0]} of the link {name!r}, as intelligence_network does")
    numbers = [float(edge[key]) for key in _LINE]
    if not all(np.isfinite(numbers)) or min(numbers) < 0 or numbers[1] == 0 or numbers[3] > 0.5:
        raise ValueError(
            f"network must have finite numbers of the link {name!r}: length_km and key_rate 0 or more, bits_per_second above 0, "
            f"qber 0 to 0.5, not {dict(zip(_LINE, numbers, strict=True))}"
        )
    hops = edge.get("hops", 1)
    if isinstance(hops, bool) or not isinstance(hops, Integral) or hops < 0:
        raise ValueError(
            f"network must have a whole number of hops, 0 or more, of the link {name!r}, not {hops!r}"
        )
    return [*numbers, float(hops)]
