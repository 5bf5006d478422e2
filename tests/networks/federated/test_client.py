"""A client: trains what it is sent, keeps its samples, refuses what cannot work before any round."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.networks.federated import Client

RNG = np.random.default_rng(0)
X = RNG.uniform(-1.5, 1.5, (30, 2))
y = (X[:, 0] > 0).astype(int)


@pytest.mark.parametrize("model", [QNNClassifier(layers=1), SoftmaxClassifier()])
def test_fit_is_a_partial_fit_from_the_parameters_it_is_sent(model):
    client = Client(model, X, y)
    start = client.initial(rng=3)
    before = [p.copy() for p in start]
    parameters, n, metrics = client.fit(start, {"epochs": 2, "seed": 5})
    alone = type(model)(**model.get_params()).initialise(2, [0, 1]).set_parameters(start)
    alone.partial_fit(X, y, epochs=2, rng=5)
    assert n == 30
    assert metrics == {"loss": alone.loss_curve_[-1]}
    assert all((a == b).all() for a, b in zip(parameters, alone.parameters_, strict=True))
    assert all((a == b).all() for a, b in zip(start, before, strict=True))
    assert not hasattr(model, "parameters_"), "the model that was given is not changed"


def test_fit_forgets_the_round_before():
    client = Client(QNNClassifier(), X, y)
    start = client.initial(rng=0)
    first, *_ = client.fit(start, {"seed": 1})
    client.fit(first, {"seed": 2})
    again, *_ = client.fit(start, {"seed": 1})
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


def test_evaluate_counts():
    client = Client(SoftmaxClassifier(), [[-2.0], [1.0], [3.0]], [0, 0, 1])
    loss, n, metrics = client.evaluate([np.array([[1.0]]), np.array([0.0])], {})
    assert (n, metrics["accuracy"]) == (3, 2 / 3)
    assert loss == pytest.approx(np.log([1 + np.exp(-2), 1 + np.exp(1), 1 + np.exp(-3)]).mean(), abs=1e-12)


def test_a_client_of_one_class_trains_the_model_of_all():
    client = Client(QNNClassifier(), X[y == 0], y[y == 0], classes=[0, 1])
    parameters, *_ = client.fit(client.initial(rng=0), {"epochs": 20})
    assert client.evaluate(parameters, {})[2]["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        ((X[:0], y[:0]), {}, "at least one sample; client 'ward 3' has none"),
        ((X, y[:-1]), {}, "X and y must have the same length"),
        ((X[y == 0], y[y == 0]), {}, "y holds one class only.*classes="),
        ((X, y), {"classes": [1, 2]}, r"labels of the classes \[1, 2\], not \[0, 1\]"),
        ((np.full((2, 2), np.nan), [0, 1]), {}, "NaN"),
        ((X, np.where(y, 1.0, np.nan)), {}, "y must be labels; it holds NaN"),
        ((X, y[:, None]), {}, r"shapes .*, not \(\d+, \d\) and \(\d+, 1\)"),
        ((np.zeros((2, 30)), [0, 1]), {}, "Reduce the features first"),
        ((np.zeros(2), [0, 1]), {}, r"shapes \(n_samples, n_features\) and .*, not \(2,\) and"),
    ],
)
def test_refuses(arguments, options, says):
    with pytest.raises(ValueError, match=says):
        Client(QNNClassifier(), *arguments, name="ward 3", **options)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"learning_rate": -1}, "learning_rate must be above 0"),
        ({"optimizer": "newton"}, "optimizer must be one of adam, sgd"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"epochs": 0}, "epochs must be at least 1"),
    ],
)
def test_a_model_that_cannot_train_is_refused_before_any_round(options, says):
    with pytest.raises(ValueError, match=says):
        Client(QNNClassifier(**options), X, y)


@pytest.mark.parametrize("model", [None, LogisticRegression(), QNNClassifier])
def test_refuses_what_a_federation_cannot_train(model):
    with pytest.raises(
        TypeError, match=r"model must be a QNNClassifier, a SoftmaxClassifier .* or a ScikitClassifier"
    ):
        Client(model, X, y)


def test_what_becomes_of_the_callers_arrays_does_not_reach_the_client():
    own, labels = X.copy(), y.copy()
    client = Client(SoftmaxClassifier(optimizer="sgd"), own, labels)
    start = client.initial(rng=0)
    before, *_ = client.fit(start, {"epochs": 3})
    own *= 50
    labels[:] = 1 - labels
    after, *_ = client.fit(start, {"epochs": 3})
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert (client.X == X).all()
    assert (client.y == y).all()
    with pytest.raises(ValueError, match="read-only"):
        client.X[0] = 0.0


@pytest.mark.parametrize(
    ("config", "error", "says"),
    [
        ({"patience": 5.0}, ValueError, "config must hold round, epochs, .* only, not 'patience'"),
        ({"learning_rate": 0.0}, ValueError, "learning_rate must be above 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"proximal_mu": -1}, ValueError, "proximal_mu must be a finite number between 0"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1"),
        ({"epochs": 1.5}, TypeError, "epochs must be a whole number"),
    ],
)
def test_refuses_settings_that_it_would_ignore(config, error, says):
    client = Client(SoftmaxClassifier(), X, y)
    with pytest.raises(error, match=says):
        client.fit(client.initial(), config)


@pytest.mark.parametrize("encoding", ["phase", "reuploading", "state"])
def test_the_switch_of_the_ablation_takes_the_cnots_out_and_nothing_else(encoding):
    # what the chapter calls "no CNOTs" has the same parameters, the same start, the same batches, the same other gates
    n_features = 16 if encoding == "state" else 4
    rows = np.random.default_rng(1).normal(size=(20, n_features))
    if encoding == "state":
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    labels = np.arange(20) % 2
    with_cnots, without = (
        Client(QNNClassifier(encoding=encoding, entanglement=pairs), rows, labels)
        for pairs in ("circular", "none")
    )
    start, other = with_cnots.initial(rng=7), without.initial(rng=7)
    assert all((a == b).all() for a, b in zip(start, other, strict=True))

    def gates(client):
        fitted = QNNClassifier(encoding=encoding, entanglement=client._model.entanglement)
        fitted.initialise(n_features, [0, 1]).set_parameters(start)
        circuit = fitted.circuit() if encoding == "state" else fitted.circuit(rows[0])
        return list(circuit.operations)

    full, bare = gates(with_cnots), gates(without)
    assert [str(g) for g in full if g.name != "cx"] == [str(g) for g in bare]
    assert sum(g.name == "cx" for g in full) == 2 * 4


HELD = RNG.uniform(-1.5, 1.5, (20, 2)), RNG.integers(0, 2, 20)


def test_held_out_samples_judge_and_do_not_train():
    with_held, without = Client(SoftmaxClassifier(), X, y, held_out=HELD), Client(SoftmaxClassifier(), X, y)
    start = with_held.initial(rng=0)
    sent, n, _ = with_held.fit(start, {"epochs": 3})
    assert (n, with_held.n_held_out, without.n_held_out) == (30, 20, 0)
    assert all((a == b).all() for a, b in zip(sent, without.fit(start, {"epochs": 3})[0], strict=True))
    loss, n, metrics = with_held.evaluate(sent, {"on": "held_out"})
    s = HELD[0] @ sent[0][:, 0] + sent[1][0]
    assert loss == pytest.approx(np.logaddexp(0, np.where(HELD[1], -s, s)).mean(), abs=1e-12)
    assert (n, metrics) == (20, {"accuracy": np.mean((s > 0) == HELD[1])})
    assert with_held.evaluate(sent, {"on": "train"}) == without.evaluate(sent, {})
    with pytest.raises(ValueError, match="on must be train: client 'x' holds nothing out"):
        Client(SoftmaxClassifier(), X, y, name="x").evaluate(sent, {"on": "held_out"})
    with pytest.raises(ValueError, match="on must be one of train, held_out, not 'test'"):
        with_held.evaluate(sent, {"on": "test"})
    with pytest.raises(ValueError, match="config must hold on only, not 'seed'"):
        with_held.evaluate(sent, {"seed": 1})


@pytest.mark.parametrize(
    ("held_out", "error", "says"),
    [
        (HELD[0], TypeError, r"held_out must be a pair \(X, y\), not ndarray"),
        (
            (HELD[0], HELD[1] + 5),
            ValueError,
            "held_out must be samples of the model .*y must hold the classes",
        ),
        ((HELD[0][:, :1], HELD[1]), ValueError, "held_out must be samples of the model .*features"),
        (
            (HELD[0][:0], HELD[1][:0]),
            ValueError,
            "held_out must be samples of the model .*at least one sample",
        ),
        ((HELD[0], HELD[1][:3]), ValueError, "held_out must be samples of the model .*same length"),
    ],
)
def test_refuses_held_out_samples_of_something_else(held_out, error, says):
    with pytest.raises(error, match=says):
        Client(SoftmaxClassifier(), X, y, held_out=held_out)


@pytest.mark.parametrize("model", [QNNClassifier(layers=1), SoftmaxClassifier(batch_size=4)])
def test_settings_of_one_call_are_those_of_a_model_that_has_them(model):
    own = type(model)(**{**model.get_params(), "learning_rate": 0.3, "batch_size": 7})
    start = Client(model, X, y).initial(rng=0)
    told, *_ = Client(model, X, y).fit(start, {"epochs": 2, "seed": 3, "learning_rate": 0.3, "batch_size": 7})
    has, *_ = Client(own, X, y).fit(start, {"epochs": 2, "seed": 3})
    assert all((a == b).all() for a, b in zip(told, has, strict=True))
    again, *_ = (client := Client(model, X, y)).fit(start, {"epochs": 2, "seed": 3})
    client.fit(start, {"learning_rate": 0.3, "proximal_mu": 1.0})
    assert all(
        (a == b).all() for a, b in zip(again, client.fit(start, {"epochs": 2, "seed": 3})[0], strict=True)
    )


class Bowl(SoftmaxClassifier):
    """Its loss is a(w - c)^2/2 with a = 2, c = 3, whatever the samples."""

    def _step(self, parameters, inputs, targets):
        return sum(float(((p - 3) ** 2).sum()) for p in parameters), [2 * (p - 3) for p in parameters]


def test_the_proximal_pull_ends_where_it_must():
    # Li et al. 2020: the minimiser of a(w-c)^2/2 + mu(w-w_t)^2/2 is (a c + mu w_t)/(a + mu) = 2.6 for w_t = 1, mu = 1/2
    client = Client(Bowl(optimizer="sgd", learning_rate=0.2, batch_size=None), X, y)
    start = [np.ones((2, 1)), np.ones(1)]
    pulled, *_ = client.fit(start, {"epochs": 80, "proximal_mu": 0.5})
    free, *_ = client.fit(start, {"epochs": 80})
    for p, f in zip(pulled, free, strict=True):
        assert p == pytest.approx(np.full(p.shape, 2.6), abs=1e-12)
        assert f == pytest.approx(np.full(f.shape, 3.0), abs=1e-12)


def test_one_step_over_all_samples_does_not_feel_the_pull():
    client = Client(QNNClassifier(optimizer="sgd", batch_size=None), X, y)
    start = client.initial(rng=0)
    plain, pulled = (client.fit(start, {"epochs": 1, "proximal_mu": mu})[0] for mu in (0.0, 5.0))
    assert all((a == b).all() for a, b in zip(plain, pulled, strict=True))
    plain, pulled = (client.fit(start, {"epochs": 2, "proximal_mu": mu})[0] for mu in (0.0, 5.0))
    assert any((a != b).any() for a, b in zip(plain, pulled, strict=True))


def test_what_the_pull_minimises_has_a_zero_gradient_there():
    # logistic regression: at the end the gradient of the loss is -mu (w - w_t)
    client = Client(SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None), X, y)
    start = [np.full((2, 1), 0.5), np.array([-1.0])]
    found, _, metrics = client.fit(start, {"epochs": 3000, "proximal_mu": 0.3})
    loss, gradient = SoftmaxClassifier().initialise(2, [0, 1]).loss_and_gradient(found, X, y)
    for g, w, w_t in zip(gradient, found, start, strict=True):
        assert g == pytest.approx(-0.3 * (w - w_t), abs=1e-10)
    assert metrics["loss"] == pytest.approx(loss, abs=1e-10)  # without the pull


def test_its_model_comes_without_parameters():
    model = Client(SoftmaxClassifier(batch_size=3), X, y).model
    assert model.batch_size == 3
    assert not hasattr(model, "parameters_")
    with pytest.raises(TypeError, match="name must be a string"):
        Client(SoftmaxClassifier(), X, y, name=3)
