"""Routing: the cost is the sum of squared loads, one demand goes the shortest way, refusals.

Spectrum: with two channels it is MaxCut, with enough nothing is left, neighbours leak.
"""

import networkx as nx
import numpy as np
import pytest

from qlearn.learning.optimisation import anneal, cut_values, routing, spectrum_allocation

GRID = nx.convert_node_labels_to_integers(nx.grid_2d_graph(3, 3))
DEMANDS = [(0, 8, 1.0), (2, 6, 2.0), (0, 5, 1.0), (1, 7, 0.5)]


def test_cost_is_the_sum_of_squared_loads():
    plan = routing(GRID, DEMANDS, n_paths=3)
    for chosen, cost in plan.choices.all_costs().items():
        assert cost == pytest.approx(sum(load**2 for load in plan.loads(chosen).values()), abs=1e-9)


def test_paths_join_their_ends_and_come_shortest_first():
    plan = routing(GRID, DEMANDS, n_paths=4)
    for (source, target, _), paths in zip(plan.demands, plan.paths, strict=True):
        assert len(paths) == 4
        assert [len(path) for path in paths] == sorted(len(path) for path in paths)
        for path in paths:
            assert (path[0], path[-1]) == (source, target)
            assert nx.is_simple_path(GRID, list(path))


def test_one_demand_goes_the_shortest_way():
    plan = routing(nx.random_regular_graph(3, 16, seed=2), [(0, 9, 1.0)], n_paths=5)
    (chosen,) = plan.choices.exact()
    assert len(plan.paths[0][chosen]) == len(plan.paths[0][0])


def test_exact_annealed_and_brute_force_agree():
    choices = routing(GRID, DEMANDS, n_paths=3).choices
    best = min(choices.all_costs().values())
    assert choices.cost(choices.exact()) == pytest.approx(best)
    assert anneal(choices.bqm(), sweeps=300, rng=0).energy == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize(
    ("network", "demands", "error", "says"),
    [
        (nx.DiGraph([(0, 1)]), [(0, 1, 1.0)], TypeError, "undirected"),
        ([(0, 1)], [(0, 1, 1.0)], TypeError, "not list"),
        (GRID, [], ValueError, "at least one"),
        (GRID, [(0, 3)], ValueError, r"\(source, target, traffic\) for each, not \(0, 3\)"),
        (GRID, [7], ValueError, "for each, not 7"),
        (GRID, [(0, 0, 1.0)], ValueError, "two different nodes"),
        (GRID, [(0, 77, 1.0)], ValueError, "two different nodes of the network, not 0 and 77"),
        (GRID, [(0, 1, 0.0)], ValueError, "positive traffic; 0 to 1 has 0.0"),
        (nx.Graph([(0, 1), (2, 3)]), [(0, 3, 1.0)], ValueError, "0 and 3 are not connected"),
    ],
)
def test_refuses(network, demands, error, says):
    with pytest.raises(error, match=says):
        routing(network, demands)


def test_refuses_no_paths():
    with pytest.raises(ValueError, match="n_paths must be at least 1"):
        routing(GRID, DEMANDS, n_paths=0)


GRAPH = nx.random_regular_graph(3, 8, seed=3)


def test_two_channels_are_maxcut():
    choices = spectrum_allocation(GRAPH, 2)
    left = np.array(list(choices.all_costs().values()))  # in the order of the bit strings
    np.testing.assert_allclose(left, GRAPH.number_of_edges() - cut_values(GRAPH), atol=1e-12)


@pytest.mark.parametrize("graph", [nx.cycle_graph(5), nx.petersen_graph(), nx.wheel_graph(5)])
def test_a_colouring_leaves_nothing(graph):
    choices = spectrum_allocation(graph, 3)
    assert choices.cost(choices.exact()) == 0  # all three can be coloured with three colours


def test_four_that_all_hear_each_other_need_four():
    assert spectrum_allocation(nx.complete_graph(4), 4).cost((2, 0, 3, 1)) == 0
    three = spectrum_allocation(nx.complete_graph(4), 3)
    assert three.cost(three.exact()) == 1


def test_weights_and_leakage():
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2.0)])
    choices = spectrum_allocation(graph, 3, leakage=0.25)
    assert [choices.cost((0, c)) for c in range(3)] == [2.0, 0.5, 0.0]


def test_annealing_reaches_the_exact_answer():
    choices = spectrum_allocation(nx.gnp_random_graph(9, 0.6, seed=1), 3)
    assert anneal(choices.bqm(), sweeps=500, rng=0).energy == pytest.approx(
        choices.cost(choices.exact()), abs=1e-9
    )


@pytest.mark.parametrize(
    ("graph", "channels", "extra", "says"),
    [
        (nx.empty_graph(3), 2, {}, "connected"),
        (GRAPH, 1, {}, "n_channels must be at least 2"),
        (GRAPH, 2, {"leakage": 1.5}, "leakage must be a probability"),
    ],
)
def test_refuses_channels(graph, channels, extra, says):
    with pytest.raises(ValueError, match=says):
        spectrum_allocation(graph, channels, **extra)
