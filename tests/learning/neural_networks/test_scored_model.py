"""A scored model: its loss and gradient over any number of rows, encoded at once or block by block."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import scored_model
from qlearn.learning.neural_networks._on_demand import EncodedOnDemand
from qlearn.learning.neural_networks.qnn import QNNClassifier, QNNRegressor

X = np.random.default_rng(0).uniform(-1.5, 1.5, (30, 2))
LABELS, REAL = (X[:, 0] > 0).astype(int), X[:, 0] - X[:, 1]
WEIGHTS = np.linspace(0.2, 2, 30)


@pytest.mark.parametrize(("made", "targets"), [(QNNClassifier, LABELS), (QNNRegressor, REAL)])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_blocks_of_encoded_rows_give_the_loss_and_gradient_of_all(made, targets, weights, monkeypatch):
    model = made(epochs=1, random_state=0).fit(X, targets)
    at = model.get_parameters()
    value, gradients = model.loss_and_gradient(at, X, targets, weights)
    monkeypatch.setattr(scored_model, "_ENCODED_BYTES", -1)
    monkeypatch.setattr(scored_model, "_BLOCK", 7 * model._numbers_a_row())
    assert isinstance(model._prepared(X, targets).inputs, EncodedOnDemand)
    again, slopes = model.loss_and_gradient(at, X, targets, weights)
    assert again == pytest.approx(value, abs=1e-12)
    for a, b in zip(gradients, slopes, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


@pytest.mark.parametrize(("made", "targets"), [(QNNClassifier, LABELS), (QNNRegressor, REAL)])
def test_a_weighted_loss_is_the_weighted_mean_of_the_rows(made, targets):
    model = made(epochs=1, random_state=0).fit(X, targets)
    at = model.get_parameters()
    alone = [model.loss_and_gradient(at, X[[i]], targets[[i]]) for i in range(30)]
    value, gradients = model.loss_and_gradient(at, X, targets, WEIGHTS)
    assert value == pytest.approx(np.average([a[0] for a in alone], weights=WEIGHTS), abs=1e-12)
    for k, gradient in enumerate(gradients):
        expected = np.average([a[1][k] for a in alone], axis=0, weights=WEIGHTS)
        np.testing.assert_allclose(gradient, expected, atol=1e-12)


def test_refuses_a_gradient_with_wrong_weights_or_parameters():
    model = QNNClassifier(epochs=1, random_state=0).fit(X, LABELS)
    with pytest.raises(ValueError, match="sample_weight must not be negative"):
        model.loss_and_gradient(model.get_parameters(), X, LABELS, -WEIGHTS)
    with pytest.raises(ValueError, match="parameters must be arrays of shapes"):
        model.loss_and_gradient([np.zeros(2)], X, LABELS)
