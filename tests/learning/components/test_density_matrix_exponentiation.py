"""Rows as a density matrix: its eigenvalues and eigenvectors are those of classical PCA.

The partial swap: its matrix, its circuit, and the step that throws the copy away.

Density-matrix exponentiation: equal to the circuit copy by copy, and in error by t**2/n.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from qiskit.quantum_info import DensityMatrix, Operator, partial_trace as theirs
from scipy.linalg import expm
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA, TruncatedSVD

from qlearn.learning.components import exponentiate, swap_circuit, swap_step
from qlearn.learning.components.density_matrix_exponentiation import as_density, density_of_rows
from qlearn.qubits import partial_trace, random_state
from qlearn.qubits.noise import trace_distance


def test_eigenvalues_are_the_explained_variance_of_scikit_learn():
    X = load_iris().data
    pca = PCA().fit(X)
    values, vectors = np.linalg.eigh(density_of_rows(X))
    np.testing.assert_allclose(values[::-1], pca.explained_variance_ratio_, atol=1e-12)
    overlaps = np.abs(pca.components_ @ vectors[:, ::-1])
    np.testing.assert_allclose(overlaps, np.eye(4), atol=1e-6)


def test_without_centring_it_is_the_truncated_svd():
    X = load_iris().data
    svd = TruncatedSVD(n_components=2, algorithm="arpack", random_state=0).fit(X)
    values = np.linalg.eigvalsh(density_of_rows(X, center=False))[::-1]
    np.testing.assert_allclose(values[:2], svd.singular_values_**2 / (X**2).sum(), atol=1e-10)


@pytest.mark.parametrize(("q", "levels"), [(1, 2), (2, 2), (3, 4), (4, 4), (5, 8)])
def test_fills_up_to_whole_qubits(q, levels):
    rho = density_of_rows(np.random.default_rng(1).normal(size=(20, q)))
    assert rho.shape == (levels, levels)
    assert np.trace(rho) == pytest.approx(1, abs=1e-12)
    assert not rho[q:].any()


def test_of_states_is_their_mixture():
    states = random_state(2, 5, rng=3)
    mixture = np.mean([np.outer(psi, psi.conj()) for psi in states], axis=0)
    np.testing.assert_allclose(density_of_rows(states, center=False), mixture, atol=1e-15)
    np.testing.assert_allclose(as_density(states[0]), np.outer(states[0], states[0].conj()), atol=1e-15)


@pytest.mark.parametrize("scale", [1e200, 1.5e307, 1e-200, 2.0**-1060])
def test_shares_do_not_depend_on_the_unit(scale):
    rows = np.array([[3.0, 1.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    np.testing.assert_allclose(density_of_rows(scale * rows), density_of_rows(rows), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("X", "center", "error", "says"),
    [
        ([[1.0, 2.0], [1.0, 2.0]], True, ValueError, "X must vary"),
        (np.full((3, 2), 0.1), True, ValueError, "X must vary"),
        ([[0.0, 0.0]], False, ValueError, "X must not be all zeros"),
        ([[np.nan, 1.0]], True, ValueError, "X must be finite"),
        ([1.0, 2.0], True, ValueError, "a row for each sample"),
        ([["a", "b"]], True, TypeError, "X must be an array of numbers"),
    ],
)
def test_refuses_rows(X, center, error, says):
    with pytest.raises(error, match=says):
        density_of_rows(X, center=center)


@pytest.mark.parametrize(
    ("rho", "says"),
    [
        (random_state(1, 3, rng=1), r"density_of_rows\(states, center=False\)"),
        (np.eye(2), "density_of_rows"),  # two state vectors, not a density matrix: its trace is 2
        (np.diag([1.2, -0.2]), "no negative probability"),
        (np.diag([0.5, 0.5, 0.0]), "2, 4, 8"),
    ],
)
def test_refuses_what_is_no_single_state(rho, says):
    with pytest.raises(ValueError, match=says):
        as_density(rho)


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
