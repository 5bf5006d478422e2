"""Observables: Qiskit's and PennyLane's values, for vectors and for density matrices."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Pauli, Statevector

from qlearn.qubits import bell_state, density, expectation, ket, random_state


@given(st.integers(0, 2**32 - 1), st.text("IXYZ", min_size=1, max_size=4))
def test_values_are_qiskits(seed, observable):
    states = random_state(len(observable), size=2, rng=seed)
    expected = [Statevector(state).expectation_value(Pauli(observable)).real for state in states]
    np.testing.assert_allclose(expectation(states, observable), expected, atol=1e-12)
    np.testing.assert_allclose(expectation(density(states), observable), expected, atol=1e-12)


def test_values_are_pennylanes():
    state = random_state(3, rng=7)
    matrix = qml.matrix(qml.X(0) @ qml.Y(1) @ qml.Z(2), wire_order=[0, 1, 2])
    np.testing.assert_allclose(expectation(state, "XYZ"), (state.conj() @ matrix @ state).real, atol=1e-12)


def test_the_bell_state_agrees_in_every_basis():
    assert [round(float(expectation(bell_state("phi+"), two)), 12) for two in ("XX", "YY", "ZZ", "ZI")] == [
        1,
        -1,
        1,
        0,
    ]
    assert expectation(ket("+"), "X").shape == ()


@pytest.mark.parametrize("observable", ["Z", "ZZZ", "ZA", "zz", "", None])
def test_refuses_what_does_not_fit(observable):
    with pytest.raises(ValueError, match="observable must be 2 letters"):
        expectation(ket("00"), observable)


def test_refuses_states_that_are_none():
    with pytest.raises(ValueError, match="normalised"):
        expectation([1, 1], "Z")
