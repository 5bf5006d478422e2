"""Pauli noise: closed forms, Aer's errors and PennyLane's channels.

Relaxation: Aer and PennyLane say the same, and so does the master equation, solved step by step.

Loss: decibels, flags, and why two damped modes are one erasure.
"""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import Kraus, SuperOp
from qiskit_aer.noise import (
    amplitude_damping_error,
    depolarizing_error,
    pauli_error,
    phase_damping_error,
    thermal_relaxation_error,
)
from scipy.linalg import expm

from qlearn.qubits import density, fidelity, ket, partial_trace, random_state
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    bit_flip,
    choi,
    db_to_transmittance,
    depolarising,
    erasure,
    fibre_loss,
    is_cptp,
    pauli_channel,
    phase_damping,
    phase_flip,
    thermal_relaxation,
    transmittance,
    transmittance_to_db,
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


# Aer takes chances below 1e-8 for none
shares = st.one_of(st.just(0.0), st.floats(1e-6, 1))
times = st.floats(0.01, 10)


@given(shares, shares)
def test_amplitude_damping_is_aers_and_pennylanes(gamma, excited):
    ours = choi(amplitude_damping(gamma, excited))
    aer = Kraus(SuperOp(amplitude_damping_error(gamma, excited))).data
    np.testing.assert_allclose(ours, theirs(aer), atol=1e-7)
    penny = qml.GeneralizedAmplitudeDamping(gamma, excited, wires=0).kraus_matrices()
    np.testing.assert_allclose(ours, theirs(penny), atol=1e-6)  # PennyLane adds 1e-14 under its roots
    cold = qml.AmplitudeDamping(gamma, wires=0).kraus_matrices()
    np.testing.assert_allclose(choi(amplitude_damping(gamma)), theirs(cold), atol=1e-6)


@given(shares)
def test_phase_damping_is_aers_and_pennylanes_and_a_phase_flip(lam):
    ours = choi(phase_damping(lam))
    aer = Kraus(SuperOp(phase_damping_error(lam))).data
    np.testing.assert_allclose(ours, theirs(aer), atol=1e-7)
    np.testing.assert_allclose(ours, theirs(qml.PhaseDamping(lam, wires=0).kraus_matrices()), atol=1e-6)
    np.testing.assert_allclose(ours, choi(phase_flip((1 - np.sqrt(1 - lam)) / 2)), atol=1e-12)


@given(times, times, st.floats(0.05, 1), shares)
def test_thermal_relaxation_is_aers(time, t1, ratio, excited):
    t2 = 2 * t1 * ratio
    ours = choi(thermal_relaxation(time, t1, t2, excited))
    aer = Kraus(SuperOp(thermal_relaxation_error(t1, t2, time, excited))).data
    np.testing.assert_allclose(ours, theirs(aer), atol=1e-7)
    assert is_cptp(ours)


@pytest.mark.parametrize("t2", [0.2, 1.0, 1.5])
@pytest.mark.parametrize("excited", [0.0, 0.1, 0.5])
def test_thermal_relaxation_is_pennylanes(t2, excited):
    penny = qml.ThermalRelaxationError(excited, 1.0, t2, 0.3, wires=0).kraus_matrices()
    np.testing.assert_allclose(choi(thermal_relaxation(0.3, 1.0, t2, excited)), theirs(penny), atol=1e-12)


@given(times, times, st.floats(0.05, 1), shares)
def test_thermal_relaxation_solves_the_master_equation(time, t1, ratio, excited):
    t2 = 2 * t1 * ratio
    jumps = [
        np.sqrt((1 - excited) / t1) * np.array([[0, 1], [0, 0]]),
        np.sqrt(excited / t1) * np.array([[0, 0], [1, 0]]),
        np.sqrt(max(0.0, (1 / t2 - 1 / (2 * t1)) / 2)) * np.diag([1, -1]),
    ]
    eye = np.eye(2)
    generator = sum(
        np.kron(a, a.conj()) - (np.kron(a.conj().T @ a, eye) + np.kron(eye, (a.conj().T @ a).T)) / 2
        for a in jumps
    )
    ours = thermal_relaxation(time, t1, t2, excited).superoperator()
    np.testing.assert_allclose(ours, expm(generator * time), atol=1e-10)


@given(times, times, st.floats(0.05, 1), shares)
def test_waiting_twice_is_waiting_for_the_sum(a, b, ratio, excited):
    settings = (3.0, 6 * ratio, excited)
    both = thermal_relaxation(a, *settings).then(thermal_relaxation(b, *settings))
    np.testing.assert_allclose(choi(both), choi(thermal_relaxation(a + b, *settings)), atol=1e-12)


@given(shares, shares)
def test_two_falls_are_one(a, b):
    np.testing.assert_allclose(
        choi(amplitude_damping(a).then(amplitude_damping(b))),
        choi(amplitude_damping(1 - (1 - a) * (1 - b))),
        atol=1e-7,  # the root of a chance that is 0 but for rounding
    )


def test_populations_and_coherences_decay_as_promised():
    time = np.linspace(0, 300, 7)
    rho = thermal_relaxation(time, t1=100, t2=60, excited=0.1).apply(ket("i"))
    np.testing.assert_allclose(rho[:, 1, 1].real, 0.1 + 0.4 * np.exp(-time / 100), atol=1e-12)
    np.testing.assert_allclose(np.abs(rho[:, 0, 1]), 0.5 * np.exp(-time / 60), atol=1e-12)
    np.testing.assert_allclose(rho[0], [[0.5, -0.5j], [0.5j, 0.5]], atol=1e-12)


def test_no_time_and_endless_times():
    state = random_state(1, rng=4)
    rho = np.outer(state, state.conj())
    np.testing.assert_allclose(thermal_relaxation(0, 5, 5).apply(rho), rho, atol=1e-12)
    np.testing.assert_allclose(thermal_relaxation(9, np.inf, np.inf).apply(rho), rho, atol=1e-12)
    np.testing.assert_allclose(
        thermal_relaxation(9, np.inf, 3).apply(rho), phase_damping(1 - np.exp(-6)).apply(rho), atol=1e-12
    )
    np.testing.assert_allclose(
        thermal_relaxation(9, 5, 10).apply(rho), amplitude_damping(1 - np.exp(-9 / 5)).apply(rho), atol=1e-12
    )
    np.testing.assert_allclose(thermal_relaxation(1e4, 5, 5, 0.2).apply(rho), np.diag([0.8, 0.2]), atol=1e-12)


def test_two_operators_in_the_cold_and_four_in_the_warm():
    assert amplitude_damping(0.3).kraus.shape == (2, 2, 2)
    assert amplitude_damping(0.3, 0.1).kraus.shape == (4, 2, 2)
    assert amplitude_damping([[0.1], [0.2]], [0.0, 0.1, 0.2]).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: thermal_relaxation(1, t1=10, t2=21), ValueError, r"t2 must be at most 2 \* t1 = 20, not 21"),
        (lambda: thermal_relaxation(1, [10, 1], 20), ValueError, r"t2 must be at most 2 \* t1 = 2, not 20"),
        (lambda: thermal_relaxation(1, 10, np.inf), ValueError, "not inf: losing energy alone"),
        (lambda: thermal_relaxation(-1, 10, 10), ValueError, "time must be finite and at least 0, not -1"),
        (
            lambda: thermal_relaxation(np.inf, 10, 10),
            ValueError,
            "time must be finite and at least 0, not inf",
        ),
        (lambda: thermal_relaxation(1, 0, 10), ValueError, "t1 must be above 0 .infinity is allowed., not 0"),
        (
            lambda: thermal_relaxation(1, 10, [5, np.nan]),
            ValueError,
            "t2 must be above 0 .infinity is allowed., not nan",
        ),
        (lambda: thermal_relaxation("1 s", 10, 10), TypeError, "time must be a number"),
        (lambda: thermal_relaxation(1, 10, 10, 1.5), ValueError, "excited must be the share of 1"),
        (
            lambda: thermal_relaxation([1, 2], [1, 2, 3], 1),
            ValueError,
            r"must broadcast .*time \(2,\), t1 \(3,\)",
        ),
        (lambda: amplitude_damping(-0.1), ValueError, "gamma must be the chance of a fall"),
        (lambda: amplitude_damping([0.1] * 2, [0.1] * 3), ValueError, "must broadcast against each other"),
        (lambda: phase_damping(1.01), ValueError, "lam must be"),
    ],
)
def test_refuses_relaxation(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_ten_decibels_are_a_tenth():
    np.testing.assert_allclose(transmittance([0, 50, 100]), [1, 0.1, 0.01], rtol=1e-12)
    np.testing.assert_allclose(transmittance(10, [0.2, 0.35]), [0.630957, 0.446684], atol=5e-7)
    assert transmittance(3).shape == ()


def test_decibels_there_and_back():
    loss = np.array([[0.0, 3.0, 20.0], [0.2, 150.0, np.inf]])
    np.testing.assert_allclose(transmittance_to_db(db_to_transmittance(loss)), loss)
    np.testing.assert_allclose(db_to_transmittance([0, 10, 30]), [1, 0.1, 1e-3])
    assert transmittance_to_db(0.0) == np.inf
    assert str(transmittance_to_db(1.0)) == "0.0"


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: db_to_transmittance([3, -1]), ValueError, "loss_db must be at least 0 dB, not -1"),
        (lambda: db_to_transmittance(np.nan), ValueError, "loss_db must be at least 0 dB, not nan"),
        (lambda: db_to_transmittance("3"), TypeError, "loss_db must be a loss in dB, a number, not '3'"),
        (lambda: transmittance_to_db(2), ValueError, "transmittance must be transmittances between 0 and 1"),
    ],
)
def test_refuses_gains(call, error, says):
    with pytest.raises(error, match=says):
        call()


@given(chances, st.integers(0, 2**32 - 1))
def test_an_erasure_takes_all_or_nothing_and_says_which(p, seed):
    state = random_state(1, rng=seed)
    rho = erasure(p).apply(np.kron(state, ket("0")))
    blocks = rho.reshape(2, 2, 2, 2)  # qubit, flag; qubit, flag
    np.testing.assert_allclose(blocks[:, 0, :, 0], (1 - p) * density(state), atol=1e-12)
    np.testing.assert_allclose(blocks[:, 1, :, 1], p * density(ket("0")), atol=1e-12)
    np.testing.assert_allclose(blocks[:, 0, :, 1], 0, atol=1e-12)


@given(chances, chances)
def test_fibres_can_be_joined(p, q):
    joined = erasure(p).then(erasure(q))
    np.testing.assert_allclose(choi(joined), choi(erasure(1 - (1 - p) * (1 - q))), atol=1e-7)
    assert is_cptp(choi(erasure(p)))


@given(chances, st.integers(0, 2**32 - 1))
def test_one_photon_in_two_damped_modes_is_an_erasure(gamma, seed):
    # horizontal = photon in the first mode, vertical = in the second, lost = in none
    state = random_state(1, rng=seed)
    modes = np.array([0, state[1], state[0], 0])
    damped = amplitude_damping(gamma).beside(amplitude_damping(gamma)).apply(modes)
    flagged = erasure(gamma).apply(np.kron(state, ket("0"))).reshape(2, 2, 2, 2)
    arrived = damped[np.ix_([2, 1], [2, 1])]
    np.testing.assert_allclose(arrived, flagged[:, 0, :, 0], atol=1e-7)
    np.testing.assert_allclose(damped[0, 0], np.trace(flagged[:, 1, :, 1]), atol=1e-12)
    np.testing.assert_allclose(damped[3, 3], 0, atol=1e-12)


def test_fibre_loss_in_its_two_encodings():
    np.testing.assert_allclose(choi(fibre_loss(50)), choi(erasure(0.9)), atol=1e-12)
    np.testing.assert_allclose(
        choi(fibre_loss(25, 0.4, encoding="presence")), choi(amplitude_damping(0.9)), atol=1e-12
    )
    assert fibre_loss([1, 2, 3]).shape == (3,)


def test_what_arrives_of_a_polarised_photon_is_as_good_as_new():
    state = random_state(1, size=4, rng=1)
    rho = fibre_loss(100).apply(np.kron(state, ket("0")))
    arrived = rho.reshape(4, 2, 2, 2, 2)[:, :, 0, :, 0]
    chance = np.trace(arrived, axis1=1, axis2=2).real
    np.testing.assert_allclose(chance, 0.01, atol=1e-12)
    np.testing.assert_allclose(fidelity(state, arrived / chance[:, None, None]), 1, atol=1e-9)
    presence = fibre_loss(100, encoding="presence").apply(state)
    assert (fidelity(state, presence) < 0.8).any()  # and of one whose presence is the bit it is not


def test_a_flag_that_is_up_stays_up():
    after = erasure(0.3).apply(ket("11"))
    np.testing.assert_allclose(after, density(ket("11")), atol=1e-12)
    np.testing.assert_allclose(partial_trace(erasure(1.0).apply(ket("+0")), 1), density(ket("1")), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: transmittance(-1), ValueError, "length_km must be finite and at least 0, not -1"),
        (lambda: transmittance(1, -0.2), ValueError, "loss_db_per_km must be finite and at least 0"),
        (lambda: transmittance([1, np.inf]), ValueError, "length_km must be finite"),
        (lambda: transmittance("far"), TypeError, "length_km must be a number"),
        (
            lambda: transmittance([1, 2], [0.1, 0.2, 0.3]),
            ValueError,
            r"length_km \(2,\), loss_db_per_km \(3,\)",
        ),
        (lambda: erasure(1.2), ValueError, "p must be the chance of a loss"),
        (
            lambda: fibre_loss(1, encoding="time"),
            ValueError,
            "encoding must be one of polarisation, presence, not 'time'",
        ),
    ],
)
def test_refuses_loss(call, error, says):
    with pytest.raises(error, match=says):
        call()
