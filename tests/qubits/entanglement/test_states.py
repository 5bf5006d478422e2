"""States with a name: Qiskit's Bell states in the order of the teleportation bits, Werner's noise, GHZ."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector, entropy

from qlearn.communication import teleportation
from qlearn.qubits import BELL_NAMES, Circuit, bell_state, density, fidelity, partial_trace
from qlearn.qubits.entanglement import ghz, werner


@pytest.mark.parametrize("number", range(4))
def test_number_2z_plus_x_is_one_pauli_away_from_phi_plus(number):
    z, x = divmod(number, 2)
    circuit = Circuit(2).h(0).cx(0, 1).x(0, where=bool(x)).z(0, where=bool(z))
    assert fidelity(circuit.run(), bell_state(BELL_NAMES[number])) == pytest.approx(1)
    assert fidelity(Statevector(circuit.to_qiskit()).data, bell_state(BELL_NAMES[number])) == pytest.approx(1)


@pytest.mark.parametrize("name", BELL_NAMES)
def test_each_half_alone_is_maximally_mixed(name):
    np.testing.assert_allclose(partial_trace(bell_state(name), 0), np.eye(2) / 2, atol=1e-15)
    assert entropy(partial_trace(bell_state(name), 1)) == pytest.approx(1)


def test_the_four_are_a_basis_and_each_call_gives_a_copy():
    columns = np.stack([bell_state(name) for name in BELL_NAMES])
    np.testing.assert_allclose(columns @ columns.conj().T, np.eye(4), atol=1e-15)
    bell_state("phi+")[0] = 7
    assert abs(bell_state("phi+")[0]) < 1


def test_werner_is_a_batch_of_noisy_pairs():
    fractions = np.linspace(0, 1, 5)
    pairs = werner(fractions)
    assert pairs.shape == (5, 4, 4)
    weights = [fidelity(bell_state(name), pairs) for name in BELL_NAMES]
    np.testing.assert_allclose(weights, [fractions, *[(1 - fractions) / 3] * 3], atol=1e-15)
    np.testing.assert_array_equal(werner(0.25), pairs[1])


def test_teleportation_has_the_same_werner():
    assert teleportation.werner is werner


@pytest.mark.parametrize("n", [2, 3, 5])
def test_ghz_is_the_fan_of_cnots_and_loses_all_with_one_qubit(n):
    circuit = Circuit(n).h(0)
    for wire in range(1, n):
        circuit = circuit.cx(0, wire)
    np.testing.assert_allclose(ghz(n), circuit.run(), atol=1e-15)
    left = partial_trace(ghz(n), range(n - 1))
    coin = np.zeros((1 << (n - 1),) * 2)
    coin[0, 0] = coin[-1, -1] = 0.5
    np.testing.assert_allclose(left, coin, atol=1e-15)


def test_ghz_of_two_is_a_bell_state():
    np.testing.assert_allclose(density(ghz(2)), density(bell_state("phi+")), atol=1e-15)


def test_refuses():
    with pytest.raises(ValueError, match=r"phi\+, psi\+, phi-, psi-"):
        bell_state("bell")
    with pytest.raises(ValueError, match=r"f must be fidelities between 0 and 1, not 1\.2"):
        werner([0.5, 1.2])
    with pytest.raises(ValueError, match="f must be fidelities between 0 and 1, not nan"):
        werner(np.nan)
    with pytest.raises(TypeError, match="f must be fidelities"):
        werner("0.9")
    with pytest.raises(ValueError, match="n_qubits must be at least 2, not 1"):
        ghz(1)
    with pytest.raises(ValueError, match=r"n_qubits must be at most 30, not 40: .* 16,384 GiB"):
        ghz(40)
    with pytest.raises(TypeError, match="n_qubits must be a whole number"):
        ghz(2.0)
