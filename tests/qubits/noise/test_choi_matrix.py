"""Choi matrices: Qiskit's, positive exactly for what physics allows, and back to few operators."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Choi, Kraus, random_quantum_channel

from qlearn.qubits import bell_state, random_state
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    bit_flip,
    choi,
    depolarising,
    from_choi,
    is_cptp,
    phase_damping,
    thermal_relaxation,
)

seeds = st.integers(0, 2**31 - 1)
TRANSPOSE = np.eye(4)[[0, 2, 1, 3]]


@given(seeds, st.integers(1, 2))
def test_is_qiskits(seed, n):
    theirs = random_quantum_channel(2**n, 2**n, rank=2, seed=seed)
    ours = Channel(np.array(Kraus(theirs).data))
    np.testing.assert_allclose(choi(ours), Choi(theirs).data, atol=1e-9)
    assert is_cptp(choi(ours))


@given(seeds)
def test_is_twice_the_state_of_half_a_pair(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(2, 2, seed=seed)).data))
    np.testing.assert_allclose(choi(channel), 2 * channel.apply(bell_state("phi+"), 1), atol=1e-9)


@given(seeds, st.integers(1, 2))
def test_comes_back_as_the_same_channel_with_few_operators(seed, n):
    rank = seed % 3 + 1
    theirs = random_quantum_channel(2**n, 2**n, rank=rank, seed=seed)
    many = Channel(np.array(Kraus(theirs).data)).then(depolarising(0.0, n))  # zeros among the operators
    few = from_choi(choi(many))
    np.testing.assert_allclose(choi(few), choi(many), atol=1e-10)
    assert few.kraus.shape[-3] == rank < many.kraus.shape[-3]


def test_a_batch_comes_back_as_a_batch():
    batch = amplitude_damping([[0.0, 0.2, 1.0]]).then(phase_damping([[0.1], [0.3]]))
    back = from_choi(choi(batch))
    assert back.shape == (2, 3)
    np.testing.assert_allclose(choi(back), choi(batch), atol=1e-12)


@given(seeds, st.floats(-0.5, 1.5))
def test_is_cptp_agrees_with_qiskit_also_outside(seed, weight):
    # between a channel and the transpose, and beyond both
    theirs = random_quantum_channel(2, 2, rank=1, seed=seed)
    matrix = weight * Choi(theirs).data + (1 - weight) * TRANSPOSE
    lowest = np.linalg.eigvalsh(matrix)[0]
    if abs(lowest) > 1e-6:  # the two programs draw the line at different tolerances
        assert bool(is_cptp(matrix)) == Choi(matrix).is_cptp()


@given(st.floats(0.05, 4))
def test_t2_may_be_up_to_twice_t1(ratio):
    # the map with given decays of population and coherence, written down directly
    population, coherence = np.exp(-0.4), np.exp(-0.4 / ratio)
    matrix = np.array(
        [[1, 0, 0, coherence], [0, 0, 0, 0], [0, 0, 1 - population, 0], [coherence, 0, 0, population]]
    )
    if abs(ratio - 2) > 1e-6:
        assert bool(is_cptp(matrix)) == (ratio < 2)
    if ratio <= 2:
        np.testing.assert_allclose(choi(thermal_relaxation(0.4, 1.0, ratio)), matrix, atol=1e-12)


def test_transposing_keeps_states_and_is_no_channel():
    for state in random_state(1, size=20, rng=3):
        rho = np.outer(state, state.conj())
        assert np.linalg.eigvalsh(rho.T)[0] > -1e-12
    assert not is_cptp(TRANSPOSE)
    np.testing.assert_allclose(np.linalg.eigvalsh(TRANSPOSE), [-1, 1, 1, 1], atol=1e-12)


def test_is_cptp_sees_each_fault():
    good = choi(bit_flip(0.2))
    faults = [good + 1e-3 * np.triu(np.ones((4, 4)), 1), good * 1.01, TRANSPOSE]
    assert is_cptp(np.array([good, *faults])).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (TRANSPOSE, "no negative eigenvalue; the lowest is -1"),
        (choi(bit_flip(0.2)) * 1.5, "must keep the trace.*off by 0.5"),
        (choi(bit_flip(0.2)) + 1j * np.eye(4), "must be Hermitian"),
        (np.eye(2), r"shape \(..., 4\*\*k, 4\*\*k\)"),
        (np.eye(8), r"shape \(..., 4\*\*k, 4\*\*k\).*\(8, 8\)"),
        (np.ones((4, 3)), "Choi matrix"),
        (np.float64(1), "Choi matrix"),
        ([["a"] * 4] * 4, "Choi matrix"),
        (np.full((4, 4), np.nan), "finite"),
    ],
)
def test_refuses(matrix, says):
    with pytest.raises(ValueError, match=says):
        from_choi(matrix)
