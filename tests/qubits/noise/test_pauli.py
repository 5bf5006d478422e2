"""Pauli noise: closed forms, Aer's errors and PennyLane's channels."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Kraus, SuperOp
from qiskit_aer.noise import depolarizing_error, pauli_error

from qlearn.qubits import density, ket, random_state
from qlearn.qubits.noise import (
    Channel,
    bit_flip,
    choi,
    depolarising,
    is_cptp,
    pauli_channel,
    phase_damping,
    phase_flip,
)

chances = st.floats(0, 1)
simplex = st.tuples(chances, chances, chances).map(lambda p: np.array(p) / max(1, sum(p)))


def theirs(operators):
    return choi(Channel(np.array(operators)))


@given(simplex)
def test_pauli_channel_is_aers(p):
    x, y, z = p
    error = pauli_error([("I", max(0.0, 1 - x - y - z)), ("X", x), ("Y", y), ("Z", z)])
    np.testing.assert_allclose(choi(pauli_channel(x, y, z)), theirs(Kraus(SuperOp(error)).data), atol=1e-7)


@given(chances)
def test_flips_are_pennylanes(p):
    np.testing.assert_allclose(
        choi(bit_flip(p)), theirs(qml.BitFlip(p, wires=0).kraus_matrices()), atol=1e-12
    )
    np.testing.assert_allclose(
        choi(phase_flip(p)), theirs(qml.PhaseFlip(p, wires=0).kraus_matrices()), atol=1e-12
    )


@given(chances)
def test_depolarising_is_aers_and_pennylanes_with_three_quarters(p):
    for n in (1, 2):
        aer = Kraus(SuperOp(depolarizing_error(p, n))).data
        np.testing.assert_allclose(choi(depolarising(p, n)), theirs(aer), atol=1e-7)
    penny = qml.DepolarizingChannel(3 * p / 4, wires=0).kraus_matrices()
    np.testing.assert_allclose(choi(depolarising(p)), theirs(penny), atol=1e-12)


@given(chances, st.integers(1, 3))
def test_depolarising_mixes_in_pure_noise(p, n):
    states = random_state(n, size=3, rng=1)
    expected = (1 - p) * density(states) + p * np.eye(2**n) / 2**n
    np.testing.assert_allclose(depolarising(p, n).apply(states), expected, atol=1e-12)


@given(chances, chances)
def test_flips_compose_like_coins(p, q):
    both = p * (1 - q) + q * (1 - p)
    for flip in (bit_flip, phase_flip):
        np.testing.assert_allclose(choi(flip(p).then(flip(q))), choi(flip(both)), atol=1e-12)
    shrunk = 1 - (1 - p) * (1 - q)
    np.testing.assert_allclose(
        choi(depolarising(p).then(depolarising(q))), choi(depolarising(shrunk)), atol=1e-12
    )


@given(chances)
def test_a_phase_flip_is_a_phase_damping(p):
    np.testing.assert_allclose(
        choi(phase_flip(p)),
        choi(phase_damping(4 * p * (1 - p)))
        if p <= 0.5
        else choi(phase_damping(4 * p * (1 - p)).then(phase_flip(1.0))),
        atol=1e-7,
    )


@given(simplex)
def test_every_one_is_physical(p):
    assert is_cptp(choi(pauli_channel(*p)))


def test_the_three_at_once_are_the_single_ones():
    p = np.array([0.0, 0.2, 1.0])
    np.testing.assert_allclose(choi(pauli_channel(x=p)), choi(bit_flip(p)), atol=1e-12)
    np.testing.assert_allclose(choi(pauli_channel(z=p)), choi(phase_flip(p)), atol=1e-12)
    np.testing.assert_allclose(choi(pauli_channel(p / 4, p / 4, p / 4)), choi(depolarising(p)), atol=1e-12)
    np.testing.assert_allclose(pauli_channel(y=1.0).apply(ket("+")), density(ket("-")), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: bit_flip(1.1), ValueError, "p must be the chance of a flip between 0 and 1, not 1.1"),
        (lambda: phase_flip([0.1, -0.1]), ValueError, "not -0.1"),
        (lambda: bit_flip(np.nan), ValueError, "not nan"),
        (lambda: bit_flip("much"), TypeError, "p must be"),
        (lambda: depolarising(2), ValueError, "the chance to lose the state"),
        (lambda: depolarising(0.1, 0), ValueError, "n_qubits must be at least 1"),
        (lambda: depolarising(0.1, 1.5), TypeError, "n_qubits must be a whole number"),
        (lambda: pauli_channel(0.5, 0.4, 0.2), ValueError, "sum to at most 1, not 1.1"),
        (lambda: pauli_channel(y=-0.1), ValueError, "y must be"),
        (
            lambda: pauli_channel([0.1] * 2, [0.1] * 3),
            ValueError,
            r"must broadcast .*x \(2,\), y \(3,\)",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
