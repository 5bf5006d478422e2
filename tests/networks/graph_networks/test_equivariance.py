"""Equivariance: the circuit has no defect, one with a bound weight has the reference's, and the test can fail."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.networks.graph_networks import QuantumGraphNetwork, equivariance_defect
from tests.networks.graph_networks.graphs import ANGLES, KITE, X, drawn

NETWORK = QuantumGraphNetwork(2)


def z(x, weights):
    return NETWORK.expectations(x, weights, ANGLES)[0]


def bound(x, weights):
    """The coupling of the second and third place is 0.7 of what the graph says, whoever stands there."""
    weights[1, 2] = weights[2, 1] = 0.7 * weights[1, 2]
    return z(x, weights)


def test_reference_values():
    assert equivariance_defect(z, X, KITE) < 1e-14
    assert equivariance_defect(bound, X, KITE) == pytest.approx(0.168, abs=5e-4)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), st.integers(1, 3), st.integers(0, 10**6))
def test_the_circuit_is_equivariant(n, layers, seed):
    rng = np.random.default_rng(seed)
    network, angles = QuantumGraphNetwork(layers), rng.uniform(-3, 3, (layers, 2))
    x, weights = drawn(n, rng)
    assert equivariance_defect(lambda a, w: network.expectations(a, w, angles)[0], x, weights) < 1e-12


def test_an_answer_that_forgets_to_move_is_seen():
    """f(Px) = f(x) is invariance, not equivariance."""
    assert equivariance_defect(lambda x, w: np.sort(x), [3.0, 1.0, 2.0], np.zeros((3, 3))) == 2.0


def test_more_nodes_are_sampled():
    asked = []

    def count(x, w):
        asked.append(x)
        return x

    ring = np.roll(np.eye(8), 1, axis=0)
    ring += ring.T
    assert equivariance_defect(count, np.arange(8.0), ring, permutations=50, rng=0) == 0
    assert len(asked) == 51
    assert len({tuple(x) for x in asked}) > 45  # of 8! = 40320 numberings 50 repeat with chance 3 %, 4 never


def test_the_model_may_write_into_what_it_gets():
    def spoils(x, w):
        x[:], w[:] = 0, 0
        return x

    values = np.array([1.0, 2.0])
    equivariance_defect(spoils, values, [[0, 1], [1, 0]])
    assert values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("model", "x", "weights", "says"),
    [
        (lambda x, w: x.sum(), [1.0, 2.0], [[0, 1], [1, 0]], "one number a node"),
        (lambda x, w: x, [[1.0, 2.0]], [[0, 1], [1, 0]], "one graph"),
        (lambda x, w: x, [1.0, 2.0], [[0, 1], [2, 0]], "symmetric"),
    ],
)
def test_refuses(model, x, weights, says):
    with pytest.raises(ValueError, match=says):
        equivariance_defect(model, x, weights)


def test_a_model_that_fails_at_some_numberings_is_no_equivariant_one():
    path = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    with pytest.raises(ValueError, match="finite numbers"):
        equivariance_defect(lambda x, w: x if x[0] < x[1] else x * np.nan, [0.1, 0.2, 0.4], path)
