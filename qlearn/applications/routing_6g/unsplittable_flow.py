"""Unsplittable flow: demands on a network whose links have a capacity, each on one path."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import networkx as nx
import numpy as np

from qlearn._checks import as_count, as_rng
from qlearn.applications.routing_6g.admission import AdmissionProblem


@dataclass(frozen=True, eq=False)
class BackboneTraffic:
    """Demands, the paths each may take, and the links in the order of the problem's resources.

    Parameters
    ----------
    demands : tuple of (source, target, units)
        What is asked for.
    paths : tuple of tuple of tuple
        Nodes of each path of each demand, shortest first.
    links : tuple of (node, node)
        Column r of the problem is link r.
    problem : AdmissionProblem
        Whom to serve, on which path; its value is traffic.
    """

    demands: tuple[tuple[Hashable, Hashable, int], ...]
    paths: tuple[tuple[tuple[Hashable, ...], ...], ...]
    links: tuple[tuple[Hashable, Hashable], ...]
    problem: AdmissionProblem

    def __repr__(self) -> str:
        return f"BackboneTraffic({len(self.demands)} demands, {len(self.links)} links)"


def backbone_traffic(
    network: nx.Graph,
    demands: Sequence[tuple[Any, Any, int]],
    capacity: int,
    *,
    n_paths: int = 4,
    weight: str | None = None,
) -> BackboneTraffic:
    """Write demands on a network as the problem of serving most traffic, each demand on one path.

    Parameters
    ----------
    network : networkx.Graph
        Undirected; a link carries its capacity for both directions together.
    demands : sequence of (source, target, units)
        Whole units of traffic: of 10 Gbit/s, say.
    capacity : int
        Units that each link carries.
    n_paths : int
        How many shortest simple paths a demand may choose from (Yen).
    weight : str, optional
        Attribute of a link that says its length. None: every link counts 1.

    Returns
    -------
    BackboneTraffic

    Examples
    --------
    >>> ring = backbone_traffic(nx.cycle_graph(4), [(0, 2, 3), (0, 2, 3), (0, 2, 3)], 4)
    >>> plan = ring.problem.exact()
    >>> ring.problem.served(plan), sorted(ring.paths[d][i] for d, i in enumerate(plan) if i >= 0)
    (6.0, [(0, 1, 2), (0, 3, 2)])

    References
    ----------
    Yen, "Finding the k shortest loopless paths in a network", 1971, doi:10.1287/mnsc.17.11.712. Pioro and Medhi, "Routing, Flow,
    and Capacity Design in Communication and Computer Networks", 2004 (path formulations).
    """
    if not isinstance(network, nx.Graph) or network.is_directed() or network.is_multigraph():
        raise TypeError(f"network must be an undirected networkx.Graph, not {type(network).__name__}")
    capacity, n_paths = as_count(capacity, "capacity"), as_count(n_paths, "n_paths")
    asked = []
    for demand in demands:
        source, target, units = demand
        if source not in network or target not in network or source == target:
            raise ValueError(
                f"demands must join two different nodes of the network, not {source!r} and {target!r}"
            )
        if not nx.has_path(network, source, target):
            raise ValueError(f"demands must have a path: {source!r} and {target!r} are not connected")
        asked.append((source, target, as_count(units, "units of a demand")))
    if not asked:
        raise ValueError("demands must hold at least one (source, target, units); it is empty")
    links = tuple(network.edges)
    column = {frozenset(link): r for r, link in enumerate(links)}
    known: dict[tuple[Any, Any], tuple[tuple[Any, ...], ...]] = {}
    paths, uses = [], []
    for source, target, units in asked:
        if (source, target) not in known:
            found = nx.shortest_simple_paths(network, source, target, weight=weight)
            known[source, target] = tuple(tuple(path) for path in islice(found, n_paths))
        paths.append(known[source, target])
        table = np.zeros((len(paths[-1]), len(links)), np.int64)
        for row, path in zip(table, paths[-1], strict=True):
            row[[column[frozenset(hop)] for hop in pairwise(path)]] = units
        uses.append(table)
    value = np.array([units for *_, units in asked], float)
    problem = AdmissionProblem(value, tuple(uses), np.full(len(links), capacity))
    return BackboneTraffic(tuple(asked), tuple(paths), links, problem)


def random_demands(
    network: nx.Graph, n_demands: int, *, most_units: int = 10, rng: Any = None
) -> list[tuple[Any, Any, int]]:
    """Return demands between random pairs of nodes, of 1 to `most_units` units, every number equally often.

    Parameters
    ----------
    network : networkx.Graph
        At least two nodes.
    n_demands, most_units : int
        How many, and the largest.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    list of (source, target, units)

    Examples
    --------
    >>> random_demands(nx.cycle_graph(5), 2, rng=0)
    [(3, 4, 3), (0, 1, 1)]
    """
    n_demands, most_units = as_count(n_demands, "n_demands"), as_count(most_units, "most_units")
    nodes = list(network)
    if len(nodes) < 2:
        raise ValueError(f"network must have two nodes at least, to join, not {len(nodes)}")
    random = as_rng(rng)
    found = []
    for _ in range(n_demands):
        i, j = random.choice(len(nodes), 2, replace=False).tolist()
        found.append((nodes[i], nodes[j], int(random.integers(1, most_units + 1))))
    return found
