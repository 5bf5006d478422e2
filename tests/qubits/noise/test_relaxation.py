"""Relaxation: Aer and PennyLane say the same, and so does the master equation, solved step by step."""

import numpy as np
import pennylane as qml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import Kraus, SuperOp
from qiskit_aer.noise import amplitude_damping_error, phase_damping_error, thermal_relaxation_error
from scipy.linalg import expm

from qlearn.qubits import ket, random_state
from qlearn.qubits.noise import (
    Channel,
    amplitude_damping,
    choi,
    is_cptp,
    phase_damping,
    phase_flip,
    thermal_relaxation,
)

# Aer takes chances below 1e-8 for none
shares = st.one_of(st.just(0.0), st.floats(1e-6, 1))
times = st.floats(0.01, 10)


def theirs(operators):
    return choi(Channel(np.array(operators)))


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
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
