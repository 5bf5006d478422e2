"""Slopes of rows: summed they are the sweep back, one by one the differences, and their Fisher information is known."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import Ansatz, CircuitAnsatz, jacobian, real_amplitudes
from qlearn.qubits import Circuit, Parameter, parameters

RNG = np.random.default_rng(3)
X_PART = parameters("x", 2)
OWN = Circuit(2).ry(X_PART[0], 0).rx(X_PART[1], 1).then(real_amplitudes(2, reps=1)).rx(X_PART[0], 1)
KINDS = [
    Ansatz(2, 2),
    Ansatz(2, 2, reupload=True, observables=["XY", {"ZI": 0.5, "IX": 2.0}]),
    Ansatz(2, 1, readout="probabilities"),
    CircuitAnsatz(OWN, ["ZZ", "XI"]),
    CircuitAnsatz(OWN, readout=lambda outcome: outcome.bit_count() % 2),
]


@pytest.mark.parametrize("ansatz", KINDS)
def test_each_entry_is_a_difference_and_the_sum_is_the_sweep_back(ansatz):
    X, angles, step = RNG.uniform(-1, 1, (3, 2)), RNG.uniform(-3, 3, ansatz.shape), 1e-5
    slopes = jacobian(ansatz, angles, X)
    z, tape = ansatz.forward(angles, ansatz.encode(X))
    assert slopes.shape == (*z.shape, *ansatz.shape)
    for place in np.ndindex(*ansatz.shape):
        moved = np.zeros(ansatz.shape)
        moved[place] = step
        ends = [ansatz.forward(angles + sign * moved, ansatz.encode(X))[0] for sign in (1, -1)]
        np.testing.assert_allclose(slopes[(..., *place)], (ends[0] - ends[1]) / (2 * step), atol=1e-8)
    dz = RNG.normal(size=z.shape)
    np.testing.assert_allclose(np.tensordot(dz, slopes, 2), ansatz.backward(tape, dz), atol=1e-12)


def test_a_circuit_is_read_by_z_of_each_wire():
    circuit = Circuit(1).ry(parameters("x", 1)[0], 0).ry(Parameter("t"), 0)
    np.testing.assert_allclose(
        jacobian(circuit, [0.4], [[0.3], [1.0]]).ravel(), -np.sin([0.7, 1.4]), atol=1e-12
    )


def test_refuses_what_is_no_circuit_and_angles_that_do_not_fit():
    with pytest.raises(TypeError, match="ansatz must be an Ansatz such as"):
        jacobian("a circuit", [0.0], [[0.0]])
    with pytest.raises(ValueError, match=r"angles must have shape \(1, 2, 2\)"):
        jacobian(Ansatz(2, 1), [0.0], [[0.0, 0.0]])


def test_it_is_what_backward_of_an_estimator_network_gives():
    networks = pytest.importorskip(
        "qiskit_machine_learning.neural_networks", reason="qiskit-machine-learning is an oracle here"
    )
    from qiskit.primitives import StatevectorEstimator
    from qiskit.quantum_info import SparsePauliOp

    theirs = OWN.to_qiskit()
    names = {p.name: p for p in theirs.parameters}
    network = networks.EstimatorQNN(
        circuit=theirs,
        observables=[SparsePauliOp("ZZ"), SparsePauliOp("IX")],  # the letters keep their order
        input_params=[names[p.name] for p in X_PART],
        weight_params=[names[p.name] for p in OWN.parameters if p.vector != "x"],
        estimator=StatevectorEstimator(),
        default_precision=0.0,
    )
    X, angles = RNG.uniform(-1, 1, (3, 2)), RNG.uniform(-3, 3, 4)
    _, expected = network.backward(X, angles)
    np.testing.assert_allclose(jacobian(CircuitAnsatz(OWN, ["ZZ", "IX"]), angles, X), expected, atol=1e-9)
