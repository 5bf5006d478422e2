"""Backbone traffic: paths and loads by an own search, and what is refused."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from qlearn.applications.routing_6g import backbone_traffic, random_demands
from qlearn.communication.quantum_network import nobel_us


def all_paths(network, source, target, way=()):
    """Every simple path, by depth first search."""
    way = (*way, source)
    if source == target:
        return [way]
    return [p for n in network[source] if n not in way for p in all_paths(network, n, target, way)]


def test_paths_are_the_shortest_of_all():
    network = nobel_us().graph
    traffic = backbone_traffic(network, [(0, 13, 2), (3, 9, 1)], 5, n_paths=6)
    for (source, target, _), paths in zip(traffic.demands, traffic.paths, strict=True):
        lengths = sorted(len(p) for p in all_paths(network, source, target))
        assert [len(p) for p in paths] == lengths[:6]
        assert len(set(paths)) == 6


def test_uses_are_the_units_on_the_links_of_each_path():
    traffic = backbone_traffic(nobel_us().graph, random_demands(nobel_us().graph, 8, rng=2), 9)
    problem = traffic.problem
    assert (problem.capacity == 9).all()
    for (_, _, units), paths, table in zip(traffic.demands, traffic.paths, problem.uses, strict=True):
        for path, row in zip(paths, table, strict=True):
            crossed = {frozenset(hop) for hop in pairwise(path)}
            assert {frozenset(traffic.links[r]) for r in np.flatnonzero(row)} == crossed
            assert set(row[row > 0].tolist()) == {units}
    assert problem.value.tolist() == [units for *_, units in traffic.demands]


def test_lengths_count_where_they_are_asked_for():
    ring = nx.cycle_graph(4)
    nx.set_edge_attributes(ring, {(0, 1): 9.0, (1, 2): 1.0, (2, 3): 1.0, (0, 3): 1.0}, "km")
    short = backbone_traffic(ring, [(0, 1, 1)], 1, n_paths=1, weight="km")
    assert short.paths == (((0, 3, 2, 1),),)
    assert backbone_traffic(ring, [(0, 1, 1)], 1, n_paths=1).paths == (((0, 1),),)


def test_demands_are_drawn_evenly():
    # 6000 demands of 1 to 10 units: a count has mean 600, sd 23.2; ten counts within 5.5 sd fail by chance 4e-7
    drawn = random_demands(nx.path_graph(4), 6000, rng=0)
    counts = np.bincount([units for *_, units in drawn], minlength=11)[1:]
    assert counts.size == 10
    assert np.abs(counts - 600).max() < 5.5 * np.sqrt(600 * 0.9)
    assert all(a != b for a, b, _ in drawn)


def test_refuses():
    ring = nx.cycle_graph(4)
    with pytest.raises(TypeError, match=r"undirected networkx\.Graph, not DiGraph"):
        backbone_traffic(nx.DiGraph(ring), [(0, 1, 1)], 1)
    with pytest.raises(ValueError, match="two different nodes"):
        backbone_traffic(ring, [(0, 0, 1)], 1)
    with pytest.raises(ValueError, match="are not connected"):
        backbone_traffic(nx.empty_graph(2), [(0, 1, 1)], 1)
    with pytest.raises(ValueError, match="at least one"):
        backbone_traffic(ring, [], 1)
    with pytest.raises(ValueError, match="units of a demand must be at least 1"):
        backbone_traffic(ring, [(0, 1, 0)], 1)
    with pytest.raises(ValueError, match="capacity must be at least 1"):
        backbone_traffic(ring, [(0, 1, 1)], 0)
    with pytest.raises(ValueError, match="two nodes at least"):
        random_demands(nx.empty_graph(1), 1)
