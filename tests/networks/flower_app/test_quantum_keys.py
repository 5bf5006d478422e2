"""Masked rounds by Flower's messages: the sum and nothing else, keys that come from a link, and none with Eve on it."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import ConfigRecord, Message, RecordDict

from qlearn.communication.key_management import KeyStore
from qlearn.networks.flower_app import (
    Federation,
    KeyAccount,
    _client_app,
    _grids,
    _masked_node,
    _masked_server,
    _vault,
    secure,
)
from qlearn.networks.secure_aggregation import Masked, StoreKeys, pack, unpack

FEDERATION = Federation(n_clients=4, rounds=2)
NUMBERS = 5  # four weights and an offset


class LocalKeys(StoreKeys):
    """A store in the place of the key service, with what `with` does to a client of one."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Nothing was opened."""


@pytest.fixture
def store(tmp_path):
    made = KeyStore(tmp_path / "keys.db")
    made.add(np.random.default_rng(5).bytes(2**16))
    yield made
    made.close()


def play(store, tmp_path, monkeypatch, tamper=None, federation=FEDERATION, **options):
    """Masked rounds in this process on a store; `tamper(client, step, round, reply)` returns what is sent, or None."""
    names = federation.names
    vault = tmp_path / "vault"
    if not vault.exists():
        _vault.Vault(vault).fill(names, url="https://127.0.0.1:1", kme_id="KME1", pki=tmp_path)
    monkeypatch.setattr(_vault.Vault, "key_service", lambda self, name: LocalKeys(store, name))

    def app(message, context):
        reply = _client_app.app(message, context)
        kind, _, step = message.metadata.message_type.partition(".")
        if tamper is None or kind != "train":
            return reply
        return tamper(context.node_config["partition-id"], step, int(message.metadata.group_id), reply)

    class Grid(_grids.LoopGrid):
        def pull_messages(self, message_ids):
            return [reply for reply in super().pull_messages(message_ids) if reply is not None]

    grid = Grid(app, federation.n_clients, federation.config() | {"vault": str(vault)})
    with _grids.server_identity():
        return _masked_server.drive_masked(
            federation,
            grid,
            vault=vault,
            **{"timeout": 0.05, "patience": 5.0, "evaluate_every": 0, **options},
        )


def close(history, plain) -> bool:
    return all(
        np.allclose(a, b, rtol=0, atol=1e-10)
        for a, b in zip(history.parameters, plain.parameters, strict=True)
    )


def test_masked_rounds_train_what_plain_ones_train(store, tmp_path, monkeypatch):
    history, plain = play(store, tmp_path, monkeypatch), FEDERATION.run()
    assert close(history, plain)
    np.testing.assert_allclose(history.central_accuracy, plain.central_accuracy, atol=5e-5)
    assert not history.failures
    assert not history.failed
    # nobody told how many samples: the weights are in the sum
    assert all(set(r.samples.values()) == {0} for r in history.rounds)


def test_what_a_client_sends_is_not_its_update(store, tmp_path, monkeypatch):
    sent = {}

    def look(i, step, number, reply):
        if step == "mask":
            message = unpack(reply.content["config"]["message"])
            sent[number, i] = np.frombuffer(message.words, ">u8").astype(np.uint64)
        return reply

    play(store, tmp_path, monkeypatch, look)
    numbers = _vault.Vault.terms(FEDERATION).numbers
    first = FEDERATION.client(0).initial(0)
    for i, client in enumerate(FEDERATION.clients()):
        parameters, n, _ = client.fit([p.copy() for p in first], {"epochs": 5})
        step = np.concatenate([(p - q).ravel() for p, q in zip(parameters, first, strict=True)])
        update = numbers.encode(np.append(n * step, n), 4)
        assert not (sent[1, i] == update).any()  # six words: an accident in 6 of 2**64
    assert all(len(words) == NUMBERS + 1 for words in sent.values())


def test_a_client_that_falls_out_is_left_out_of_the_sum(store, tmp_path, monkeypatch):
    history = play(
        store,
        tmp_path,
        monkeypatch,
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
def test_a_round_without_a_sum_changes_no_model(store, tmp_path, monkeypatch, step, clients, says):
    def silent(i, at, number, reply):
        return None if at == step and i in clients and number == 1 else reply

    history = play(store, tmp_path, monkeypatch, silent)
    assert list(history.failed) == [1]
    assert says in history.failed[1]
    assert {(n, f.client, f.stage) for n, f in history.failures} == {
        (1, f"client {i}", step) for i in clients
    }
    assert close(history, Federation(**FEDERATION.config() | {"rounds": 1}).run())


def test_one_node_cannot_speak_for_another(store, tmp_path, monkeypatch):
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

    history = play(store, tmp_path, monkeypatch, another)
    assert {f.client for _, f in history.failures} == {"client 3"}
    assert all("must be a Masked of client 3" in f.reason for _, f in history.failures)
    assert not history.failed


def test_rounds_go_on_from_a_checkpoint(store, tmp_path, monkeypatch):
    place = tmp_path / "run.npz"

    def fall(i, step, number, reply):
        if number == 2 and step == "sign":
            raise KeyboardInterrupt
        return reply

    stopped = play(store, tmp_path, monkeypatch, fall, checkpoint=place)
    assert stopped.interrupted
    assert len(stopped.rounds) == 1
    history = play(store, tmp_path, monkeypatch, checkpoint=place)
    assert close(history, FEDERATION.run())
    assert len(history.rounds) == 2


def test_a_memory_comes_back_whole(store):
    memory = {
        "a": b"\x00\xff",
        "b": [1, "x", None],
        "round": {"bytes": {"bytes": b"", "items": [b"1"]}, "n": 3},
    }
    assert _masked_node._read(_masked_node._written(memory)) == memory


def test_the_service_delivers_the_key_of_the_link_and_the_account_is_closed(tmp_path):
    done = secure(FEDERATION, tmp_path / "all", engine="loop", pulses=200_000, rng=1)
    assert close(done.history, FEDERATION.run())
    account = done.keys
    assert account.made == done.link.length > account.stored > account.taken > 0
    assert account.stored == account.taken + account.left
    # 6 pairs, 2 rounds: 6 words of 64 bits thrice, and two tags of 256 bits
    assert account.pads == 6 * 2 * 3 * 6 * 64
    assert account.tags == 6 * 2 * 512
    assert account.delivered == account.pads + account.tags
    assert account.unused == 0
    # 1664 bits are made of 7 keys of 256: 128 bits a pair and round are no key of anybody
    assert account.taken - account.delivered == 6 * 2 * 128


def test_with_eve_on_the_line_nothing_is_sent(tmp_path):
    done = secure(FEDERATION, tmp_path / "all", engine="loop", pulses=100_000, eavesdropped=1.0, rng=1)
    assert done.link.key is None
    assert done.link.step == "estimate"
    assert done.keys == KeyAccount()
    assert list(done.history.failed) == [1, 2]
    for reason in done.history.failed.values():
        assert "got no keys with" in reason
        assert reason.endswith("No update was sent")
    assert done.history.bits.tolist() == [4 * 64 * NUMBERS] * 2  # models went down, and nothing came up
    for a, b in zip(done.history.parameters, FEDERATION.client(0).initial(FEDERATION.seed), strict=True):
        np.testing.assert_array_equal(a, b)


def test_keys_that_run_out_end_the_rounds_that_they_do_not_pay_for(store, tmp_path, monkeypatch):
    poor = KeyStore(tmp_path / "poor.db")
    poor.add(np.random.default_rng(1).bytes(32 * 50))  # a round takes 6 pairs of 7 keys
    history = play(poor, tmp_path, monkeypatch)
    assert list(history.failed) == [2]
    assert "got no keys with" in history.failed[2]
    assert close(history, Federation(**FEDERATION.config() | {"rounds": 1}).run())
    poor.close()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"engine": "cloud"}, "engine must be one of loop, simulate, deploy"),
        ({"pulses": 0}, "pulses must be at least 1"),
        ({"noise": 2.0}, "noise must be a probability"),
        ({"eavesdropped": -0.1}, "eavesdropped must be a probability"),
        ({"federation": Federation(n_clients=2)}, "each knows the other's update from the sum"),
        ({"federation": Federation(n_clients=3, strategy="FedMedian()")}, "FedAvg where updates are masked"),
        (
            {"federation": Federation(n_clients=3, strategy="flwr.FedAvg()")},
            "FedAvg where updates are masked",
        ),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        secure(**{"federation": FEDERATION, **options})
