"""Swapping: the circuit, run exactly, and the map are one; errors add, and two can undo each other."""

from functools import reduce
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.repeaters import (
    BELL_ORDER,
    bell_diagonal,
    bell_vector,
    chain_fidelity,
    swap,
    swap_bell,
    swapping_circuit,
    werner_vector,
)
from qlearn.qubits import bell_state, partial_trace

seeds = st.integers(0, 2**32 - 1)
X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])


def laws(seed, *shape):
    return np.random.default_rng(seed).dirichlet(np.ones(4), size=shape or None)


def by_density_matrices(rho1, rho2, gate=1.0, readout=1.0):
    """The whole experiment with 16x16 matrices in plain NumPy: station noise, outcomes, wrong bits, Bob's gates."""
    whole = np.kron(rho1, rho2)
    parts = whole.reshape([2] * 8)
    without_station = np.einsum("axybcxyd->abcd", parts).reshape(4, 4)  # wires 0 and 3
    total = np.zeros((4, 4), complex)
    cnot = np.eye(4)[[0, 1, 3, 2]]
    rotation = np.kron(np.array([[1, 1], [1, -1]]) / np.sqrt(2), np.eye(2)) @ cnot
    for z, x in product((0, 1), repeat=2):
        bra = np.kron(np.kron(np.eye(2), (rotation.conj().T @ np.eye(4)[2 * z + x]).conj()[None]), np.eye(2))
        part = gate * bra @ whole @ bra.conj().T + (1 - gate) / 4 * without_station
        for told_z, told_x in product((0, 1), repeat=2):
            chance = (readout if told_z == z else 1 - readout) * (readout if told_x == x else 1 - readout)
            answer = np.linalg.matrix_power(Z, told_z) @ np.linalg.matrix_power(X, told_x)
            turn = np.kron(np.eye(2), answer)
            total += chance * turn @ part @ turn.T
    return total


def test_the_circuit_adds_the_two_bits_of_every_pair_of_bell_states():
    # 16 products of Bell states, 24 runs each: whatever the station finds, the same Bell state is left
    for k, m in product(range(4), repeat=2):
        start = np.kron(bell_state(BELL_ORDER[k]), bell_state(BELL_ORDER[m]))
        run = swapping_circuit().run(np.tile(start, (24, 1)), rng=k)
        left = bell_vector(partial_trace(run.state, keep=[0, 3]))
        due = swap_bell(np.eye(4)[k], np.eye(4)[m])
        np.testing.assert_allclose(left, np.tile(due, (24, 1)), atol=1e-12)
        assert len(np.unique(run.bits, axis=0)) > 1


@settings(max_examples=25)
@given(seeds)
def test_the_map_is_the_experiment(seed):
    rng = np.random.default_rng(seed)
    (p, q), gate, readout = laws(rng, 2), *rng.uniform(0.5, 1, 2)
    for g, eta in ((1.0, 1.0), (gate, readout)):
        left = by_density_matrices(bell_diagonal(p), bell_diagonal(q), g, eta)
        np.testing.assert_allclose(left, bell_diagonal(swap_bell(p, q, gate=g, readout=eta)), atol=1e-12)


@settings(max_examples=25)
@given(seeds)
def test_pairs_that_are_not_bell_diagonal_swap_to_the_weights_of_their_twirls(seed):
    def pair(rng):
        root = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
        rho = root @ root.conj().T
        return rho / np.trace(rho).real

    rng = np.random.default_rng(seed)
    one, other = pair(rng), pair(rng)
    left = by_density_matrices(one, other)
    np.testing.assert_allclose(bell_vector(left), swap_bell(bell_vector(one), bell_vector(other)), atol=1e-12)


@pytest.mark.parametrize(
    ("p", "q"), [((0.8, 0.02, 0.05, 0.13), (0.7, 0.1, 0.15, 0.05)), ((0.9, 0.1, 0, 0),) * 2]
)
def test_qiskit_leaves_the_same_pair(p, q):
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import DensityMatrix, partial_trace as qiskit_trace

    # Qiskit's wire 0 is its rightmost: our wires 0 to 3 are its 3 to 0
    circuit = QuantumCircuit(4)
    circuit.cx(2, 1)
    circuit.h(2)
    circuit.cx(1, 0)  # Bob's gates, controlled: the same average
    circuit.cz(2, 0)
    after = DensityMatrix(np.kron(bell_diagonal(p), bell_diagonal(q))).evolve(circuit)
    np.testing.assert_allclose(qiskit_trace(after, [1, 2]).data, bell_diagonal(swap_bell(p, q)), atol=1e-12)


@settings(max_examples=25)
@given(seeds)
def test_order_and_grouping_do_not_matter_and_phi_plus_changes_nothing(seed):
    a, b, c = laws(seed, 3)
    np.testing.assert_allclose(swap_bell(a, b), swap_bell(b, a), atol=1e-15)
    np.testing.assert_allclose(swap_bell(swap_bell(a, b), c), swap_bell(a, swap_bell(b, c)), atol=1e-15)
    np.testing.assert_allclose(swap_bell(a, [1, 0, 0, 0]), a, atol=1e-15)
    assert swap_bell(a, b).sum() == pytest.approx(1, abs=1e-14)
    assert (swap_bell(a, b) >= 0).all()


@pytest.mark.parametrize(
    ("f1", "f2", "due"),
    [
        (0.9, 0.9, 0.813333),
        (0.95, 0.95, 0.903333),
        (0.9, 0.8, 0.726667),
        (0.7, 0.6, 0.46),
        (1, 0.7, 0.7),
        (0.99, 0.97, 0.9604),
    ],
)
def test_reference_values(f1, f2, due):
    assert swap(f1, f2) == pytest.approx(due, abs=1e-6)
    assert swap(f1, f2) == pytest.approx(f1 * f2 + (1 - f1) * (1 - f2) / 3, abs=1e-15)


def test_the_published_simulator_with_a_right_class():
    # SeQUeNCe 1.3.1, EntanglementSwappingA_BDS, for g = m = 0.99
    g = m = 0.99
    p = werner_vector(0.95)
    c_i, c_y, c_x, c_z = swap_bell(p, p)
    theirs = g * (m**2 * c_i + m * (1 - m) * (c_x + c_z) + (1 - m) ** 2 * c_y) + (1 - g) / 4
    assert swap(0.95, 0.95, gate=g, readout=m) == pytest.approx(theirs, abs=1e-15)
    assert theirs == pytest.approx(0.879638, abs=1e-6)


def test_a_bell_diagonal_value():
    due = [0.576, 0.116, 0.169, 0.139]
    np.testing.assert_allclose(swap_bell([0.8, 0.02, 0.05, 0.13], [0.7, 0.1, 0.15, 0.05]), due, atol=1e-12)


def test_a_chain_by_the_formula_and_by_swapping_it():
    due = [0.903333, 0.859778, 0.819126, 0.781184, 0.745772, 0.712720, 0.681872, 0.653081, 0.626209]
    np.testing.assert_allclose(chain_fidelity(0.95, range(2, 11)), due, atol=1e-6)
    for n in range(1, 11):
        assert reduce(swap, [0.95] * n) == pytest.approx(float(chain_fidelity(0.95, n)), abs=1e-14)
    n = np.arange(1, 40)
    assert n[chain_fidelity(0.95, n) <= 0.5][0] == 16
    assert n[chain_fidelity(0.9, n) <= 0.5][0] == 8
    assert chain_fidelity([[0.9], [0.8]], [1, 2, 3]).shape == (2, 3)


def test_noise_is_a_quarter_but_for_rounding():
    f = swap(0.25, [0.25, 0.6, 0.7, 0.9, 0.3])
    assert f.min() < 0.25  # by one digit in the last place
    np.testing.assert_allclose(chain_fidelity(f, 3), 0.25, atol=1e-15)


def test_the_product_of_a_published_simulator_is_too_small():
    # SeQUeNCe 0.8.5: F1 F2 0.95 at each swap; after four swaps of five links of 0.95
    theirs = 0.95**5 * 0.95**4
    assert theirs == pytest.approx(0.630249, abs=1e-6)
    assert chain_fidelity(0.95, 5) - theirs > 0.15


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: swap(1.2, 0.9), "f1 must be fidelities between 0 and 1"),
        (lambda: swap(0.9, -0.1), "f2 must be fidelities between 0 and 1"),
        (lambda: swap([0.9, 0.9], [0.9, 0.9, 0.9]), "broadcast"),
        (lambda: swap(0.9, 0.9, gate=1.5), "gate must be a probability"),
        (lambda: swap(0.9, 0.9, readout=-1), "readout must be a probability"),
        (lambda: swap_bell([0.9, 0.2, 0, 0], [1, 0, 0, 0]), "p1 must sum to 1"),
        (lambda: swap_bell([1, 0, 0, 0], [0.9, 0.1]), "p2 must hold four"),
        (lambda: chain_fidelity(0.2, 3), "Turn one half by the Pauli gate"),
        (lambda: chain_fidelity(0.9, 0), "links must be whole numbers"),
        (lambda: chain_fidelity(0.9, 2.5), "links must be whole numbers"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
