"""Topologies: figures of both backbones and of grids that were counted by another program."""

from itertools import product

import networkx as nx
import numpy as np
import pytest

from qlearn.communication.quantum_network import grid, nobel_us, nsfnet


@pytest.mark.parametrize(
    ("network", "links", "km", "mean_hops", "longest", "mean_km", "connectivity"),
    [
        (nsfnet(), 22, 21300, 2.120879, 3900, 1994.5055, 3),
        (nobel_us(), 21, 22838.35, 2.142857, 4457.20, 2281.1356, 2),
    ],
)
def test_backbones(network, links, km, mean_hops, longest, mean_km, connectivity):
    graph = network.graph
    assert (len(network), len(network.links)) == (14, links)
    assert network.length_km == pytest.approx(km)
    assert nx.diameter(graph) == 3
    pairs = [(a, b) for a in graph for b in graph if a != b]
    hops = dict(nx.all_pairs_shortest_path_length(graph))
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph, weight="length_km"))
    assert np.mean([hops[a][b] for a, b in pairs]) == pytest.approx(mean_hops, abs=1e-6)
    assert max(lengths[a][b] for a, b in pairs) == pytest.approx(longest)
    assert np.mean([lengths[a][b] for a, b in pairs]) == pytest.approx(mean_km, abs=1e-4)
    assert nx.edge_connectivity(graph) == connectivity


def test_nobel_us_has_towns_and_places():
    network = nobel_us()
    towns = [network.label(node) for node in range(14)]
    assert towns[:4] == ["Palo-Alto", "San-Diego", "Boulder", "Washington"]
    assert network.find("Seattle") == 13
    assert network.link(5, 13).length_km == 2833.58
    places = network.positions()
    assert places.shape == (14, 2)
    # great circles on the places as they come give the lengths: so they, too, have the minutes read as decimals
    lon, lat = np.radians(places).T
    for (u, v), link in network.links.items():
        half = (
            np.sin((lat[u] - lat[v]) / 2) ** 2
            + np.cos(lat[u]) * np.cos(lat[v]) * np.sin((lon[u] - lon[v]) / 2) ** 2
        )
        assert 2 * 6371 * np.arcsin(np.sqrt(half)) == pytest.approx(link.length_km, rel=2e-3)


def test_scale_and_attributes():
    small = nsfnet(scale=1 / 20, swap_success=0.5, efficiency=0.1)
    assert small.length_km == pytest.approx(1065)
    assert small[3].swap_success == 0.5
    assert small.link(12, 13).success == pytest.approx(0.1 * 10 ** (-0.02 * 7.5))
    assert nobel_us(fidelity=0.9).link(0, 1).fidelity == 0.9


def test_grids_have_as_many_shortest_corner_paths_as_binomials():
    for m, count in ((3, 6), (4, 20), (5, 70)):
        graph = grid(m, m).graph
        assert sum(1 for _ in nx.all_shortest_paths(graph, (0, 0), (m - 1, m - 1))) == count


def test_grid_corners_stay_connected_as_computed_over_all_sets_of_links():
    network = grid(3, 3)
    ends = list(network.links)
    by_size = [0] * 13
    for up in product((False, True), repeat=12):
        graph = nx.Graph([pair for pair, is_up in zip(ends, up, strict=True) if is_up])
        if (0, 0) in graph and (2, 2) in graph and nx.has_path(graph, (0, 0), (2, 2)):
            by_size[sum(up)] += 1
    assert by_size == [0, 0, 0, 0, 6, 48, 166, 312, 334, 192, 64, 12, 1]
    sizes = np.arange(13)
    for p, due in ((0.5, 0.27709961), (0.7, 0.69141858), (0.9, 0.97250217)):
        assert (by_size * p**sizes * (1 - p) ** (12 - sizes)).sum() == pytest.approx(due, abs=1e-8)


def test_refusals():
    with pytest.raises(ValueError, match="scale must be above 0"):
        nsfnet(scale=0)
    with pytest.raises(ValueError, match="at least two nodes"):
        grid(1, 1)
    with pytest.raises(ValueError, match="rows must be at least 1"):
        grid(0, 3)
    with pytest.raises(ValueError, match="length_km must be above 0"):
        grid(2, 2, length_km=-1)
    with pytest.raises(TypeError, match="length_km must be a number, not list"):
        grid(2, 2, length_km=[1])
    with pytest.raises(TypeError, match="'speed' is no attribute of a network"):
        nobel_us(speed=3)
