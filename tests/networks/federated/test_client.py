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
    with pytest.raises(TypeError, match="model must be a QNNClassifier, a SoftmaxClassifier"):
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


@pytest.mark.parametrize("encoding", ["angle", "reuploading", "state"])
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
