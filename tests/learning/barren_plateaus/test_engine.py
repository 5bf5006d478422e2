"""Rotations of a layer: equal to the gates one by one.

The simulator: the states of the circuits it shortcuts, the gradients of three other ways.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.barren_plateaus import cost_diagonal, draw_circuits
from qlearn.learning.barren_plateaus._engine import LayeredSimulator, encoded_states, rotations, start_states
from qlearn.qubits import Circuit, random_state
from qlearn.qubits.entanglement_patterns import ENTANGLEMENTS
from qlearn.qubits.rotation_layers import RotationLayer


@pytest.mark.parametrize("n", [2, 3, 6, 7])
def test_rotations_are_those_of_the_gates(n):
    rng = np.random.default_rng(n)
    axes, angles = rng.integers(0, 3, (4, n)), rng.uniform(0, 2 * np.pi, (4, n))
    states = random_state(n, 12, rng=rng).reshape(4, 3, -1)
    layer = RotationLayer(n)
    turned = layer.apply(states, layer.factors(rotations(axes, angles)))
    for sample in range(4):
        circuit = Circuit(n)
        for wire in range(n):
            circuit = getattr(circuit, ("rx", "ry", "rz")[axes[sample, wire]])(angles[sample, wire], wire)
        np.testing.assert_allclose(turned[sample], circuit.run(states[sample]), atol=1e-13)


def moved(n, depth, samples, init, entanglement, seed):
    """Circuits that are no longer exactly at their start."""
    rng = np.random.default_rng(seed)
    batch = draw_circuits(n, depth, samples=samples, init=init, block=4, entanglement=entanglement, rng=rng)
    return batch.with_angles(batch.angles + rng.normal(0, 0.3, batch.angles.shape))


@given(
    n=st.integers(2, 6),
    half=st.integers(1, 4),
    init=st.sampled_from(["random", "identity"]),
    entanglement=st.sampled_from(list(ENTANGLEMENTS)),
    seed=st.integers(0, 2**32 - 1),
)
def test_follows_states_as_the_circuit_does(n, half, init, entanglement, seed):
    batch = moved(n, 2 * half, 2, init, entanglement, seed)
    rows = encoded_states(np.random.default_rng(seed).uniform(0, np.pi, (2, 3, n)))
    final = LayeredSimulator(batch).forward(rows)
    for sample in range(2):
        np.testing.assert_allclose(final[sample], batch.circuit(sample).run(rows[sample]), atol=1e-12)


def test_encoded_states_are_turns_about_y():
    angles = np.random.default_rng(3).uniform(0, 6, (5, 4))
    circuit = Circuit(4)
    for wire in range(4):
        circuit = circuit.ry(angles[:, wire], wire)
    np.testing.assert_allclose(encoded_states(angles), circuit.run(), atol=1e-14)


@pytest.mark.parametrize("init", ["random", "identity"])
@pytest.mark.parametrize("keep", [0, 3])
def test_gradient_of_many_rows_equals_the_finite_difference_along_a_direction(init, keep):
    batch = moved(5, 6, 3, init, "linear", 8)
    rng = np.random.default_rng(5)
    rows, diagonal = encoded_states(rng.uniform(0, np.pi, (3, 7, 5))), rng.normal(size=32)

    def cost(angles):
        final = LayeredSimulator(batch.with_angles(angles)).forward(rows)
        return ((final.real**2 + final.imag**2) @ diagonal).sum(axis=1)

    simulator = LayeredSimulator(batch)
    final = simulator.forward(rows)
    gradient = simulator.backward(final, diagonal * final, keep=keep)
    assert gradient.shape == (3, 6 - keep, 5)
    direction = np.zeros(batch.angles.shape)
    direction[:, keep:] = rng.normal(size=gradient.shape)
    step = 1e-5
    slope = (cost(batch.angles + step * direction) - cost(batch.angles - step * direction)) / (2 * step)
    np.testing.assert_allclose((gradient * direction[:, keep:]).sum(axis=(1, 2)), slope, atol=1e-6)


def test_gradient_equals_pennylanes():
    import pennylane as qml
    from pennylane import numpy as pnp

    batch = moved(4, 4, 1, "identity", "linear", 2)
    turns = (qml.RX, qml.RY, qml.RZ)

    @qml.qnode(qml.device("default.qubit", wires=4), diff_method="backprop")
    def model(angles):
        for wire in range(4):
            qml.RY(np.pi / 4, wire)
        for layer in range(4):
            ladder = [(w, w + 1) for w in range(3)]
            for pair in ladder if batch.mirrored[layer] else []:
                qml.CZ(pair)
            for wire in range(4):
                turns[batch.axes[0, layer, wire]](angles[layer, wire], wire)
            for pair in [] if batch.mirrored[layer] else ladder:
                qml.CZ(pair)
        return qml.expval(qml.Z(0) @ qml.Z(1))

    simulator = LayeredSimulator(batch)
    final = simulator.forward(start_states(batch))
    ours = simulator.backward(final, cost_diagonal("zz", 4) * final)[0]
    theirs = qml.grad(model)(pnp.array(batch.angles[0], requires_grad=True))
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
