"""Whether a training has converged: a fall that gathers speed is told; a steady one, noise and a settled loss are not."""

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

X = np.random.default_rng(0).uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def ended(losses, epochs, *, held_out_loss=None, settled=False):
    model = SimpleNamespace(loss_curve_=losses, epochs=epochs, n_iter_no_change=10)
    warn_if_unfinished(model, SimpleNamespace(held_out_loss=held_out_loss, settled=settled))


NOISE = 0.02 * np.random.default_rng(0).normal(size=100)
TIME = np.linspace(0, 1, 100)


def test_a_loss_that_has_just_begun_to_fall_is_told_and_no_other():
    with pytest.warns(
        ConvergenceWarning, match="the loss fell faster at the end than in the mean of its 100 epochs"
    ):
        ended((1 - 0.5 * TIME**3 + NOISE).tolist(), 100)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ended((1 - 0.5 * TIME**3 + NOISE).tolist(), 101)  # something stopped it
        ended((1 - 0.5 * TIME + NOISE).tolist(), 100)
        ended((np.exp(-3 * TIME) + NOISE).tolist(), 100)
        ended((1 + 0.5 * TIME**3).tolist(), 100)
        ended((1 + NOISE).tolist(), 100)
        SoftmaxClassifier(epochs=60).fit(X, y)


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
    falling = (1 - np.linspace(0, 1, LONG_ENOUGH) ** 3).tolist()
    assert still_falls(falling)
    assert not still_falls(falling[1:])
