"""Classifiers of scikit-learn in a federation: the same as by themselves, and refused where they cannot."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Perceptron, SGDClassifier
from sklearn.neural_network import MLPClassifier

from qlearn.learning import QNNClassifier
from qlearn.networks.federated import Client, FedAvg, ScikitClassifier, run, split

X, y = load_iris(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
SGD = SGDClassifier(loss="log_loss")
MLP = MLPClassifier((6,), learning_rate_init=0.05)
LOGISTIC = LogisticRegression()


def client(estimator, rows=slice(None), **options):
    return Client(ScikitClassifier(estimator), X[rows], y[rows], classes=[0, 1, 2], **options)


@pytest.mark.parametrize(
    ("estimator", "shapes"),
    [(SGD, [(3, 4), (3,)]), (LOGISTIC, [(3, 4), (3,)]), (MLP, [(4, 6), (6, 3), (6,), (3,)])],
)
def test_parameters_go_out_and_in(estimator, shapes):
    one = client(estimator)
    assert one.shapes == shapes
    sent = [np.random.default_rng(i).normal(size=shape) for i, shape in enumerate(shapes)]
    loss, n, metrics = one.evaluate(sent, {})
    assert n == 150
    hidden = X if len(shapes) == 2 else np.maximum(X @ sent[0] + sent[2], 0)
    scores = hidden @ sent[0].T + sent[1] if len(shapes) == 2 else hidden @ sent[1] + sent[3]
    assert metrics["accuracy"] == np.mean(scores.argmax(axis=1) == y)
    if estimator is not SGD:  # one against the rest gives other probabilities
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        assert loss == pytest.approx(-logs[np.arange(150), y].mean(), rel=1e-9)
    assert not hasattr(estimator, "coef_"), "the estimator that was given is not changed"


EVERY_SCHEDULE = [
    *(
        SGDClassifier(loss="log_loss", learning_rate=how, eta0=0.1)
        for how in ("optimal", "invscaling", "adaptive")
    ),
    SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.01, penalty="l1"),
    MLP,
    MLPClassifier((6,), batch_size=16),
    MLPClassifier((6,), solver="sgd", learning_rate="invscaling", learning_rate_init=0.5),
    MLPClassifier(
        (6,), solver="sgd", learning_rate="adaptive", learning_rate_init=0.5, tol=0.1, n_iter_no_change=2
    ),
    *(LogisticRegression(solver=how) for how in ("lbfgs", "newton-cg", "newton-cholesky", "sag", "saga")),
]


@pytest.mark.parametrize("estimator", EVERY_SCHEDULE, ids=str)
def test_fit_forgets_what_was_trained_before(estimator):
    one, other = client(estimator), client(estimator)
    start = one.initial(rng=0)
    first, n, metrics = one.fit(start, {"epochs": 6, "seed": 1})
    for config in ({"learning_rate": 0.3, "epochs": 4}, {"batch_size": 7}):
        if set(config) & set(ScikitClassifier(estimator).train_options):
            one.fit(first, {**config, "seed": 2})
    one.fit(first, {"epochs": 5, "seed": 2})
    again, *_ = one.fit(start, {"epochs": 6, "seed": 1})
    elsewhere, *_ = other.fit(start, {"epochs": 6, "seed": 1})  # as after a resume
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert all((a == b).all() for a, b in zip(first, elsewhere, strict=True))
    assert any((a != b).any() for a, b in zip(first, start, strict=True))
    assert n == 150
    assert metrics["loss"] == pytest.approx(one.evaluate(first, {})[0])


@pytest.mark.parametrize("estimator", EVERY_SCHEDULE, ids=str)
def test_fit_starts_from_the_model_that_was_sent(estimator):
    one = client(estimator)
    far = [p + np.random.default_rng(2).normal(0, 5, p.shape) for p in one.initial(rng=0)]
    from_far, near = (one.fit(sent, {"epochs": 1, "seed": 1})[0] for sent in (far, one.initial(rng=0)))
    assert max(np.abs(a - b).max() for a, b in zip(from_far, near, strict=True)) > 1e-2


@pytest.mark.filterwarnings("error")
def test_a_client_of_few_samples_takes_a_batch_of_all():
    few = client(MLPClassifier((6,), batch_size=32), slice(0, 150, 30))
    by_32, by_5 = (few.fit(few.initial(rng=0), config)[0] for config in ({}, {"batch_size": 5}))
    assert all((a == b).all() for a, b in zip(by_32, by_5, strict=True))


def test_one_pass_of_sgd_is_that_of_scikit_learn():
    one = client(SGD)
    start = one.initial(rng=0)
    sent, *_ = one.fit(start, {"epochs": 1, "seed": 7})
    seed = int(np.random.default_rng(7).integers(2**32 - 1))
    alone = SGDClassifier(loss="log_loss", random_state=seed).partial_fit(X, y, classes=[0, 1, 2])
    assert (sent[0] == alone.coef_).all()
    assert (sent[1] == alone.intercept_).all()


def test_logistic_regression_goes_on_to_the_optimum():
    one = client(LOGISTIC)
    found = one.initial(rng=0)
    for _ in range(6):
        found, *_ = one.fit(found, {"epochs": 50})
    best = LogisticRegression(max_iter=1000, tol=1e-8).fit(X, y)
    assert found[0] - found[0].mean(axis=0) == pytest.approx(best.coef_ - best.coef_.mean(axis=0), abs=2e-2)


STEADY = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.02)


@pytest.mark.parametrize("estimator", [STEADY, MLP])
def test_a_federation_of_skewed_clients_learns(estimator):
    parts = split(X, y, 5, alpha=0.5, rng=2)
    assert min((counts > 0).sum() for counts in parts.label_counts) < 3
    clients = [Client(ScikitClassifier(estimator), *part, classes=[0, 1, 2]) for part in parts]
    history = run(clients, FedAvg(local_epochs=5), rounds=15, rng=0)
    assert history.train_accuracy[-1] > 0.85
    assert history.failures == []


def test_settings_that_it_takes_and_those_that_it_cannot():
    small, large = (
        client(SGD).fit(client(SGD).initial(), {"learning_rate": rate})[0] for rate in (1e-6, 0.1)
    )
    assert np.abs(small[0]).max() < 1e-3 < np.abs(large[0]).max()
    one = client(MLP)
    start = one.initial(rng=0)
    by_one, by_all = (one.fit(start, {"batch_size": size, "learning_rate": 0.01})[0] for size in (1, 150))
    # Adam's first step is the rate; 150 steps go further
    assert max(np.abs(p - s).max() for p, s in zip(by_all, start, strict=True)) == pytest.approx(
        0.01, rel=1e-3
    )
    assert max(np.abs(p - s).max() for p, s in zip(by_one, start, strict=True)) > 0.05
    for estimator, setting in ((SGD, "batch_size"), (LOGISTIC, "learning_rate"), (MLP, "proximal_mu")):
        with pytest.raises(ValueError, match=f"config must not hold '{setting}': ScikitClassifier cannot"):
            client(estimator).fit(client(estimator).initial(), {setting: 1})
    client(MLP).check({"proximal_mu": 0.0})


def test_a_strategy_that_asks_for_what_it_cannot_is_refused_before_training():
    class Pulling(FedAvg):
        def config(self, number):
            return {**super().config(number), "proximal_mu": 0.1}

    with pytest.raises(ValueError, match="config must not hold 'proximal_mu'"):
        run([client(SGD)], Pulling(), rounds=1)


@pytest.mark.parametrize(
    ("estimator", "error", "says"),
    [
        (
            Perceptron(),
            TypeError,
            "estimator must be an SGDClassifier, a LogisticRegression or an MLPClassifier",
        ),
        (SGDClassifier, TypeError, "estimator must be"),
        (QNNClassifier(), TypeError, "estimator must be"),
        (SGDClassifier(), ValueError, 'loss="log_loss"'),
        (SGDClassifier(loss="log_loss", average=True), ValueError, "average=False"),
        (SGDClassifier(loss="log_loss", early_stopping=True), ValueError, "early_stopping=False"),
        (LogisticRegression(solver="liblinear"), ValueError, 'another solver than "liblinear"'),
        (MLPClassifier(solver="lbfgs"), ValueError, 'solver="adam" or "sgd"'),
        (MLPClassifier(early_stopping=True), ValueError, "early_stopping=False"),
    ],
)
def test_refuses(estimator, error, says):
    with pytest.raises(error, match=says):
        client(estimator)


def test_refuses_what_comes_later():
    with pytest.raises(NotFittedError, match="call initialise first"):
        ScikitClassifier(SGD).get_parameters()
    with pytest.raises(ValueError, match="classes must be at least two"):
        ScikitClassifier(SGD).initialise(2, [1])
    model = ScikitClassifier(SGD).initialise(4, [0, 1, 2])
    with pytest.raises(ValueError, match="parameters must be arrays of shapes"):
        model.set_parameters([np.zeros((3, 4)), np.zeros(1)])
    with pytest.raises(ValueError, match="parameters must be finite"):
        model.set_parameters([np.full((3, 4), np.nan), np.zeros(3)])
    with pytest.raises(ValueError, match=r"y must hold the classes \[0, 1, 2\]; it holds 7"):
        model.prepare(X, np.full(150, 7))
    with pytest.raises(ValueError, match="features"):
        model.prepare(X[:, :2], y)
    with pytest.raises(ValueError, match="every class for a LogisticRegression; 2 is missing"):
        client(LOGISTIC, slice(0, 100)).fit(client(LOGISTIC).initial(), {})


def test_steps_too_large_leave_the_model_as_it_was():
    model = ScikitClassifier(SGD).initialise(4, [0, 1, 2])
    samples = model.prepare(1e200 * X, y)
    before = model.get_parameters()
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=r"finite|Floating-point under-/overflow"):
        model.train(samples, 3, 0, learning_rate=1e200)
    assert all((a == b).all() for a, b in zip(before, model.get_parameters(), strict=True))


def test_predicts():
    model = ScikitClassifier(MLP).initialise(4, [0, 1, 2], rng=0)
    model.train(model.prepare(X, y), 60, 0)
    assert model.score(X, y) > 0.9
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(150))
