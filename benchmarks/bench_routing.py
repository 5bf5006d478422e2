"""Routing: a thousand requests on grids of 100 to 10,000 nodes, beside networkx's own Dijkstra for each request."""

import time
from collections.abc import Hashable, Iterable
from functools import partial

import networkx as nx
import numpy as np

from benchmarks.harness import Row, compare, time_best
from qlearn.communication.quantum_network import Network, grid, routes

SECTION = "routing"
REQUESTS, FEW = 1000, 20
SIDES = (10, 18, 32, 56, 100)


def asked(network: Network, n: int) -> list[tuple[Hashable, Hashable]]:
    """Return n random requests between different nodes."""
    nodes, rng = list(network), np.random.default_rng(1)
    return [tuple(nodes[i] for i in rng.choice(len(nodes), 2, replace=False)) for _ in range(n)]


def uneven(side: int) -> Network:
    """Return a grid with a length of its own for each link, so that shortest paths are single."""
    rng, graph = np.random.default_rng(side), nx.Graph()
    for u, v in grid(side, side).links:
        graph.add_edge(u, v, length_km=float(rng.uniform(5, 15)))
    return Network(graph)


def rows() -> Iterable[Row]:
    """Yield seconds for each size, the exponent that they grow with, and the rivals at both ends of the range."""
    sizes, seconds = [], []
    for side in SIDES:
        network = uneven(side)
        requests = asked(network, REQUESTS)
        mine = time_best(partial(routes, network, requests), repeat=3)
        sizes.append(side**2)
        seconds.append(mine)
        what = f"{REQUESTS} requests, {side**2} nodes"
        yield Row(SECTION, f"{what}: seconds", mine, bound="<= 10 s", holds=mine <= 10)
        if side not in (SIDES[0], SIDES[-1]):
            continue
        few, graph = requests[:FEW], network.graph
        for name, rival in (("dijkstra_path", nx.dijkstra_path), ("bidirectional_dijkstra", _bidirectional)):
            start = time.perf_counter()
            theirs = [tuple(rival(graph, u, v, weight="length_km")) for u, v in few]
            scaled = (time.perf_counter() - start) * REQUESTS / FEW
            assert theirs == routes(network, few)  # the same answers, or no race
            bound = 1.0 if side == SIDES[0] else 5.0
            yield compare(
                SECTION, what, mine, f"networkx {name}, {FEW} requests scaled", scaled, faster=bound
            )
    slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    yield Row(
        SECTION,
        f"exponent of seconds against nodes, {sizes[0]} to {sizes[-1]}",
        slope,
        bound="<= 1.4",
        holds=slope <= 1.4,
    )


def _bidirectional(graph: nx.Graph, u: Hashable, v: Hashable, weight: str) -> list[Hashable]:
    return nx.bidirectional_dijkstra(graph, u, v, weight=weight)[1]
