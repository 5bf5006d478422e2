"""What gradient regressors share: units of the targets, several outputs, training in pieces."""

import numpy as np
import pytest

from qlearn.learning.neural_networks.regressor import QNNRegressor

RNG = np.random.default_rng(0)
X = RNG.uniform(-1.5, 1.5, (60, 2))
y = np.sin(X[:, 0]) + 0.5 * X[:, 1]
OPTIONS = {"epochs": 20, "random_state": 0, "batch_size": None}


def test_the_unit_of_the_targets_does_not_matter():
    one = QNNRegressor(**OPTIONS).fit(X, y)
    other = QNNRegressor(**OPTIONS).fit(X, 1e6 * y - 3e7)
    assert np.allclose(1e6 * one.predict(X) - 3e7, other.predict(X), rtol=0, atol=1e-2)
    assert one.score(X, y) == pytest.approx(other.score(X, 1e6 * y - 3e7), abs=1e-9)


@pytest.mark.parametrize("size", [1e200, 1e-200, 1e307])
def test_targets_of_any_size_are_learned_alike(size):
    # the square of each of these is no number; the standard deviation is
    one = QNNRegressor(**OPTIONS).fit(X, y)
    other = QNNRegressor(**OPTIONS).fit(X, size * y)
    assert np.isfinite(other.target_scale_).all()
    np.testing.assert_allclose(other.predict(X) / size, one.predict(X), atol=1e-9)


def test_the_farthest_targets_have_a_difference():
    most = np.finfo(float).max
    ends = np.where(np.arange(60) % 2, most, -most)
    with np.errstate(all="ignore"):  # scikit-learn's own check adds them up first
        model = QNNRegressor(**OPTIONS).fit(X, ends)
        learned = model._targets(ends)[:, 0]
    np.testing.assert_allclose(learned, np.sign(ends))


def test_the_loss_is_one_minus_r_squared():
    model = QNNRegressor(**OPTIONS).fit(X, y)
    loss, _ = model.loss_and_gradient(model.get_parameters(), X, y)
    assert loss == pytest.approx(1 - model.score(X, y), abs=1e-12)


def test_several_outputs_share_a_circuit():
    both = np.column_stack([y, 100 * X[:, 1]])
    model = QNNRegressor(layers=2, learning_rate=0.1, epochs=80, random_state=0).fit(X, both)
    assert model.predict(X).shape == (60, 2)
    assert model.score(X, both) > 0.8
    with pytest.raises(ValueError, match="y must have 2 columns as in the first fit, not 1"):
        model.partial_fit(X, y)


def test_a_constant_is_learned_as_it_is():
    assert np.allclose(
        QNNRegressor(**{**OPTIONS, "epochs": 150}).fit(X, np.full(60, 7.0)).predict(X), 7, atol=0.2
    )


def test_training_in_pieces_keeps_the_first_unit():
    options = {"optimizer": "sgd", "batch_size": None, "random_state": 0}
    whole = QNNRegressor(epochs=4, **options).fit(X, y)
    pieces = QNNRegressor(**options).partial_fit(X, y, epochs=3).partial_fit(X, y)
    assert all(
        np.allclose(a, b, atol=1e-14) for a, b in zip(whole.parameters_, pieces.parameters_, strict=True)
    )
    scale = pieces.target_scale_
    assert pieces.partial_fit(X, 5 * y).target_scale_ is scale


def test_initialises_without_data():
    model = QNNRegressor(random_state=0).initialise(2, n_outputs=3)
    assert model.predict(X).shape == (60, 3)
    with pytest.raises(ValueError, match="n_outputs must be at least 1"):
        model.initialise(2, n_outputs=0)


@pytest.mark.parametrize(
    ("rows", "targets", "says"),
    [
        (X, np.full(60, np.nan), "NaN"),
        (X, y[:-1], "inconsistent numbers of samples"),
        (X[:0], y[:0], "Found array with 0 sample"),
        (np.full((4, 2), np.inf), np.zeros(4), "infinity"),
    ],
)
def test_refuses(rows, targets, says):
    with pytest.raises(ValueError, match=says):
        QNNRegressor(**OPTIONS).fit(rows, targets)
