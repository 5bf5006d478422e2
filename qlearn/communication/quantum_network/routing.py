"""Routing: the path of a request by distance, fidelity, bottleneck, rate or key, and several paths at once."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from qlearn._checks import as_choice, as_count
from qlearn.communication.photons import plob
from qlearn.communication.quantum_network.end_to_end import path_quality
from qlearn.communication.quantum_network.network import Link, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Path = tuple[Hashable, ...]
Request = tuple[Hashable, Hashable]
By = Literal["distance", "hops", "fidelity", "bottleneck", "rate", "key_rate"]

_ADDITIVE = ("distance", "hops", "fidelity")
_SEARCHED = ("rate", "key_rate")
_BLOCK = 64  # sources at once: their distances to all nodes are in memory, never all pairs


def route(
    network: Network, source: Hashable, target: Hashable, by: By = "distance", *, most: int = 100_000
) -> Path:
    r"""Return the path of one request that is first by one measure.

    Distance, hops and fidelity add up along a path (:math:`-\log` of the Werner parameters of links and swaps), so
    Dijkstra's algorithm finds the best. For the bottleneck the path is the shortest of those whose smallest capacity is
    largest. Rate and key rate of a whole path do not add up, so every simple path is tried.

    Parameters
    ----------
    network : Network
        The nodes and links.
    source, target : node
        Two different nodes, connected.
    by : {"distance", "hops", "fidelity", "bottleneck", "rate", "key_rate"}
        What is least or most: km, links, :func:`path_fidelity`, PLOB of the worst link, or ``rate_hz`` and
        ``key_rate_hz`` of :func:`path_quality`. Between equals the shorter path wins for the last three; if no path
        leaves a key, all are equal.
    most : int
        Simple paths to try for rate and key rate, before it gives up.

    Returns
    -------
    tuple of node
        Both ends included.

    Raises
    ------
    ValueError
        Also if there are more than `most` simple paths: their number grows exponentially with the network.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> route(nsfnet(), 0, 13)
    (0, 7, 8, 12, 13)
    >>> route(nsfnet(swap_werner=0.9), 0, 13, by="fidelity")  # a swap costs: fewer hops, more km
    (0, 2, 5, 13)

    References
    ----------
    Dijkstra, Numerische Mathematik 1, 269 (1959), doi:10.1007/BF01386390. Caleffi, IEEE Access 5, 22299 (2017),
    doi:10.1109/ACCESS.2017.2763325: a path's rate is no sum, so that Dijkstra's algorithm may miss the best.
    """
    import networkx as nx

    as_choice(by, (*_ADDITIVE, "bottleneck", *_SEARCHED), "by")
    _check_request(network, source, target)
    if by == "distance" or by == "hops" or by == "fidelity":
        return routes(network, [(source, target)], by)[0]
    if by == "bottleneck":
        wide = nx.Graph()
        wide.add_weighted_edges_from((u, v, _capacity(link)) for (u, v), link in network.links.items())
        tree = nx.maximum_spanning_tree(wide)
        along = nx.shortest_path(tree, source, target)
        narrowest = min(tree.edges[edge]["weight"] for edge in pairwise(along))
        kept = nx.subgraph_view(
            network.graph, filter_edge=lambda u, v: wide.edges[u, v]["weight"] >= narrowest
        )
        return tuple(nx.dijkstra_path(kept, source, target, weight="length_km"))
    most = as_count(most, "most")
    best: tuple[float, float, Path] | None = None
    for number, path in enumerate(nx.all_simple_paths(network.graph, source, target), start=1):
        if number > most:
            raise ValueError(
                f"there are more than {most} simple paths from {source!r} to {target!r}: raise most, or route by "
                "distance, fidelity or bottleneck"
            )
        told = path_quality(network, path)
        value = told.rate_hz if by == "rate" else told.key_rate_hz
        # ranked down to 1e-12 of itself: equal up to rounding is equal
        if (
            best is None
            or (value, -told.length_km) > (best[0] * (1 + 1e-12), best[1])
            or (abs(value - best[0]) <= 1e-12 * best[0] and -told.length_km > best[1])
        ):
            best = (value, -told.length_km, tuple(path))
    assert best is not None  # they are connected
    return best[2]


def routes(
    network: Network, requests: Iterable[Request], by: Literal["distance", "hops", "fidelity"] = "distance"
) -> list[Path]:
    """Return the best path of each of many requests, each as if it were alone.

    Dijkstra's algorithm in compiled code runs once for each node that requests share, a block of them at a time: neither time
    nor memory grows with all pairs of nodes.

    Parameters
    ----------
    network : Network
        The nodes and links.
    requests : iterable of (source, target)
        Pairs of different nodes, connected.
    by : {"distance", "hops", "fidelity"}
        A measure that adds up along a path, as in :func:`route`.

    Returns
    -------
    list of tuple of node
        In the order of the requests.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> routes(nsfnet(), [(0, 13), (2, 8)])
    [(0, 7, 8, 12, 13), (2, 5, 9, 8)]
    """
    from scipy.sparse.csgraph import dijkstra

    as_choice(by, _ADDITIVE, "by")
    asked = check_requests(network, requests)
    names = list(network)
    index = {name: i for i, name in enumerate(names)}
    weights = _weights(network, by, index)
    pairs = np.array([(index[u], index[v]) for u, v in asked]).reshape(-1, 2)
    # The graph has no direction: start from the side with fewer different nodes.
    turned = len(np.unique(pairs[:, 1])) < len(np.unique(pairs[:, 0]))
    starts, ends = (pairs[:, 1], pairs[:, 0]) if turned else (pairs[:, 0], pairs[:, 1])
    found: list[Path] = [()] * len(asked)
    sources, which = np.unique(starts, return_inverse=True)
    for first in range(0, len(sources), _BLOCK):
        block = sources[first : first + _BLOCK]
        _, before = dijkstra(weights, directed=False, indices=block, return_predecessors=True)
        for at in np.flatnonzero((which >= first) & (which < first + _BLOCK)):
            row, node, walk = before[which[at] - first], ends[at], [ends[at]]
            while node != starts[at]:
                node = row[node]
                walk.append(node)
            found[at] = tuple(names[i] for i in (walk if turned else reversed(walk)))
    return found


def _weights(network: Network, by: str, index: dict) -> "csr_array":
    """Return the weights that add up along a path, as a sparse matrix; each link once."""
    from scipy.sparse import csr_array

    def weight(u: Hashable, v: Hashable, link: Link) -> float:
        if by == "hops":
            return 1.0
        if by == "distance":
            return link.length_km
        # half of a swap's cost to each link beside it; those at the ends are the same for every path
        swaps = -0.5 * (np.log(network[u].swap_werner) + np.log(network[v].swap_werner))
        return float(swaps - np.log(link.werner)) + 1e-15  # csgraph takes 0 for no link

    entries = [(index[u], index[v], weight(u, v, link)) for (u, v), link in network.links.items()]
    rows, columns, values = zip(*entries, strict=True)
    return csr_array((np.array(values), (rows, columns)), shape=(len(index), len(index)))


def _capacity(link: Link) -> float:
    return float(plob(link.transmittance))


def disjoint_paths(network: Network, source: Hashable, target: Hashable) -> list[Path]:
    """Return as many paths as there can be that share no link: what is left when links fail, or what adds up.

    Parameters
    ----------
    network : Network
        The nodes and links.
    source, target : node
        Two different nodes, connected.

    Returns
    -------
    list of tuple of node
        By Menger's theorem as many as links must fail to cut the two nodes apart.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> len(disjoint_paths(nsfnet(), 0, 13))
    3
    """
    import networkx as nx

    _check_request(network, source, target)
    return [tuple(path) for path in nx.edge_disjoint_paths(network.graph, source, target)]


def multipath_capacity(network: Network, source: Hashable, target: Hashable) -> float:
    r"""Return the secret-key capacity between two nodes over all paths at once: a maximum flow.

    .. math:: K = \min_{\text{cuts}} \sum_{\text{links cut}} -\log_2(1-\eta_i)

    Bits per use of the *whole network*, each link used once. Over one path the capacity is that of its worst link, and the
    widest path is the best of them (:func:`route` with ``by="bottleneck"``).

    Parameters
    ----------
    network : Network
        The nodes and links; links lossy, swaps perfect.
    source, target : node
        Two different nodes, connected.

    Returns
    -------
    float
        Infinite if a path without loss joins the two.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> round(multipath_capacity(nsfnet(scale=1 / 20), 0, 13), 6)
    0.186789

    References
    ----------
    Pirandola, "End-to-end capacities of a quantum communication network", Communications Physics 2, 51 (2019), arXiv:1601.00966.
    """
    import networkx as nx

    _check_request(network, source, target)
    flow = nx.Graph()
    for (u, v), link in network.links.items():
        flow.add_edge(u, v, capacity=_capacity(link))
    try:
        return float(nx.maximum_flow_value(flow, source, target))
    except nx.NetworkXUnbounded:
        return float("inf")


def shortest_paths(network: Network, source: Hashable, target: Hashable, k: int) -> list[Path]:
    """Return the k shortest paths by distance, or as many as there are, shortest first (Yen's algorithm).

    Parameters
    ----------
    network : Network
        The nodes and links.
    source, target : node
        Two different nodes, connected.
    k : int
        How many.

    Returns
    -------
    list of tuple of node

    Examples
    --------
    >>> from qlearn.communication.quantum_network import nsfnet
    >>> net = nsfnet()
    >>> [sum(link.length_km for link in net.links_of(path)) for path in shortest_paths(net, 0, 13, 3)]
    [3600.0, 3750.0, 4650.0]
    """
    from itertools import islice

    import networkx as nx

    _check_request(network, source, target)
    every = nx.shortest_simple_paths(network.graph, source, target, weight="length_km")
    return [tuple(path) for path in islice(every, as_count(k, "k"))]


def as_tuples(given: Iterable[Iterable[Hashable]], name: str, form: str) -> list[tuple[Hashable, ...]]:
    """Return a list of tuples; refuse what is none."""
    try:
        return [tuple(one) for one in given]
    except TypeError:
        raise TypeError(f"{name} must be {form}, not {given!r}") from None


def _check_request(network: Network, source: Hashable, target: Hashable) -> None:
    check_requests(network, [(source, target)])


def check_requests(network: Network, requests: Iterable[Request]) -> Sequence[Request]:
    """Return the requests as a list; refuse unknown, equal and disconnected ends before any work."""
    import networkx as nx

    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, not {type(network).__name__}: Network(graph) makes one")
    asked = as_tuples(requests, "requests", "a list of pairs (source, target)")
    island: dict[Hashable, int] = {}
    for number, nodes in enumerate(nx.connected_components(network.graph)):
        island |= dict.fromkeys(nodes, number)
    for request in asked:
        if len(request) != 2:
            raise ValueError(f"a request must be a pair (source, target), not {request!r}")
        source, target = request
        network.check(source)
        network.check(target)
        if source == target:
            raise ValueError(f"a request must join two different nodes, not {source!r} with itself")
        if island[source] != island[target]:
            raise ValueError(
                f"nodes {source!r} and {target!r} are not connected: add a link, or drop the request"
            )
    return asked  # type: ignore[return-value]
