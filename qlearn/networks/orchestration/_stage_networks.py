"""Networks of the first two stages, made of the full one: the same units at the same places, joined by less."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from qlearn.communication.quantum_network import Network, routes
from qlearn.networks.orchestration.faults import Fault
from qlearn.networks.orchestration.topology import ORCHESTRATOR, link_key_rate, nodes_of

if TYPE_CHECKING:
    import networkx as nx

    Joined = tuple[nx.MultiGraph, Callable[[Fault], list[Fault]]]

RECEIVER = "aggregator 0"
_AT_A_NODE = ("new devices", "flood", "aggregator lost")


def one_link(full: "nx.MultiGraph") -> "Joined":
    """Return the first unit with a fibre of its own to a receiver in the middle; faults are those of its own link.

    Examples
    --------
    >>> from qlearn.networks.orchestration.topology import intelligence_network
    >>> network, translated = one_link(intelligence_network(4, 2, rng=0))
    >>> sorted(network), translated(Fault(1, "unit lost", "unit 3"))
    (['aggregator 0', 'orchestrator', 'sensor 0.0', 'unit 0'], [])
    """
    unit = nodes_of(full, "unit")[0]
    edge = _home(full, unit)[1]
    far = float(np.hypot(*full.nodes[unit]["position"]))
    rate = float(link_key_rate(far, edge["qber"], pulses_per_second=edge["pulses_per_second"]))
    network = _with_receiver(full, [unit])
    network.add_edge(unit, RECEIVER, key="results", **{**edge, "length_km": far, "key_rate": rate})
    return network, lambda fault: _at_receiver(fault, {unit: _home(full, unit)[0]}, direct=True)


def routed(full: "nx.MultiGraph") -> "Joined":
    """Return all units joined to one receiver over trusted nodes, which stand where the aggregators will be.

    Keys are relayed by XOR, so a route makes as many as the poorest share of a link on it: a link is shared by the routes
    over it, and so is its line. And a key takes as many bits on each link of its route.

    Examples
    --------
    >>> from qlearn.networks.orchestration.topology import intelligence_network
    >>> full = intelligence_network(6, 2, rng=0)
    >>> network, _ = routed(full)
    >>> trunk = full.edges["orchestrator", "aggregator 0", "results"]["key_rate"]
    >>> sum(edge["key_rate"] for _, _, edge in network.edges("aggregator 0", data=True) if "qber" in edge) > trunk
    True
    """
    units = nodes_of(full, "unit")
    fibres = _fibres(full)
    paths = dict(zip(units, routes(Network(fibres), [(unit, ORCHESTRATOR) for unit in units]), strict=True))
    used: dict[frozenset, int] = {}
    for path in paths.values():
        for step in pairwise(path):
            used[frozenset(step)] = used.get(frozenset(step), 0) + 1
    network = _with_receiver(full, units)
    for unit, path in paths.items():
        steps = [(full.edges[u, v, "results"], used[frozenset((u, v))]) for u, v in pairwise(path)]
        line: dict[str, Any] = {
            "channel": "results",
            "length_km": sum(edge["length_km"] for edge, _ in steps),
            "key_rate": min(edge["key_rate"] / shares for edge, shares in steps),
            "bits_per_second": min(edge["bits_per_second"] / shares for edge, shares in steps),
            "qber": max(edge["qber"] for edge, _ in steps),
            "hops": len(steps),
            "pulses_per_second": steps[0][0]["pulses_per_second"],
        }
        network.add_edge(unit, RECEIVER, key="results", **line)
    over = {unit: str(path[1]) for unit, path in paths.items()}
    return network, lambda fault: _at_receiver(fault, over, direct=False)


def _fibres(full: "nx.MultiGraph") -> "nx.Graph":
    import networkx as nx

    fibres = nx.Graph()
    for u, v, edge in full.edges(data=True):
        if edge["channel"] == "results":
            fibres.add_edge(u, v, length_km=max(edge["length_km"], 1e-6))
    return fibres


def _with_receiver(full: "nx.MultiGraph", units: list[str]) -> "nx.MultiGraph":
    """Return the units with their sensors, and a receiver beside the orchestrator, with hardly a line between the two."""
    import networkx as nx

    network = nx.MultiGraph()
    network.add_node(ORCHESTRATOR, **full.nodes[ORCHESTRATOR])
    network.add_node(RECEIVER, **{**full.nodes[RECEIVER], "position": full.nodes[ORCHESTRATOR]["position"]})
    indoors = {
        "length_km": 0.0,
        "bits_per_second": 1e9,
        "key_rate": 1e9,
        "qber": 0.0,
        "pulses_per_second": 1e9,
        "hops": 0,  # in one room, which takes no key of a quantum link
    }
    network.add_edge(ORCHESTRATOR, RECEIVER, key="results", channel="results", **indoors)
    for unit in units:
        network.add_node(unit, **full.nodes[unit])
        for sensor in full[unit]:
            if full.nodes[sensor]["role"] == "sensor":
                network.add_node(sensor, **full.nodes[sensor])
                network.add_edge(sensor, unit, key="sensing", channel="sensing")
    return network


def _home(full: "nx.MultiGraph", unit: str) -> tuple[str, dict[str, Any]]:
    """Return the nearest aggregator of a unit, and the link to it."""
    its = [(hub, edge) for _, hub, edge in full.edges(unit, data=True) if edge["channel"] == "results"]
    return min(its, key=lambda pair: pair[1]["length_km"])


def _at_receiver(fault: Fault, over: dict[str, str], *, direct: bool) -> list[Fault]:
    """Return what a fault of the full network is where units reach one receiver over the nodes in `over`."""
    if fault.kind in _AT_A_NODE:
        behind = [unit for unit, node in over.items() if node == fault.where]
        if fault.kind == "aggregator lost":  # a node on the way is away, if there is one
            lines = [] if direct else behind
            return [replace(fault, kind="line cut", where=f"{unit} - {RECEIVER}") for unit in lines]
        return [replace(fault, where=RECEIVER)] if behind else []
    if len(fault.ends) == 2:
        unit, node = fault.ends
        return [replace(fault, where=f"{unit} - {RECEIVER}")] if over.get(unit) == node else []
    if fault.kind in ("unit lost", "update tampered"):
        return [fault] if fault.where in over else []
    return [fault]
