"""Graphs: what is refused and how, and cuts counted in three ways.

Goemans and Williamson: known optima of the relaxation, a bound that holds, 0.878 of it.

The ablation: product states have the energy that their circuit has, and their best is a bit string.
"""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning.optimisation import goemans_williamson, product_cut
from qlearn.learning.optimisation.maxcut import (
    as_graph,
    cost_bqm,
    cut_size,
    cut_values,
    maxcut_bqm,
    product_energy,
)
from qlearn.qubits import Circuit


def random_graph(n, seed):
    rng = np.random.default_rng(seed)
    graph = nx.random_labeled_tree(n, seed=seed)
    for u, v in nx.non_edges(nx.Graph(graph)):
        if rng.random() < 0.4:
            graph.add_edge(u, v)
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(rng.uniform(0.1, 3))
    return graph


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 7), st.integers(0, 999))
def test_values_sizes_energies_and_networkx_agree(n, seed):
    graph = random_graph(n, seed)
    values, bqm = cut_values(graph), maxcut_bqm(graph)
    for index in range(1 << n):
        sides = [index >> (n - 1 - i) & 1 for i in range(n)]
        part = {node for node, side in zip(graph, sides, strict=True) if side}
        assert values[index] == pytest.approx(nx.cut_size(graph, part, weight="weight"), abs=1e-12)
        assert cut_size(graph, sides) == pytest.approx(values[index], abs=1e-12)
        assert -bqm.energy(dict(zip(graph, sides, strict=True))) == pytest.approx(values[index], abs=1e-12)


def test_order_is_that_of_the_nodes_whatever_they_are_called():
    graph = nx.Graph([("b", "a"), ("a", "c")])  # nodes b, a, c
    assert list(maxcut_bqm(graph).variables) == ["b", "a", "c"]
    assert cut_values(graph)[0b010] == cut_size(graph, [0, 1, 0]) == 2


def test_the_cost_of_a_graph_is_the_cut_itself():
    edge = nx.path_graph(2)
    assert cost_bqm(edge).energy({0: 0, 1: 1}) == 1
    assert cost_bqm([[-1, 0], [0, 0]]).energy({0: 1, 1: 0}) == -1


@pytest.mark.parametrize(
    ("graph", "error", "says"),
    [
        ([(0, 1)], TypeError, r"networkx\.Graph, not list"),
        (nx.DiGraph([(0, 1)]), TypeError, "undirected"),
        (nx.MultiGraph([(0, 1)]), TypeError, "one edge a pair"),
        (nx.empty_graph(1), ValueError, "at least 2 nodes"),
        (nx.Graph([(0, 1), (1, 1)]), ValueError, "no self-loops; node 1"),
        (nx.Graph([(0, 1), (2, 3)]), ValueError, "2 components. Cut each"),
        (nx.Graph([(0, 1, {"weight": -1})]), ValueError, "positive finite weights; edge 0-1 has -1"),
        (nx.Graph([(0, 1, {"weight": float("nan")})]), ValueError, "positive finite weights"),
        (nx.Graph([(0, 1, {"weight": None})]), TypeError, "real numbers as weights; edge 0-1 has None"),
        (nx.cycle_graph(21), ValueError, r"at most 20 nodes .* not 21: anneal"),
    ],
)
def test_refuses(graph, error, says):
    with pytest.raises(error, match=says):
        cut_values(graph)


def test_size_is_limited_only_where_states_are_made():
    assert len(as_graph(nx.cycle_graph(50))) == 50
    assert cut_size(nx.cycle_graph(50), [0, 1] * 25) == 50


def test_refuses_sides_that_do_not_fit():
    with pytest.raises(ValueError, match="one bit for each of the 3 nodes, not 2"):
        cut_size(nx.path_graph(3), [0, 1])


@pytest.mark.parametrize("n", [3, 5, 7, 9])
def test_odd_rings_have_a_closed_form(n):
    # vectors turn by pi (n-1)/n from node to node (Goemans & Williamson 1995, section 4.1 for n = 5)
    found = goemans_williamson(nx.cycle_graph(n), rng=0)
    assert found.bound == pytest.approx(n * (1 + np.cos(np.pi / n)) / 2, abs=1e-4)
    assert found.size == n - 1


def test_complete_graph_and_bipartite_graph():
    assert goemans_williamson(nx.complete_graph(6), rng=0).bound == pytest.approx(9, abs=1e-4)  # n^2/4
    found = goemans_williamson(nx.complete_bipartite_graph(4, 5), rng=0)
    assert found.size == 20
    assert found.mean == pytest.approx(20, abs=1e-9)  # all vectors lie on one line
    assert found.bound == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_bound_and_cut_enclose_the_maximum(seed):
    graph = nx.gnp_random_graph(11, 0.5, seed=seed)
    rng = np.random.default_rng(seed)
    nx.set_edge_attributes(
        graph, {e: float(w) for e, w in zip(graph.edges, rng.uniform(0.2, 2, 99), strict=False)}, "weight"
    )
    found, best = goemans_williamson(graph, rng=seed), cut_values(graph).max()
    assert found.size <= best + 1e-9
    assert best <= found.bound + 1e-9
    assert found.bound < 1.06 * best
    assert found.size == pytest.approx(cut_size(graph, found.cut), abs=1e-9)


def test_a_random_plane_keeps_its_guarantee():
    # 0.878 of the relaxation in expectation; 2000 planes of sizes 0 to 15: sd of the mean below 15/2/sqrt(2000) = 0.17
    found = goemans_williamson(nx.petersen_graph(), planes=2000, rng=1)
    assert found.mean > 0.878 * 12.5 - 6 * 0.17  # the relaxation of this graph is 15 (1 + 2/3) / 2 = 12.5
    assert found.bound == pytest.approx(12.5, abs=1e-3)


def test_takes_graphs_that_no_state_vector_holds():
    graph = nx.random_regular_graph(3, 60, seed=0)
    found = goemans_williamson(graph, rng=0)
    assert 0.9 * found.bound < found.size < found.bound


def test_refuses_semidefinite():
    with pytest.raises(ValueError, match="connected"):
        goemans_williamson(nx.empty_graph(3))
    with pytest.raises(ValueError, match="planes must be at least 1"):
        goemans_williamson(nx.cycle_graph(3), planes=0)


GRAPH = nx.random_regular_graph(3, 8, seed=5)


def test_energy_is_that_of_the_circuit():
    angles = np.random.default_rng(1).uniform(0, 7, (4, 8))
    circuit = Circuit(8)
    for wire in range(8):
        circuit = circuit.ry(angles[:, wire], wire)
    expected = np.abs(circuit.run()) ** 2 @ cut_values(GRAPH)
    np.testing.assert_allclose(product_energy(GRAPH, angles), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_training_ends_in_a_cut_that_no_single_flip_improves(seed):
    found = product_cut(GRAPH, rng=seed)
    assert found.energy == pytest.approx(found.size, abs=1e-6)
    assert found.size == cut_size(GRAPH, found.cut)
    for node in range(8):
        flipped = found.cut.copy()
        flipped[node] ^= 1
        assert cut_size(GRAPH, flipped) <= found.size


def test_some_start_finds_the_maximum():
    assert max(product_cut(GRAPH, rng=seed).size for seed in range(20)) == cut_values(GRAPH).max()


def test_equal_angles_never_beat_a_coin():
    # W/2 (1 - cos^2): this is what is left of QAOA on a regular graph when its coupling gates are struck out
    angles = np.repeat(np.linspace(0, np.pi, 50)[:, None], 8, axis=1)
    assert product_energy(GRAPH, angles).max() <= GRAPH.number_of_edges() / 2 + 1e-12


def test_refuses_product_state():
    with pytest.raises(ValueError, match=r"one for each of the 8 nodes on the last axis, not \(3,\)"):
        product_energy(GRAPH, np.zeros(3))
    with pytest.raises(ValueError, match="connected"):
        product_cut(nx.empty_graph(3))
