"""The loss: scikit-learn's log loss, its gradient by finite differences, finite however wrong the model is.

The squared error: its gradient is its slope.
"""

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.metrics import log_loss, mean_squared_error

from qlearn.learning.neural_networks.losses import cross_entropy, squared_error


@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_equals_scikit_learns_log_loss_and_its_finite_difference(columns):
    rng = np.random.default_rng(columns)
    scores = rng.normal(size=(30, columns)) * 3
    y = rng.integers(0, max(columns, 2), 30)
    loss, gradient = cross_entropy(scores, y)
    p = np.column_stack([1 - expit(scores), expit(scores)]) if columns == 1 else softmax(scores, axis=1)
    assert loss == pytest.approx(log_loss(y, p, labels=range(p.shape[1])), abs=1e-12)
    direction = rng.normal(size=scores.shape)
    ahead, behind = (cross_entropy(scores + s * 1e-5 * direction, y)[0] for s in (1, -1))
    assert (gradient * direction).sum() == pytest.approx((ahead - behind) / 2e-5, abs=1e-8)


def test_two_scores_of_equal_and_opposite_halves_are_the_logistic_function():
    s, y = np.array([[0.3], [-2.0]]), np.array([1, 0])
    assert cross_entropy(s, y)[0] == pytest.approx(cross_entropy(np.hstack([-s / 2, s / 2]), y)[0], abs=1e-14)


@pytest.mark.parametrize("scores", [np.array([[1e4]]), np.array([[0.0, 1e4]])])
def test_stays_finite_when_the_model_is_sure_and_wrong(scores):
    loss, gradient = cross_entropy(scores, np.array([0]))
    assert loss == pytest.approx(1e4)
    assert np.isfinite(gradient).all()


def test_is_scikit_learns_and_its_gradient_is_its_slope():
    rng = np.random.default_rng(0)
    scores, targets, way = rng.normal(size=(3, 7, 2))
    loss, gradient = squared_error(scores, targets)
    assert loss == pytest.approx(
        2 * mean_squared_error(targets, scores), abs=1e-14
    )  # theirs is the mean of two
    ahead, behind = (squared_error(scores + s * 1e-5 * way, targets)[0] for s in (1, -1))
    assert (gradient * way).sum() == pytest.approx((ahead - behind) / 2e-5, abs=1e-8)
