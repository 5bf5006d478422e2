"""Every switch of the training: scikit-learn's contract with it on, what it promises, what it refuses.

Weights are repetitions, a callback sees each epoch, early stopping keeps the best, a warm start goes on, L-BFGS and SPSA go down.
"""

import pickle
import tracemalloc
import warnings

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_validate
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.estimator_checks import parametrize_with_checks

from qlearn.learning.neural_networks import scored_model, training
from qlearn.learning.neural_networks._watch import held_out
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.learning.neural_networks.hybrid import FusionClassifier, HybridClassifier
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.optimizers import SGD, Adam
from qlearn.learning.neural_networks.qnn import QNNClassifier, QNNRegressor
from qlearn.learning.neural_networks.spsa import SPSA
from qlearn.qubits import Circuit, Parameter, parameters

RNG = np.random.default_rng(0)
X = RNG.uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int)
REAL = X[:, 0] - X[:, 2] ** 2
CLASSIFIERS = [QNNClassifier, SoftmaxClassifier, HybridClassifier, FusionClassifier]
MODELS = [*CLASSIFIERS, QNNRegressor]


def goals(made):
    return REAL if made is QNNRegressor else y


def same(one, other, atol=0.0):
    pairs = zip(one.get_parameters(), other.get_parameters(), strict=True)
    return all(np.allclose(a, b, rtol=0, atol=atol) for a, b in pairs)


def never(model, epoch, loss):
    """A callback that can be pickled."""
    return epoch < 0


SWITCHES = [
    {"early_stopping": True, "validation_fraction": 0.2, "n_iter_no_change": 2, "tol": 0.0},
    {"warm_start": True},
    {"callback": never},
    {"class_weight": "balanced"},
    {"optimizer": "l-bfgs"},
    {
        "optimizer": "spsa",
        "learning_rate": 0.5,
        "epochs": 300,
    },  # few values a step must reach what weights of classes ask
    {"optimizer": Adam(0.1)},
]


@pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)  # some checks have 3 rows, some 1 epoch
@parametrize_with_checks(
    [SoftmaxClassifier(random_state=0, batch_size=None, **switch) for switch in SWITCHES]
)
def test_keeps_scikit_learns_contract_with_every_switch(estimator, check):
    if estimator.early_stopping and "check_sample_weight_equivalence" in str(check):
        pytest.skip("rows that are repeated can be parted by the split, a row of weight 2 cannot")
    if estimator.warm_start and "check_supervised_y_2d" in str(check):
        pytest.skip("it fits twice and expects the same model: a warm start has then learned for longer")
    if estimator.optimizer == "spsa" and "check_classifiers_train" in str(check):
        estimator.set_params(epochs=400)  # it sees two values of the loss an epoch
    check(estimator)


@pytest.mark.parametrize("made", MODELS)
@pytest.mark.parametrize("optimizer", ["adam", "l-bfgs"])
def test_a_weight_is_so_many_equal_rows(made, optimizer):
    weights = RNG.integers(0, 4, len(X))
    options = {"optimizer": optimizer, "batch_size": None, "epochs": 4, "random_state": 0}
    weighted = made(**options).fit(X, goals(made), sample_weight=weights)
    repeated = made(**options).fit(np.repeat(X, weights, axis=0), np.repeat(goals(made), weights))
    assert same(weighted, repeated, 1e-9)
    np.testing.assert_allclose(weighted.loss_curve_, repeated.loss_curve_, rtol=0, atol=1e-9)
    at = repeated.get_parameters()
    one = weighted.loss_and_gradient(
        at, X, goals(made), sample_weight=7 * weights
    )  # their unit does not matter
    other = repeated.loss_and_gradient(at, np.repeat(X, weights, axis=0), np.repeat(goals(made), weights))
    assert one[0] == pytest.approx(other[0], abs=1e-12)
    assert all(np.allclose(a, b, atol=1e-12) for a, b in zip(one[1], other[1], strict=True))


@pytest.mark.parametrize("made", MODELS)
def test_rows_of_weight_zero_are_not_there_and_equal_weights_are_none(made):
    weights = np.where(np.arange(60) < 50, 3.0, 0.0)
    options = {"batch_size": 7, "epochs": 2, "random_state": 0}
    weighted = made(**options).fit(X, goals(made), sample_weight=weights)
    assert same(weighted, made(**options).fit(X[:50], goals(made)[:50]), 1e-12)


@pytest.mark.parametrize("made", MODELS)
def test_weights_of_batches_are_right_in_the_mean(made):
    # one epoch of a descent that does not move: its loss is the weighted mean, whatever the batches
    weights = RNG.uniform(0.1, 3, len(X))
    options = {"optimizer": "sgd", "learning_rate": 1e-12, "batch_size": 7, "epochs": 1, "random_state": 0}
    model = made(**options).fit(X, goals(made), sample_weight=weights)
    whole = model.loss_and_gradient(model.get_parameters(), X, goals(made), sample_weight=weights)[0]
    assert model.loss_curve_[0] == pytest.approx(whole, abs=1e-9)


@pytest.mark.parametrize("made", CLASSIFIERS)
@pytest.mark.parametrize("class_weight", ["balanced", {0: 3.0, 1: 0.5}, {0: 2}])
def test_class_weights_are_scikit_learns_weights_of_rows(made, class_weight):
    few = np.arange(60) < 40  # classes of unequal size
    options = {"batch_size": None, "epochs": 3, "random_state": 0}
    given = RNG.uniform(0.5, 2, 40)
    by_rows = compute_sample_weight(class_weight, y[few])
    mine = made(class_weight=class_weight, **options).fit(X[few], y[few])
    assert same(mine, made(**options).fit(X[few], y[few], sample_weight=by_rows), 1e-12)
    if class_weight != "balanced":  # there the weights of rows tell how frequent a class is
        both = made(class_weight=class_weight, **options).fit(X[few], y[few], sample_weight=given)
        assert same(both, made(**options).fit(X[few], y[few], sample_weight=given * by_rows), 1e-12)


def test_balance_makes_classes_of_weighted_rows_weigh_the_same():
    weights = RNG.integers(1, 4, len(X))
    # plain steps: of a slope of zero, which the offset has at the start, Adam makes a step from its rounding
    options = {"class_weight": "balanced", "batch_size": None, "epochs": 3, "optimizer": "sgd"}
    weighted = SoftmaxClassifier(**options).fit(X, y, sample_weight=weights)
    repeated = SoftmaxClassifier(**options).fit(np.repeat(X, weights, axis=0), np.repeat(y, weights))
    assert same(weighted, repeated, 1e-12)


def test_weights_in_pieces_and_in_training_on_prepared_samples():
    weights = RNG.uniform(0.5, 2, len(X))
    options = {"optimizer": "sgd", "batch_size": None, "random_state": 0}
    whole = QNNClassifier(epochs=3, **options).fit(X, y, sample_weight=weights)
    pieces = QNNClassifier(**options).partial_fit(X, y, classes=[0, 1], epochs=2, sample_weight=weights)
    pieces.train(pieces.prepare(X, y), 1, sample_weight=weights)
    assert same(whole, pieces, 1e-12)
    units = QNNRegressor(**options).partial_fit(X, REAL, sample_weight=weights)
    assert units.target_mean_ == pytest.approx(np.average(REAL, weights=weights))


@pytest.mark.parametrize(
    ("weights", "error", "says"),
    [
        (-np.ones(60), ValueError, "sample_weight must not be negative; it holds -1"),
        (np.zeros(60), ValueError, "sample_weight must not be zero for every row"),
        (np.ones(59), ValueError, r"sample_weight.shape == \(59,\)"),
        (np.full(60, np.nan), ValueError, "NaN"),
        (np.where(y == 1, 1.0, 0.0), ValueError, "at least two classes"),
    ],
)
def test_refuses_weights_and_keeps_the_old_model(weights, error, says):
    model = SoftmaxClassifier(epochs=2, random_state=0).fit(X, y)
    before = model.get_parameters()
    with pytest.raises(error, match=says):
        model.fit(X, y, sample_weight=weights)
    assert all((a == b).all() for a, b in zip(before, model.parameters_, strict=True))


@pytest.mark.parametrize(
    ("switch", "error", "says"),
    [
        ({"class_weight": {2: 1.0}}, ValueError, r"class_weight must be for the classes \[0, 1\], not for 2"),
        ({"class_weight": {0: -1.0}}, ValueError, "the class_weight of 0 must be a finite number between 0"),
        ({"class_weight": {0: 0, 1: 0}}, ValueError, "class_weight must not be zero for every class"),
        ({"class_weight": "equal"}, ValueError, "class_weight must be None, 'balanced' or a dict"),
        (
            {"optimizer": SGD},
            TypeError,
            r"optimizer must be an object, not the class SGD: call it, SGD\(...\)",
        ),
        (
            {"optimizer": 7},
            ValueError,
            "optimizer must be one of adam, sgd, l-bfgs, spsa, or an object with step",
        ),
        (
            {"optimizer": Adam(), "learning_rate": 0.1},
            ValueError,
            "learning_rate must stay 0.05, not 0.1.*its own",
        ),
        (
            {"optimizer": "l-bfgs", "learning_rate": 0.1},
            ValueError,
            "learning_rate must stay 0.05.*not use it",
        ),
        ({"optimizer": "l-bfgs", "batch_size": 8}, ValueError, "batch_size must stay 32, not 8"),
        ({"optimizer": LBFGS(), "batch_size": 8}, ValueError, "batch_size must stay 32, not 8"),
        ({"validation_fraction": 1.0}, ValueError, "validation_fraction must lie between 0 and 1, not 1.0"),
        ({"tol": -1}, ValueError, "tol must be a finite number between 0"),
        ({"n_iter_no_change": 0}, ValueError, "n_iter_no_change must be at least 1"),
        ({"tol": 1e-3}, ValueError, "tol must stay 0.0001 without early_stopping=True, not 0.001"),
        ({"validation_fraction": 0.2}, ValueError, "validation_fraction must stay 0.1 without early"),
        ({"callback": "print"}, TypeError, "callback must be None or a function of model, epoch and loss"),
    ],
)
def test_refuses_switches_and_keeps_the_old_model(switch, error, says):
    model = SoftmaxClassifier(epochs=2, random_state=0).fit(X, y)
    before = model.get_parameters()
    with pytest.raises(error, match=says):
        model.set_params(**switch).fit(X, y)
    assert all((a == b).all() for a, b in zip(before, model.parameters_, strict=True))


def test_refuses_for_one_call_what_the_optimizer_does_not_use():
    model = SoftmaxClassifier(optimizer="l-bfgs").fit(X, y)
    samples = model.prepare(X, y)
    with pytest.raises(
        ValueError, match="batch_size must be None, not 8: optimizer='l-bfgs' does not use it"
    ):
        model.train(samples, 1, batch_size=8)
    with pytest.raises(ValueError, match=r"learning_rate must be None, not 0\.1"):
        model.set_params(optimizer=SGD(0.1)).train(samples, 1, learning_rate=0.1)
    with pytest.raises(ValueError, match="sample_weight must be None with a loss of the call"):
        model.train(samples, 1, loss=lambda scores, targets: (0.0, scores), sample_weight=np.ones(60))
    with pytest.raises(AttributeError, match="partial_fit") as refused:
        SoftmaxClassifier(class_weight="balanced").partial_fit(X, y, classes=[0, 1])
    assert "share of each class is known only from all samples" in str(refused.value.__cause__)


@pytest.mark.parametrize("made", MODELS)
def test_a_callback_sees_each_epoch_and_can_stop(made):
    seen = []

    def stop_at_three(model, epoch, loss):
        seen.append((epoch, loss, model.predict(X).shape))
        return epoch == 3

    model = made(epochs=9, callback=stop_at_three, random_state=0).fit(X, goals(made))
    assert [s[0] for s in seen] == [1, 2, 3]
    assert [s[1] for s in seen] == model.loss_curve_
    assert same(model, made(epochs=3, random_state=0).fit(X, goals(made)))


@pytest.mark.parametrize("made", MODELS)
@pytest.mark.parametrize("call", ["fit", "partial_fit", "train"])
def test_an_exception_in_a_callback_goes_on_and_the_model_so_far_is_kept(made, call):
    def break_at_two(model, epoch, loss):
        if epoch == 2:
            raise RuntimeError("disk full")

    target = goals(made)
    model = made(epochs=5, random_state=0, batch_size=None).fit(X, target)
    trained = clone(model).set_params(epochs=2).fit(X, target)
    if call != "fit":
        trained = model.__class__(**model.get_params()).set_params(epochs=5).fit(X, target)
        trained.partial_fit(X, target, epochs=2)
    model.set_params(callback=break_at_two)
    calls = {
        "fit": lambda: model.fit(X, target),
        "partial_fit": lambda: model.partial_fit(X, target, epochs=4),
        "train": lambda: model.train(model.prepare(X, target), 4),
    }
    with pytest.raises(RuntimeError, match="disk full") as met:
        calls[call]()
    assert met.value.__notes__ == [
        "raised in the callback after epoch 2: the model keeps what it had learned until then"
    ]
    assert same(model, trained)
    assert len(model.loss_curve_) == 2
    assert model.predict(X).shape == (60,)


@pytest.mark.parametrize("made", MODELS)
def test_early_stopping_keeps_the_parameters_of_the_least_held_out_loss(made):
    seen = []

    def look(model, epoch, loss):
        seen.append(model.get_parameters())

    options = {
        "early_stopping": True,
        "validation_fraction": 0.3,
        "n_iter_no_change": 3,
        "learning_rate": 0.5,
    }
    model = made(epochs=200, random_state=0, callback=look, **options).fit(X, goals(made))
    curve = model.validation_curve_
    assert len(curve) == len(model.loss_curve_) < 200
    best = int(np.argmin(curve))
    assert all((a == b).all() for a, b in zip(model.parameters_, seen[best], strict=True))
    # as scikit-learn's networks count: three epochs in a row without a gain of tol over the least before
    goal, waited = np.inf, []
    for value in curve:
        waited.append(0 if value < goal - 1e-4 else waited[-1] + 1)
        goal = min(goal, value)
    assert waited[-1] == 3
    assert max(waited[:-1]) < 3


@pytest.mark.parametrize("made", MODELS)
def test_a_warm_start_goes_on_where_the_last_fit_ended(made):
    options = {"optimizer": "sgd", "batch_size": None, "random_state": 0}
    long = made(epochs=5, **options).fit(X, goals(made))
    warm = made(epochs=3, warm_start=True, **options).fit(X, goals(made))
    warm.set_params(epochs=2).fit(X, goals(made))
    assert same(long, warm, 1e-12)
    cold = clone(warm).set_params(warm_start=False, epochs=5).fit(X, goals(made))
    assert same(long, cold)


def test_refuses_a_warm_start_with_another_shape():
    model = QNNClassifier(epochs=1, warm_start=True, random_state=0).fit(X, y)
    before = model.get_parameters()
    with pytest.raises(ValueError, match="X must have 3 features as in the first fit, not 2"):
        model.fit(X[:, :2], y)
    with pytest.raises(
        ValueError, match=r"y must hold the classes of the first fit, \[0, 1\], not \[0, 1, 2\]"
    ):
        model.fit(X, np.arange(60) % 3)
    with pytest.raises(ValueError, match="layers must stay 2 while a model is trained on, not 3"):
        model.set_params(layers=3).fit(X, y)
    assert all((a == b).all() for a, b in zip(before, model.parameters_, strict=True))
    assert model.n_features_in_ == 3
    with pytest.raises(ValueError, match="y must have 1 columns as in the first fit, not 2"):
        QNNRegressor(epochs=1, warm_start=True).fit(X, REAL).fit(X, X[:, :2])


def test_l_bfgs_reaches_scikit_learns_optimum():
    rows, labels = load_iris(return_X_y=True)
    rows = StandardScaler().fit_transform(rows)[:, :2]
    labels = np.where(np.arange(len(labels)) % 9 == 0, 0, labels)  # no separation, so the optimum is finite
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(rows, labels)
    mine = SoftmaxClassifier(optimizer="l-bfgs", epochs=500).fit(rows, labels)
    np.testing.assert_allclose(mine.predict_proba(rows), theirs.predict_proba(rows), atol=2e-3)
    least = mine.loss_and_gradient([theirs.coef_.T, theirs.intercept_], rows, labels)[0]
    assert mine.loss_curve_[-1] == pytest.approx(least, abs=1e-6)
    assert len(mine.loss_curve_) < 500
    assert (np.diff(mine.loss_curve_) <= 0).all()


@pytest.mark.parametrize("made", MODELS)
def test_l_bfgs_goes_down_further_than_adam_in_as_many_passes(made):
    adam = made(epochs=40, batch_size=None, random_state=0).fit(X, goals(made))
    quasi_newton = made(optimizer="l-bfgs", epochs=40, random_state=0).fit(X, goals(made))
    assert quasi_newton.loss_curve_[-1] < adam.loss_curve_[-1]
    assert quasi_newton.loss_curve_[-1] == pytest.approx(
        quasi_newton.loss_and_gradient(quasi_newton.get_parameters(), X, goals(made))[0], abs=1e-12
    )


def test_l_bfgs_heeds_a_pull_and_what_is_held_still():
    model = QNNClassifier(optimizer="l-bfgs", epochs=2, random_state=0).fit(X, y)
    start, samples = model.get_parameters(), model.prepare(X, y)
    held = model.train(samples, 20, proximal_mu=1e6, frozen=(1,)).get_parameters()
    assert (held[1] == start[1]).all()
    assert 0 < max(np.abs(a - b).max() for a, b in zip(held, start, strict=True)) < 1e-4
    # at the optimum of L + mu/2 |p - s|^2 the slope of L is the pull
    model.set_parameters(start).train(samples, 500, proximal_mu=1.0)
    _, slopes = model.loss_and_gradient(model.get_parameters(), X, y)
    for slope, p, s in zip(slopes, model.get_parameters(), start, strict=True):
        np.testing.assert_allclose(slope, s - p, atol=1e-3)
    assert model.loss_curve_[-1] == pytest.approx(
        model.loss_and_gradient(model.get_parameters(), X, y)[0], abs=1e-12
    )


@pytest.mark.parametrize("made", MODELS)
def test_spsa_goes_down_by_values_alone(made, monkeypatch):
    def no_gradient(*arguments):
        raise AssertionError("a gradient was asked for")

    model = made(optimizer=SPSA(0.1), epochs=300, batch_size=None, random_state=0)
    first = clone(model).set_params(epochs=1).fit(X, goals(made)).loss_curve_[0]
    monkeypatch.setattr(model, "_step", no_gradient)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, goals(made))
    assert np.mean(model.loss_curve_[-20:]) < 0.8 * first


def test_spsa_holds_still_and_pulls_and_is_its_seed():
    model = QNNClassifier(optimizer="spsa", epochs=3, random_state=0).fit(X, y)
    assert same(model, clone(model).fit(X, y))
    start, samples = model.get_parameters(), model.prepare(X, y)
    still = model.train(samples, 5, 1, frozen=(0, 2)).get_parameters()
    assert [bool((a == b).all()) for a, b in zip(start, still, strict=True)] == [True, False, True]
    free = model.set_parameters(start).train(samples, 50, 1).get_parameters()
    pulled = model.set_parameters(start).train(samples, 50, 1, proximal_mu=10.0).get_parameters()
    way = [sum(((a - b) ** 2).sum() for a, b in zip(start, found, strict=True)) for found in (free, pulled)]
    assert way[1] < 0.5 * way[0]


def test_an_optimizer_object_is_copied_for_every_training():
    given = Adam(0.1, decay=(0.8, 0.99))
    model = SoftmaxClassifier(given, epochs=3, random_state=0).fit(X, y)
    assert given._mean is None
    assert same(model, clone(model).fit(X, y))
    assert not same(model, SoftmaxClassifier(learning_rate=0.1, epochs=3, random_state=0).fit(X, y))
    assert same(
        SoftmaxClassifier(Adam(0.05), epochs=3, random_state=0).fit(X, y),
        SoftmaxClassifier(epochs=3, random_state=0).fit(X, y),
    )
    assert (pickle.loads(pickle.dumps(model)).predict(X) == model.predict(X)).all()


@pytest.mark.parametrize("made", MODELS)
@pytest.mark.parametrize("optimizer", ["adam", "l-bfgs", "spsa"])
def test_rows_encoded_on_demand_train_the_same_model(made, optimizer, monkeypatch):
    options = {"epochs": 2, "random_state": 0, "optimizer": optimizer}
    weights = RNG.uniform(0.5, 2, 60)
    whole = made(**options).fit(X, goals(made), sample_weight=weights)
    monkeypatch.setattr(scored_model, "_ENCODED_BYTES", -1)
    monkeypatch.setattr(scored_model, "_BLOCK", 7 * whole._numbers_a_row())
    parts = made(**options).fit(X, goals(made), sample_weight=weights)
    assert same(whole, parts, 1e-9)
    assert type(parts._prepared(X, goals(made)).inputs).__name__ == "EncodedOnDemand"
    assert isinstance(parts.prepare(X, goals(made)).inputs, np.ndarray)


def test_memory_of_a_fit_does_not_hold_all_states():
    many = np.random.default_rng(0).uniform(-1.5, 1.5, (10_000, 10))
    states = len(many) * 2**10 * 16
    assert states > 2 * scored_model._ENCODED_BYTES
    tracemalloc.start()
    QNNClassifier(layers=1, epochs=1, batch_size=2000, random_state=0).fit(many, many[:, 0] > 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < states


def test_weights_are_routed_to_a_fit():
    weights = RNG.uniform(0.5, 2, len(X))
    with config_context(enable_metadata_routing=True):
        model = SoftmaxClassifier(epochs=3, batch_size=None).set_fit_request(sample_weight=True)
        model.set_score_request(sample_weight=True)
        found = cross_validate(
            model,
            X,
            y,
            params={"sample_weight": weights},
            cv=[(np.arange(40), np.arange(40, 60))],
            return_estimator=True,
        )
    alone = SoftmaxClassifier(epochs=3, batch_size=None).fit(X[:40], y[:40], sample_weight=weights[:40])
    assert same(found["estimator"][0], alone)
    assert found["test_score"][0] == alone.score(X[40:], y[40:], sample_weight=weights[40:])


def test_every_model_has_the_switches():
    for made in MODELS:
        names = {"early_stopping", "validation_fraction", "tol", "n_iter_no_change", "warm_start", "callback"}
        assert names <= set(made().get_params())
        assert ("class_weight" in made().get_params()) == (made is not QNNRegressor)


def circuit_with(by):
    fixed = [[np.cos(by), -np.sin(by)], [np.sin(by), np.cos(by)]]
    return Circuit(1).unitary(fixed, 0).ry(Parameter("t"), 0)


@pytest.mark.parametrize("warm", [False, True])
def test_training_on_refuses_another_circuit_that_is_written_alike(warm):
    rows = X[:, :1]
    model = QNNClassifier(ansatz=circuit_with(0.3), epochs=1, random_state=0, warm_start=warm).fit(rows, y)
    on = model.fit if warm else model.partial_fit
    on(rows, y)
    model.set_params(ansatz=circuit_with(0.3))  # the same gates
    on(rows, y)
    before = model.get_parameters()
    model.set_params(ansatz=circuit_with(0.4))
    with pytest.raises(ValueError, match=r"ansatz must stay .* not another one that is written alike"):
        on(rows, y)
    assert all((a == b).all() for a, b in zip(before, model.parameters_, strict=True))


def test_training_on_refuses_a_list_that_was_changed_where_it_is():
    observables = ["ZII"]
    model = QNNClassifier(observables=observables, epochs=1, random_state=0).fit(X, y)
    observables.append("IZI")
    with pytest.raises(ValueError, match=r"observables must stay \['ZII'\] while"):
        model.partial_fit(X, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # few epochs
@pytest.mark.parametrize("made", MODELS)
def test_a_training_leaves_no_held_out_curve_of_an_older_one(made):
    model = made(epochs=2, early_stopping=True, random_state=0).fit(X, goals(made))
    assert len(model.validation_curve_) == 2
    assert not hasattr(clone(model).set_params(early_stopping=False).fit(X, goals(made)), "validation_curve_")
    assert not hasattr(model.partial_fit(X, goals(made)), "validation_curve_")
    model.fit(X, goals(made)).set_params(early_stopping=False)
    assert not hasattr(model.fit(X, goals(made)), "validation_curve_")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # few epochs
@pytest.mark.parametrize("made", MODELS)
def test_a_warm_start_holds_out_the_rows_that_were_held_out_before(made, monkeypatch):
    seen = []
    monkeypatch.setattr(training, "held_out", lambda *a, **k: seen.append(held_out(*a, **k)) or seen[-1])
    model = made(epochs=1, early_stopping=True, warm_start=True, random_state=0).fit(X, goals(made))
    model.fit(X, goals(made)).fit(X, goals(made))
    assert (seen[0] == seen[1]).all()
    assert (seen[0] == seen[2]).all()
    made(epochs=1, early_stopping=True, random_state=1).fit(X, goals(made))
    assert (seen[0] != seen[3]).any()


@pytest.mark.parametrize("made", MODELS)
def test_the_callback_is_told_the_epoch_that_early_stopping_ends_with(made):
    told = []
    options = {"early_stopping": True, "n_iter_no_change": 1, "tol": 10.0, "random_state": 0}
    model = made(epochs=9, callback=lambda model, epoch, loss: told.append((epoch, loss)), **options)
    model.fit(X, goals(made))
    assert len(model.loss_curve_) == 2
    assert told == list(enumerate(model.loss_curve_, 1))


@pytest.mark.parametrize("name", ["early_stopping", "warm_start"])
def test_a_switch_is_true_or_false(name):
    with pytest.raises(TypeError, match=f"{name} must be True or False, not 'no'"):
        QNNClassifier(**{name: "no"}).fit(X, y)


@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 1e308, 1: 1e307}])
def test_the_largest_weights_are_weights(class_weight):
    options = {"class_weight": class_weight, "optimizer": "sgd", "epochs": 2, "random_state": 0}
    heavy = QNNClassifier(**options).fit(X, y, np.full(len(X), 1e308))
    if isinstance(class_weight, dict):
        options["class_weight"] = {0: 10.0, 1: 1.0}
    assert same(heavy, QNNClassifier(**options).fit(X, y), 1e-12)


def turned_in_three_ways():
    x, theta, circuit = parameters("x", 3), parameters("theta", 3), Circuit(3)
    for often in (1, 2, 3):
        for wire in range(3):
            circuit = circuit.rx(often * x[wire], wire).ry(theta[wire], wire)
    return {"ansatz": circuit}


@pytest.mark.parametrize(
    "make",
    [
        lambda **options: QNNClassifier(**turned_in_three_ways(), **options),
        lambda **options: QNNClassifier(**turned_in_three_ways(), encoding="angle", **options),
        lambda **options: QNNClassifier(
            **turned_in_three_ways(), shots=10, **{**options, "optimizer": "spsa"}
        ),
        lambda **options: HybridClassifier(n_qubits=3, **options),
    ],
    ids=["own", "own after an encoding", "counted", "hybrid"],
)
def test_memory_of_a_step_on_all_rows_does_not_hold_all_states(make, monkeypatch):
    many = np.random.default_rng(0).uniform(-1.5, 1.5, (10_000, 3))
    monkeypatch.setattr(scored_model, "_ENCODED_BYTES", 2**16)
    monkeypatch.setattr(scored_model, "_BLOCK", 2**12)
    model = make(epochs=1, batch_size=None, optimizer="sgd", random_state=0)
    tracemalloc.start()
    model.fit(many, many[:, 0] > 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(many) * 2**3 * 16  # of a dozen and more states a row
