"""What the gradient classifiers share: warm starts, partial fits, parameters as lists of arrays.

What gradient regressors share: units of the targets, several outputs, training in pieces.

The classical twin: scikit-learn's contract, and scikit-learn's own optimum.
"""

import tracemalloc
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks import scored_model
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.hybrid import FusionClassifier, HybridClassifier
from qlearn.learning.neural_networks.qnn import QNNClassifier, QNNRegressor


@pytest.fixture(params=[QNNClassifier, SoftmaxClassifier])
def model(request):
    return request.param(random_state=0, epochs=3)


X = np.random.default_rng(0).uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int)


def test_a_fit_is_its_seed(model):
    first = model.fit(X, y).get_parameters()
    again = type(model)(random_state=0, epochs=3).fit(X, y).get_parameters()
    other = type(model)(random_state=1, epochs=3).fit(X, y).get_parameters()
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert any((a != b).any() for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("seed", [np.random.default_rng(3), np.random.RandomState(3), None])
def test_takes_any_random_state(model, seed):
    predicted = model.set_params(random_state=seed).fit(X, y).predict(X)
    assert predicted.shape == y.shape
    assert set(predicted) <= set(y)


def test_parameters_are_copies_in_and_out(model):
    model.fit(X, y)
    taken = model.get_parameters()
    taken[0][:] = 7
    assert (model.parameters_[0] != 7).any()
    model.set_parameters(taken)
    taken[0][:] = 8
    assert (model.parameters_[0] == 7).all()


def test_starts_warm_where_it_is_told(model):
    found = model.fit(X, y).get_parameters()
    stopped = type(model)(initial=found, learning_rate=1e-12, epochs=1, random_state=5).fit(X, y)
    assert all(np.allclose(a, b, atol=1e-9) for a, b in zip(found, stopped.parameters_, strict=True))


def test_partial_fits_of_whole_batches_are_one_fit(model):
    # plain descent has no memory, and a whole batch no order
    options = {"optimizer": "sgd", "batch_size": None, "random_state": 0}
    whole = type(model)(epochs=4, **options).fit(X, y)
    pieces = type(model)(**options).partial_fit(X, y, classes=[0, 1], epochs=3).partial_fit(X, y)
    assert all(
        np.allclose(a, b, atol=1e-14) for a, b in zip(whole.parameters_, pieces.parameters_, strict=True)
    )


def test_partial_fit_learns_a_class_that_its_samples_lack(model):
    model.partial_fit(X[y == 0], y[y == 0], classes=[0, 1, 2])
    assert model.predict_proba(X).shape == (60, 3)


def test_loss_and_gradient_agree_along_a_direction(model):
    model.fit(X, y)
    at, rng = model.get_parameters(), np.random.default_rng(0)
    direction = [rng.normal(size=p.shape) for p in at]
    _, gradient = model.loss_and_gradient(at, X, y)
    ahead, behind = (
        model.loss_and_gradient([p + s * 1e-5 * d for p, d in zip(at, direction, strict=True)], X, y)[0]
        for s in (1, -1)
    )
    slope = sum((g * d).sum() for g, d in zip(gradient, direction, strict=True))
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=1e-6)


@pytest.mark.parametrize("labels", [y, y + (X[:, 2] > 0)])
def test_prepared_samples_give_what_raw_ones_give(model, labels):
    model.fit(X, labels)
    prepared = model.prepare(X, labels)
    loss, accuracy = model.assess(prepared)
    assert loss == pytest.approx(model.loss_and_gradient(model.get_parameters(), X, labels)[0], abs=1e-14)
    assert accuracy == model.score(X, labels)
    start = model.get_parameters()
    once = model.train(prepared, 2, rng=3).get_parameters()
    again = model.set_parameters(start).partial_fit(X, labels, epochs=2, rng=3).get_parameters()
    assert all((a == b).all() for a, b in zip(once, again, strict=True))


def test_the_loss_falls(model):
    model.set_params(epochs=30).fit(X, y)
    assert model.loss_curve_[-1] < model.loss_curve_[0]
    assert len(model.loss_curve_) == 30


def lost(model):
    """Rows on which one step of 1e308 leaves the finite numbers; angles do so by themselves."""
    return X if isinstance(model, QNNClassifier) else 1e9 * X


def test_a_refused_fit_leaves_the_model_that_was(model):
    three = y + (X[:, 2] > 0)
    before = model.fit(X, three).predict(X)
    for wrong in (
        {"optimizer": "nope"},
        {"initial": [np.zeros(3)]},
        {"learning_rate": 1e308, "optimizer": "sgd"},
    ):
        with (
            np.errstate(all="ignore"),
            pytest.raises(ValueError, match=r"optimizer|parameters|finite numbers"),
        ):
            type(model)(**model.get_params()).set_params(**wrong).fit(lost(model), y)
        given = model.get_params()
        with (
            np.errstate(all="ignore"),
            pytest.raises(ValueError, match=r"optimizer|parameters|finite numbers"),
        ):
            model.set_params(**wrong).fit(lost(model)[:, :2], y)
        model.set_params(**given)
        assert (model.predict(X) == before).all()


def test_a_descent_that_leaves_the_numbers_is_refused(model):
    model.set_params(optimizer="sgd", learning_rate=1e308, epochs=20)
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match=r"learning_rate=1e\+308 is most likely too large"),
    ):
        model.fit(lost(model), y)
    assert not hasattr(model, "parameters_")


def test_a_loss_that_climbs_out_of_sight_is_told(model):
    model.set_params(optimizer="sgd", learning_rate=1e20, epochs=20, batch_size=None)
    with pytest.warns(
        ConvergenceWarning,
        match=r"the loss rose from .* to .* in training \(a constant has 0\.673\): learning_rate=1e\+20",
    ):
        model.fit(X, y)


@pytest.mark.parametrize("shares", [[54, 6], [6, 54], [40, 15, 5]])
def test_the_constant_that_a_lost_training_is_held_against_knows_how_frequent_each_class_is(model, shares):
    model.set_params(optimizer="sgd", learning_rate=1e20, epochs=20, batch_size=None)
    p = np.array(shares) / 60
    with pytest.warns(ConvergenceWarning, match=f"a constant has {-(p * np.log(p)).sum():.3g}"):
        model.fit(X, np.repeat(np.arange(len(shares)), shares))


@pytest.mark.parametrize("batch_size", [None, 32])
@pytest.mark.parametrize(
    ("made", "rate", "targets"),
    [
        (QNNClassifier, 50, y),
        (QNNClassifier, 1000, y),
        (HybridClassifier, 50, y),
        (HybridClassifier, 1000, y),
        (QNNRegressor, 50, X[:, 0]),
    ],
)
def test_a_loss_that_has_climbed_within_the_first_epoch_is_told(made, rate, targets, batch_size):
    lost = made(learning_rate=rate, epochs=20, batch_size=batch_size, random_state=0)
    with pytest.warns(ConvergenceWarning, match=f"learning_rate={rate:g} is most likely too large"):
        lost.fit(X, targets)


@pytest.mark.parametrize("made", [QNNClassifier, HybridClassifier, QNNRegressor])
def test_a_training_that_learns_nothing_is_not_called_lost(made):
    rng = np.random.default_rng(4)
    for seed in range(5):
        coins = rng.integers(0, 2, len(X))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            made(epochs=1 + 5 * seed, random_state=seed).fit(X, coins)


def test_partial_fit_keeps_the_classes_and_the_shape_of_the_first_call(model):
    model.partial_fit(X, y, classes=[0, 1, 2]).partial_fit(X, y, classes=[2, 1, 0])
    with pytest.raises(
        ValueError, match=r"classes must be those of the first call, \[0, 1, 2\], not \[0, 1\]"
    ):
        model.partial_fit(X, y, classes=[0, 1])
    model.set_params(learning_rate=0.5, epochs=7).partial_fit(X, y)  # may change
    if isinstance(model, QNNClassifier):
        with pytest.raises(ValueError, match="layers must stay 2 while a model is trained on, not 5"):
            model.set_params(layers=5).partial_fit(X, y)
        assert model.fit(X, y).parameters_[0].shape == (5, 3, 2)


def test_refuses(model):
    with pytest.raises(ValueError, match="classes must be given in the first call"):
        model.partial_fit(X, y)
    with pytest.raises(ValueError, match="class"):
        model.fit(X, np.zeros(60))
    with pytest.raises(ValueError, match="at least two classes"):
        model.initialise(3, [1, 1])
    with pytest.raises(ValueError, match="n_features must be at least 1"):
        model.initialise(0, [0, 1])
    with pytest.raises(TypeError, match="n_features must be a whole number"):
        model.initialise(2.5, [0, 1])
    model.fit(X, y)
    with pytest.raises(ValueError, match=r"y must hold the classes \[0, 1\]; it holds 2"):
        model.partial_fit(X, np.full(60, 2))
    with pytest.raises(ValueError, match="parameters must be arrays of shapes"):
        model.set_parameters([np.zeros(2)])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        model.loss_and_gradient(model.get_parameters(), X, y[:-1])
    with pytest.raises(ValueError, match="optimizer must be one of adam, sgd"):
        model.set_params(optimizer="newton").fit(X, y)
    with pytest.raises(ValueError, match="learning_rate must be above 0"):
        model.set_params(optimizer="adam", learning_rate=-1).fit(X, y)


@pytest.mark.parametrize("made", [QNNClassifier, SoftmaxClassifier, HybridClassifier, FusionClassifier])
def test_scores_do_not_depend_on_the_blocks(made, monkeypatch):
    fitted = made(random_state=0, epochs=2).fit(X, y)
    samples, whole = fitted.prepare(X, y), fitted.decision_function(X)
    assessed = fitted.assess(samples)
    monkeypatch.setattr(scored_model, "_BLOCK", 7 * fitted._numbers_a_row())
    assert len(fitted._blocks(X)) == 9
    np.testing.assert_allclose(fitted.decision_function(X), whole, atol=1e-12)
    np.testing.assert_allclose(fitted.assess(samples), assessed, atol=1e-12)


def test_memory_of_predict_does_not_grow_with_the_rows():
    fitted = QNNClassifier(layers=1, random_state=0).initialise(10, [0, 1])
    many = np.random.default_rng(0).uniform(-1.5, 1.5, (6000, 10))
    tracemalloc.start()
    fitted.predict(many)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6000 * 2**10 * 16  # less than the states of all rows


RNG = np.random.default_rng(0)
X_GRADIENT_REGRESSOR = RNG.uniform(-1.5, 1.5, (60, 2))
y_gradient_regressor = np.sin(X_GRADIENT_REGRESSOR[:, 0]) + 0.5 * X_GRADIENT_REGRESSOR[:, 1]
OPTIONS = {"epochs": 20, "random_state": 0, "batch_size": None}


def test_the_unit_of_the_targets_does_not_matter():
    one = QNNRegressor(**OPTIONS).fit(X_GRADIENT_REGRESSOR, y_gradient_regressor)
    other = QNNRegressor(**OPTIONS).fit(X_GRADIENT_REGRESSOR, 1e6 * y_gradient_regressor - 3e7)
    assert np.allclose(
        1e6 * one.predict(X_GRADIENT_REGRESSOR) - 3e7, other.predict(X_GRADIENT_REGRESSOR), rtol=0, atol=1e-2
    )
    assert one.score(X_GRADIENT_REGRESSOR, y_gradient_regressor) == pytest.approx(
        other.score(X_GRADIENT_REGRESSOR, 1e6 * y_gradient_regressor - 3e7), abs=1e-9
    )


@pytest.mark.parametrize("size", [1e200, 1e-200, 1e307])
def test_targets_of_any_size_are_learned_alike(size):
    # the square of each of these is no number; the standard deviation is
    one = QNNRegressor(**OPTIONS).fit(X_GRADIENT_REGRESSOR, y_gradient_regressor)
    other = QNNRegressor(**OPTIONS).fit(X_GRADIENT_REGRESSOR, size * y_gradient_regressor)
    assert np.isfinite(other.target_scale_).all()
    np.testing.assert_allclose(
        other.predict(X_GRADIENT_REGRESSOR) / size, one.predict(X_GRADIENT_REGRESSOR), atol=1e-9
    )


def test_the_farthest_targets_have_a_difference():
    most = np.finfo(float).max
    ends = np.where(np.arange(60) % 2, most, -most)
    with np.errstate(all="ignore"):  # scikit-learn's own check adds them up first
        model = QNNRegressor(**OPTIONS).fit(X_GRADIENT_REGRESSOR, ends)
        learned = model._targets(ends)[:, 0]
    np.testing.assert_allclose(learned, np.sign(ends))


def test_the_loss_is_one_minus_r_squared():
    model = QNNRegressor(**OPTIONS).fit(X_GRADIENT_REGRESSOR, y_gradient_regressor)
    loss, _ = model.loss_and_gradient(model.get_parameters(), X_GRADIENT_REGRESSOR, y_gradient_regressor)
    assert loss == pytest.approx(1 - model.score(X_GRADIENT_REGRESSOR, y_gradient_regressor), abs=1e-12)


def test_several_outputs_share_a_circuit():
    both = np.column_stack([y_gradient_regressor, 100 * X_GRADIENT_REGRESSOR[:, 1]])
    model = QNNRegressor(layers=2, learning_rate=0.1, epochs=80, random_state=0).fit(
        X_GRADIENT_REGRESSOR, both
    )
    assert model.predict(X_GRADIENT_REGRESSOR).shape == (60, 2)
    assert model.score(X_GRADIENT_REGRESSOR, both) > 0.8
    with pytest.raises(ValueError, match="y must have 2 columns as in the first fit, not 1"):
        model.partial_fit(X_GRADIENT_REGRESSOR, y_gradient_regressor)


def test_a_constant_is_learned_as_it_is():
    assert np.allclose(
        QNNRegressor(**{**OPTIONS, "epochs": 150})
        .fit(X_GRADIENT_REGRESSOR, np.full(60, 7.0))
        .predict(X_GRADIENT_REGRESSOR),
        7,
        atol=0.2,
    )


def test_training_in_pieces_keeps_the_first_unit():
    options = {"optimizer": "sgd", "batch_size": None, "random_state": 0}
    whole = QNNRegressor(epochs=4, **options).fit(X_GRADIENT_REGRESSOR, y_gradient_regressor)
    pieces = (
        QNNRegressor(**options)
        .partial_fit(X_GRADIENT_REGRESSOR, y_gradient_regressor, epochs=3)
        .partial_fit(X_GRADIENT_REGRESSOR, y_gradient_regressor)
    )
    assert all(
        np.allclose(a, b, atol=1e-14) for a, b in zip(whole.parameters_, pieces.parameters_, strict=True)
    )
    scale = pieces.target_scale_
    assert pieces.partial_fit(X_GRADIENT_REGRESSOR, 5 * y_gradient_regressor).target_scale_ is scale


def test_initialises_without_data():
    model = QNNRegressor(random_state=0).initialise(2, n_outputs=3)
    assert model.predict(X_GRADIENT_REGRESSOR).shape == (60, 3)
    with pytest.raises(ValueError, match="n_outputs must be at least 1"):
        model.initialise(2, n_outputs=0)


@pytest.mark.parametrize(
    ("rows", "targets", "says"),
    [
        (X_GRADIENT_REGRESSOR, np.full(60, np.nan), "NaN"),
        (X_GRADIENT_REGRESSOR, y_gradient_regressor[:-1], "inconsistent numbers of samples"),
        (X_GRADIENT_REGRESSOR[:0], y_gradient_regressor[:0], "Found array with 0 sample"),
        (np.full((4, 2), np.inf), np.zeros(4), "infinity"),
    ],
)
def test_refuses_gradient_regressor(rows, targets, says):
    with pytest.raises(ValueError, match=says):
        QNNRegressor(**OPTIONS).fit(rows, targets)


@parametrize_with_checks([SoftmaxClassifier(random_state=0)])
def test_keeps_scikit_learns_contract(estimator, check):
    check(estimator)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_reaches_the_optimum_of_logistic_regression(n_classes):
    X, y = load_iris(return_X_y=True)
    X, y = StandardScaler().fit_transform(X)[:, :2][y < n_classes], y[y < n_classes]
    y = np.where(np.arange(len(y)) % 9 == 0, 0, y)  # label noise: no separation, so the optimum is finite
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(X, y)
    model = SoftmaxClassifier(batch_size=None, epochs=2000).fit(X, y)
    optimum = [theirs.coef_.T, theirs.intercept_]
    least, gradients = model.loss_and_gradient(optimum, X, y)
    assert max(np.abs(g).max() for g in gradients) < 1e-6
    assert np.allclose(model.set_parameters(optimum).predict_proba(X), theirs.predict_proba(X), atol=1e-12)
    assert least - 1e-12 <= model.loss_curve_[-1] < least + 1e-3


@pytest.mark.parametrize("n_classes", [2, 3])
def test_log_probabilities_are_the_logarithms_and_stay_finite(n_classes):
    X = np.random.default_rng(0).normal(size=(60, 2))
    y = np.arange(60) % n_classes
    model = SoftmaxClassifier(epochs=2, random_state=0).fit(X, y)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)), atol=1e-12)
    far = model.predict_log_proba(1e5 * X)
    assert np.isfinite(far).all()
    assert far.min() < -1000  # exp of it is 0 as a float
