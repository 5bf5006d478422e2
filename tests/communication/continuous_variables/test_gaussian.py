"""Gaussian states: known spectra, Heisenberg's limit, entropies against a Fock-space oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.continuous_variables import (
    beamsplitter,
    combine,
    entropy,
    epr,
    symplectic_eigenvalues,
)


@given(st.floats(1, 50))
def test_twin_beams_are_pure_and_each_half_is_thermal(variance):
    state = epr(variance)
    np.testing.assert_allclose(symplectic_eigenvalues(state), 1, atol=1e-6 * variance)
    np.testing.assert_allclose(symplectic_eigenvalues(state[:2, :2]), variance)


@given(st.lists(st.floats(1, 20), min_size=1, max_size=4), st.integers(0, 2**31))
def test_splitters_and_squeezers_leave_the_eigenvalues(variances, seed):
    # thermal modes through a random network: squeezers and splitters are symplectic, so nothing may change
    rng = np.random.default_rng(seed)
    state = np.diag(np.repeat(variances, 2))
    for _ in range(4):
        stretch = np.exp(rng.uniform(-0.5, 0.5, len(variances)))
        squeeze = np.diag(np.stack([stretch, 1 / stretch], axis=1).ravel())
        state = squeeze @ state @ squeeze
        if len(variances) > 1:
            first, second = rng.choice(len(variances), 2, replace=False)
            state = beamsplitter(state, int(first), int(second), rng.uniform())
    np.testing.assert_allclose(symplectic_eigenvalues(state), sorted(variances, reverse=True), rtol=1e-7)


def test_equals_the_definition():
    # |eig(i Omega sigma)|, from the general (not Hermitian) eigenvalue routine
    rng = np.random.default_rng(1)
    for _ in range(20):
        root = rng.normal(size=(6, 6))
        sigma = root @ root.T + 3 * np.eye(6)
        omega = np.kron(np.eye(3), [[0, 1], [-1, 0]])
        values = np.sort(np.abs(np.linalg.eigvals(1j * omega @ sigma)))[::-1][::2]
        np.testing.assert_allclose(symplectic_eigenvalues(sigma), values, rtol=1e-9)


def test_takes_batches():
    states = np.stack([epr(2.0), combine(3 * np.eye(2), 2 * np.eye(2))])
    np.testing.assert_allclose(symplectic_eigenvalues(states), [[1, 1], [3, 2]], atol=1e-7)
    assert entropy(states).shape == (2,)


@pytest.mark.parametrize("photons", [0.1, 1.0, 3.5])
def test_entropy_is_that_of_the_photon_numbers(photons):
    # oracle: thermal light of mean n has photon numbers p(k) = n^k / (1+n)^(k+1)
    k = np.arange(2000)
    p = np.exp(k * np.log(photons / (1 + photons))) / (1 + photons)
    p = p[p > 0]
    expected = -np.sum(p * np.log2(p))
    assert float(entropy((2 * photons + 1) * np.eye(2))) == pytest.approx(expected, rel=1e-9)


def test_entropy_does_not_see_a_squeezer():
    assert float(entropy(3 * np.diag([0.25, 4.0]))) == pytest.approx(2.0)
    assert float(entropy(np.diag([0.25, 4.0]))) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("covariance", "says"),
    [
        (0.9 * np.eye(2), "Heisenberg"),
        (np.diag([0.2, 4.0]), "Heisenberg"),
        (np.array([[2.0, 1.0], [0.0, 2.0]]), "symmetric"),
        (np.diag([1.0, -1.0]), "positive definite"),
        (np.eye(3), r"shape \(..., 2n, 2n\)"),
        (np.ones(4), r"shape \(..., 2n, 2n\)"),
        (np.zeros((0, 0)), r"shape \(..., 2n, 2n\)"),
        (np.full((2, 2), np.nan), "finite"),
    ],
)
def test_refuses(covariance, says):
    with pytest.raises(ValueError, match=says):
        symplectic_eigenvalues(covariance)
    with pytest.raises(ValueError, match=says):
        entropy(covariance)


def test_refuses_what_is_no_matrix_and_what_is_no_state():
    with pytest.raises(TypeError, match="covariance must be a number or an array of numbers"):
        symplectic_eigenvalues("vacuum")
    with pytest.raises(ValueError, match="variance must be finite and at least 1"):
        epr(0.5)
