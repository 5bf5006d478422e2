"""Contention: the exact optimum against every choice of paths, against the greedy way, and refusals."""

from itertools import pairwise, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication import quantum_network as qn
from qlearn.communication.quantum_network import contention

REQUESTS = [(0, 13), (1, 12), (2, 11), (3, 9), (4, 8), (5, 10), (6, 13), (7, 12), (0, 9), (1, 5)]


@pytest.mark.parametrize(("capacity", "served", "km", "greedy"), [(1, 6, 15150, 5), (2, 10, 29700, 9)])
def test_ten_requests_on_the_nsfnet(capacity, served, km, greedy):
    best = qn.optimal_routes(qn.nsfnet(), REQUESTS, capacity=capacity)
    assert (best.served, best.length_km) == (served, km)
    assert qn.greedy_routes(qn.nsfnet(), REQUESTS, capacity=capacity).served == greedy


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_optimum_is_that_of_all_choices(seed):
    rng = np.random.default_rng(seed)
    graph = nx.cycle_graph(5)
    graph.add_edge(0, 2)
    for edge in graph.edges:
        graph.edges[edge]["length_km"] = float(rng.integers(1, 9))
    network = qn.Network(graph)
    asked = [tuple(map(int, rng.choice(5, 2, replace=False))) for _ in range(3)]
    best = (0, 0.0)
    for paths in product(*([None, *nx.all_simple_paths(graph, *request)] for request in asked)):
        used = [frozenset(edge) for path in paths if path for edge in pairwise(path)]
        if len(set(used)) == len(used):
            km = sum(graph.edges[tuple(edge)]["length_km"] for edge in used)
            best = max(best, (sum(path is not None for path in paths), -km))
    found = qn.optimal_routes(network, asked)
    assert (found.served, -found.length_km) == best
    greedy = qn.greedy_routes(network, asked)
    assert greedy.served <= found.served
    for routes in (found, greedy):
        assert max(routes.load().values(), default=0) <= 1
        for (u, v), path in zip(asked, routes.paths, strict=True):
            assert path is None or (path[0], path[-1]) == (u, v)


def test_the_least_fibre_is_found_where_two_ways_differ_by_little():
    # 5 m of 10,000 km, in a network of 325,000 km
    graph = nx.Graph()
    for u, v, km in ((0, 1, 5000), (1, 3, 5000), (0, 2, 5000), (2, 3, 5000.005)):
        graph.add_edge(u, v, length_km=km, success=0.1)
    nx.add_path(graph, range(3, 40), length_km=9000, success=0.1)
    best = qn.optimal_routes(qn.Network(graph), [(0, 3), *((k, k + 1) for k in range(5, 30))])
    assert best.served == 26
    assert best.paths[0] in ((0, 1, 3), (0, 2, 3))
    assert best.length_km == pytest.approx(10_000 + 25 * 9000, abs=2e-6 * 325_000 / 40)
    graph.edges[2, 3]["length_km"] = 5001
    assert qn.optimal_routes(qn.Network(graph), [(0, 3), *((k, k + 1) for k in range(5, 30))]).paths[0] == (
        0,
        1,
        3,
    )


def test_links_too_short_for_the_solver_do_not_make_a_path_go_in_circles():
    graph = nx.Graph()
    for u, v, km in ((0, 1, 1e4), (2, 3, 1e4), (1, 3, 1e4), (1, 2, 1e-7), (1, 4, 1e-7), (4, 2, 1e-7)):
        graph.add_edge(u, v, length_km=km, success=0.1)
    best = qn.optimal_routes(qn.Network(graph), [(0, 3), (1, 3)])
    assert best.served == 2
    assert contention._walk((0, 3), [(0, 1), (1, 4), (4, 2), (2, 1), (1, 3)]) == (0, 1, 3)


def test_worth_goes_before_number():
    line = qn.grid(1, 3)
    asked = [((0, 0), (0, 2)), ((0, 0), (0, 1)), ((0, 1), (0, 2))]
    assert qn.optimal_routes(line, asked, worth=[3, 1, 1]).paths[1:] == (None, None)
    # in no set of the most requests: no turns help the long one, whatever it is worth below the two together
    assert qn.optimal_routes(line, asked, worth=[1.9, 1, 1]).paths[0] is None
    # a little less worth for those who were served more often: nobody waits for ever, and each round serves the most
    rounds = np.zeros(10)
    for _ in range(4):
        found = qn.optimal_routes(qn.nsfnet(), REQUESTS, worth=1 + 0.01 * (rounds.max() - rounds))
        assert found.served == 6
        rounds += [path is not None for path in found.paths]
    assert rounds.min() > 0
    for bad in ([1, 1], [1, 1, 0], [1, 1, -1]):
        with pytest.raises(ValueError, match="worth must be"):
            qn.optimal_routes(line, asked, worth=bad)


def test_one_to_many_is_limited_by_the_links_of_the_centre():
    star = qn.optimal_routes(qn.nsfnet(), [(0, leaf) for leaf in (3, 5, 9, 11, 13)])
    assert star.served == 3  # node 0 has three links
    assert sum(count for ends, count in star.load().items() if 0 in ends) == 3
    many_to_one = qn.optimal_routes(qn.nsfnet(), [(leaf, 0) for leaf in (3, 5, 9, 11, 13)])
    assert (many_to_one.served, many_to_one.length_km) == (star.served, star.length_km)


def test_load_counts_every_link():
    routes = qn.greedy_routes(qn.grid(1, 3), [((0, 0), (0, 2)), ((0, 1), (0, 0))], capacity=2)
    assert routes.load() == {((0, 0), (0, 1)): 2, ((0, 1), (0, 2)): 1}
    assert repr(routes) == "Routes(2 of 2 served, 30 km)"
    assert qn.optimal_routes(qn.grid(1, 3), []).served == 0


def test_jain():
    assert qn.jain_index([3, 3, 3]) == pytest.approx(1)
    assert qn.jain_index([0, 0, 5, 0]) == pytest.approx(1 / 4)
    assert qn.jain_index([1, 2, 3]) == pytest.approx(36 / (3 * 14))
    assert qn.jain_index([1e-300, 1e-300]) == pytest.approx(1)
    for bad in ([], [0, 0], [[1.0]]):
        with pytest.raises(ValueError, match="shares must be"):
            qn.jain_index(np.array(bad, dtype=float))
    with pytest.raises(ValueError, match="shares must be finite and at least 0"):
        qn.jain_index([1, -1])


def test_refusals():
    net = qn.nsfnet()
    for serve in (qn.greedy_routes, qn.optimal_routes):
        with pytest.raises(ValueError, match="there is no node 99"):
            serve(net, [(0, 99)])
        with pytest.raises(ValueError, match="capacity must be at least 1"):
            serve(net, [(0, 1)], capacity=0)
    with pytest.raises(ValueError, match="seconds must be above 0"):
        qn.optimal_routes(net, REQUESTS, seconds=-1)
    with pytest.raises(ValueError, match="no optimum was proved in 1e-09 s"):
        qn.optimal_routes(net, REQUESTS, seconds=1e-9)
