"""Rows as a density matrix: its eigenvalues and eigenvectors are those of classical PCA."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA, TruncatedSVD

from qlearn.learning.components.density_matrices import as_density, density_of_rows
from qlearn.qubits import random_state


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
