"""Routing and spectrum allocation: traffic that shares links, and neighbours that share channels, as little as they can."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from typing import Any

import networkx as nx
import numpy as np

from qlearn._checks import as_count, as_probability
from qlearn.learning.optimisation.assignment import AssignmentProblem
from qlearn.learning.optimisation.maxcut import as_graph


@dataclass(frozen=True, eq=False)
class Routing:
    """Demands, the paths each may take, and the choice between them."""

    demands: tuple[tuple[Hashable, Hashable, float], ...]
    """Source, target and traffic of each."""
    paths: tuple[tuple[tuple[Hashable, ...], ...], ...]
    """Nodes of each path of each demand, shortest first."""
    choices: AssignmentProblem
    """The cost as :class:`AssignmentProblem`: its ``bqm``, ``exact`` and ``greedy``."""

    def loads(self, chosen: Sequence[int]) -> dict[frozenset[Hashable], float]:
        """Return the traffic on every link that is used."""
        load: dict[frozenset[Hashable], float] = {}
        for (_, _, traffic), paths, i in zip(self.demands, self.paths, chosen, strict=True):
            for link in pairwise(paths[i]):
                load[frozenset(link)] = load.get(frozenset(link), 0.0) + traffic
        return load


def routing(network: nx.Graph, demands: Sequence[tuple[Any, Any, float]], *, n_paths: int = 3) -> Routing:
    r"""Choose a path for each demand such that the sum of squared link loads is least.

    .. math:: \sum_\ell \Bigl( \sum_{d:\ \ell \in P_d} t_d \Bigr)^2
              = \sum_d t_d^2\, |P_d| + \sum_{d<e} 2\, t_d\, t_e\, |P_d \cap P_e|

    Long paths cost, and sharing a link costs more than using two. The cost is quadratic already: only "one path
    each" needs a penalty. For *one* demand the answer is the shortest path, and Dijkstra finds it at once.

    Parameters
    ----------
    network : networkx.Graph
        Undirected.
    demands : sequence of (source, target, traffic)
        Traffic positive, in any unit.
    n_paths : int
        How many shortest simple paths a demand may choose from.

    Returns
    -------
    Routing

    Examples
    --------
    >>> square = nx.cycle_graph(4)
    >>> plan = routing(square, [(0, 2, 1.0), (0, 2, 1.0)], n_paths=2)
    >>> chosen = plan.choices.exact()
    >>> sorted(plan.paths[d][i] for d, i in enumerate(chosen))  # one round each side
    [(0, 1, 2), (0, 3, 2)]

    References
    ----------
    Lucas, 2014, arXiv:1302.5843 (one choice each); the cost is the usual quadratic one of load balancing.
    """
    if not isinstance(network, nx.Graph) or network.is_directed() or network.is_multigraph():
        raise TypeError(f"network must be an undirected networkx.Graph, not {type(network).__name__}")
    n_paths = as_count(n_paths, "n_paths")
    for demand in (listed := list(demands)):
        if not hasattr(demand, "__len__") or len(demand) != 3:
            raise ValueError(f"demands must hold (source, target, traffic) for each, not {demand!r}")
    asked = tuple((source, target, float(traffic)) for source, target, traffic in listed)
    if not asked:
        raise ValueError("demands must hold at least one (source, target, traffic); it is empty")
    for source, target, traffic in asked:
        if source not in network or target not in network or source == target:
            raise ValueError(
                f"demands must join two different nodes of the network, not {source!r} and {target!r}"
            )
        if not (np.isfinite(traffic) and traffic > 0):
            raise ValueError(f"demands must carry positive traffic; {source!r} to {target!r} has {traffic}")
        if not nx.has_path(network, source, target):
            raise ValueError(f"demands must have a path: {source!r} and {target!r} are not connected")
    paths = tuple(
        tuple(tuple(path) for path in islice(nx.shortest_simple_paths(network, source, target), n_paths))
        for source, target, _ in asked
    )
    links = [[{frozenset(link) for link in pairwise(path)} for path in options] for options in paths]
    single = tuple(
        np.array([traffic**2 * len(used) for used in options])
        for (_, _, traffic), options in zip(asked, links, strict=True)
    )
    pairs = {
        (a, b): 2
        * asked[a][2]
        * asked[b][2]
        * np.array([[len(one & other) for other in links[b]] for one in links[a]], float)
        for a, b in combinations(range(len(asked)), 2)
    }
    shared = {key: table for key, table in pairs.items() if table.any()}
    return Routing(asked, paths, AssignmentProblem(single, shared))


def spectrum_allocation(
    interference: nx.Graph, n_channels: int, *, leakage: float = 0.0
) -> AssignmentProblem:
    r"""Choose a channel for each transmitter such that the interference left is least.

    .. math:: \sum_{(u,v)} w_{uv} \times \begin{cases} 1 & c_u = c_v \\ \lambda & |c_u - c_v| = 1 \\
              0 & \text{otherwise} \end{cases}

    With two channels and no leakage this is MaxCut: what the cut does not catch is left, and one bit a transmitter is
    enough. With more channels it takes one bit for each transmitter *and* channel.

    Parameters
    ----------
    interference : networkx.Graph
        Transmitters; edge ``weight`` (1 without) is the power that leaks from one into the other on the same channel.
    n_channels : int
        Channels, at least 2.
    leakage : float
        Share :math:`\lambda` of it that reaches a neighbouring channel, 0 to 1.

    Returns
    -------
    AssignmentProblem
        Party a is node a in the order of ``interference.nodes``; option i is channel i.

    Examples
    --------
    >>> triangle = spectrum_allocation(nx.cycle_graph(3), 3)
    >>> sorted(triangle.exact()), triangle.cost((0, 1, 1))
    ([0, 1, 2], 1.0)

    References
    ----------
    Hale, "Frequency assignment: theory and applications", 1980, doi:10.1109/PROC.1980.11899.
    Lucas, 2014, arXiv:1302.5843, section 6.1.
    """
    nodes = {node: place for place, node in enumerate(as_graph(interference))}
    n_channels, leakage = as_count(n_channels, "n_channels", least=2), as_probability(leakage, "leakage")
    apart = np.abs(np.subtract.outer(np.arange(n_channels), np.arange(n_channels)))
    heard = np.where(apart == 0, 1.0, np.where(apart == 1, leakage, 0.0))
    pairs = {
        (min(nodes[u], nodes[v]), max(nodes[u], nodes[v])): weight * heard
        for u, v, weight in interference.edges(data="weight", default=1)
    }
    return AssignmentProblem((np.zeros(n_channels),) * len(nodes), pairs)
