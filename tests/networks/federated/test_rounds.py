"""The rounds: gradient descent in disguise, honest records of failures, refusals before any training."""

import re

import numpy as np
import pytest

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks.gradient_estimators import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, FedProx, RunStopped, Strategy, run, split

RNG = np.random.default_rng(0)
X = RNG.uniform(-np.pi / 2, np.pi / 2, (90, 4))
y = (X[:, 0] * X[:, 1] > 0).astype(int)


def federation(model, n_clients=5, alpha=None, kind=Client):
    parts = split(X, y, n_clients, alpha=alpha, rng=1)
    return [kind(model, *part, classes=[0, 1], name=f"ward {i}") for i, part in enumerate(parts)]


@pytest.mark.parametrize("alpha", [None, 0.2])
@pytest.mark.parametrize("encoding", ["phase", "reuploading"])
def test_one_epoch_of_whole_batches_is_central_gradient_descent(alpha, encoding):
    # sum_c n_c (theta - eta g_c) / n = theta - eta g: McMahan et al. 2017, section 2
    model = QNNClassifier(
        encoding=encoding, optimizer="sgd", learning_rate=0.3, batch_size=None, random_state=0
    )
    clients = federation(model, alpha=alpha)
    start = clients[0].initial(rng=0)
    history = run(clients, FedAvg(), rounds=15, initial=start)
    central = QNNClassifier(**{**model.get_params(), "initial": start, "epochs": 15}).fit(X, y)
    assert all(
        np.allclose(a, b, atol=1e-12) for a, b in zip(history.parameters, central.parameters_, strict=True)
    )
    assert history.train_loss[:-1] == pytest.approx(central.loss_curve_[1:], abs=1e-12)
    assert history.train_accuracy[-1] == pytest.approx(central.score(X, y), abs=1e-12)


def test_more_local_epochs_are_not_gradient_descent():
    model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0, batch_size=None)
    twice, two_rounds = (
        run(federation(model, alpha=0.2), FedAvg(epochs), rounds, rng=0).parameters[0]
        for epochs, rounds in ((2, 1), (1, 2))
    )
    assert np.abs(twice - two_rounds).max() > 1e-4


def test_one_client_is_training_alone():
    model = QNNClassifier(batch_size=16, random_state=0)
    [client] = federation(model, n_clients=1)
    history = run([client], FedAvg(local_epochs=3), rounds=1, rng=4)
    rng = np.random.default_rng(4)
    start = client.initial(rng)
    FedAvg().choose(1, rng)
    alone, *_ = client.fit(start, {"epochs": 3, "seed": int(rng.integers(2**32))})
    assert all((a == b).all() for a, b in zip(history.parameters, alone, strict=True))


def test_a_run_is_its_seed_and_learns():
    runs = [
        run(federation(QNNClassifier(layers=3)), FedAvg(3, fraction=0.6), 20, rng=seed) for seed in (0, 0, 1)
    ]
    assert (runs[0].train_loss == runs[1].train_loss).all()
    assert (runs[0].train_loss != runs[2].train_loss).any()
    assert runs[0].train_loss[-1] < runs[0].train_loss[0]
    assert runs[0].train_accuracy[-1] > 0.7


def test_counts_every_bit():
    # 2 layers x 4 qubits x 2 angles + 4 weights + 1 offset = 21 numbers of 64 bits
    history = run(federation(QNNClassifier()), FedAvg(fraction=0.6), rounds=2, rng=0)
    assert [(r.bits_down, r.bits_up) for r in history.rounds] == [(3 * 21 * 64, 3 * 21 * 64)] * 2
    assert history.bits.tolist() == [2 * 3 * 21 * 64] * 2


def test_the_server_sees_no_sample():
    class Watched(Client):
        sent = []

        def fit(self, parameters, config):
            answer = super().fit(parameters, config)
            self.sent.append(answer)
            return answer

    run(federation(QNNClassifier(), kind=Watched), FedAvg(), rounds=2, rng=0)
    shapes = {tuple(p.shape for p in parameters) for parameters, _, _ in Watched.sent}
    assert shapes == {((2, 4, 2), (4, 1), (1,))}
    assert all(set(metrics) == {"loss"} and isinstance(n, int) for _, n, metrics in Watched.sent)


class Failing(Client):
    """Client 2 fails in its second round, in the way that `how` says."""

    how = staticmethod(lambda parameters: None)

    def fit(self, parameters, config):
        answer, n, metrics = super().fit(parameters, config)
        if self.name == "ward 2" and config["round"] == 2:
            answer = self.how(answer)
        return answer, n, metrics


def stops(parameters):
    raise ConnectionError("the line is dead")


@pytest.mark.parametrize(
    ("how", "reason", "came"),
    [
        (stops, "ConnectionError: the line is dead", 0),
        (lambda p: [a * np.nan for a in p], "ValueError: parameters must be finite", 21),
        (lambda p: p[:-1], "ValueError: parameters must be arrays of shapes", 20),
        (
            lambda p: [a + 0j for a in p],
            "TypeError: parameters must be arrays of real numbers, not of complex128",
            21,
        ),
        (lambda p: None, "TypeError", 0),
    ],
)
def test_a_failed_client_ends_its_round_only(monkeypatch, how, reason, came):
    monkeypatch.setattr(Failing, "how", staticmethod(how))
    clients = federation(QNNClassifier(), kind=Failing)
    history = run(clients, FedAvg(), rounds=3, rng=0)
    [(number, failure)] = history.failures
    assert (number, failure.client, failure.stage) == (2, "ward 2", "fit")
    assert failure.reason.startswith(reason)
    assert [len(r.answered) for r in history.rounds] == [5, 4, 5]
    assert history.rounds[1].bits_up == (4 * 21 + came) * 64  # what was refused was sent all the same
    assert history.rounds[1].bits_down == 5 * 21 * 64
    assert "ward 2" not in history.rounds[1].answered
    assert np.isfinite(history.train_loss).all()


def test_when_all_fail_the_model_stays():
    class Dead(Client):
        def fit(self, parameters, config):
            raise TimeoutError("no answer")

    clients = federation(QNNClassifier(), kind=Dead)
    start = clients[0].initial(rng=0)
    history = run(clients, FedAvg(), rounds=2, initial=start)
    assert all((a == b).all() for a, b in zip(history.parameters, start, strict=True))
    assert len(history.failures) == 10
    assert history.rounds[0].bits_up == 0


def test_a_client_that_cannot_evaluate_is_recorded():
    class Blind(Client):
        def evaluate(self, parameters, config):
            if self.name == "ward 0":
                raise MemoryError("too small a machine")
            return super().evaluate(parameters, config)

    history = run(federation(QNNClassifier(), kind=Blind), FedAvg(), rounds=1, rng=0)
    assert [f.stage for _, f in history.failures] == ["evaluate"]
    assert np.isfinite(history.train_accuracy).all()


def test_an_interrupt_keeps_the_complete_rounds():
    class Stopped(Client):
        def fit(self, parameters, config):
            if config["round"] == 3:
                raise KeyboardInterrupt
            return super().fit(parameters, config)

    history = run(federation(QNNClassifier(), kind=Stopped), FedAvg(), rounds=9, rng=0)
    assert history.interrupted
    assert [r.number for r in history.rounds] == [1, 2]
    two = run(federation(QNNClassifier()), FedAvg(), rounds=2, rng=0)
    assert not two.interrupted
    assert all((a == b).all() for a, b in zip(history.parameters, two.parameters, strict=True))


def test_refuses_before_training():
    class Counting(Client):
        trained = 0

        def fit(self, parameters, config):
            Counting.trained += 1
            return super().fit(parameters, config)

    def client(model, X, y, classes):
        return Counting(model, X, y, classes=classes)

    one = client(QNNClassifier(), X, y, [0, 1])
    for other, says in [
        (client(QNNClassifier(), X[:, :3], y, [0, 1]), "client 1 has parameters of shapes.*features"),
        (client(QNNClassifier(layers=3), X, y, [0, 1]), "clients must train one model"),
        (client(QNNClassifier(), X, y, [0, 1, 2]), "clients must train one model"),
        (client(QNNClassifier(), X, y + 1, [1, 2]), r"agree on the classes: client 1 has \[1, 2\]"),
    ]:
        with pytest.raises(ValueError, match=says):
            run([one, other], FedAvg(), rounds=1)
    with pytest.raises(ValueError, match="at least one client"):
        run([], FedAvg(), rounds=1)
    with pytest.raises(ValueError, match="rounds must be at least 1"):
        run([one], FedAvg(), rounds=0)
    with pytest.raises(ValueError, match="parameters must be arrays of shapes"):
        run([one], FedAvg(), rounds=1, initial=[np.zeros(3)])
    with pytest.raises(TypeError, match=r"strategy must be an object, as FedAvg\(\), not the class"):
        run([one], FedAvg, rounds=1)
    with pytest.raises(
        TypeError, match=r"must have the methods .* None lacks start, choose, config, aggregate"
    ):
        run([one], None, rounds=1)
    with pytest.raises(TypeError, match="clients must be a list of clients"):
        run(one, FedAvg(), rounds=1)
    for odd in (1, None, Client):
        with pytest.raises(TypeError, match="clients must be Client objects; client 1 is"):
            run([one, odd], FedAvg(), rounds=1)
    for names, same in (
        (("x", "y", "x"), "clients 0 and 2 are both 'x'"),
        (("client 1", ""), "both 'client 1'"),
    ):
        alike = [Counting(QNNClassifier(), X, y, name=name) for name in names]
        with pytest.raises(ValueError, match=f"clients must have different names: .*{same}"):
            run(alike, FedAvg(), rounds=1)
    assert Counting.trained == 0


@pytest.mark.parametrize("missing", ["start", "choose", "config", "aggregate"])
def test_an_object_that_lacks_a_part_is_no_strategy(missing):
    parts = {
        name: staticmethod(getattr(FedAvg(), name)) for name in ("start", "choose", "config", "aggregate")
    }
    parts[missing] = "no method"
    with pytest.raises(TypeError, match=f"strategy must have the methods .* lacks {missing}$"):
        run(federation(SoftmaxClassifier()), type("Almost", (), parts)(), rounds=1)
    del parts[missing]
    with pytest.raises(TypeError, match=f"strategy must have the methods .* lacks {missing}$"):
        run(federation(SoftmaxClassifier()), type("Almost", (), parts)(), rounds=1)


def test_a_strategy_that_cannot_start_starts_nothing():
    class Unready(FedAvg):
        def start(self, model):
            raise LookupError("no state")

    with pytest.raises(LookupError, match="no state"):
        run(federation(SoftmaxClassifier()), Unready(), rounds=2, rng=0)


class Counting(FedAvg):
    """Keeps the number of its merges, and spoils what it is shown."""

    def start(self, model):
        model[0][:] = np.nan
        return 0

    def aggregate(self, updates, current, state):
        current[0][:] = np.nan
        return super().aggregate(updates, current)[0], state + 1


def test_the_state_goes_from_round_to_round_and_on_into_a_continued_run():
    history = run(federation(SoftmaxClassifier()), Counting(), rounds=3, rng=0)
    assert history.state == 3
    more = run(
        federation(SoftmaxClassifier()),
        Counting(),
        rounds=2,
        rng=0,
        initial=history.parameters,
        state=history.state,
    )
    assert more.state == 5
    assert run(federation(SoftmaxClassifier()), FedAvg(), rounds=1, rng=0).state is None


def test_a_strategy_may_write_to_what_it_is_given():
    spoiling = run(federation(SoftmaxClassifier()), Counting(), rounds=3, rng=0)
    plain = run(federation(SoftmaxClassifier()), FedAvg(), rounds=3, rng=0)
    assert all((a == b).all() for a, b in zip(spoiling.parameters, plain.parameters, strict=True))


class SpoilingThenBroken(FedAvg):
    """Writes to all that it is given, and fails in the second round."""

    def start(self, model):
        return {"rounds": 0}

    def aggregate(self, updates, current, state):
        state["rounds"] += 1
        for p in current:
            p[...] = np.nan
        if state["rounds"] == 2:
            raise RuntimeError("broken")
        return super().aggregate(updates, current)[0], state


def test_what_a_broken_strategy_wrote_to_is_not_in_the_history():
    history = run(federation(SoftmaxClassifier()), SpoilingThenBroken(), rounds=2, rng=0)
    one = run(federation(SoftmaxClassifier()), FedAvg(), rounds=1, rng=0)
    assert all((a == b).all() for a, b in zip(history.parameters, one.parameters, strict=True))
    assert history.state == {"rounds": 1}
    assert history.failed == {2: "the strategy failed: RuntimeError: broken"}
    kept = history.state
    run(federation(SoftmaxClassifier()), SpoilingThenBroken(), rounds=1, rng=0, state=kept)
    assert kept == {"rounds": 1}


@pytest.mark.parametrize("part", ["start", "choose", "config", "aggregate"])
def test_who_inherits_the_protocol_has_all_its_parts(part):
    parts = {
        name: getattr(FedAvg, name) for name in ("start", "choose", "config", "aggregate") if name != part
    }
    with pytest.raises(TypeError, match=part):
        type("Half", (Strategy,), parts)()


@pytest.mark.parametrize(
    "told",
    [
        (np.nan, 5, {"accuracy": 0.5}),
        (0.1, 5, {"accuracy": np.nan}),
        (0.1, 5, {"accuracy": 7.0}),
        ("low", 5, {"accuracy": 0.5}),
        (np.ones(2), 5, {"accuracy": 0.5}),
        (0.1, 0, {"accuracy": 0.5}),
        (0.0, 10**9, {"accuracy": 1.0}),  # the score would be its own
        (0.1, 5, {}),
        None,
    ],
)
def test_an_evaluation_that_is_none_is_recorded_and_left_out(told):
    class Odd(Client):
        def evaluate(self, parameters, config):
            return told

    honest = federation(SoftmaxClassifier())
    odd = Odd(SoftmaxClassifier(), X, y, classes=[0, 1], name="odd")
    history = run([*honest, odd], FedAvg(), rounds=1, rng=0)
    losses, counts, metrics = zip(*(c.evaluate(history.parameters, {}) for c in honest), strict=True)
    assert history.train_loss[0] == pytest.approx(np.average(losses, weights=counts), abs=1e-12)
    accuracies = [m["accuracy"] for m in metrics]
    assert history.train_accuracy[0] == pytest.approx(np.average(accuracies, weights=counts), abs=1e-12)
    assert [(f.client, f.stage) for _, f in history.failures] == [("odd", "evaluate")]


def test_clients_may_come_one_by_one():
    history = run(iter(federation(SoftmaxClassifier())), FedAvg(), rounds=2, rng=0)
    listed = run(federation(SoftmaxClassifier()), FedAvg(), rounds=2, rng=0)
    assert history.train_loss.tolist() == listed.train_loss.tolist()


class Wayward(FedAvg):
    """Does as FedAvg does, but for one thing in round 3."""

    wrong: dict = {}
    number = 0

    def choose(self, n_clients, rng=None):
        object.__setattr__(self, "number", self.number + 1)  # rounds choose first
        chosen = super().choose(n_clients, rng)
        return self.wrong["choose"] if "choose" in self.wrong and self.number == 3 else chosen

    def config(self, number):
        told = super().config(number)
        return {**told, **self.wrong.get("config", {})} if number == 3 else told

    def aggregate(self, updates, current, state):
        merged, state = super().aggregate(updates, current, state)
        wrong = self.wrong if self.number == 3 else {}
        return wrong.get("returns", (wrong.get("aggregate", list)(merged), state))


def breaks(merged):
    raise ZeroDivisionError("no weight")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"aggregate": breaks}, "ZeroDivisionError: no weight"),
        ({"aggregate": lambda p: None}, "TypeError"),
        (
            {"returns": [np.zeros((4, 1)), np.zeros(1)]},
            r"aggregate must return \(model, state\), .* not a list",
        ),
        ({"returns": None}, r"aggregate must return \(model, state\), .* not a NoneType"),
        ({"aggregate": lambda p: [a * np.nan for a in p]}, "parameters must be finite"),
        ({"aggregate": lambda p: [np.zeros(3)]}, "parameters must be arrays of shapes"),
        ({"aggregate": lambda p: [a * 1j for a in p]}, "real numbers, not of complex128"),
        ({"choose": [0, 99]}, r"different clients of 0 to 4, at least one, not \[0, 99\]"),
        ({"choose": [0, 0, 0]}, r"different clients .* not \[0, 0, 0\]"),
        ({"choose": []}, r"at least one, not \[\]"),
        ({"choose": [-1]}, "choose must be at least 0"),
        ({"choose": [0.5]}, "choose must be a whole number"),
        (
            {"config": {"patience": 5.0}},
            "config must hold round, epochs, .* only, not 'patience'",
        ),
        ({"config": {"epochs": 0}}, "epochs must be at least 1"),
    ],
)
def test_what_a_strategy_does_wrong_fails_the_round_and_changes_no_model(wrong, says):
    class Wrong(Wayward):
        pass

    Wrong.wrong = wrong
    three = run(federation(SoftmaxClassifier()), Wrong(), rounds=3, rng=0)
    two = run(federation(SoftmaxClassifier()), FedAvg(), rounds=2, rng=0)
    assert [r.number for r in three.rounds] == [1, 2, 3]
    assert list(three.failed) == [3]
    assert re.search(f"^the strategy failed: .*{says}", three.failed[3])
    assert three.failures == []
    assert all((a == b).all() for a, b in zip(three.parameters, two.parameters, strict=True))
    more = run(federation(SoftmaxClassifier()), Wrong(), rounds=5, rng=0)
    assert list(more.failed) == [3]
    assert any((a != b).any() for a, b in zip(more.parameters, two.parameters, strict=True))


@pytest.mark.parametrize("told", [{"patience": 5.0}, {"epochs": 0}, {"learning_rate": -1.0}])
def test_what_clients_cannot_take_is_refused_before_anything_is_trained(told):
    class Telling(FedAvg):
        def config(self, number):
            return {**super().config(number), **told}

    class Untouched(Client):
        def fit(self, parameters, config):
            raise AssertionError("trained")

    with pytest.raises(ValueError, match=next(iter(told))):
        run(federation(SoftmaxClassifier(), kind=Untouched), Telling(), rounds=2, rng=0)


def test_a_client_may_take_settings_of_its_own():
    class Patient(Client):
        settings = (*Client.settings, "patience")
        told = []

        def fit(self, parameters, config):
            self.told.append(config["patience"])
            return super().fit(parameters, config)

    class Telling(FedAvg):
        def config(self, number):
            return {**super().config(number), "patience": 10 * number}

    run(federation(SoftmaxClassifier(), n_clients=2, kind=Patient), Telling(), rounds=2, rng=0)
    assert Patient.told == [10, 10, 20, 20]


def test_evaluation_now_and_then_trains_the_same_model():
    always = run(federation(QNNClassifier()), FedAvg(), rounds=5, rng=0)
    seldom = run(federation(QNNClassifier()), FedAvg(), rounds=5, rng=0, evaluate_every=2)
    for one, other in zip(always.parameters, seldom.parameters, strict=True):
        np.testing.assert_array_equal(one, other)
    told = [1, 3, 4]  # rounds 2 and 4, and the last
    np.testing.assert_array_equal(seldom.train_loss[told], always.train_loss[told])
    assert np.isnan(seldom.train_accuracy[[0, 2]]).all()
    with pytest.raises(ValueError, match="evaluate_every"):
        run(federation(QNNClassifier()), FedAvg(), rounds=2, evaluate_every=0)


def test_too_few_answers_change_no_model():
    class Away(Client):
        def fit(self, parameters, config):
            if config["round"] == 2 and self.name in ("ward 0", "ward 1", "ward 3"):
                raise TimeoutError
            return super().fit(parameters, config)

    history = run(federation(SoftmaxClassifier(), kind=Away), FedAvg(), 2, rng=0, min_answers=3)
    one = run(federation(SoftmaxClassifier()), FedAvg(), 1, rng=0)
    assert history.failed == {2: "2 of 5 clients answered; a round needs 3"}
    assert (history.parameters[0] == one.parameters[0]).all()
    assert history.rounds[1].answered == ("ward 2", "ward 4")
    with pytest.raises(ValueError, match="min_answers must be at most the 5 clients, not 6"):
        run(federation(SoftmaxClassifier()), FedAvg(), 1, min_answers=6)


def test_what_stops_a_run_from_outside_keeps_its_rounds():
    class Exits(Client):
        def fit(self, parameters, config):
            if config["round"] == 3:
                raise SystemExit(2)
            return super().fit(parameters, config)

    with pytest.raises(
        RunStopped, match=r"the run stopped in round 3: SystemExit: 2\. The 2 complete"
    ) as stopped:
        run(federation(SoftmaxClassifier(), kind=Exits), FedAvg(), 5, rng=0)
    two = run(federation(SoftmaxClassifier()), FedAvg(), rounds=2, rng=0)
    assert (stopped.value.history.parameters[0] == two.parameters[0]).all()
    assert isinstance(stopped.value.__cause__, SystemExit)


@pytest.mark.parametrize(
    ("central", "error", "says"),
    [
        (X, TypeError, r"central must be a pair \(X, y\)"),
        ((X[:, :2], y), ValueError, "central must be samples of the model"),
        ((X, y + 3), ValueError, "central must be samples of the model .*classes"),
    ],
)
def test_refuses_central_samples_of_something_else(central, error, says):
    with pytest.raises(error, match=says):
        run(federation(SoftmaxClassifier()), FedAvg(), 1, central=central)


def test_a_client_is_told_its_learning_rate_and_its_pull():
    class Telling(FedAvg):
        def config(self, number):
            return {
                **super().config(number),
                "learning_rate": 0.1 * number,
                "proximal_mu": 0.5,
                "batch_size": 9,
            }

    history = run(federation(SoftmaxClassifier(optimizer="sgd")), Telling(), 2, rng=0)
    assert history.failed == {}
    assert history.failures == []


@pytest.mark.parametrize("alpha", [None, 0.2])
def test_fedprox_with_one_step_over_all_samples_is_fedavg_and_with_more_stays_nearer(alpha):
    model = QNNClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None, random_state=0)
    start = federation(model)[0].initial(rng=0)

    def moved(strategy):
        return run(federation(model, alpha=alpha), strategy, 3, initial=start).parameters

    for ours, plain in zip(moved(FedProx(2.0)), moved(FedAvg()), strict=True):
        np.testing.assert_array_equal(ours, plain)
    far, near = (
        np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(moved(strategy), start, strict=True)))
        for strategy in (FedAvg(10), FedProx(2.0, local_epochs=10))
    )
    assert near < 0.9 * far
