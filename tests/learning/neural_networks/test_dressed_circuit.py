"""A dressed circuit: its angles, its circuit, its scores by hand, and the switch that takes the circuit out."""

import numpy as np
import pytest

from qlearn.learning.neural_networks.dressed_circuit import LARGEST, DressedCircuitClassifier
from qlearn.learning.neural_networks.hybrid import HybridClassifier
from qlearn.qubits import expectation

X = np.random.default_rng(0).normal(size=(20, 5))
y = (X[:, 0] > 0).astype(int)


def test_scores_are_a_readout_of_a_circuit_whose_angles_a_layer_chooses():
    model = HybridClassifier(2, epochs=1, random_state=0).fit(X, y)
    assert isinstance(model, DressedCircuitClassifier)
    weights, offset, _, readout, last = model.get_parameters()
    angles = LARGEST * np.tanh(X @ weights + offset)
    np.testing.assert_allclose(model.angles(X), angles, atol=1e-12)
    states = model.circuit(X).run()
    z = np.stack([expectation(states, string) for string in ("ZI", "IZ")], axis=-1)
    np.testing.assert_allclose(model.decision_function(X), (z @ readout + last)[:, 0], atol=1e-12)
    np.testing.assert_allclose(model.circuit(X[3]).run(), states[3], atol=1e-12)


def test_without_its_circuit_there_is_nothing_to_run():
    model = HybridClassifier(2, epochs=1, random_state=0, with_circuit=False)
    with pytest.raises(ValueError, match="with_circuit=False: this model is the ablation"):
        model.fit(X, y).circuit(X)
    for switch in ({"shots": 100}, {"noise": 0.1}, {"gradient": "parameter-shift"}):
        with pytest.raises(ValueError, match="there is no circuit to run"):
            HybridClassifier(2, with_circuit=False, **switch).fit(X, y)
