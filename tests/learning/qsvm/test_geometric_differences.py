"""The geometric difference: its definition, its bounds, and the targets that reach them."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.linalg import sqrtm
from sklearn.kernel_ridge import KernelRidge

from qlearn.learning.qsvm import (
    FidelityKernel,
    ProjectedKernel,
    geometric_difference,
    hardest_targets,
    model_complexity,
    training_difference,
    training_error,
)


def kernels(n=20, q=3, seed=0):
    X = np.random.default_rng(seed).uniform(0, 2 * np.pi, (n, q))
    return ProjectedKernel("z", reps=1, gamma=2.0).gram(X), FidelityKernel().gram(X)


def test_is_the_definition():
    C, Q = kernels()
    root = np.real(sqrtm(Q))
    expected = np.sqrt(np.linalg.norm(root @ np.linalg.inv(C) @ root, 2))
    assert geometric_difference(C, Q) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("ridge", [0.01, 1.0])
def test_is_the_definition_with_a_ridge(ridge):
    C, Q = kernels()
    inverse = np.linalg.inv(C + ridge * np.eye(20))
    root, other = np.real(sqrtm(Q)), np.real(sqrtm(C))
    expected = np.sqrt(np.linalg.norm(root @ other @ inverse @ inverse @ other @ root, 2))
    assert geometric_difference(C, Q, ridge=ridge) == pytest.approx(expected, rel=1e-6)


@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_lies_between_1_and_what_the_smallest_eigenvalue_allows(n, seed):
    rng = np.random.default_rng(seed)
    A, B = rng.normal(size=(2, n, n))
    C, Q = A @ A.T + 0.01 * np.eye(n), B @ B.T
    g = geometric_difference(C, Q)
    assert g >= 1 - 1e-9
    lowest = np.linalg.eigvalsh(C * n / np.trace(C))[0]
    assert g <= np.sqrt(n / lowest) * (1 + 1e-9)
    assert geometric_difference(7 * C, 0.1 * Q) == pytest.approx(g)


def test_a_kernel_does_not_differ_from_itself():
    C, _ = kernels()
    assert geometric_difference(C, C) == pytest.approx(1)


@given(st.integers(0, 2**32 - 1))
def test_no_target_is_harder_than_g_squared_and_the_hardest_reach_it(seed):
    C, Q = kernels(n=12, seed=1)
    Q = 0.9 * Q + 0.1 * np.eye(12)
    g = geometric_difference(C, Q)
    y = hardest_targets(C, Q)
    assert model_complexity(C, y) / model_complexity(Q, y) == pytest.approx(g**2)
    assert model_complexity(Q, y) == pytest.approx(1)
    some = np.random.default_rng(seed).normal(size=12)
    assert model_complexity(C, some) <= g**2 * model_complexity(Q, some) * (1 + 1e-9)


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_with_a_ridge_g_bounds_the_rival_by_the_quantum_model_without_one(seed, ridge):
    C, Q = kernels(n=12, seed=1)
    Q = 0.9 * Q + 0.1 * np.eye(12)
    g, missed = (f(C, Q, ridge=ridge) for f in (geometric_difference, training_difference))
    y = hardest_targets(C, Q, ridge=ridge)
    assert model_complexity(C, y, ridge=ridge) / model_complexity(Q, y) == pytest.approx(g**2)
    some = np.random.default_rng(seed).normal(size=12)
    simple = model_complexity(Q, some)
    assert model_complexity(C, some, ridge=ridge) <= g**2 * simple * (1 + 1e-9)
    assert 12 * training_error(C, some, ridge=ridge) <= missed**2 * simple * (1 + 1e-9)


def test_with_one_ridge_for_both_the_ratio_may_be_larger():
    C, Q, y = np.eye(2), np.diag([1.999, 0.001]), [0, 1]
    ratio = model_complexity(C, y, ridge=0.1) / model_complexity(Q, y, ridge=0.1)
    assert ratio > 5 * geometric_difference(C, Q, ridge=0.1) ** 2


@pytest.mark.parametrize("ridge", [0.01, 1.0])
def test_training_difference_is_the_definition_and_is_reached(ridge):
    C, Q = kernels()
    inverse, root = np.linalg.inv(C + ridge * np.eye(20)), np.real(sqrtm(Q))
    values, vectors = np.linalg.eigh(root @ inverse @ inverse @ root)
    found = training_difference(7 * C, 0.1 * Q, ridge=ridge)  # scaled to trace n first
    assert found == pytest.approx(ridge * np.sqrt(values[-1]), rel=1e-6)
    y = root @ vectors[:, -1]  # of complexity 1 for Q
    assert np.sqrt(20 * training_error(C, y, ridge=ridge)) == pytest.approx(found, rel=1e-6)


def test_what_the_rival_may_miss_grows_with_the_ridge_while_g_falls():
    C, Q = kernels()
    ridges = (0, 1e-3, 0.1, 10, 1e3, 1e9)
    missed = [training_difference(C, Q, ridge=r) for r in ridges]
    assert missed == sorted(missed)
    assert missed[0] == 0
    assert missed[-1] == pytest.approx(np.sqrt(np.linalg.eigvalsh(Q)[-1]))  # every target is missed


def test_complexity_is_the_squared_length_of_the_weights():
    C, _ = kernels(n=9)
    y = np.sign(np.random.default_rng(0).normal(size=9))
    assert model_complexity(C, y) == pytest.approx(y @ np.linalg.solve(C, y))
    inverse = np.linalg.inv(C + 0.5 * np.eye(9))
    assert model_complexity(C, y, ridge=0.5) == pytest.approx(y @ inverse @ C @ inverse @ y)


@pytest.mark.parametrize("ridge", [0.01, 0.5, 1e3])
def test_training_error_is_that_of_ridge_regression(ridge):
    C, _ = kernels(n=9)
    C = 7 * C  # scaled to trace n first
    y = np.sign(np.random.default_rng(0).normal(size=9))
    machine = KernelRidge(alpha=ridge, kernel="precomputed").fit(C / 7, y)
    assert training_error(C, y, ridge=ridge) == pytest.approx(np.mean((machine.predict(C / 7) - y) ** 2))
    assert training_error(C, y) == 0


def test_a_small_complexity_with_a_ridge_is_no_promise():
    # Random labels: nothing can be learned. With a large ridge their complexity is small, for a model that missed them.
    C, _ = kernels(n=20)
    y = np.sign(np.random.default_rng(1).normal(size=20))
    assert model_complexity(C, y, ridge=100) / 20 < 0.01
    assert training_error(C, y, ridge=100) > 0.9


def test_g_falls_with_the_ridge():
    C, Q = kernels()
    g = [geometric_difference(C, Q, ridge=r) for r in (0, 1e-3, 0.1, 10, 1e3)]
    assert g == sorted(g, reverse=True)
    assert g[-1] < 0.1


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda: geometric_difference(np.ones((3, 3)), np.eye(3)),
            ValueError,
            "K_classical is singular.*ridge",
        ),
        (lambda: geometric_difference(np.eye(3), [[1, 2], [2, 1]]), ValueError, "K_quantum must be positive"),
        (
            lambda: geometric_difference([[1, 2], [2, 1]], np.eye(2)),
            ValueError,
            "K_classical must be positive",
        ),
        (lambda: geometric_difference(np.eye(2), np.eye(3)), ValueError, "same length, not 2 and 3"),
        (lambda: geometric_difference(np.eye(2), np.zeros((2, 2))), ValueError, "trace above 0"),
        (lambda: geometric_difference(np.eye(2), np.eye(2), ridge=-1), ValueError, "ridge must be"),
        (lambda: model_complexity(np.eye(2), [1, 1, 1]), ValueError, "K and y must have the same length"),
        (lambda: model_complexity(np.eye(2), ["a", "b"]), TypeError, "y must be"),
        (lambda: model_complexity(np.eye(2), [[1.0], [1.0]]), ValueError, "a target for each row"),
        (lambda: training_error(np.eye(2), [1, 1, 1]), ValueError, "K and y must have the same length"),
        (lambda: training_error(np.eye(2), [1, 1], ridge=-1), ValueError, "ridge must be"),
        (lambda: training_error(np.ones((3, 3)), [1, 1, 1]), ValueError, "K is singular"),
        (lambda: hardest_targets(np.ones((3, 3)), np.eye(3)), ValueError, "singular"),
        (
            lambda: training_difference(np.ones((3, 3)), np.eye(3), ridge=0),
            ValueError,
            "K_classical is singular",
        ),
        (lambda: training_difference(np.eye(2), np.eye(2), ridge=-1), ValueError, "ridge must be"),
        (lambda: training_difference(np.eye(2), np.eye(3), ridge=1), ValueError, "same length, not 2 and 3"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
