"""The history: arrays over rounds, training never called plainly accuracy, means of what clients told."""

import numpy as np
import pytest

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, Failure, FedAvg, History, Round, run, split

RNG = np.random.default_rng(0)
X = RNG.normal(size=(120, 3))
y = (X.sum(axis=1) + 0.5 * RNG.normal(size=120) > 0).astype(int)
MODEL = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)


def federation(n_clients=4, held=5, kind=Client):
    parts = split(X[:80], y[:80], n_clients, rng=1)
    return [
        kind(MODEL, a[held:], b[held:], classes=[0, 1], name=f"ward {i}", held_out=(a[:held], b[:held]))
        for i, (a, b) in enumerate(parts)
    ]


def scores_of(parameters, rows, labels):
    """Loss and accuracy of logistic regression by hand."""
    s = rows @ parameters[0][:, 0] + parameters[1][0]
    return np.logaddexp(0, np.where(labels, -s, s)).mean(), np.mean((s > 0) == labels)


def test_three_kinds_of_scores_each_on_its_own_samples():
    clients = federation()
    history = run(clients, FedAvg(), rounds=3, rng=0, central=(X[80:], y[80:]))
    parts = split(X[:80], y[:80], 4, rng=1)
    trained = [np.concatenate([part[i][5:] for part in parts]) for i in (0, 1)]
    kept = [np.concatenate([part[i][:5] for part in parts]) for i in (0, 1)]
    for name, rows in {"train": trained, "held_out": kept, "central": (X[80:], y[80:])}.items():
        loss, accuracy = scores_of(history.parameters, *rows)
        assert getattr(history, f"{name}_loss")[-1] == pytest.approx(loss, abs=1e-12)
        assert getattr(history, f"{name}_accuracy")[-1] == pytest.approx(accuracy, abs=1e-12)
        assert getattr(history, f"{name}_loss").shape == (3,)
    assert not hasattr(history, "accuracy")
    assert not hasattr(history, "loss")


def test_each_client_has_a_record_of_its_own():
    clients = federation()
    last = run(clients, FedAvg(), rounds=2, rng=0).rounds[-1]
    assert set(last.by_client) == {f"ward {i}" for i in range(4)}
    kept = [last.by_client[f"ward {i}"]["held_out_accuracy"] for i in range(4)]
    assert last.scores["held_out_accuracy"] == pytest.approx(np.mean(kept))  # five each
    assert last.samples == {client.name: client.n_samples for client in clients}


def test_what_is_not_measured_is_not_a_number():
    parts = split(X, y, 3, rng=0)
    clients = [Client(MODEL, *part, classes=[0, 1]) for part in parts]
    history = run(clients, FedAvg(), rounds=3, rng=0, evaluate_every=2)
    assert np.isfinite(history.train_loss).tolist() == [False, True, True]
    for name in ("held_out_accuracy", "held_out_loss", "central_accuracy", "central_loss"):
        assert np.isnan(getattr(history, name)).all()


def test_metrics_of_clients_are_kept_and_averaged():
    class Telling(Client):
        def fit(self, parameters, config):
            answer, n, metrics = super().fit(parameters, config)
            if self.name != "ward 0" and config["round"] != 2:
                metrics = {**metrics, "seconds": float(self.name[-1])}
            return answer, n, metrics

    history = run(federation(kind=Telling), FedAvg(), rounds=3, rng=0)
    assert history.metric("seconds") == pytest.approx(
        [2, np.nan, 2], nan_ok=True
    )  # 15 samples each of 1, 2, 3
    first = history.rounds[0].metrics
    assert history.metric("loss")[0] == pytest.approx(np.mean([first[name]["loss"] for name in first]))
    assert history.metric("loss")[0] == pytest.approx(
        np.log(2)
    )  # the loss before the only step, of a model at zero
    with pytest.raises(
        ValueError, match=r"name must be a metric that clients told, \['loss', 'seconds'\], not 'accuracy'"
    ):
        history.metric("accuracy")


@pytest.mark.parametrize(
    ("metrics", "says"),
    [
        (None, "TypeError: metrics must be a dictionary of numbers, not NoneType"),
        ({"loss": np.nan}, "ValueError: loss must be a finite number"),
        ({"loss": "low"}, "TypeError: metrics must be a dictionary of numbers by names, not 'loss': 'low'"),
        ({1: 2.0}, "TypeError: metrics must be a dictionary of numbers by names, not 1"),
    ],
)
def test_metrics_that_are_none_are_refused_with_their_answer(metrics, says):
    class Odd(Client):
        def fit(self, parameters, config):
            return (*super().fit(parameters, config)[:2], metrics)

    clients = federation()
    odd = Odd(MODEL, X, y, name="odd")
    history = run([*clients, odd], FedAvg(), rounds=1, rng=0)
    [(_, failure)] = history.failures
    assert failure.client == "odd"
    assert failure.reason.startswith(says)


def test_is_shown_in_a_line():
    history = run(federation(), FedAvg(), rounds=2, rng=0, central=(X[80:], y[80:]))
    shown = repr(history)
    assert shown.startswith(
        f"History(2 rounds, central_accuracy {history.central_accuracy[-1]:.3f}, central_loss "
    )
    assert f"train_loss {history.train_loss[-1]:.3f})" in shown
    assert repr(History([], interrupted=True)) == "History(0 rounds, interrupted)"
    failed = History([], [Round(1, failed="no answer", failures=(Failure("a", "fit", "away"),))])
    assert repr(failed) == "History(1 rounds, 1 failed)"
    assert failed.failed == {1: "no answer"}
    assert failed.failures == [(1, Failure("a", "fit", "away"))]
