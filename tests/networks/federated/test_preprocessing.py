"""Preprocessing from sums: exactly what scikit-learn finds with all data in one place."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from qlearn.networks.federated import Moments, pooled_pca

X = load_breast_cancer().data
CUTS = [1, 40, 300]  # one client holds a single sample


def test_moments_of_the_parts_are_those_of_the_whole():
    first, *others = (Moments.of(part) for part in np.split(X, CUTS))
    pooled = sum(others, first)
    assert pooled.count == len(X)
    assert np.allclose(pooled.mean, X.mean(axis=0), rtol=1e-12)
    assert np.allclose(pooled.covariance, np.cov(X.T, bias=True), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("n_components", [1, 4, 10])
def test_equals_scikit_learns_pca_of_the_pooled_data(n_components):
    projection = pooled_pca([Moments.of(part) for part in np.split(X, CUTS)], n_components)
    theirs = PCA(n_components, whiten=True).fit_transform(StandardScaler().fit_transform(X))
    theirs *= np.sqrt(len(X) / (len(X) - 1))  # scikit-learn whitens with n - 1
    ours = projection(X)
    assert np.allclose(ours * np.sign((ours * theirs).sum(axis=0)), theirs, atol=1e-8)


def test_a_constant_feature_is_left_out():
    data = np.column_stack([X[:, :3], np.full(len(X), 7.0)])
    with_it, without = (pooled_pca([Moments.of(d)], 2)(d) for d in (data, X[:, :3]))
    assert np.allclose(with_it, without, atol=1e-10)


def test_bits():
    assert Moments.of(X).bits == 64 * (1 + 30 + 465)


def test_refuses():
    with pytest.raises(ValueError, match="X must be finite samples of shape"):
        Moments.of(X[0])
    with pytest.raises(ValueError, match="X must be finite samples"):
        Moments.of([[np.nan]])
    with pytest.raises(ValueError, match="the same features, not 3 and 2"):
        Moments.of(X[:, :3]) + Moments.of(X[:, :2])
    with pytest.raises(TypeError, match="unsupported operand"):
        Moments.of(X) + 1
    with pytest.raises(TypeError, match="moments must be what Moments"):
        pooled_pca([X], 1)
    with pytest.raises(ValueError, match="X must have the 30 features"):
        pooled_pca([Moments.of(X)], 2)(X[:, :3])
    with pytest.raises(ValueError, match="at least one client"):
        pooled_pca([], 1)
    with pytest.raises(ValueError, match="n_components must be at most what the 3 features span, not 4"):
        pooled_pca([Moments.of(X[:, :3])], 4)
    with pytest.raises(ValueError, match="span, not 2"):
        pooled_pca([Moments.of(X[:2, :3])], 2)


@pytest.mark.parametrize("constant", [1000 / 3, 1e9 / 7])
def test_the_rounding_of_a_large_constant_is_no_feature(constant):
    # sums of squares of a constant c leave about 1e-16 c^2 of "variance", which no component may pick up
    few = X[:, :3]
    padded = np.column_stack([few, np.full(len(X), constant)])
    projection = pooled_pca([Moments.of(padded)], 3)
    assert projection.axes[3].tolist() == [0, 0, 0]
    assert np.allclose(projection(padded), pooled_pca([Moments.of(few)], 3)(few), atol=1e-9)
    with pytest.raises(ValueError, match="span, not 4"):
        pooled_pca([Moments.of(padded)], 4)
