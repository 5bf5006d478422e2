"""Message passing: the definition node by node, exact gradients, equivariance, and what it cannot tell apart."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.networks.graph_networks import MessagePassingNetwork, QuantumGraphNetwork, equivariance_defect
from tests.networks.graph_networks.graphs import HEXAGON, TRIANGLES, drawn

FIRST = {"cosine": np.cos, "square": np.square, "value": lambda t: t}


def by_nodes(parameters, feature, x, weights):
    """The definition in loops: the oracle."""
    h = [float(FIRST[feature](parameters[0] * value)) for value in x]
    n = len(h)
    for u, v, t in np.reshape(parameters[1:-2], (-1, 3)):
        h = [np.tanh(u * h[i] + v * sum(weights[i, j] * h[j] for j in range(n)) + t) for i in range(n)]
    return [
        parameters[-2] * h[i] + parameters[-1] * sum(weights[i, j] * h[j] for j in range(n)) for i in range(n)
    ]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 3), st.sampled_from(sorted(FIRST)), st.integers(0, 10**6))
def test_equals_the_definition_and_is_equivariant(n, layers, feature, seed):
    rng = np.random.default_rng(seed)
    x, weights = drawn(n, rng)
    network = MessagePassingNetwork(layers, feature)
    parameters = rng.normal(size=network.n_parameters)

    def scores(values, graph):
        return network.scores(parameters, values[None], graph[None])[0][0]

    np.testing.assert_allclose(scores(x, weights), by_nodes(parameters, feature, x, weights), atol=1e-12)
    assert equivariance_defect(scores, x, weights, permutations=20, rng=seed) < 1e-12


@pytest.mark.parametrize("feature", sorted(FIRST))
def test_gradient_is_the_limit_of_differences(feature):
    rng = np.random.default_rng(4)
    network = MessagePassingNetwork(3, feature)
    values, weights = (np.array(part) for part in zip(*[drawn(5, rng) for _ in range(7)], strict=True))
    parameters, gradient = rng.normal(size=12), rng.normal(size=(7, 5))

    def total(p):
        return np.sum(network.scores(p, values, weights)[0] * gradient)

    step = 1e-6
    numeric = [(total(parameters + step * e) - total(parameters - step * e)) / (2 * step) for e in np.eye(12)]
    np.testing.assert_allclose(network.scores(parameters, values, weights)[1](gradient), numeric, atol=1e-7)


def test_a_hexagon_is_two_triangles():
    """Exactly: every node hears the same, at each depth, whatever the parameters."""
    network, same = MessagePassingNetwork(4), np.full((1, 6), 0.7)
    parameters = np.random.default_rng(1).normal(size=15)
    scores = [network.scores(parameters, same, w[None])[0] for w in (HEXAGON, TRIANGLES)]
    assert (scores[0] == scores[1]).all()


def test_two_layers_are_as_many_parameters_as_three_of_the_circuit():
    network = MessagePassingNetwork(2)
    assert network.n_parameters == network.start(0).size == QuantumGraphNetwork(3).n_parameters == 9


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n_layers": 0}, "n_layers must be at least 1"),
        ({"feature": "sine"}, "feature must be one of cosine"),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        MessagePassingNetwork(**options)
