"""Fidelity of a channel: Qiskit's process fidelity, and the average over states that follows from it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Kraus, average_gate_fidelity, process_fidelity, random_quantum_channel

from qlearn.qubits import bell_state, fidelity, random_state
from qlearn.qubits.noise import Channel, depolarising, entanglement_fidelity, erasure, phase_flip

seeds = st.integers(0, 2**31 - 1)


@given(seeds, st.integers(1, 2))
def test_is_qiskits(seed, n):
    theirs = random_quantum_channel(2**n, 2**n, rank=2, seed=seed)
    ours = Channel(np.array(Kraus(theirs).data))
    value = entanglement_fidelity(ours)
    np.testing.assert_allclose(value, process_fidelity(theirs), atol=1e-9)
    np.testing.assert_allclose((2**n * value + 1) / (2**n + 1), average_gate_fidelity(theirs), atol=1e-9)


@given(seeds)
def test_is_the_fidelity_of_half_a_pair(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(2, 2, seed=seed)).data))
    pair = bell_state("phi+")
    np.testing.assert_allclose(
        entanglement_fidelity(channel), fidelity(pair, channel.apply(pair, 1)), atol=1e-9
    )


def test_closed_forms():
    p = np.linspace(0, 1, 5)
    np.testing.assert_allclose(entanglement_fidelity(depolarising(p)), 1 - 3 * p / 4, atol=1e-12)
    np.testing.assert_allclose(entanglement_fidelity(phase_flip(p)), 1 - p, atol=1e-12)
    assert entanglement_fidelity(erasure(0.0)) == 1


def test_the_mean_over_random_states_follows():
    # n = 4,000 states, sd of the fidelity below 0.1: 6 sigma of the mean is 0.0095, false alarm 2e-9
    channel = phase_flip(0.3)
    states = random_state(1, size=4000, rng=1)
    mean = fidelity(states, channel.apply(states)).mean()
    assert abs(mean - (2 * 0.7 + 1) / 3) < 0.0095
