"""The network: nodes that store and swap, links that make pairs, on a graph that does not change."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_real
from qlearn.communication.repeaters.chains import FIBRE_SPEED

if TYPE_CHECKING:
    import networkx as nx

_LOSS_DB_PER_KM = 0.2


@dataclass(frozen=True)
class Node:
    """What a node can do: how many halves of pairs it stores and how long, how often a swap works and what it costs."""

    memories: int | None = None
    """Qubits that it can store at once; None: as many as its links ask for."""
    swap_success: float = 1.0
    """Probability that a swap works."""
    swap_werner: float = 1.0
    """Factor by which a swap shrinks the Werner parameter: the depolarising noise of its gates."""
    coherence_s: float = np.inf
    """Time in which a stored half loses all but 1/e of its Werner parameter (depolarising), in seconds."""


@dataclass(frozen=True)
class Link:
    """What a link does: its fibre, how often it makes a pair, and how good the pair is."""

    length_km: float
    """Length of the fibre."""
    loss_db: float
    """Loss of the fibre, positive."""
    success: float
    """Probability that an attempt makes a pair."""
    slot_s: float
    """Time of an attempt with its answer, in seconds."""
    rate_hz: float
    """Pairs a second, all memories of the link together."""
    fidelity: float
    """Fidelity of a new pair with phi+, a Werner pair: above 1/4."""
    memories: int = 1
    """Attempts at once: memories that it takes at each of its ends."""

    @property
    def werner(self) -> float:
        """The Werner parameter (4F - 1) / 3: 1 for a perfect pair, 0 for noise."""
        return (4 * self.fidelity - 1) / 3

    @property
    def transmittance(self) -> float:
        """Share of photons that the fibre passes."""
        return 10 ** (-self.loss_db / 10)


NODE_NAMES = tuple(field.name for field in fields(Node))
LINK_NAMES = tuple(field.name for field in fields(Link))


def _node(given: Mapping[str, Any], name: Hashable) -> Node:
    at = f" of node {name!r}"
    memories = given.get("memories")
    success = as_probability(given.get("swap_success", 1.0), "swap_success" + at)
    if success == 0:
        raise ValueError(
            f"swap_success{at} must be above 0: a node that never swaps belongs at the edge, leave it out"
        )
    coherence = given.get("coherence_s", np.inf)
    if coherence != np.inf:
        coherence = as_real(coherence, "coherence_s" + at, above=0)
    return Node(
        None if memories is None else as_count(memories, "memories" + at),
        success,
        as_real(given.get("swap_werner", 1.0), "swap_werner" + at, above=0, most=1),
        float(coherence),
    )


def _link(given: Mapping[str, Any], ends: tuple, efficiency: float, fidelity_km: float) -> Link:
    at = f" of link {ends[0]!r} - {ends[1]!r}"
    if "length_km" not in given:
        raise ValueError(f"length_km{at} is missing: give each edge of the graph its length in km")
    km = as_real(given["length_km"], "length_km" + at, above=0)
    loss_db = as_real(given.get("loss_db", _LOSS_DB_PER_KM * km), "loss_db" + at, least=0)
    success = as_probability(given.get("success", efficiency * 10 ** (-loss_db / 10)), "success" + at)
    if success == 0:
        raise ValueError(
            f"success{at} must be above 0: a link that never makes a pair is no link, leave it out"
        )
    slot_s = as_real(given.get("slot_s", 2 * km / FIBRE_SPEED), "slot_s" + at, above=0)
    memories = as_count(given.get("memories", 1), "memories" + at)
    rate = as_real(given.get("rate_hz", memories * success / slot_s), "rate_hz" + at, above=0)
    fidelity = given.get("fidelity", 0.25 + 0.75 * np.exp(-km / fidelity_km))
    fidelity = as_probability(fidelity, "fidelity" + at)
    if fidelity <= 0.25:
        raise ValueError(
            f"fidelity{at} must be above 1/4, not {fidelity:g}: at 1/4 a Werner pair is noise, and no swap mends it"
        )
    return Link(km, loss_db, success, slot_s, rate, fidelity, memories)


class Network(Mapping[Hashable, Node]):
    r"""A quantum network: nodes and links with what they can do, checked once and then fixed.

    What an edge does not say follows from its length :math:`L`:

    .. math:: \text{loss} = 0.2\,\tfrac{\text{dB}}{\text{km}}\,L, \quad
              p = \epsilon\,10^{-\text{loss}/10}, \quad \tau = 2L/c, \quad
              R = m\,p/\tau, \quad F = \tfrac14 + \tfrac34 e^{-L/L_F}

    An attempt sends a photon over the link and waits for the answer, so a slot lasts :math:`2L/c` with c = 2e5 km/s;
    m attempts run side by side. Each of these may be set on the edge instead.

    Parameters
    ----------
    graph : networkx.Graph
        Undirected. Each edge has ``length_km`` and may have ``loss_db``, ``success``, ``slot_s``, ``rate_hz``,
        ``fidelity``, ``memories``; each node may have ``memories``, ``swap_success``, ``swap_werner``,
        ``coherence_s``, and for maps ``label`` and ``position``. Other attributes are refused: they may be misspelt.
    efficiency : float
        :math:`\epsilon`, success of an attempt over a link without loss.
    fidelity_km : float
        :math:`L_F`, length over which the Werner parameter of a new pair falls to 1/e.

    Examples
    --------
    >>> import networkx as nx
    >>> line = nx.Graph()
    >>> line.add_edge("Alice", "station", length_km=50)
    >>> line.add_edge("station", "Bob", length_km=50, fidelity=0.95)
    >>> network = Network(line)
    >>> network
    Network(3 nodes, 2 links, 100 km)
    >>> round(network.link("Alice", "station").rate_hz, 6)
    200.0
    >>> network["station"] == Node(swap_success=1.0)  # what a node does not say
    True
    """

    def __init__(self, graph: "nx.Graph", *, efficiency: float = 1.0, fidelity_km: float = 20_000.0) -> None:
        import networkx as nx

        if not isinstance(graph, nx.Graph):
            raise TypeError(
                f"graph must be a networkx.Graph with length_km on its edges, not {type(graph).__name__}"
            )
        if graph.is_directed() or graph.is_multigraph():
            raise TypeError(
                f"graph must be a plain undirected Graph, not {type(graph).__name__}: a pair has no direction"
            )
        if not graph.number_of_edges():
            raise ValueError("graph must have at least one edge: a network without links makes no pairs")
        efficiency = as_real(efficiency, "efficiency", above=0, most=1)
        fidelity_km = as_real(fidelity_km, "fidelity_km", above=0)
        for name, given in graph.nodes(data=True):
            _known(given, (*NODE_NAMES, "label", "position"), f"node {name!r}")
        for u, v, given in graph.edges(data=True):
            _known(given, LINK_NAMES, f"link {u!r} - {v!r}")
            if u == v:
                raise ValueError(f"link {u!r} - {v!r} joins a node to itself")

        fixed = nx.Graph()
        for name, given in graph.nodes(data=True):
            fixed.add_node(
                name,
                node=_node(given, name),
                label=str(given.get("label", name)),
                position=given.get("position"),
            )
        for u, v, given in graph.edges(data=True):
            link = _link(given, (u, v), efficiency, fidelity_km)
            fixed.add_edge(u, v, link=link, length_km=link.length_km)
        for name in fixed:
            has = fixed.nodes[name]["node"].memories
            asked = sum(edge["link"].memories for edge in fixed.adj[name].values())
            if has is not None and asked > has:
                raise ValueError(
                    f"the links of node {name!r} ask for {asked} memories and it has {has}: "
                    "give it more, or its links fewer"
                )
        self._graph: nx.Graph = nx.freeze(fixed)

    def __getitem__(self, name: Hashable) -> Node:
        self.check(name)
        return self._graph.nodes[name]["node"]

    def __contains__(self, name: object) -> bool:
        return name in self._graph

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._graph)

    def __len__(self) -> int:
        return len(self._graph)

    def __repr__(self) -> str:
        return f"Network({len(self)} nodes, {self._graph.number_of_edges()} links, {self.length_km:g} km)"

    @property
    def graph(self) -> "nx.Graph":
        """The frozen graph: ``link`` and ``length_km`` on its edges, ``node``, ``label``, ``position`` on its nodes."""
        return self._graph

    @property
    def links(self) -> dict[tuple[Hashable, Hashable], Link]:
        """A new dictionary of the links by their ends."""
        return {(u, v): link for u, v, link in self._graph.edges(data="link")}

    @property
    def length_km(self) -> float:
        """Length of all fibre."""
        return round(sum(link.length_km for link in self.links.values()), 9)

    def link(self, u: Hashable, v: Hashable) -> Link:
        """Return the link between two nodes."""
        self.check(u)
        self.check(v)
        if not self._graph.has_edge(u, v):
            near = ", ".join(repr(name) for name in list(self._graph.adj[u])[:8])
            raise ValueError(f"there is no link {u!r} - {v!r}; {u!r} has links to {near}")
        return self._graph.edges[u, v]["link"]

    def label(self, name: Hashable) -> str:
        """Return what the node is called on a map."""
        self.check(name)
        return self._graph.nodes[name]["label"]

    def find(self, label: str) -> Hashable:
        """Return the node that is called so on a map."""
        for name, known in self._graph.nodes(data="label"):
            if known == label:
                return name
        raise ValueError(f"no node is called {label!r}")

    def positions(self) -> NDArray[np.float64]:
        """Return where the nodes lie, shape (nodes, 2), in their order; NaN for a node without a position."""
        places = [place for _, place in self._graph.nodes(data="position")]
        return np.array([(np.nan, np.nan) if place is None else place for place in places], dtype=float)

    def links_of(self, path: Iterable[Hashable]) -> list[Link]:
        """Return the links of a path, in its order; refuse what is no path."""
        nodes = list(path)
        if len(nodes) < 2:
            raise ValueError(f"a path must have at least two nodes, not {nodes!r}")
        if len(set(nodes)) != len(nodes):
            raise ValueError(f"a path must visit each node once, not {nodes!r}")
        return [self.link(u, v) for u, v in pairwise(nodes)]

    def check(self, name: Hashable) -> None:
        """Refuse a node that is not there."""
        if name not in self._graph:
            some = ", ".join(repr(known) for known in list(self._graph)[:5])
            raise ValueError(
                f"there is no node {name!r} in the network; its {len(self)} nodes are {some}, ..."
            )


def _known(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    if strange := [name for name in given if name not in names]:
        raise ValueError(f"{where} has the unknown attribute {strange[0]!r}; known are {', '.join(names)}")
