"""Trained gates of one qubit: their matrices as gate by gate, their slopes as differences say."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.neural_networks._trained_turns import (
    LongitudeTurns,
    TrainedTurns,
    in_space,
    rotations,
    turns_of,
)
from qlearn.qubits import Circuit
from qlearn.qubits.gates import FIXED, matrix
from qlearn.qubits.paulis import IXYZ
from qlearn.qubits.rotation_layers import RotationLayer

PAULIS = IXYZ[1:]


@pytest.mark.parametrize("n", [1, 2, 5, 6])
def test_rotations_are_those_of_the_gates(n):
    rng = np.random.default_rng(n)
    angles = rng.uniform(-7, 7, (n, 2))
    states = rng.normal(size=(3, 1 << n)) + 1j * rng.normal(size=(3, 1 << n))
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    circuit = Circuit(n)
    for wire, (about_z, about_y) in enumerate(angles):
        circuit = circuit.rz(about_z, wire).ry(about_y, wire)
    layer = RotationLayer(n)
    assert np.allclose(layer.apply(states, layer.factors(rotations(angles))), circuit.run(states), atol=1e-13)


def drawn(rng, layers, wires):
    """Sequences of random gates, and how many angles they have."""
    count, drawn_layers = 0, []
    for _ in range(layers):
        layer = []
        for _ in range(wires):
            gates = []
            for kind in rng.choice(["x", "y", "z", "h", "s", "t"], rng.integers(0, 6)):
                gates.append((str(kind), count) if kind in "xyz" else FIXED[kind])
                count += kind in "xyz"
            layer.append(gates)
        drawn_layers.append(layer)
    return drawn_layers, count


def matrix_of(gates, angles):
    whole = np.eye(2)
    for gate in gates:
        if isinstance(gate, tuple):
            gate = matrix(f"r{gate[0]}", angles[gate[1]])
        whole = gate @ whole
    return whole


@given(st.integers(0, 2**32 - 1))
def test_gates_and_slopes_are_those_of_the_product(seed):
    rng = np.random.default_rng(seed)
    layers, count = drawn(rng, 2, 3)
    layers[0][0].append(("y", count))
    angles = rng.uniform(-4, 4, count + 1)
    turns = TrainedTurns(layers)
    gates = turns.gates(angles)
    expected = np.array([[matrix_of(wire, angles) for wire in layer] for layer in layers])
    assert np.allclose(gates, expected, atol=1e-13)
    # a loss Re tr(C u): its slope in an angle, from Im <bra|P|ket> of the columns of u and of C^dagger
    weights = rng.normal(size=gates.shape) + 1j * rng.normal(size=gates.shape)
    overlaps = np.einsum("bwij,pjk,bwki->bwp", weights, PAULIS, gates).imag / 2
    slopes = turns.slopes(angles, overlaps)
    found = np.zeros(len(angles))
    found[turns.places[turns.places >= 0]] = slopes[turns.places >= 0]
    step = 1e-6
    for k in range(len(angles)):
        moved = np.zeros(len(angles))
        moved[k] = step
        ahead, behind = (
            np.einsum("bwij,bwji->", weights, turns.gates(angles + s * moved)).real for s in (1, -1)
        )
        assert found[k] == pytest.approx((ahead - behind) / (2 * step), abs=1e-7)


def test_the_closed_form_is_the_general_one():
    rng = np.random.default_rng(3)
    layers = [[[("z", 2 * (3 * b + w)), ("y", 2 * (3 * b + w) + 1)] for w in range(3)] for b in range(2)]
    closed, general = turns_of(layers), TrainedTurns(layers)
    assert isinstance(closed, LongitudeTurns)
    angles, overlaps = rng.normal(size=12), rng.normal(size=(2, 3, 3))
    assert np.allclose(closed.gates(angles), general.gates(angles), atol=1e-15)
    ours, theirs = closed.slopes(angles, overlaps), general.slopes(angles, overlaps)
    assert np.allclose(
        ours.ravel()[np.argsort(closed.places.ravel())], theirs.ravel()[np.argsort(general.places.ravel())]
    )
    # any order of the angles
    order = np.random.default_rng(4).permutation(12)
    mixed = turns_of(
        [[[(axis, int(order[place])) for axis, place in gates] for gates in layer] for layer in layers]
    )
    shuffled = np.empty(12)
    shuffled[order] = angles
    assert np.array_equal(mixed.gates(shuffled), closed.gates(angles))


def test_a_turn_in_space_moves_paulis():
    rng = np.random.default_rng(0)
    for _ in range(20):
        gate = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
        v, turn = rng.normal(size=3), in_space(gate)
        moved = gate @ np.tensordot(v, PAULIS, 1) @ gate.conj().T
        assert np.allclose(moved, np.tensordot(turn @ v, PAULIS, 1), atol=1e-13)
        assert np.linalg.det(turn) == pytest.approx(1)
