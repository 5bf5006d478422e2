"""Distance: Helstrom's measurement, fidelities, and what noise does to both."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Kraus, average_gate_fidelity, process_fidelity, random_quantum_channel

from qlearn.qubits import (
    Circuit,
    bell_state,
    density,
    expectation,
    fidelity,
    helstrom,
    ket,
    partial_trace,
    random_state,
)
from qlearn.qubits.entanglement import concurrence
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    choi,
    depolarising,
    entanglement_fidelity,
    erasure,
    pauli_channel,
    phase_flip,
    thermal_relaxation,
    trace_distance,
)

seeds = st.integers(0, 2**31 - 1)


def mixed(n, seed):
    return density(random_state(n, size=3, rng=seed)).mean(0)


@given(seeds, st.integers(1, 3))
def test_is_pennylanes(seed, n):
    a, b = mixed(n, seed), mixed(n, seed + 1)
    np.testing.assert_allclose(trace_distance(a, b), qml.math.trace_distance(a, b), atol=1e-10)


@given(seeds)
def test_is_the_gain_of_helstroms_measurement(seed):
    for a, b in ((mixed(2, seed), mixed(2, seed + 1)), random_state(2, size=2, rng=seed)):
        np.testing.assert_allclose((1 + trace_distance(a, b)) / 2, helstrom(a, b), atol=1e-10)


@given(seeds)
def test_fidelity_bounds_it_and_gives_it_for_pure_states(seed):
    a, b = random_state(2, size=2, rng=seed)
    np.testing.assert_allclose(trace_distance(a, b), np.sqrt(1 - fidelity(a, b)), atol=1e-7)
    rho, sigma = mixed(2, seed), mixed(2, seed + 1)
    f, distance = fidelity(rho, sigma), trace_distance(rho, sigma)
    assert 1 - np.sqrt(f) <= distance + 1e-9 <= np.sqrt(1 - f) + 2e-9


@given(seeds)
def test_no_channel_makes_it_larger(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(4, 4, seed=seed)).data))
    a, b = mixed(2, seed), mixed(2, seed + 7)
    assert trace_distance(channel.apply(a), channel.apply(b)) <= trace_distance(a, b) + 1e-9


@given(st.floats(0, 1))
def test_depolarising_shrinks_it_by_its_own_share(p):
    channel = depolarising(p)
    got = trace_distance(channel.apply(ket("0")), channel.apply(ket("+")))
    np.testing.assert_allclose(got, (1 - p) / np.sqrt(2), atol=1e-12)


def test_extremes_and_batches():
    assert trace_distance(ket("0"), ket("1")) == 1
    assert trace_distance(ket("i"), ket("i")) == 0
    assert trace_distance(random_state(1, size=(3, 1), rng=1), np.eye(2) / 2).shape == (3, 1)


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ([1, 1], [1, 0], "normalised"),
        (ket("0"), ket("00"), "same number of qubits"),
        ([ket("0")] * 2, [ket("0")] * 3, "batches that broadcast"),
    ],
)
def test_refuses(a, b, says):
    with pytest.raises(ValueError, match=says):
        trace_distance(a, b)


@given(seeds, st.integers(1, 2))
def test_fidelity_of_a_channel_is_qiskits(seed, n):
    theirs = random_quantum_channel(2**n, 2**n, rank=2, seed=seed)
    ours = Channel(np.array(Kraus(theirs).data))
    value = entanglement_fidelity(ours)
    np.testing.assert_allclose(value, process_fidelity(theirs), atol=1e-9)
    np.testing.assert_allclose((2**n * value + 1) / (2**n + 1), average_gate_fidelity(theirs), atol=1e-9)


@given(seeds)
def test_fidelity_of_a_channel_is_that_of_half_a_pair(seed):
    channel = Channel(np.array(Kraus(random_quantum_channel(2, 2, seed=seed)).data))
    pair = bell_state("phi+")
    np.testing.assert_allclose(
        entanglement_fidelity(channel), fidelity(pair, channel.apply(pair, 1)), atol=1e-9
    )


def test_fidelities_of_channels_in_closed_form():
    p = np.linspace(0, 1, 5)
    np.testing.assert_allclose(entanglement_fidelity(depolarising(p)), 1 - 3 * p / 4, atol=1e-12)
    np.testing.assert_allclose(entanglement_fidelity(phase_flip(p)), 1 - p, atol=1e-12)
    assert entanglement_fidelity(erasure(0.0)) == 1


def test_half_of_a_pair_is_the_worst_input_of_pauli_noise_and_not_of_a_fall():
    # closed forms of T1 = T2 = 100 after 5: half of phi+ keeps (1 + 3x)/4, a plain 1 keeps x
    x = np.exp(-0.05)
    waiting = thermal_relaxation(5, 100, 100)
    half = entanglement_fidelity(waiting)
    np.testing.assert_allclose(half, (1 + 3 * x) / 4, atol=1e-12)
    np.testing.assert_allclose(fidelity(ket("1"), waiting.apply(ket("1"))), x, atol=1e-12)
    skew = np.sqrt([0.1, 0, 0, 0.9])
    seen = fidelity(skew, waiting.apply(skew, 1))
    np.testing.assert_allclose(seen, 0.01 + 0.99 * x, atol=1e-12)
    assert x < seen < half


@given(seeds)
def test_pauli_noise_keeps_every_input_at_least_as_well(seed):
    rng = np.random.default_rng(seed)
    channel = pauli_channel(*rng.dirichlet(np.ones(4))[:3])
    inputs = random_state(2, size=20, rng=rng)  # entangled with another qubit, more or less
    assert fidelity(inputs, channel.apply(inputs, 1)).min() >= entanglement_fidelity(channel) - 1e-9


def test_what_can_be_told_and_what_can_interfere_share_one_budget_only_if_0_and_1_stay():
    theta = np.linspace(0, np.pi, 7)
    turned = Circuit(2).ry(theta / 2, 1).cx(0, 1).ry(-theta / 2, 1).cx(0, 1)
    gamma = np.sin(theta / 2) ** 2
    for gate, due in ((turned, np.ones(7)), (turned.cx(1, 0), 1 - gamma + gamma**2)):
        zero, one = (partial_trace(gate.run(ket(word)), keep=1) for word in ("00", "10"))
        left = expectation(partial_trace(gate.run(ket("+0")), keep=0), "X")
        np.testing.assert_allclose(trace_distance(zero, one) ** 2 + left**2, due, atol=1e-12)


def test_twelve_turns_twirl_a_fall_into_depolarising_noise_of_the_same_number():
    x, y, z = (getattr(Circuit(1), name)(0).matrix() for name in "xyz")
    third = (np.eye(2) - 1j * (x + y + z)) / 2
    turns = [np.linalg.matrix_power(third, k) @ p for p in (np.eye(2), x, y, z) for k in range(3)]
    kraus = amplitude_damping(0.36).kraus
    twirled = Channel([t.conj().T @ k @ t / np.sqrt(12) for t in turns for k in kraus])
    number = entanglement_fidelity(amplitude_damping(0.36))
    np.testing.assert_allclose(choi(twirled), choi(depolarising(4 * (1 - number) / 3)), atol=1e-12)


def test_the_mean_fidelity_of_random_states_follows():
    # n = 4,000 states, sd of the fidelity below 0.1: 6 sigma of the mean is 0.0095, false alarm 2e-9
    channel = phase_flip(0.3)
    states = random_state(1, size=4000, rng=1)
    mean = fidelity(states, channel.apply(states)).mean()
    assert abs(mean - (2 * 0.7 + 1) / 3) < 0.0095


def test_surroundings_that_knew_the_qubit_are_no_channel():
    # two starts without any entanglement, in which wire 0 is the same coin; wire 1 then flips it
    meet = Circuit(2).cx(1, 0).matrix()
    fresh = np.kron(np.eye(2) / 2, density(ket("0")))
    letters = (density(ket("00")) + density(ket("11"))) / 2
    assert concurrence(fresh) == pytest.approx(0, abs=1e-12)
    assert concurrence(letters) == pytest.approx(0, abs=1e-12)
    before, after = (
        [partial_trace(gate @ start @ gate.T, keep=0) for start in (fresh, letters)]
        for gate in (np.eye(4), meet)
    )
    assert trace_distance(*before) == pytest.approx(0, abs=1e-12)
    assert trace_distance(*after) == pytest.approx(1 / 2)  # grown: no map of wire 0 alone did this
    np.testing.assert_allclose(after[1], density(ket("0")), atol=1e-12)


@given(seeds)
def test_fresh_surroundings_never_help_to_tell_apart(seed):
    rng = np.random.default_rng(seed)
    gate = np.linalg.qr(rng.normal(size=(8, 8)) + 1j * rng.normal(size=(8, 8)))[0]
    a, b = (density(random_state(2, size=3, rng=rng)).mean(0) for _ in range(2))
    atom = density(random_state(1, rng=rng))
    after = [partial_trace(gate @ np.kron(start, atom) @ gate.conj().T, [0, 1]) for start in (a, b)]
    assert trace_distance(*after) <= trace_distance(a, b) + 1e-10
