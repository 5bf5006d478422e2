"""What the fusion model asks of a network: both have it, and a third of a few lines serves, too."""

import numpy as np
import pytest

from qlearn.networks.graph_networks import FusionTask, GraphFusion, MessagePassingNetwork, QuantumGraphNetwork


class Degree:
    """Scores by the degree alone, with one number."""

    n_parameters = 1

    def start(self, rng=None):
        return np.zeros(1)

    def scores(self, parameters, values, weights):
        degree = weights.sum(axis=2)
        return parameters[0] * degree, lambda gradient: np.array([np.sum(gradient * degree)])


@pytest.mark.parametrize("network", [QuantumGraphNetwork(2), MessagePassingNetwork(1), Degree()])
def test_scores_and_gradients_have_their_shapes(network):
    rows = FusionTask().draw(3, rng=0)
    parameters = network.start(0)
    scores, pull_back = network.scores(parameters, rows.outputs, rows.weights)
    assert parameters.shape == pull_back(np.ones_like(scores)).shape == (network.n_parameters,)
    assert scores.shape == (3, 5)


def test_a_network_of_ones_own():
    fusion = GraphFusion(Degree(), random_state=0).fit(FusionTask().draw(500, rng=1))
    assert fusion.parameters_[0] < 0  # who shares much counts less
