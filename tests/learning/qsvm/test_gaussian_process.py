"""Quantum kernels in scikit-learn's Gaussian processes and ridge regression, which take them as they are."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GridSearchCV

from qlearn.learning.encodings import AngleEncoding
from qlearn.learning.qsvm import CountedKernel, FidelityKernel, GaussianProcessKernel, ProjectedKernel


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(0).normal(size=(25, 2))


@pytest.mark.parametrize(
    "kernel", [FidelityKernel("zz", bandwidth=0.05), ProjectedKernel("zz", bandwidth=0.05)]
)
def test_is_the_kernel(rows, kernel):
    ours = GaussianProcessKernel(kernel)
    np.testing.assert_array_equal(ours(rows), kernel.gram(rows))
    np.testing.assert_array_equal(ours(rows, rows[:3]), kernel.gram(rows, rows[:3]))
    np.testing.assert_allclose(ours.diag(rows), np.diag(kernel.gram(rows)), atol=1e-12)
    assert not ours.is_stationary()
    np.testing.assert_allclose(ours.theta, [np.log(0.05)])
    np.testing.assert_allclose(ours.bounds, np.log([[1e-3, 10]]))
    assert repr(ours) == "GaussianProcessKernel(bandwidth=0.05)"


@pytest.mark.parametrize("bandwidth", [0.03, 0.3, 1.0])
def test_the_derivative_is_that_of_the_product_of_cosines(rows, bandwidth):
    # one layer of H and P(2 s x): k = prod cos^2(s d), so dk / d ln s = -2 s k sum d tan(s d)
    kernel = GaussianProcessKernel(FidelityKernel("z", reps=1, bandwidth=bandwidth))
    table, slope = kernel(rows, eval_gradient=True)
    d = rows[:, None] - rows
    expected = -2 * bandwidth * table * (d * np.tan(bandwidth * d)).sum(axis=-1)
    assert slope.shape == (25, 25, 1)
    np.testing.assert_allclose(slope[..., 0], expected, atol=1e-8)


@pytest.mark.parametrize(
    "kernel", [FidelityKernel("zz", bandwidth=0.05), ProjectedKernel("zz", bandwidth=0.2)]
)
def test_the_derivative_agrees_with_pull_back_of_the_kernel(rows, kernel):
    # the sum of G times the slope, by the derivative of the kernel by its points and a small step of the points
    G = np.random.default_rng(1).normal(size=(25, 25))
    G += G.T
    slope = GaussianProcessKernel(kernel)(rows, eval_gradient=True)[1][..., 0]
    there, back = (kernel.points(rows * np.exp(sign * 1e-5)) for sign in (1, -1))
    pull = kernel.pull_back(kernel.points(rows), G)
    expected = np.vdot(there - back, pull).real / 2e-5
    assert (G * slope).sum() == pytest.approx(expected, rel=1e-7)


def test_the_evidence_is_maximal_where_the_search_ends(rows):
    y = np.sin(rows[:, 0]) + 0.1 * np.random.default_rng(2).normal(size=25)
    start = ConstantKernel() * GaussianProcessKernel(
        FidelityKernel("z", bandwidth=0.1), (0.01, 2)
    ) + WhiteKernel(0.1)
    process = GaussianProcessRegressor(start).fit(rows, y)
    best, theta = process.log_marginal_likelihood_value_, process.kernel_.theta
    assert len(theta) == 3
    for step in np.concatenate([np.eye(3), -np.eye(3)]) * 0.05:
        assert (
            process.log_marginal_likelihood(np.clip(theta + step, *process.kernel_.bounds.T)) <= best + 1e-6
        )
    assert best > process.log_marginal_likelihood(start.theta)


def test_the_process_is_that_of_the_formula(rows):
    kernel = FidelityKernel("zz", bandwidth=0.05)
    y = rows[:, 0] ** 2
    fixed = GaussianProcessKernel(kernel, "fixed")
    process = GaussianProcessRegressor(fixed, alpha=1e-3).fit(rows, y)
    new = rows[:5] + 0.1
    K, k = kernel.gram(rows) + 1e-3 * np.eye(25), kernel.gram(new, rows)
    mean, deviation = process.predict(new, return_std=True)
    np.testing.assert_allclose(mean, k @ np.linalg.solve(K, y), atol=1e-8)
    np.testing.assert_allclose(deviation**2, 1 - (k * np.linalg.solve(K, k.T).T).sum(axis=1), atol=1e-8)
    assert fixed.theta.size == 0
    assert fixed(rows, eval_gradient=True)[1].shape == (25, 25, 0)


def test_a_process_tells_three_classes_apart():
    X, y = load_iris(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    kernel = GaussianProcessKernel(FidelityKernel("z", bandwidth=0.1), (0.01, 1))
    process = GaussianProcessClassifier(kernel).fit(X[::3], y[::3])
    held_out = np.arange(150) % 3 != 0
    assert process.score(X[held_out], y[held_out]) > 0.85
    np.testing.assert_allclose(process.predict_proba(X[held_out]).sum(axis=1), 1)


def test_ridge_regression_takes_the_table(rows):
    kernel, y = FidelityKernel("zz", bandwidth=0.05), rows[:, 1]
    ridge = KernelRidge(kernel="precomputed", alpha=0.1).fit(kernel.gram(rows), y)
    expected = kernel.gram(rows[:4], rows) @ np.linalg.solve(kernel.gram(rows) + 0.1 * np.eye(25), y)
    np.testing.assert_allclose(ridge.predict(kernel.gram(rows[:4], rows)), expected, atol=1e-9)


def test_a_clone_with_another_theta_leaves_the_kernel_that_was_given():
    given = FidelityKernel("z", bandwidth=0.1)
    ours = GaussianProcessKernel(given, (0.01, 1))
    other = ours.clone_with_theta(np.log([0.5]))
    assert (other.kernel.bandwidth, ours.kernel.bandwidth, given.bandwidth) == (0.5, 0.1, 0.1)
    assert clone(ours) == ours
    assert ours != other


def test_a_search_reaches_into_the_kernel(rows):
    process = GaussianProcessRegressor(GaussianProcessKernel(FidelityKernel("z"), "fixed"), alpha=0.1)
    search = GridSearchCV(process, {"kernel__kernel__bandwidth": [0.01, 0.3]}, cv=3).fit(rows, rows[:, 0])
    assert search.best_params_["kernel__kernel__bandwidth"] in (0.01, 0.3)
    assert process.kernel.kernel.bandwidth == 1.0
    assert GaussianProcessKernel(FidelityKernel()).get_params()["kernel__reps"] == 2


@pytest.mark.parametrize(
    ("kernel", "error", "says"),
    [
        (
            GaussianProcessKernel("zz"),
            TypeError,
            "kernel must be a FidelityKernel or ProjectedKernel, not str",
        ),
        (GaussianProcessKernel(CountedKernel(FidelityKernel())), TypeError, "not CountedKernel"),
        (
            GaussianProcessKernel(FidelityKernel("amplitude")),
            ValueError,
            "must be 'fixed' with encoding='amplitude'",
        ),
        (
            GaussianProcessKernel(FidelityKernel(AngleEncoding())),
            ValueError,
            "must be 'fixed' with encoding=AngleEnc",
        ),
        (
            GaussianProcessKernel(FidelityKernel(), "free"),
            ValueError,
            "must be two numbers or 'fixed', not 'free'",
        ),
        (GaussianProcessKernel(FidelityKernel(), (1, 0.1)), ValueError, "a lower and a higher bound"),
        (
            GaussianProcessKernel(FidelityKernel(), (1, 2, 3)),
            ValueError,
            r"two numbers or 'fixed', not \(1, 2, 3\)",
        ),
        (GaussianProcessKernel(FidelityKernel(), 3), ValueError, "two numbers or 'fixed', not 3"),
        (GaussianProcessKernel(FidelityKernel(), (0, 1)), ValueError, "bandwidth_bounds must be above 0"),
    ],
)
def test_refuses(rows, kernel, error, says):
    with pytest.raises(error, match=says):
        GaussianProcessRegressor(kernel).fit(rows, rows[:, 0])


def test_refuses_a_derivative_between_two_sets(rows):
    with pytest.raises(ValueError, match="eval_gradient=True is for the rows with themselves"):
        GaussianProcessKernel(FidelityKernel())(rows, rows, eval_gradient=True)


@pytest.mark.parametrize(
    "kernel",
    [FidelityKernel("zz"), ProjectedKernel("zz", gamma=0.7), FidelityKernel("zz", dtype="complex64")],
)
@pytest.mark.parametrize(("bandwidth", "atol"), [(0.3, 5e-9), (1.0, 2e-6)])
def test_the_derivative_is_right_where_entries_turn_fast(kernel, bandwidth, atol):
    # Richardson's extrapolation of central differences, of the eighth power of the step, on other points
    rows = np.random.default_rng(3).normal(size=(40, 3))
    double = replace(kernel, dtype="complex128") if isinstance(kernel, FidelityKernel) else kernel

    def slope(h):
        there, back = (replace(double, bandwidth=bandwidth * np.exp(s * h)).gram(rows) for s in (1, -1))
        return (there - back) / 2 / h

    expected = (64 * slope(1e-4) - 20 * slope(2e-4) + slope(4e-4)) / 45
    got = GaussianProcessKernel(replace(kernel, bandwidth=bandwidth))(rows, eval_gradient=True)[1]
    assert np.abs(expected).max() > 3
    np.testing.assert_allclose(got[..., 0], expected, atol=atol)
