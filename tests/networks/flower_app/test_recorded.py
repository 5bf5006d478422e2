"""What Flower lets through, and the server's side here does not: each refusal is in the record, and the run goes on."""

import re

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import ArrayRecord, ConfigRecord, Message, MetricRecord, RecordDict
from flwr.serverapp import strategy as flowers

from qlearn.networks import federated
from qlearn.networks.flower_app import Federation, _client_app, _grids

FEDERATION = Federation("iris", n_clients=4, rounds=2, local_epochs=1)  # that of `play`


def answer(message, arrays, **metrics):
    return Message(
        RecordDict({"arrays": ArrayRecord(arrays), "metrics": MetricRecord(metrics)}), reply_to=message
    )


def arrays_of(reply):
    return reply.content["arrays"].to_numpy_ndarrays()


def numbers_of(reply):
    return dict(reply.content["metrics"])


def with_number(value):
    return lambda message, reply: answer(
        message, arrays_of(reply), **numbers_of(reply) | {"num-examples": value}
    )


def with_arrays(change):
    return lambda message, reply: answer(message, change(arrays_of(reply)), **numbers_of(reply))


def more_records(message, reply):
    content = reply.content
    content["second"] = ArrayRecord(arrays_of(reply))
    return Message(content, reply_to=message)


LIES = {
    "NaN": (with_arrays(lambda a: [a[0] * np.nan, a[1]]), "finite"),
    "infinity": (with_arrays(lambda a: [a[0] + np.inf, a[1]]), "finite"),
    "a shape that broadcasts": (with_arrays(lambda a: [a[0][:, :1], a[1]]), "shape"),
    "an array too few": (with_arrays(lambda a: a[:1]), "arrays of shapes"),
    "complex numbers": (with_arrays(lambda a: [a[0] * 1j, a[1]]), ""),
    "a claim of 10**9": (with_number(10**9), r"claims 1000000000 samples, and enrolled with 16"),
    "no samples": (with_number(0), "num-examples must be at least 1, not 0"),
    "negative samples": (with_number(-15), "num-examples must be at least 1, not -15"),
    "half a sample": (with_number(14.5), "num-examples must be a whole number"),
    "many weights": (with_number([15, 15]), "num-examples must be a whole number"),
    "no weight": (
        lambda m, r: answer(m, arrays_of(r), loss=0.5),
        "num-examples must be a whole number, not None",
    ),
    "a loss of NaN": (
        lambda m, r: answer(m, arrays_of(r), **numbers_of(r) | {"loss": np.nan}),
        "loss must be",
    ),
    "two models": (more_records, "one model and one record of numbers"),
}


@pytest.mark.parametrize("strategy", ["FedAvg()", "flwr.FedAvg()", "flwr.FedAdam()"])
@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_and_recorded(play, lie, strategy):
    federation = Federation(**FEDERATION.config() | {"strategy": strategy})
    tell, says = LIES[lie]
    history = play(lambda i, r, m, reply: tell(m, reply) if (i, r) == (2, 1) else reply, federation)
    [(number, failure)] = history.failures
    assert (number, failure.client, failure.stage) == (1, "client 2", "fit")
    assert re.search(says, failure.reason), failure.reason
    assert history.rounds[0].answered == ("client 0", "client 1", "client 3")
    assert history.rounds[1].answered == ("client 0", "client 1", "client 2", "client 3")
    assert all(np.isfinite(p).all() for p in history.parameters)
    assert not history.failed


@pytest.mark.parametrize("lie", ["NaN", "infinity", "a claim of 10**9", "no samples"])
def test_flower_alone_lets_it_through(lie):
    """The traps are there: else what is refused above would be no danger."""
    tell, _ = LIES[lie]
    federation = FEDERATION
    grid = _grids.LoopGrid(_client_app.app, 4, federation.config())
    with _grids.server_identity():
        strategy = flowers.FedAvg(fraction_evaluate=0.0)
        first = ArrayRecord(federation.client(0).initial(0))
        messages = list(strategy.configure_train(1, first, ConfigRecord({"epochs": 1}), grid))
        replies = list(grid.send_and_receive(messages))
        honest, _ = strategy.aggregate_train(1, replies)
        client = [m.metadata.message_id for m in messages].index(replies[-1].metadata.reply_to_message_id)
        replies[-1] = tell(messages[client], replies[-1])
        if lie == "no samples":
            asked = {message.metadata.message_id: message for message in messages}
            replies = [tell(asked[reply.metadata.reply_to_message_id], reply) for reply in replies]
            with pytest.raises(ZeroDivisionError):
                strategy.aggregate_train(1, replies)
            return
        merged, _ = strategy.aggregate_train(1, replies)
    model = merged.to_numpy_ndarrays()
    if lie == "a claim of 10**9":
        for a, b in zip(model, arrays_of(replies[-1]), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)
    else:
        assert not np.isfinite(model[0]).all()
    assert np.isfinite(honest.to_numpy_ndarrays()[0]).all()


def test_a_silent_node_is_reported_and_the_run_goes_on(play):
    federation = Federation(**FEDERATION.config() | {"rounds": 4})
    history = play(lambda i, r, m, reply: None if i == 1 and r in (2, 3) else reply, federation)
    said = [(number, failure.client, failure.reason) for number, failure in history.failures]
    assert said == [
        (2, "client 1", "sampled, but no answer came in 0.3 s"),
        (3, "client 1", "sampled, but no answer came in 0.1 s, and none before"),
    ]
    assert [len(r.answered) for r in history.rounds] == [4, 3, 3, 4]


def test_an_app_that_raises_is_a_failure_of_its_client(play):
    def broken(i, r, m, reply):
        if i == 0:
            raise RuntimeError("the disk is full")
        return reply

    history = play(broken)
    assert [f.reason for _, f in history.failures] == ["RuntimeError: RuntimeError: the disk is full"] * 2


def test_an_answer_to_another_message_is_none(play):
    kept = {}

    def late(i, r, m, reply):
        if i != 3:
            return reply
        kept[r] = reply
        return kept.get(r - 1)  # the answer of the round before

    history = play(late)
    assert [(n, f.client) for n, f in history.failures] == [(1, "client 3"), (2, "client 3")]


def test_too_few_answers_change_no_model(play):
    history = play(lambda i, r, m, reply: reply if i == 0 or r == 2 else None, min_answers=2)
    assert history.failed == {1: "1 of 4 clients answered; a round needs 2"}
    assert len(history.failures) == 3
    once = play(federation=Federation(**FEDERATION.config() | {"rounds": 1}))
    # round 2 starts from the first model, with seeds of its own; on all rows at once these make no difference
    for a, b in zip(history.parameters, once.parameters, strict=True):
        np.testing.assert_array_equal(a, b)


class Nonsense(federated.FedAvg):
    """Merges to what is no model, in round 1."""

    def start(self, model):
        return 1

    def aggregate(self, updates, current, state):
        model, _ = super().aggregate(updates, current)
        return (self.wrong(model) if state == 1 and len(updates) == 4 else model), 2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda model: None,
        lambda model: [p * np.nan for p in model],
        lambda model: [p[:1] for p in model],
        lambda model: 1 / 0,
    ],
)
def test_a_strategy_of_nonsense_fails_its_round_alone(play, wrong):
    kind = type("Wrong", (Nonsense,), {"wrong": staticmethod(wrong)})
    history = play(lambda i, r, m, reply: None if (i, r) == (0, 2) else reply, strategy=kind())
    assert list(history.failed) == [1]
    assert "the strategy could not merge" in history.failed[1]
    assert np.any(history.parameters[0])
    assert history.state == 2


def test_flowers_strategy_that_fails_keeps_its_memory(play):
    class Falls(flowers.FedAdam):
        def aggregate_train(self, server_round, replies):
            merged = super().aggregate_train(server_round, replies)
            if server_round == 2:
                raise RuntimeError("after the moments were changed")
            return merged

    federation = Federation(**FEDERATION.config() | {"rounds": 3, "strategy": "flwr.FedAdam()"})
    history = play(federation=federation, strategy=Falls())
    assert list(history.failed) == [2]
    # as two rounds that never knew of the one between, but for the number in Adam's correction, which is Flower's round
    two = Federation(**federation.config() | {"rounds": 2})
    for name in ("m_t", "v_t"):
        kept, plain = history.state[name], play(federation=two).state[name]
        for key, values in kept.items():
            np.testing.assert_allclose(values, plain[key], rtol=0.2)


def test_a_strategy_that_waits_for_nodes_that_do_not_come_fails_its_rounds(play):
    history = play(strategy=flowers.FedAvg(min_train_nodes=5, min_available_nodes=5))
    assert "TimeoutError: too few nodes: 4 are connected" in history.failed[1]
    assert len(history.failed) == 2


def test_a_node_that_became_another_client_does_not_train(play):
    def app_of(grid):
        def swap(i, r, m, reply):
            nodes = list(grid[0]._contexts.values())
            nodes[0].node_config["partition-id"], nodes[1].node_config["partition-id"] = 1, 0
            return reply

        return swap

    made = []

    class Grid(_grids.LoopGrid):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self)

    history = play(app_of(made), grid=Grid)
    assert {f.client for n, f in history.failures if n == 2} == {"client 0", "client 1"}
    assert all("must enrol anew" in f.reason for _, f in history.failures)


def test_random_faults_leave_the_mean_of_those_who_answered(play):
    """60 schedules: after each round the model is what NumPy makes of the answers that were good, or what it was."""
    rng = np.random.default_rng(16)
    kinds = [None, *LIES.values()]
    federation = Federation("iris", n_clients=4, rounds=3, local_epochs=1)
    clients = federation.clients()
    for _ in range(60):
        schedule = rng.choice(len(kinds) + 6, (4, 4))  # most are honest
        schedule[rng.random((4, 4)) < 0.5] = len(kinds)

        def tamper(i, r, m, reply, schedule=schedule):
            kind = schedule[i, r]
            if kind >= len(kinds):
                return reply
            return None if kinds[kind] is None else kinds[kind][0](m, reply)

        least = int(rng.integers(1, 4))
        history = play(tamper, federation, min_answers=least, timeout=0.01, patience=5.0)
        model = clients[0].initial(0)
        for number, record in enumerate(history.rounds, 1):
            good = [i for i in range(4) if schedule[i, number] >= len(kinds)]
            assert record.answered == (tuple(f"client {i}" for i in good) if len(good) >= least else ())
            assert bool(record.failed) == (len(good) < least)
            assert len(record.failures) == 4 - len(good)
            if len(good) >= least:
                answers = [clients[i].fit([p.copy() for p in model], {"epochs": 1})[:2] for i in good]
                total = sum(n for _, n in answers)
                model = [sum(n * a[layer] for a, n in answers) / total for layer in range(len(model))]
        for a, b in zip(history.parameters, model, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


def test_more_answers_than_clients_are_not_to_be_had(play):
    with pytest.raises(ValueError, match="min_answers must be at most the 4 clients, not 5"):
        play(min_answers=5)
