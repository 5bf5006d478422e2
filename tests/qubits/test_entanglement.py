"""Bell states: Qiskit's, in the order of the teleportation bits."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector, entropy

from qlearn.qubits import BELL_NAMES, Circuit, bell_state, fidelity, partial_trace


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


def test_refuses():
    with pytest.raises(ValueError, match=r"phi\+, psi\+, phi-, psi-"):
        bell_state("bell")
