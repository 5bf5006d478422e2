"""The Bloch ball: the affine map says the same as the channel, for every state."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import PTM, Kraus, random_quantum_channel

from qlearn.qubits import density, expectation, random_state
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    bit_flip,
    bloch_map,
    depolarising,
    pauli_channel,
    phase_flip,
    thermal_relaxation,
)

seeds = st.integers(0, 2**31 - 1)


def point(rho):
    return np.stack([expectation(rho, letter) for letter in "XYZ"], axis=-1)


@given(seeds)
def test_moves_every_state_where_the_channel_does(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(2, 2, seed=seed)).data))
    rho = density(random_state(1, size=2, rng=seed)).mean(0)
    matrix, shift = bloch_map(channel)
    np.testing.assert_allclose(matrix @ point(rho) + shift, point(channel.apply(rho)), atol=1e-9)


@given(seeds)
def test_is_qiskits_pauli_transfer_matrix(seed):
    theirs = random_quantum_channel(2, 2, seed=seed)
    matrix, shift = bloch_map(Channel(np.array(Kraus(theirs).data)))
    whole = PTM(theirs).data.real
    np.testing.assert_allclose(matrix, whole[1:, 1:], atol=1e-9)
    np.testing.assert_allclose(shift, whole[1:, 0], atol=1e-9)


def test_closed_forms():
    p = 0.2
    for channel, scales, move in (
        (bit_flip(p), (1, 1 - 2 * p, 1 - 2 * p), 0),
        (phase_flip(p), (1 - 2 * p, 1 - 2 * p, 1), 0),
        (depolarising(p), (1 - p, 1 - p, 1 - p), 0),
        (amplitude_damping(p), (np.sqrt(1 - p), np.sqrt(1 - p), 1 - p), p),
        (
            thermal_relaxation(1, 2, 3, 0.1),
            (np.exp(-1 / 3), np.exp(-1 / 3), np.exp(-1 / 2)),
            0.8 * -np.expm1(-0.5),
        ),
    ):
        matrix, shift = bloch_map(channel)
        np.testing.assert_allclose(matrix, np.diag(scales), atol=1e-12)
        np.testing.assert_allclose(shift, [0, 0, move], atol=1e-12)


def test_a_channel_may_mirror_the_ball():
    matrix, shift = bloch_map(pauli_channel(1 / 3, 1 / 3, 1 / 3))
    np.testing.assert_allclose(matrix, -np.eye(3) / 3, atol=1e-12)
    np.testing.assert_allclose(shift, 0, atol=1e-12)
    assert np.linalg.det(matrix) < 0  # no turn and no shrinking alone


def test_batches():
    matrix, shift = bloch_map(amplitude_damping(np.linspace(0, 1, 4)))
    assert matrix.shape == (4, 3, 3)
    assert shift.shape == (4, 3)


def test_refuses_two_qubits():
    with pytest.raises(ValueError, match="channel must act on one qubit to have a Bloch ball, not on 2"):
        bloch_map(depolarising(0.1, 2))
