"""The bandwidth from the data: what it solves, what it does not depend on, and that it predicts where 1 does not."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from qlearn.learning.qsvm import QSVC, FidelityKernel, ProjectedKernel
from qlearn.learning.qsvm.bandwidth import scaled_kernel

KERNELS = [FidelityKernel(), FidelityKernel("z", 1), ProjectedKernel(), FidelityKernel("angle")]
PAIRS = np.triu_indices(60, 1)


def rows(q=3, seed=0):
    return np.random.default_rng(seed).normal(size=(60, q))


@pytest.mark.parametrize("kernel", KERNELS[:3])
def test_rows_are_as_alike_as_a_wide_gaussian_finds_them(kernel):
    X = rows()
    found = scaled_kernel(kernel, X).gram(X)[PAIRS].mean()
    assert found == pytest.approx(rbf_kernel(X, gamma=1 / (8 * 3 * X.var()))[PAIRS].mean(), abs=0.005)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("factor", [1e-6, 0.1, 1e5])
def test_the_unit_of_the_features_does_not_matter(kernel, factor):
    X = rows()
    one, other = scaled_kernel(kernel, X), scaled_kernel(kernel, factor * X)
    assert other.bandwidth * factor == pytest.approx(one.bandwidth)


def test_of_all_solutions_the_smallest_is_taken():
    # cos^2 of one feature comes back: below the bandwidth that was found the rows are only more alike
    X = rows(1)
    best = scaled_kernel(FidelityKernel("z", reps=1), X)
    below = [
        FidelityKernel("z", 1, bandwidth=b * best.bandwidth).gram(X)[PAIRS].mean() for b in (0.2, 0.5, 0.9)
    ]
    assert below == sorted(below, reverse=True)
    assert below[-1] > best.gram(X)[PAIRS].mean()


def test_angles_keep_room_for_rows_twice_as_far_out():
    X = np.append(np.random.default_rng(0).normal(size=(999, 1)), [[8.0]], axis=0)
    kernel = scaled_kernel(FidelityKernel("angle"), X)
    assert 0.5 < kernel.bandwidth * 8 <= np.pi / 2
    assert kernel.gram([[15.9]]).shape == (1, 1)
    assert (
        scaled_kernel(FidelityKernel("z"), X).bandwidth > kernel.bandwidth / 2
    )  # which wraps where a feature is 4


@pytest.mark.parametrize("X", [[[1.0, 2.0]], [[3.0], [3.0]]])
def test_rows_without_a_spread_have_bandwidth_1(X):
    assert scaled_kernel(FidelityKernel(bandwidth=7), X).bandwidth == 1


@pytest.mark.parametrize("q", [2, 5])
def test_untuned_it_predicts_digits_where_the_map_as_it_stands_does_not(q):
    # digits took no part in the choice of the share 1/8. Ten classes: 0.1 is chance, 600 rows: its error is 0.012
    X, y = load_digits(return_X_y=True)

    def score(machine):
        return cross_val_score(make_pipeline(StandardScaler(), PCA(q), machine), X[:600], y[:600]).mean()

    assert score(QSVC()) > 0.35
    if q > 2:
        with pytest.warns(UserWarning, match="hardly more than unrelated states of 5 qubits"):
            textbook = score(QSVC(bandwidth=1))
        assert textbook < 0.2
