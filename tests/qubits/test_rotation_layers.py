"""A layer by two matrices: equal to the dense Kronecker product of its gates and to the gates one by one."""

from functools import reduce

import numpy as np
import pytest

from qlearn.qubits import Circuit, expectation, random_state
from qlearn.qubits.paulis import PAULIS
from qlearn.qubits.rotation_layers import RotationLayer, product_states

N = [1, 2, 3, 5, 6, 7, 9]


def random_gates(n, *batch, seed=0):
    """Unitaries of one qubit, shape (*batch, n, 2, 2), from QR."""
    rng = np.random.default_rng(seed)
    shape = (*batch, n, 2, 2)
    return np.linalg.qr(rng.normal(size=shape) + 1j * rng.normal(size=shape))[0]


@pytest.mark.parametrize("together", [1, 5])
@pytest.mark.parametrize("n", N)
def test_a_layer_is_the_kronecker_product_of_its_gates(n, together):
    gates, states = random_gates(n), random_state(n, 3, rng=n)
    layer = RotationLayer(n, together)
    factors = layer.factors(gates)
    dense = reduce(np.kron, gates)
    np.testing.assert_allclose(reduce(np.kron, factors), dense, atol=1e-14)
    np.testing.assert_allclose(layer.apply(states, factors), states @ dense.T, atol=1e-13)


@pytest.mark.parametrize("together", [1, 5])
@pytest.mark.parametrize("n", N)
def test_each_circuit_of_a_batch_has_gates_of_its_own(n, together):
    gates, states = random_gates(n, 2, 4), random_state(n, (2, 4, 3), rng=n)
    layer = RotationLayer(n, together)
    moved = layer.apply(states, layer.factors(gates))
    for index in np.ndindex(2, 4):
        dense = reduce(np.kron, gates[index])
        np.testing.assert_allclose(moved[index], states[index] @ dense.T, atol=1e-13)


@pytest.mark.parametrize("n", N)
def test_it_equals_the_gates_one_by_one(n):
    rng = np.random.default_rng(n)
    circuit, gates = Circuit(n), []
    for wire, name in enumerate(rng.choice(["rx", "ry", "rz"], n)):
        circuit = getattr(circuit, name)(rng.uniform(-7, 7), wire)
        gates.append(circuit.operations[-1].matrix)
    layer, states = RotationLayer(n), random_state(n, 3, rng=rng)
    moved = layer.apply(states, layer.factors(np.array(gates)))
    np.testing.assert_allclose(moved, circuit.run(states), atol=1e-13)


@pytest.mark.parametrize("n", N)
def test_undone_nothing_has_happened(n):
    layer, states = RotationLayer(n), random_state(n, (2, 3), rng=n)
    factors = layer.factors(random_gates(n, 2))
    np.testing.assert_allclose(layer.undo(layer.apply(states, factors), factors), states, atol=1e-13)


@pytest.mark.parametrize("together", [1, 5])
@pytest.mark.parametrize("n", N)
def test_overlaps_are_those_of_dense_paulis(n, together):
    rng = np.random.default_rng(n)
    bras, kets = random_state(n, (2, 3), rng=rng), random_state(n, (2, 3), rng=rng)
    overlaps = RotationLayer(n, together).pauli_overlaps(bras, kets)
    assert overlaps.shape == (2, n, 3)
    for wire in range(n):
        for number, letter in enumerate("XYZ"):
            dense = np.kron(np.kron(np.eye(1 << wire), PAULIS[letter]), np.eye(1 << (n - 1 - wire)))
            expected = np.einsum("sri,ij,srj->s", bras.conj(), dense, kets, optimize=True).imag
            np.testing.assert_allclose(overlaps[:, wire, number], expected, atol=1e-12)


@pytest.mark.parametrize("together", [1, 5])
@pytest.mark.parametrize("n", N)
def test_a_bra_before_the_layer_is_that_of_the_dense_product(n, together):
    gates, bras = random_gates(n, 2), random_state(n, (2, 3), rng=n)
    layer = RotationLayer(n, together)
    pulled = layer.pull(bras, layer.factors(gates))
    for number in range(2):
        np.testing.assert_allclose(pulled[number], bras[number] @ reduce(np.kron, gates[number]), atol=1e-13)


@pytest.mark.parametrize("n", N)
def test_overlaps_of_all_layers_are_to_the_last_bit_those_of_each(n):
    rng = np.random.default_rng(n)
    layer = RotationLayer(n)
    pairs = [(random_state(n, 4, rng=rng), random_state(n, 4, rng=rng)) for _ in range(3)]
    whole = layer.overlaps_of_layers([layer.reduced(bras.conj(), kets) for bras, kets in pairs])
    for found, (bras, kets) in zip(whole, pairs, strict=True):
        np.testing.assert_array_equal(found, layer.pauli_overlaps(bras, kets))


@pytest.mark.parametrize("n", [1, 3, 6, 8])
def test_overlaps_with_itself_turned_by_i_are_expectations(n):
    states = random_state(n, 4, rng=n)
    overlaps = RotationLayer(n).pauli_overlaps(1j * states, states)  # <i s|P|s> = -i <P>
    for wire in range(n):
        for number, letter in enumerate("XYZ"):
            pauli = "I" * wire + letter + "I" * (n - 1 - wire)
            assert overlaps[wire, number] == pytest.approx(-expectation(states, pauli).sum(), abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_product_states_are_kronecker_products(n):
    qubits = random_state(1, (3, n), rng=n)
    states = product_states(qubits)
    for sample in range(3):
        np.testing.assert_allclose(states[sample], reduce(np.kron, qubits[sample]), atol=1e-14)
    assert product_states(qubits.real).dtype == np.float64
