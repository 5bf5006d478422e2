"""Whether a training has converged: a descent that is cut off is told, a budget of epochs that is used up is not."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from qlearn.learning.neural_networks._convergence import (
    LONG_ENOUGH,
    still_falls,
    warn_if_unfinished,
    warn_if_worse,
)
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.hybrid import HybridClassifier
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.optimizers import Adam

X = np.random.default_rng(0).uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def ended(losses, epochs, *, optimizer="l-bfgs", held_out_loss=None, settled=False):
    model = SimpleNamespace(loss_curve_=losses, epochs=epochs, n_iter_no_change=10, optimizer=optimizer)
    warn_if_unfinished(model, SimpleNamespace(held_out_loss=held_out_loss, settled=settled))


TIME = np.linspace(0, 1, 100)


@pytest.mark.parametrize("optimizer", ["l-bfgs", LBFGS()])
def test_a_quasi_newton_descent_that_is_cut_off_is_told(optimizer):
    with pytest.warns(
        ConvergenceWarning, match=r"still fell when the 100 iterations of l-bfgs were used up, from"
    ):
        ended((1 - 0.5 * TIME).tolist(), 100, optimizer=optimizer)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ended((1 - 0.5 * TIME).tolist(), 101, optimizer=optimizer)  # something stopped it
        ended((1 + np.exp(-30 * TIME)).tolist(), 100, optimizer=optimizer)


def test_of_steps_in_batches_the_epochs_are_a_budget():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for optimizer in ("adam", "sgd", "spsa", Adam()):
            ended((1 - 0.5 * TIME).tolist(), 100, optimizer=optimizer)
        SoftmaxClassifier(epochs=60).fit(X, y)


def test_a_fit_that_is_cut_off_is_told(monkeypatch):
    monkeypatch.setattr("qlearn.learning.neural_networks._convergence.LONG_ENOUGH", 5)
    coins = np.random.default_rng(1).integers(0, 2, 60)
    with pytest.warns(ConvergenceWarning, match="still fell when the 6 iterations of l-bfgs were used up"):
        HybridClassifier(2, optimizer="l-bfgs", epochs=6, random_state=0).fit(X, coins)


def test_held_out_rows_decide_where_there_are_such():
    with pytest.warns(ConvergenceWarning, match="all 100 epochs are used up"):
        ended(TIME.tolist(), 100, held_out_loss=lambda: 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ended((1 - 0.5 * TIME**3).tolist(), 100, held_out_loss=lambda: 0.0, settled=True)


def test_what_ends_above_its_start_and_a_constant_is_worse():
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=1e3, epochs=3, batch_size=None)
    with pytest.warns(ConvergenceWarning, match="learning_rate=1000 is most likely too large"):
        model.fit(X, np.arange(60) % 2)
    model.set_parameters([np.zeros((3, 1)), np.zeros(1)])
    assert not warn_if_worse(model, 0.7, model.prepare(X, y), None)


def test_a_curve_that_is_too_short_says_nothing():
    falling = np.linspace(1, 0.5, LONG_ENOUGH).tolist()
    assert still_falls(falling)
    assert not still_falls(falling[1:])
