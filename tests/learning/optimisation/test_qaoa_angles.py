"""The search: stretching schedules, the grid, the descent.

Parameter transfer: exact for common factors, good between graphs of a kind.
"""

import networkx as nx
import numpy as np
import pytest

from qlearn.learning.optimisation import QAOASimulator, qaoa, qaoa_energy, transfer_angles
from qlearn.learning.optimisation.qaoa_angles import (
    as_start,
    canonical_sign,
    descend_from,
    first_layer,
    interpolate,
    next_layer,
    search,
    spread,
    typical_step,
)


@pytest.fixture
def sweep():
    from qlearn.learning.optimisation import cut_values

    return QAOASimulator(-cut_values(nx.random_regular_graph(3, 8, seed=1)))


def test_stretching_follows_zhou_et_al():
    # appendix B: theta'_i = (i-1)/p theta_{i-1} + (p-i+1)/p theta_i
    old, p = np.array([0.1, 0.5, 0.9]), 3
    padded = [0.0, *old, 0.0]
    expected = [(i - 1) / p * padded[i - 1] + (p - i + 1) / p * padded[i] for i in range(1, p + 2)]
    np.testing.assert_allclose(interpolate(old), expected, atol=1e-15)


def test_stretching_keeps_constants_and_the_ends():
    np.testing.assert_allclose(interpolate(np.full((2, 5), 0.3)), 0.3, atol=1e-15)
    assert interpolate([0.2, 0.7])[[0, -1]].tolist() == [0.2, 0.7]
    assert interpolate([0.4]).tolist() == [0.4, 0.4]


def test_grid_finds_the_known_first_layer():
    from qlearn.learning.optimisation import cut_values

    # minimising minus the cut of a ring: gamma = -pi/4, beta = pi/8, or the conjugate of it
    gamma, beta = canonical_sign(first_layer(QAOASimulator(-cut_values(nx.cycle_graph(8)))))[:, 0]
    assert (gamma, beta) == pytest.approx((np.pi / 4, -np.pi / 8), abs=1e-6)


def test_descent_ends_where_the_gradient_vanishes(sweep):
    found = descend_from(sweep, np.array([[-0.3, -0.6], [0.5, 0.2]]))
    _, gradient = sweep.energy_and_gradient(*found)
    assert np.abs(gradient).max() < 1e-4
    assert sweep.energy(*found) < sweep.energy(np.array([-0.3, -0.6]), np.array([0.5, 0.2]))


def test_a_layer_more_is_no_worse(sweep):
    one = first_layer(sweep)
    two = next_layer(sweep, one, np.random.default_rng(0))
    assert two.shape == (2, 2)
    assert sweep.energy(*two) < sweep.energy(*one)


def test_search_passes_through_every_depth(sweep):
    found = search(sweep, 3, None, progress=False, rng=np.random.default_rng(0))
    again = search(sweep, 3, first_layer(sweep), progress=False, rng=np.random.default_rng(0))
    assert found.shape == (2, 3)
    assert sweep.energy(*found) == pytest.approx(sweep.energy(*again), abs=1e-6)


def test_units_of_a_regular_graph(sweep):
    assert typical_step(sweep) == pytest.approx(np.sqrt(3) / 2, abs=1e-12)
    assert spread(sweep) == pytest.approx(np.sqrt(12) / 2, abs=1e-12)  # 12 edges, each 0 or 1


def test_conjugates_are_told_apart_by_the_first_gamma():
    angles = np.array([[-0.3, 0.1], [0.2, 0.4]])
    assert (canonical_sign(angles) == -angles).all()
    assert (canonical_sign(-angles) == -angles).all()


@pytest.mark.parametrize("angles", [0.3, np.zeros((2, 0))])
def test_refuses_to_stretch_nothing(angles):
    with pytest.raises(ValueError, match="at least one layer on the last axis"):
        interpolate(angles)


@pytest.mark.parametrize("start", [[0.1, 0.2], np.zeros((3, 1)), np.zeros((2, 4)), np.zeros((2, 0))])
def test_refuses_a_start_of_another_shape(start):
    with pytest.raises(ValueError, match=r"start must be gammas and betas, shape \(2, 1\) to \(2, 3\)"):
        as_start(start, 3)


def weighted(graph, factor):
    heavy = nx.Graph()
    heavy.add_weighted_edges_from((u, v, factor) for u, v in graph.edges)
    return heavy


def test_a_common_factor_of_the_weights_is_undone_exactly():
    graph = nx.random_regular_graph(3, 8, seed=1)
    angles = np.random.default_rng(1).uniform(-1, 1, (2, 3))
    heavy = weighted(graph, 7.3)
    assert qaoa_energy(heavy, *transfer_angles(angles, graph, heavy)) == pytest.approx(
        7.3 * qaoa_energy(graph, *angles), abs=1e-10
    )


def test_same_degree_same_angles():
    a, b = nx.cycle_graph(6), nx.cycle_graph(9)
    assert transfer_angles([[0.3], [0.2]], a, b).tolist() == [[0.3], [0.2]]


def test_there_and_back_again():
    a, b = nx.petersen_graph(), weighted(nx.complete_graph(6), 0.4)
    angles = np.random.default_rng(2).normal(size=(2, 4))
    np.testing.assert_allclose(transfer_angles(transfer_angles(angles, a, b), b, a), angles, atol=1e-14)


def test_angles_of_a_ring_serve_a_longer_ring():
    # inside the light cone all rings look alike: the expected cut of an edge is the same
    angles = qaoa(nx.cycle_graph(8), 2, rng=0).angles
    assert qaoa_energy(nx.cycle_graph(16), *angles) == pytest.approx(16 * 5 / 6, abs=1e-7)


def test_little_is_lost_between_random_graphs():
    donor, other = (nx.random_regular_graph(3, n, seed=n) for n in (8, 14))
    angles = qaoa(donor, 2, rng=0).angles
    assert qaoa_energy(other, *transfer_angles(angles, donor, other)) > 0.97 * qaoa(other, 2, rng=0).energy


def test_refuses_concentration():
    ring = nx.cycle_graph(4)
    with pytest.raises(ValueError, match=r"gammas and betas, shape \(2, p\), not \(2,\)"):
        transfer_angles([0.1, 0.2], ring, ring)
    with pytest.raises(ValueError, match="connected"):
        transfer_angles([[0.1], [0.2]], ring, nx.empty_graph(3))
