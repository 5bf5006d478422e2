"""Answers: matched with what was asked, whatever order they come in, and believed only where they fit."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Error, Message, MetricRecord, RecordDict
from hypothesis import given, strategies as st

from qlearn.networks.flower_app import _answers, _grids, _wire

SHAPES = [(2, 1), (1,)]


def asked(n):
    """Messages to n clients, with IDs as a grid gives them."""
    sent = {}
    for i in range(n):
        sent[i] = Message(RecordDict(), 100 + i, "train")
        sent[i].metadata.__dict__["_message_id"] = f"m{i}"
    return sent


@given(st.integers(1, 6), st.lists(st.integers(0, 8), max_size=12))
def test_each_client_has_one_answer_or_none(n, order):
    with _grids.server_identity():
        sent, others = asked(n), asked(9)
        found = _answers.matched(sent, [Message(RecordDict(), reply_to=others[i]) for i in order])
    once = [i for i in range(n) if order.count(i) == 1]
    assert list(found.replies) == once
    assert found.doubled == {i for i in range(n) if order.count(i) > 1}
    assert found.silent == {i for i in range(n) if i not in order}


@pytest.fixture
def message():
    with _grids.server_identity():
        yield asked(1)[0]


def test_a_good_answer_is_taken_as_it_is(message):
    arrays = [np.array([[1.0], [2.0]]), np.array([3.0])]
    reply = _wire.reply(arrays, 5, {"loss": 0.25}, message)
    model = _answers.local_model(reply, SHAPES, 5)
    assert [p.tolist() for p in model.parameters] == [[[1.0], [2.0]], [3.0]]
    assert (model.n_samples, model.metrics, _answers.size_of(reply)) == (5, {"loss": 0.25}, 3)


def test_an_error_is_the_clients_own_word(message):
    reply = Message(Error(2, "the disk is full"), reply_to=message)
    assert _answers.size_of(reply) == 0
    for look in (
        lambda: _answers.local_model(reply, SHAPES, 5),
        lambda: _answers.scores(reply, {"train": 5}),
    ):
        with pytest.raises(RuntimeError, match="the disk is full"):
            look()


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"train_accuracy": 1.5, "train_loss": 0.1}, "train_accuracy must be a probability"),
        ({"train_accuracy": 0.5, "train_loss": np.nan}, "train_loss must be"),
        ({"train_loss": 0.5}, "train_accuracy must be a number"),
    ],
)
def test_scores_that_are_none_are_refused(message, numbers, says):
    reply = Message(RecordDict({"metrics": MetricRecord(numbers)}), reply_to=message)
    with pytest.raises((TypeError, ValueError), match=says):
        _answers.scores(reply, {"train": 3, "held_out": 0})


def test_means_are_weighted_by_samples():
    by_client = {
        "a": {"train_accuracy": 1.0, "train_loss": 2.0, "held_out_accuracy": 0.5, "held_out_loss": 1.0},
        "b": {"train_accuracy": 0.0, "train_loss": 4.0},
    }
    counts = {
        "a": {"train": 1, "held_out": 7},
        "b": {"train": 3, "held_out": 0},
        "c": {"train": 9, "held_out": 9},
    }
    assert _answers.mean_scores(by_client, counts) == {
        "train_accuracy": 0.25,
        "train_loss": 3.5,
        "held_out_accuracy": 0.5,
        "held_out_loss": 1.0,
    }
    assert _answers.mean_scores({}, counts) == {}
