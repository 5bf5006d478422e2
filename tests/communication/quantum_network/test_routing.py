"""Routing: published figures of two backbones, exhaustive search as oracle, refusals."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication import quantum_network as qn


def test_shortest_widest_and_all_paths_of_the_nsfnet_at_a_twentieth():
    small = qn.nsfnet(scale=1 / 20)
    shortest = qn.path_quality(small, qn.route(small, 0, 13))
    assert shortest.nodes == (0, 7, 8, 12, 13)
    assert 20 * shortest.length_km == pytest.approx(3600)
    assert shortest.bottleneck == pytest.approx(0.00575493543, rel=1e-8)
    widest = qn.path_quality(small, qn.route(small, 0, 13, by="bottleneck"))
    assert widest.bottleneck == pytest.approx(0.134675158, rel=1e-8)
    assert qn.multipath_capacity(small, 0, 13) == pytest.approx(0.186789041, rel=1e-8)
    assert len(qn.disjoint_paths(small, 0, 13)) == 3
    shortest = qn.path_quality(small, qn.route(small, 2, 8))
    assert shortest.bottleneck == pytest.approx(0.0230483, abs=1e-7)
    widest = qn.path_quality(small, qn.route(small, 2, 8, by="bottleneck"))
    assert widest.bottleneck == pytest.approx(0.282487751, rel=1e-8)
    assert qn.multipath_capacity(small, 2, 8) == pytest.approx(0.311290994, rel=1e-8)


def test_the_same_of_nobel_us():
    small = qn.nobel_us(scale=1 / 20)
    shortest = qn.path_quality(small, qn.route(small, 13, 8))
    assert shortest.nodes == (13, 5, 10, 8)
    assert 20 * shortest.length_km == pytest.approx(4001.93)
    assert shortest.bottleneck == pytest.approx(0.00211793819, rel=1e-8)
    widest = qn.path_quality(small, qn.route(small, 13, 8, by="bottleneck"))
    assert widest.bottleneck == pytest.approx(0.113472851, rel=1e-8)
    assert qn.multipath_capacity(small, 13, 8) == pytest.approx(0.143679084, rel=1e-8)


def test_best_fidelity_prefers_km_or_hops_by_what_a_swap_costs():
    assert qn.route(qn.nsfnet(), 0, 13, by="fidelity") == (0, 7, 8, 12, 13)
    assert qn.route(qn.nsfnet(swap_werner=0.9), 0, 13, by="fidelity") == (0, 2, 5, 13)
    assert len(qn.route(qn.nsfnet(), 0, 13, by="hops")) == 4


def test_three_shortest_paths():
    net = qn.nsfnet()
    lengths = [
        sum(link.length_km for link in net.links_of(path)) for path in qn.shortest_paths(net, 0, 13, 3)
    ]
    assert lengths == [3600, 3750, 4650]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_every_measure_finds_what_an_exhaustive_search_finds(seed):
    rng = np.random.default_rng(seed)
    graph = nx.gnm_random_graph(6, 4, seed=seed)
    graph.add_edges_from((i, (i + 1) % 6) for i in range(6))
    for edge in graph.edges:
        graph.edges[edge].update(
            length_km=rng.uniform(1, 60), fidelity=rng.uniform(0.9, 1), rate_hz=rng.uniform(1, 9)
        )
    for node in graph:
        graph.nodes[node].update(
            swap_success=rng.uniform(0.5, 1), swap_werner=rng.uniform(0.9, 1), coherence_s=1.0
        )
    network = qn.Network(graph)
    every = [qn.path_quality(network, path) for path in nx.all_simple_paths(graph, 0, 3)]
    best = {
        "distance": min(told.length_km for told in every),
        "hops": min(told.hops for told in every),
        "fidelity": max(told.fresh_fidelity for told in every),
        "bottleneck": max(told.bottleneck for told in every),
        "rate": max(told.rate_hz for told in every),
        "key_rate": max(told.key_rate_hz for told in every),
    }
    names = {
        "distance": "length_km",
        "fidelity": "fresh_fidelity",
        "rate": "rate_hz",
        "key_rate": "key_rate_hz",
    }
    for by, due in best.items():
        told = qn.path_quality(network, qn.route(network, 0, 3, by=by))
        assert getattr(told, names.get(by, by)) == pytest.approx(due, rel=1e-9), by


def test_of_equally_wide_paths_the_shortest():
    graph = nx.Graph()
    for u, v, km in ((0, 1, 50), (1, 2, 1), (1, 3, 30), (3, 2, 1), (0, 2, 80)):
        graph.add_edge(u, v, length_km=km)
    assert qn.route(qn.Network(graph), 0, 2, by="bottleneck") == (0, 1, 2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_disjoint_paths_are_as_many_as_a_cut_has_links(seed):
    graph = nx.connected_watts_strogatz_graph(9, 4, 0.5, seed=seed)
    nx.set_edge_attributes(graph, 1.0, "length_km")
    paths = qn.disjoint_paths(qn.Network(graph), 0, 5)
    assert len(paths) == len(nx.minimum_edge_cut(graph, 0, 5))
    used = [frozenset(edge) for path in paths for edge in pairwise(path)]
    assert len(set(used)) == len(used)
    assert all((path[0], path[-1]) == (0, 5) for path in paths)


def test_capacity_over_all_paths_is_that_of_the_narrowest_cut():
    # every cut of a small network, one by one
    network = qn.grid(2, 3, length_km=15)
    nodes, capacity = list(network), {}
    for ends, link in network.links.items():
        capacity[ends] = -np.log2(1 - link.transmittance)
    cuts = []
    for mask in range(2**6):
        side = {node for i, node in enumerate(nodes) if mask >> i & 1}
        if (0, 0) in side and (1, 2) not in side:
            cuts.append(sum(c for (u, v), c in capacity.items() if (u in side) != (v in side)))
    assert qn.multipath_capacity(network, (0, 0), (1, 2)) == pytest.approx(min(cuts), rel=1e-9)


def test_many_requests_are_routed_as_one_by_one_in_networkx():
    network = qn.grid(12, 12)
    rng = np.random.default_rng(7)
    graph = nx.Graph()
    for u, v in network.links:
        graph.add_edge(u, v, length_km=float(rng.uniform(1, 9)))
    network = qn.Network(graph)
    names = list(network)
    asked = [tuple(names[i] for i in rng.choice(len(names), 2, replace=False)) for _ in range(200)]
    for turned in (asked, [(u, names[0] if u != names[0] else names[1]) for u, _ in asked]):
        for (u, v), path in zip(turned, qn.routes(network, turned), strict=True):
            assert (path[0], path[-1]) == (u, v)
            assert list(path) == nx.dijkstra_path(graph, u, v, weight="length_km")


def test_perfect_links_and_swaps_are_links_too():
    path = qn.route(qn.grid(1, 4, fidelity=1.0), (0, 0), (0, 3), by="fidelity")
    assert len(path) == 4


def test_refusals():
    graph = nx.Graph([(0, 1), (2, 3)])
    nx.set_edge_attributes(graph, 1.0, "length_km")
    parted = qn.Network(graph)
    for ask in (qn.route, qn.disjoint_paths, qn.multipath_capacity):
        with pytest.raises(
            ValueError, match="nodes 0 and 3 are not connected: add a link, or drop the request"
        ):
            ask(parted, 0, 3)
    with pytest.raises(ValueError, match="there is no node 9"):
        qn.routes(parted, [(0, 1), (0, 9)])
    with pytest.raises(ValueError, match="must join two different nodes, not 1"):
        qn.route(parted, 1, 1)
    with pytest.raises(ValueError, match="a request must be a pair"):
        qn.routes(parted, [(0, 1, 2)])
    with pytest.raises(
        ValueError, match="by must be one of distance, hops, fidelity, bottleneck, rate, key_rate"
    ):
        qn.route(parted, 0, 1, by="luck")
    with pytest.raises(ValueError, match="by must be one of distance, hops, fidelity, not 'rate'"):
        qn.routes(parted, [(0, 1)], by="rate")
    with pytest.raises(ValueError, match="more than 5 simple paths"):
        qn.route(qn.grid(3, 3), (0, 0), (2, 2), by="rate", most=5)
    with pytest.raises(ValueError, match="k must be at least 1"):
        qn.shortest_paths(parted, 0, 1, 0)
    with pytest.raises(TypeError, match="must be a Network, not Graph"):
        qn.route(graph, 0, 1)
    assert qn.routes(parted, []) == []


def test_a_path_without_loss_has_no_bound():
    graph = nx.path_graph(3)
    nx.set_edge_attributes(graph, {edge: {"length_km": 1.0, "loss_db": 0.0} for edge in graph.edges})
    network = qn.Network(graph)
    assert qn.multipath_capacity(network, 0, 2) == np.inf
    assert qn.path_quality(network, qn.route(network, 0, 2, by="bottleneck")).bottleneck == np.inf
    graph.edges[0, 1]["loss_db"] = 3.0
    assert qn.multipath_capacity(qn.Network(graph), 0, 2) == pytest.approx(-np.log2(1 - 10**-0.3))


@pytest.mark.parametrize("requests", [5, [5], None])
def test_what_is_no_list_of_pairs_is_refused(requests):
    with pytest.raises(TypeError, match="requests must be a list of pairs"):
        qn.routes(qn.nsfnet(), requests)
