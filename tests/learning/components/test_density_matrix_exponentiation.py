"""The partial swap: its matrix, its circuit, and the step that throws the copy away.

Density-matrix exponentiation: equal to the circuit copy by copy, and in error by t**2/n.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit.quantum_info import DensityMatrix, Operator
from qiskit.quantum_info import partial_trace as theirs
from scipy.linalg import expm

from qlearn.learning.components import exponentiate, swap_circuit, swap_step
from qlearn.qubits import partial_trace, random_state
from qlearn.qubits.noise import trace_distance


def mixed(n, seed):
    """A random full-rank state of n qubits."""
    return partial_trace(random_state(2 * n, rng=seed), range(n))


angles = st.floats(-4, 4)


@given(angles)
def test_partial_swap_is_the_exponential_of_the_swap(angle):
    swap = np.eye(4)[[0, 2, 1, 3]]
    np.testing.assert_allclose(swap_circuit(1, angle).matrix(), expm(-1j * angle * swap), atol=1e-12)


@given(st.integers(1, 2), st.integers(0, 99), angles)
def test_step_is_the_circuit_with_the_copy_thrown_away(n, seed, angle):
    rho, sigma = mixed(n, seed), mixed(n, seed + 100)
    unitary = swap_circuit(n, angle).matrix()
    joint = unitary @ np.kron(sigma, rho) @ unitary.conj().T
    np.testing.assert_allclose(swap_step(rho, sigma, angle), partial_trace(joint, range(n)), atol=1e-12)


def test_step_equals_qiskit():
    rho, sigma = mixed(2, 5), mixed(2, 6)
    # Qiskit counts subsystems from the right: its first two are our last two wires, the copy.
    joint = DensityMatrix(np.kron(sigma, rho)).evolve(Operator(swap_circuit(2, 0.3).matrix()))
    np.testing.assert_allclose(swap_step(rho, sigma, 0.3), theirs(joint, [0, 1]).data, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: swap_step([1, 1], [1, 0], 0.1), ValueError, "must be normalised"),
        (lambda: swap_step([1, 0], [1, 0], "0.1"), TypeError, "angle must be a number"),
        (lambda: swap_circuit(6, 0.1), ValueError, "16\\*\\*n entries"),
        (lambda: swap_circuit(1, np.nan), ValueError, "angle must be a finite number"),
        (lambda: swap_step([1, 0], [1, 0, 0, 0], 0.1), ValueError, "same size to be swapped"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


@given(st.integers(1, 2), st.integers(0, 99), st.floats(-10, 10), st.integers(1, 40))
def test_many_copies_at_once_are_as_many_steps(n, seed, time, copies):
    rho, sigma = mixed(n, seed), mixed(n, seed + 100)
    register = sigma
    for _ in range(copies):
        register = swap_step(rho, register, time / copies)
    np.testing.assert_allclose(exponentiate(rho, sigma, time, copies), register, atol=1e-10)


def test_without_end_it_is_the_turn_by_rho():
    rho, sigma = mixed(2, 1), mixed(2, 2)
    turn = expm(-3j * rho)
    np.testing.assert_allclose(exponentiate(rho, sigma, 3.0, None), turn @ sigma @ turn.conj().T, atol=1e-12)
    np.testing.assert_allclose(
        exponentiate(rho, sigma, 3.0, 10**8), exponentiate(rho, sigma, 3.0, None), atol=1e-6
    )


def test_error_falls_with_the_copies_and_grows_with_the_square_of_the_time():
    rho, sigma = mixed(1, 3), mixed(1, 4)

    def error(time, copies):
        return trace_distance(exponentiate(rho, sigma, time, copies), exponentiate(rho, sigma, time, None))

    copies = 2 ** np.arange(10, 16)
    slope = np.polyfit(np.log(copies), np.log([error(2.0, n) for n in copies]), 1)[0]
    assert slope == pytest.approx(-1, abs=0.01)
    # with t/n tiny, the phase itself commutes with the t**2 law: compare times at which sigma is turned alike
    whole_turns = 2 * np.pi / np.ptp(np.linalg.eigvalsh(rho)) * np.array([1, 2, 4, 8])
    slope = np.polyfit(np.log(whole_turns), np.log([error(t, 10**7) for t in whole_turns]), 1)[0]
    assert slope == pytest.approx(2, abs=0.01)


@given(st.integers(0, 99), st.floats(0.1, 6), st.integers(1, 300))
def test_error_is_below_its_bound(seed, time, copies):
    # One step is off by theta**2 (rho - sigma + [rho, [rho, sigma]] / 2) and higher orders: at most 2 theta**2
    # in trace distance to second order; 4 t**2/n covers the rest (Kimmel et al. state the same order).
    rho, sigma = mixed(1, seed), mixed(1, seed + 1)
    error = trace_distance(exponentiate(rho, sigma, time, copies), exponentiate(rho, sigma, time, None))
    assert error <= 4 * time**2 / copies + 1e-12


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: exponentiate([1, 0], [1, 0], 1.0, 0), ValueError, "copies must be at least 1"),
        (lambda: exponentiate([1, 0], [1, 0], np.inf, 5), ValueError, "time must be a finite number"),
        (lambda: exponentiate([1, 0], [1, 0, 0, 0], 1.0, 5), ValueError, "same size to be swapped"),
    ],
)
def test_refuses_exponentiation(call, error, says):
    with pytest.raises(error, match=says):
        call()
