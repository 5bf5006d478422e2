"""Contention: many requests that want the same links, served one after the other or all at once by an exact optimum."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_reals
from qlearn.communication.quantum_network.network import Network
from qlearn.communication.quantum_network.routing import Path, Request, check_requests


@dataclass(frozen=True, eq=False)
class Routes:
    """Which requests are served, and on which paths."""

    network: Network
    requests: tuple[Request, ...]
    paths: tuple[Path | None, ...]
    """One for each request; None: not served."""
    capacity: int
    """Requests that a link may carry."""

    @property
    def served(self) -> int:
        """How many requests have a path."""
        return sum(path is not None for path in self.paths)

    @property
    def length_km(self) -> float:
        """Length of all paths together."""
        return float(
            sum(link.length_km for path in self.paths if path for link in self.network.links_of(path))
        )

    def load(self) -> dict[tuple[Hashable, Hashable], int]:
        """Return how many requests each link carries, by its ends; every link of the network is there."""
        used = Counter(frozenset(edge) for path in self.paths if path for edge in pairwise(path))
        return {ends: used[frozenset(ends)] for ends in self.network.links}

    def __repr__(self) -> str:
        return f"Routes({self.served} of {len(self.requests)} served, {self.length_km:g} km)"


def greedy_routes(network: Network, requests: Iterable[Request], *, capacity: int = 1) -> Routes:
    """Serve requests in their order, each on the shortest path that is left, or not at all.

    Parameters
    ----------
    network : Network
        The nodes and links.
    requests : iterable of (source, target)
        Pairs of different nodes, connected.
    capacity : int
        Requests that a link may carry. The memories of nodes are not counted here: :class:`Network` and the link layer do.

    Returns
    -------
    Routes
        The order decides: an early request may take the link that two later ones need.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import grid
    >>> line = grid(1, 3)
    >>> greedy_routes(line, [((0, 0), (0, 2)), ((0, 0), (0, 1)), ((0, 1), (0, 2))])
    Routes(1 of 3 served, 20 km)
    """
    import networkx as nx

    asked, capacity = check_requests(network, requests), as_count(capacity, "capacity")
    left = nx.Graph()
    left.add_nodes_from(network)
    for (u, v), link in network.links.items():
        left.add_edge(u, v, length_km=link.length_km, free=capacity)
    paths: list[Path | None] = []
    for source, target in asked:
        try:
            path = tuple(nx.dijkstra_path(left, source, target, weight="length_km"))
        except nx.NetworkXNoPath:
            paths.append(None)
            continue
        for u, v in pairwise(path):
            left.edges[u, v]["free"] -= 1
            if not left.edges[u, v]["free"]:
                left.remove_edge(u, v)
        paths.append(path)
    return Routes(network, tuple(asked), tuple(paths), capacity)


def optimal_routes(
    network: Network,
    requests: Iterable[Request],
    *,
    capacity: int = 1,
    worth: ArrayLike | None = None,
    seconds: float = 60.0,
) -> Routes:
    r"""Serve as many requests as can be, on the least fibre: two integer programmes, one after the other.

    .. math:: \max \sum_r w_r y_r, \text{ and with this maximum } \min \sum_{r,a} L_a x_{ra}, \quad
              \sum_{a \text{ out of } v} x_{ra} - \sum_{a \text{ into } v} x_{ra} = y_r\,(\delta_{v s_r} - \delta_{v t_r}),
              \quad \sum_r x_{r,uv} + x_{r,vu} \le c

    :math:`y_r` says whether request r is served, :math:`x_{ra}` whether its path takes link a in that direction; both are
    0 or 1. The solver proves both optima, up to its tolerance, a millionth of the worth of the average request and of the
    length of the average link. The problem (integer multicommodity flow) is NP-hard: small cases only.

    Parameters
    ----------
    network : Network
        The nodes and links.
    requests : iterable of (source, target)
        Pairs of different nodes, connected.
    capacity : int
        Requests that a link may carry. The memories of nodes are not counted here: :class:`Network` and the link layer do.
    worth : array_like of float, shape (requests,), optional
        :math:`w_r`, what serving a request is worth, above 0. None: 1 each, so that their number counts.
    seconds : float
        Time limit of each programme; without a proven optimum by then it refuses to answer.

    Returns
    -------
    Routes

    Examples
    --------
    >>> from qlearn.communication.quantum_network import grid
    >>> line = grid(1, 3)
    >>> optimal_routes(line, [((0, 0), (0, 2)), ((0, 0), (0, 1)), ((0, 1), (0, 2))])
    Routes(2 of 3 served, 20 km)
    >>> optimal_routes(line, [((0, 0), (0, 2)), ((0, 0), (0, 1))], worth=[2, 1]).paths
    (((0, 0), (0, 1), (0, 2)), None)

    References
    ----------
    Even, Itai and Shamir, SIAM J. Comput. 5, 691 (1976), doi:10.1137/0205048: NP-complete already for two commodities.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, kron

    asked, capacity = check_requests(network, requests), as_count(capacity, "capacity")
    seconds = as_real(seconds, "seconds", above=0)
    value = np.ones(len(asked)) if worth is None else as_reals(worth, "worth", least=0)
    if value.shape != (len(asked),) or not (value > 0).all():
        raise ValueError(f"worth must be one number above 0 for each of {len(asked)} requests, not {worth!r}")
    if not asked:
        return Routes(network, (), (), capacity)
    names = {name: i for i, name in enumerate(network)}
    links = network.links
    arcs = [*links, *((v, u) for u, v in links)]
    km = np.array([link.length_km for link in links.values()] * 2)
    r, a, n = len(asked), len(arcs), len(names)

    tails, heads = (np.array([names[arc[side]] for arc in arcs]) for side in (0, 1))
    columns = np.tile(np.arange(a), 2)
    signs = np.repeat([1.0, -1.0], a)
    incidence = csr_array((signs, (np.concatenate([tails, heads]), columns)), shape=(n, a))
    ends = np.array([(names[s], names[t]) for s, t in asked])
    rows = np.concatenate([np.arange(r) * n + ends[:, 0], np.arange(r) * n + ends[:, 1]])
    ask = csr_array((np.repeat([-1.0, 1.0], r), (rows, np.tile(np.arange(r), 2))), shape=(r * n, r))
    flow = hstack([kron(csr_array(np.eye(r)), incidence), ask])
    once = csr_array((np.ones(a), (np.tile(np.arange(a // 2), 2), np.arange(a))), shape=(a // 2, a))
    carried = hstack([kron(csr_array(np.ones((1, r))), once), csr_array((a // 2, r))])

    value, km = value / value.mean(), km / km.mean()  # the solver stops within 1e-6 of the optimum
    worths = np.concatenate([np.zeros(r * a), value])

    def solve(cost: NDArray[np.float64], *more: LinearConstraint) -> NDArray[np.float64]:
        solved = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(flow, 0, 0), LinearConstraint(carried, -np.inf, capacity), *more],
            options={"time_limit": seconds, "mip_rel_gap": 0},
        )
        if solved.status != 0:
            raise ValueError(
                f"no optimum was proved in {seconds:g} s ({solved.message}): the problem is NP-hard; ask for fewer "
                "requests or a smaller network, or take greedy_routes"
            )
        return np.rint(solved.x)

    most = float(worths @ solve(-worths))
    found = solve(
        np.concatenate([np.tile(km, r), np.zeros(r)]),
        LinearConstraint(csr_array(worths[None]), most - 1e-6, np.inf),
    )
    chosen = found[: r * a].astype(bool).reshape(r, a)
    return Routes(
        network,
        tuple(asked),
        tuple(
            _walk(request, [arcs[i] for i in np.flatnonzero(row)]) if served else None
            for request, row, served in zip(asked, chosen, found[r * a :].astype(bool), strict=True)
        ),
        capacity,
    )


def _walk(request: Request, arcs: list) -> Path:
    """Return a path that the chosen arcs make; beside it may lie a circle of links too short for the solver to see."""
    import networkx as nx

    return tuple(nx.shortest_path(nx.DiGraph(arcs), *request))


def jain_index(shares: ArrayLike) -> float:
    r"""Return Jain's index of fairness, from 1/n (one has all) to 1 (all have the same).

    .. math:: J = \frac{\bigl(\sum_i x_i\bigr)^2}{n \sum_i x_i^2}

    If k of n have equal shares and the others nothing, it is k/n.

    Parameters
    ----------
    shares : array_like of float, shape (n,)
        What each gets, not negative, not all zero.

    Returns
    -------
    float

    Examples
    --------
    >>> jain_index([1, 1, 0, 0])
    0.5

    References
    ----------
    Jain, Chiu and Hawe, "A quantitative measure of fairness and discrimination", DEC-TR-301 (1984), arXiv:cs/9809099.
    """
    x: NDArray[np.float64] = as_reals(shares, "shares", least=0)
    if x.ndim != 1 or not x.size or not x.any():
        raise ValueError(f"shares must be one or more numbers, not all of them zero, not {shares!r}")
    x = x / x.max()
    return float(x.sum() ** 2 / (x.size * (x**2).sum()))
