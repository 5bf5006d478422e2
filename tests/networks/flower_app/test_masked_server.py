"""Masked rounds by Flower's messages: the sum and nothing else, or no sum and the reason."""

import re

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import ConfigRecord, Message, RecordDict

from qlearn.communication.key_management import KeyStore
from qlearn.networks.federated import Client
from qlearn.networks.flower_app import Federation, _vault
from qlearn.networks.secure_aggregation import Masked, pack, unpack

FEDERATION = Federation(n_clients=4, rounds=2)  # that of `masked`
NUMBERS = 5  # four weights and an offset


def close(history, plain) -> bool:
    return all(
        np.allclose(a, b, rtol=0, atol=1e-10)
        for a, b in zip(history.parameters, plain.parameters, strict=True)
    )


def test_masked_rounds_train_what_plain_ones_train(masked):
    history, plain = masked(), FEDERATION.run()
    assert close(history, plain)
    np.testing.assert_allclose(history.central_accuracy, plain.central_accuracy, atol=5e-5)
    assert not history.failures
    assert not history.failed
    # nobody told how many samples: the weights are in the sum
    assert all(set(r.samples.values()) == {0} for r in history.rounds)


def test_what_a_client_sends_is_not_its_update(masked):
    sent = {}

    def look(i, step, number, reply):
        if step == "mask":
            message = unpack(reply.content["config"]["message"])
            sent[number, i] = np.frombuffer(message.words, ">u8").astype(np.uint64)
        return reply

    masked(look)
    numbers = _vault.Vault.terms(FEDERATION).numbers
    first = FEDERATION.client(0).initial(0)
    for i, client in enumerate(FEDERATION.clients()):
        parameters, n, _ = client.fit([p.copy() for p in first], {"epochs": 5})
        step = np.concatenate([(p - q).ravel() for p, q in zip(parameters, first, strict=True)])
        update = numbers.encode(np.append(n * step, n), 4)
        assert not (sent[1, i] == update).any()  # six words: an accident in 6 of 2**64
    assert all(len(words) == NUMBERS + 1 for words in sent.values())


def test_a_client_that_falls_out_is_left_out_of_the_sum(masked):
    history = masked(
        lambda i, step, r, reply: None if (i, step, r) == (2, "mask", 1) else reply,
    )
    [(number, failure)] = history.failures
    assert (number, failure.client, failure.stage) == (1, "client 2", "mask")
    assert [r.answered for r in history.rounds] == [
        ("client 0", "client 1", "client 3"),
        ("client 0", "client 1", "client 2", "client 3"),
    ]
    # the mean of the three
    first = FEDERATION.client(0).initial(0)
    model = first
    for here in ([0, 1, 3], [0, 1, 2, 3]):
        answers = [FEDERATION.client(i).fit([p.copy() for p in model], {"epochs": 5})[:2] for i in here]
        total = sum(n for _, n in answers)
        model = [sum(n * a[layer] for a, n in answers) / total for layer in range(2)]
    for a, b in zip(history.parameters, model, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("step", "clients", "says"),
    [
        ("join", (1, 2), "2 of 4 clients joined, below the threshold 3"),
        ("share", (1,), "client 1 joined and then said nothing"),
        ("mask", (0, 1), "2 of 4 clients sent an update, below the threshold 3"),
        ("reveal", (0, 1), "2 of 4 clients helped to take the masks off, below the threshold 3"),
    ],
)
def test_a_round_without_a_sum_changes_no_model(masked, step, clients, says):
    def silent(i, at, number, reply):
        return None if at == step and i in clients and number == 1 else reply

    history = masked(silent)
    assert list(history.failed) == [1]
    assert says in history.failed[1]
    assert {(n, f.client, f.stage) for n, f in history.failures} == {
        (1, f"client {i}", step) for i in clients
    }
    assert close(history, Federation(**FEDERATION.config() | {"rounds": 1}).run())


def test_one_node_cannot_speak_for_another(masked):
    def another(i, step, number, reply):
        if (i, step) != (3, "mask"):
            return reply
        message = unpack(reply.content["config"]["message"])
        forged = Masked(message.number, "client 0", message.words)
        return Message(
            RecordDict({"config": ConfigRecord({"message": pack(forged)})}), reply_to=as_sent(reply)
        )

    def as_sent(reply):
        """What a reply to the same message is made to: only its metadata are read."""
        original = Message(RecordDict(), reply.metadata.src_node_id, "train.mask")
        original.metadata.__dict__["_message_id"] = reply.metadata.reply_to_message_id
        return original

    history = masked(another)
    assert {f.client for _, f in history.failures} == {"client 3"}
    assert all("must be a Masked of client 3" in f.reason for _, f in history.failures)
    assert not history.failed


def test_rounds_go_on_from_a_checkpoint(masked, tmp_path):
    place = tmp_path / "run.npz"

    def fall(i, step, number, reply):
        if number == 2 and step == "sign":
            raise KeyboardInterrupt
        return reply

    stopped = masked(fall, checkpoint=place)
    assert stopped.interrupted
    assert len(stopped.rounds) == 1
    history = masked(checkpoint=place)
    assert close(history, FEDERATION.run())
    assert len(history.rounds) == 2


def test_keys_that_run_out_end_the_rounds_that_they_do_not_pay_for(masked, tmp_path):
    poor = KeyStore(tmp_path / "poor.db")
    poor.add(np.random.default_rng(1).bytes(32 * 50))  # a round takes 6 pairs of 7 keys
    history = masked(keys=poor)
    assert list(history.failed) == [2]
    assert "got no keys with" in history.failed[2]
    assert close(history, Federation(**FEDERATION.config() | {"rounds": 1}).run())
    poor.close()


def test_a_sum_of_more_samples_than_there_are_is_not_taken(masked, monkeypatch):
    fit = Client.fit

    def boast(self, parameters, config):
        trained, n, metrics = fit(self, parameters, config)
        return trained, 10**6 if self.name == "client 3" and config["round"] == 1 else n, metrics

    monkeypatch.setattr(Client, "fit", boast)
    history = masked()
    assert list(history.failed) == [1]
    assert re.search(r"the sum claims 1\d{6} samples, and all clients together have 284", history.failed[1])


def test_an_update_that_has_no_room_is_not_sent(masked, monkeypatch):
    fit = Client.fit

    def huge(self, parameters, config):
        trained, n, metrics = fit(self, parameters, config)
        return [1e6 * p for p in trained] if self.name == "client 0" else trained, n, metrics

    monkeypatch.setattr(Client, "fit", huge)
    history = masked()
    assert {(f.client, f.stage) for _, f in history.failures} == {("client 0", "mask")}
    # and not by how much: the number is one of its update
    assert {f.reason for _, f in history.failures} == {
        "ValueError: client 0 could not mask: ValueError; what it says is in the log of the node. Nothing was sent"
    }
    assert not history.failed  # the others' sum is unharmed


def test_scores_of_clients_are_not_asked(masked):
    with pytest.raises(ValueError, match="evaluate_every must be 0 in masked rounds, not 1"):
        masked(evaluate_every=1)
