"""Which circuit a network has: the features that its encoding takes, or those of the circuit, and never both by accident."""

import numpy as np
import pytest

from qlearn.learning import QNNClassifier
from qlearn.learning.encodings import ZZFeatureMap
from qlearn.learning.neural_networks import Ansatz, CircuitAnsatz
from qlearn.qubits import Circuit, parameters

X, THETA = parameters("x", 2), parameters("theta", 2)
INSIDE = Circuit(2).rx(X[0], 0).ry(THETA[0], 0).cx(0, 1).rx(X[1], 1).rz(THETA[1], 1)
BEHIND = Circuit(2).ry(THETA[0], 0).cx(0, 1).rx(THETA[1], 1)


@pytest.mark.parametrize(
    ("options", "kind", "inputs"),
    [
        ({}, Ansatz, (5, 4)),
        ({"ansatz": BEHIND}, CircuitAnsatz, (5, 4)),
        ({"ansatz": BEHIND, "encoding": ZZFeatureMap()}, CircuitAnsatz, (5, 4)),
        (
            {"ansatz": INSIDE},
            CircuitAnsatz,
            (5, 8),
        ),  # two ways to turn by the features: phases of both, side by side
        (
            {"ansatz": INSIDE, "encoding": "phase"},
            CircuitAnsatz,
            (5, 2),
        ),  # both: features, and states at each step
    ],
)
def test_what_the_circuit_is_given(options, kind, inputs):
    model = QNNClassifier(random_state=0, **options).initialise(2, [0, 1])
    rows = np.random.default_rng(0).uniform(-1, 1, (5, 2))
    assert isinstance(model.ansatz_, kind)
    samples = model.prepare(rows, [0, 1, 0, 1, 0])
    assert samples.inputs.shape == inputs
    states = model.circuit(rows).run()
    assert np.allclose(
        model._scores(model.parameters_, samples.inputs)[0][:, 0], model.decision_function(rows)
    )
    assert np.abs(np.linalg.norm(states, axis=1) - 1).max() < 1e-12


def test_features_inside_start_in_zero_unless_told_otherwise():
    model = QNNClassifier(ansatz=INSIDE, random_state=0).initialise(2, [0, 1])
    assert model.circuit([0.1, 0.2]).operations[0].name == "rx"
    told = QNNClassifier(ansatz=INSIDE, encoding="phase", random_state=0).initialise(2, [0, 1])
    assert [step.name for step in told.circuit([0.1, 0.2]).operations[:2]] == ["h", "rz"]


def test_refuses_the_features_of_another_circuit():
    with pytest.raises(
        ValueError, match=r"X must have the 2 features that the ansatz takes, x\[0\] to x\[1\], not 3"
    ):
        QNNClassifier(ansatz=INSIDE).initialise(3, [0, 1])
