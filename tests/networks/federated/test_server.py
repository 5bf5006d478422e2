"""The server: 200 schedules of faults against plain averages of the survivors; what a client may claim."""

import re

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning.neural_networks import QNNClassifier, SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, run, split
from qlearn.networks.federated.checkpoint import Checkpoint

RNG = np.random.default_rng(0)
X = RNG.uniform(-np.pi / 2, np.pi / 2, (90, 4))
y = (X[:, 0] * X[:, 1] > 0).astype(int)


SOFTMAX = SoftmaxClassifier()


def federation(model):
    return [Client(model, *part, classes=[0, 1]) for part in split(X, y, 5, rng=1)]


class Answering(Client):
    """Answers a step that its name tells, or fails as a schedule says."""

    schedule: dict = {}

    def fit(self, parameters, config):
        step = [0.9 * p + int(self.name) - 2 for p in parameters]
        n, told = 10 * (int(self.name) + 1), {}
        match self.schedule.get((config["round"], self.name), "well"):
            case "raises":
                raise ConnectionError("gone")
            case "nan":
                step[0][0] = np.nan
            case "infinite":
                step[1][:] = np.inf
            case "wrong shape":
                step[0] = step[0].ravel()
            case "broadcasts":
                step[0] = step[0][:1]
            case "short":
                step = step[:1]
            case "complex":
                step = [p + 0j for p in step]
            case "silent":
                return None
            case "claims much":
                n = 10**9
            case "claims nothing":
                n = 0
            case "claims less":
                n = -5
            case "claims a half":
                n = 2.5
            case "metrics":
                told = {"loss": np.nan}
            case "exits":
                raise SystemExit(1)
        return step, n, told


FAULTS = (
    "raises", "nan", "infinite", "wrong shape", "broadcasts", "short", "complex", "silent", "claims much",
    "claims nothing", "claims less", "claims a half", "metrics",
)  # fmt: skip


class Faulty(FedAvg):
    """Averages, or does in a round what a schedule says."""

    schedule: dict = {}

    def choose(self, n_clients, rng=None):
        object.__setattr__(self, "number", getattr(self, "number", 0) + 1)
        fault, everybody = self.schedule.get(self.number), list(range(n_clients))
        if fault == "chooses and raises":
            raise LookupError("nobody")
        return {"doubled": [0, *everybody], "unknown": [*everybody, n_clients], "nobody": []}.get(
            fault, everybody
        )

    def aggregate(self, updates, current, state):
        merged, state = super().aggregate(updates, current, state)
        fault = self.schedule.get(self.number)
        if fault == "raises":
            raise ZeroDivisionError("no weight")
        if fault == "model alone":
            return merged
        bad = {"nan": [p * np.nan for p in merged], "broadcasts": [p[:1] for p in merged], "nothing": None}
        return bad.get(fault, merged), state


STRATEGY_FAULTS = (
    "raises", "nan", "broadcasts", "nothing", "model alone", "doubled", "unknown", "nobody", "chooses and raises",
)  # fmt: skip
N_CLIENTS, N_ROUNDS = 5, 4


@given(
    st.dictionaries(
        st.tuples(st.integers(1, N_ROUNDS), st.sampled_from("01234")), st.sampled_from(FAULTS), max_size=14
    ),
    st.dictionaries(st.integers(1, N_ROUNDS), st.sampled_from(STRATEGY_FAULTS), max_size=2),
    st.integers(1, N_CLIENTS),
)
@settings(max_examples=200, deadline=None)
def test_two_hundred_schedules_of_faults(of_clients, of_strategy, min_answers):
    kind = type("Scheduled", (Answering,), {"schedule": of_clients})
    clients = [kind(SoftmaxClassifier(), X[:2], [0, 1], name=str(i)) for i in range(N_CLIENTS)]
    strategy = type("Scheduled", (Faulty,), {"schedule": of_strategy})()
    start = [np.arange(4.0)[:, None], np.array([7.0])]
    history = run(clients, strategy, N_ROUNDS, rng=0, initial=start, min_answers=min_answers)

    model, failed = start, []
    for number in range(1, N_ROUNDS + 1):
        survivors = [i for i in range(N_CLIENTS) if (number, str(i)) not in of_clients]
        if number in of_strategy or len(survivors) < min_answers:
            failed.append(number)
            continue
        total = sum(10 * (i + 1) for i in survivors)
        model = [sum(10 * (i + 1) * (0.9 * p + i - 2) for i in survivors) / total for p in model]
        assert history.rounds[number - 1].answered == tuple(map(str, survivors))
        blamed = [f.client for f in history.rounds[number - 1].failures]
        assert sorted(blamed) == sorted({str(i) for i in range(N_CLIENTS)} - set(map(str, survivors)))
    assert list(history.failed) == failed
    for ours, plain in zip(history.parameters, model, strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("claim", "told", "taken"),
    [(10**9, {}, False), (10**9, {"most_samples": 10**9}, True), (90, {"most_samples": 89}, False)],
)
def test_a_claim_of_many_samples_is_refused_unless_the_server_was_told(claim, told, taken):
    class Claiming(Client):
        def fit(self, parameters, config):
            return [p + 1000 for p in parameters], claim, {}

    honest = federation(SoftmaxClassifier())
    history = run([*honest, Claiming(SoftmaxClassifier(), X, y, name="liar")], FedAvg(), 1, rng=0, **told)
    assert ("liar" in history.rounds[0].answered) is taken
    assert bool(np.abs(history.parameters[0]).max() > 100) is taken
    if not taken:
        [failure] = [failure for _, failure in history.failures if failure.stage == "fit"]
        assert re.search(
            f"n_samples must be at most .*, not {claim:,}: it is the weight .* says most_samples=",
            failure.reason,
        )


def test_a_claim_of_samples_is_bounded_in_the_evaluation_too():
    class Boaster(Client):
        def evaluate(self, parameters, config):
            loss, *_ = super().evaluate(parameters, config)
            return loss, 10**9, {"accuracy": 1.0}

    parts = split(X, y, 3, rng=0)
    honest = [Client(SOFTMAX, *part, classes=[0, 1]) for part in parts[1:]]
    history = run([Boaster(SOFTMAX, *parts[0], classes=[0, 1]), *honest], FedAvg(), rounds=1, rng=0)
    assert [failure.stage for _, failure in history.failures] == ["evaluate"]
    assert "n_samples must be at most 1,000,000" in history.failures[0][1].reason
    scores = [one.evaluate(history.parameters, {}) for one in honest]
    fair = sum(n * told["accuracy"] for _, n, told in scores) / sum(n for _, n, _ in scores)
    assert history.train_accuracy[0] == pytest.approx(fair)


def test_a_strategy_may_not_draw_the_seeds_of_clients():
    class Seeded(FedAvg):
        def config(self, number):
            return {**super().config(number), **({"seed": 5} if number >= self.local_epochs else {})}

    with pytest.raises(ValueError, match="config must not hold 'seed': the run draws one"):
        run([Client(SOFTMAX, X, y)], Seeded(), rounds=1)
    history = run([Client(SOFTMAX, X, y)], Seeded(local_epochs=2), rounds=2, rng=0)
    assert list(history.failed) == [2]
    assert "config must not hold 'seed'" in history.failed[2]


class Lying(Client):
    """Says what it likes wherever it can be asked, and trains as all do."""

    def prepare(self, rows, name):
        return super().prepare((rows[0], [0] * len(rows[1])), name)

    def score(self, parameters, rows):
        return 0.0, 1.0

    def initial(self, rng=None):
        return [p + 100.0 for p in super().initial(rng)]

    @property
    def model(self):
        return SoftmaxClassifier(learning_rate=123.0)


@pytest.mark.parametrize("model", [SoftmaxClassifier(), QNNClassifier(layers=1)])
def test_a_client_does_not_score_for_the_server(model, tmp_path):
    rows = X[:40], 1 - y[:40]
    honest = run(federation(model), FedAvg(), 3, rng=0, central=rows)
    parts = split(X, y, 5, rng=1)
    clients = [(Lying if i == 0 else Client)(model, *part, classes=[0, 1]) for i, part in enumerate(parts)]
    history = run(clients, FedAvg(), 3, rng=0, central=rows, checkpoint=tmp_path / "run.npz")
    np.testing.assert_array_equal(history.central_accuracy, honest.central_accuracy)
    np.testing.assert_array_equal(history.central_loss, honest.central_loss)
    assert history.central_accuracy[-1] < 1
    for a, b in zip(history.parameters, honest.parameters, strict=True):
        np.testing.assert_array_equal(a, b)
    assert "123" not in Checkpoint.load(tmp_path / "run.npz").run["model"]
    assert (
        history.rounds[0].by_client["client 0"]["train_accuracy"] == 1
    )  # of its own rows it may say what it likes
