"""Whether a training has converged: a steady fall is told, noise and a settled loss are not."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from qlearn.learning.neural_networks._convergence import LONG_ENOUGH, still_falls
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier

X = np.random.default_rng(0).uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def test_a_loss_that_falls_to_the_end_is_told_and_one_that_settles_is_not():
    with pytest.warns(
        ConvergenceWarning, match="the loss still falls as fast as in the mean of its 60 epochs"
    ):
        SoftmaxClassifier(optimizer="sgd", learning_rate=0.004, epochs=60).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        SoftmaxClassifier(epochs=60, learning_rate=0.5).fit(X, y)
        SoftmaxClassifier(optimizer="sgd", learning_rate=0.004, epochs=49).fit(X, y)  # too few to say
        stopped = {"callback": lambda model, epoch, loss: epoch == 55}
        SoftmaxClassifier(optimizer="sgd", learning_rate=0.004, epochs=60, **stopped).fit(X, y)


@pytest.mark.parametrize("slope", [0.0, -1.0, 1e-3])
def test_no_fall_is_none(slope):
    noise = 0.02 * np.random.default_rng(0).normal(size=100)
    assert not still_falls((1 - slope * np.linspace(0, 1, 100) + noise).tolist())
    assert still_falls((1 - 0.5 * np.linspace(0, 1, 100) + noise).tolist())


def test_a_curve_that_is_too_short_says_nothing():
    falling = np.linspace(1, 0, LONG_ENOUGH).tolist()
    assert still_falls(falling)
    assert not still_falls(falling[:-1])
    assert not still_falls(np.exp(-0.05 * np.arange(LONG_ENOUGH)).tolist())  # it slows down
