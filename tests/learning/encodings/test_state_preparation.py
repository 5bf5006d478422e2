"""State preparation: any state, to rounding, at the number of gates that is promised."""

from collections import Counter

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from qlearn.learning.encodings import prepare
from qlearn.qubits import bell_state, random_state


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_prepares_any_state_with_its_global_phase(n_qubits, seed):
    state = random_state(n_qubits, rng=seed)
    np.testing.assert_allclose(prepare(state).run(), state, atol=1e-12)


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_real_amplitudes_need_no_turn_about_z(n_qubits, seed):
    size = 2**n_qubits
    state = np.random.default_rng(seed).normal(size=size)
    state[0] = 0  # an empty branch has no angle of its own
    state /= np.linalg.norm(state)
    circuit = prepare(state)
    np.testing.assert_allclose(circuit.run(), state, atol=1e-12)
    counts = Counter(step.name for step in circuit.operations)
    assert counts == Counter({"ry": size - 1, "cx": size - 2})


def test_complex_amplitudes_cost_twice_as_much():
    counts = Counter(step.name for step in prepare(random_state(4, rng=0)).operations)
    assert counts == {"ry": 15, "rz": 15, "cx": 28, "p": 1}


def test_a_batch_of_states_is_a_batch_of_circuits():
    states = random_state(3, size=(2, 4), rng=5)
    circuit = prepare(states)
    assert circuit.shape == (2, 4)
    np.testing.assert_allclose(circuit.run(), states, atol=1e-12)


def test_qiskit_and_pennylane_agree():
    state = random_state(3, rng=9)
    circuit = prepare(state)
    np.testing.assert_allclose(Statevector(circuit.to_qiskit()).data, state, atol=1e-12)
    np.testing.assert_allclose(circuit.to_pennylane()(), state, atol=1e-12)

    @qml.qnode(qml.device("default.qubit", wires=3))
    def theirs():
        qml.MottonenStatePreparation(state, wires=range(3))
        return qml.state()

    # theirs leaves the global phase out
    assert abs(np.vdot(theirs(), state)) == pytest.approx(1, abs=1e-10)


def test_basis_states_and_bell_states():
    for state in (*np.eye(4), bell_state("psi-")):
        np.testing.assert_allclose(prepare(state).run(), state, atol=1e-12)


@pytest.mark.parametrize(
    ("state", "says"),
    [([1, 1], "must be normalised"), ([1, 0, 0], "2, 4, 8"), ([np.nan, 0], "must be finite")],
)
def test_refuses(state, says):
    with pytest.raises(ValueError, match=says):
        prepare(state)
