"""A node in masked rounds: a server that lies gets nothing from it beside masked words, and of these one a round."""

import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import ArrayRecord, Context, Message, RecordDict

from qlearn.networks.federated import Client
from qlearn.networks.flower_app import Federation, _client_app, _grids, _masked_node, _vault, _wire
from qlearn.networks.secure_aggregation import (
    Joined,
    KeySessionAborted,
    MaskedClient,
    Members,
    Signed,
    pack,
    unpack,
)

FEDERATION = Federation(n_clients=4, rounds=2)


@pytest.fixture
def node(store, tmp_path, monkeypatch):
    """A node of client 1: `node(step, round, client, message, **config)` returns what it answers in a run of that config."""
    from qlearn.networks.secure_aggregation import StoreKeys

    class LocalKeys(StoreKeys):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            """Nothing was opened."""

    vault = tmp_path / "vault"
    _vault.Vault(vault).fill(FEDERATION.names, url="https://127.0.0.1:1", kme_id="KME1", pki=tmp_path)
    monkeypatch.setattr(_vault.Vault, "key_service", lambda self, name: LocalKeys(store, name))
    # the vault of the node's own, not that of the run
    context = Context(
        run_id=1,
        node_id=7,
        node_config={"partition-id": 1, "vault": str(vault)},
        state=RecordDict(),
        run_config=FEDERATION.config() | {"vault": "elsewhere"},
    )

    def act(step, number, client=1, message=b"", **changed):
        context.run_config = FEDERATION.config() | {"vault": "elsewhere"} | changed
        config = _wire.texts({"round": number, _wire.CLIENT: client, "message": message})
        with _grids.server_identity():
            asked = Message(RecordDict({_wire.CONFIG: config}), 7, f"train.{step}", group_id=str(number))
            return dict(_client_app.app(asked, context).content["config"])

    return act


def test_it_joins_with_keys_for_those_after_it(node):
    joined = unpack(node("join", 1)["message"])
    assert isinstance(joined, Joined)
    assert (joined.sender, sorted(joined.key_ids)) == ("client 1", ["client 2", "client 3"])


def test_it_says_what_it_refuses_and_remembers_it(node):
    node("join", 3)
    assert "round 2 was here already, the last was 3" in node("join", 2)["refused"]
    members = Members(3, ("client 1", "client 2"), {}, {})
    assert "below the threshold" in node("share", 3, message=pack(members))["refused"]


def test_it_says_that_it_has_no_keys(node, monkeypatch):
    def nothing(self, number):
        raise KeySessionAborted("client 1 got no keys")

    monkeypatch.setattr(MaskedClient, "join", nothing)
    assert node("join", 1) == {"aborted": "client 1 got no keys"}


def test_it_takes_no_message_for_another(node):
    with pytest.raises(ValueError, match="for another client than 1"):
        node("join", 1, client=2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"n-clients": 3},
            "the run is of client 0, client 1, client 2, and the roster of this node of client 0,",
        ),
        ({"n-clients": 5}, "the run is of client 0, client 1, client 2, client 3, client 4, and the roster"),
        ({"n-clients": 2}, "n_clients must be at least 3, not 2"),
        ({"strategy": "FedMedian()"}, "strategy must be FedAvg where updates are masked"),
    ],
)
def test_it_takes_no_part_in_a_run_of_others(node, changed, said):
    """Who is in the run, and what is done with the updates, a node would else have from the server."""
    federation = Federation(
        n_clients=changed.get("n-clients", 4), rounds=2, strategy=changed.get("strategy", "FedAvg()")
    )
    assert said in node("join", 1, **federation.config())["refused"]


STEPS = ("share", "mask", "sign", "reveal")


def is_for(message, context, client, step):
    kind = message.metadata.message_type
    return (kind, context.node_config["partition-id"]) == (f"train.{step}", client)


def said(reply):
    return dict(reply.content["config"])


@pytest.mark.parametrize("step", STEPS)
def test_a_memory_that_is_taken_up_twice_answers_once(masked, step):
    """Two messages at once, or a server that asks again a node that fell: each begins with what was remembered before."""
    second = []

    def twice(app, message, context):
        if not is_for(message, context, 0, step):
            return app(message, context)
        before = deepcopy(context)
        answer = app(deepcopy(message), context)
        for _ in range(2):
            second.append(said(app(deepcopy(message), deepcopy(before))))
        return answer_to(message, answer)

    def answer_to(message, answer):
        answer.metadata.__dict__["_reply_to_message_id"] = message.metadata.message_id
        return answer

    history = masked(around=twice)
    assert len(second) == 4  # in each of two rounds two more
    assert all(set(one) == {"refused"} for one in second)
    # client 0 fetches no keys of others, which a service gives once: it is the mark that refuses
    assert all(f"client 0 refuses: it did {step} in this round already" in one["refused"] for one in second)
    assert not history.failed


@pytest.mark.parametrize("step", STEPS)
def test_a_memory_under_another_rounds_name_is_refused(masked, step):
    """The marks are of the round that the memory names: under another name each step could be done once more."""
    second = []

    def renamed(app, message, context):
        if not is_for(message, context, 0, step):
            return app(message, context)
        again = deepcopy(context)
        again.state["masked rounds"]["of"] = "0" * 32
        second.append(said(app(deepcopy(message), again)))
        return app(message, context)

    assert not masked(around=renamed).failed
    assert len(second) == 2
    assert all("what it was given to remember is not what it sealed" in one["refused"] for one in second)


def test_a_node_with_other_rows_sends_nothing(masked):
    """The settings of the run reach each node by the server, which could give one of them rows of its own choice."""

    def other_rows(app, message, context):
        kind = message.metadata.message_type
        if context.node_config["partition-id"] != 1 or not kind.startswith("train"):  # it enrols as it should
            return app(message, context)
        other = deepcopy(context)
        other.run_config = Federation(n_clients=4, rounds=2, seed=9).config() | {
            "vault": context.run_config["vault"]
        }
        answer = app(message, other)
        context.state = other.state
        return answer

    history = masked(around=other_rows)
    assert [(n, f.client, f.stage) for n, f in history.failures] == [
        (1, "client 1", "mask"),
        (2, "client 1", "mask"),
    ]
    assert all("about another model" in f.reason for _, f in history.failures)
    assert not history.failed  # the sum of the others, who have the rows that all signed


@pytest.mark.parametrize("step", ["mask", "sign", "reveal"])
def test_no_keys_is_an_end_for_all_where_keys_are_drawn_alone(masked, step):
    """Later it is a way for one client to end every round."""

    def no_keys(i, at, number, reply):
        if i == 2 and at == step:
            reply.content["config"] = _wire.texts({"aborted": "no keys"})
        return reply

    history = masked(no_keys)
    assert not history.failed
    assert {(f.client, f.stage) for _, f in history.failures} == {("client 2", step)}


def test_a_node_that_fell_after_its_mark_does_not_answer_a_second_time(masked, tmp_path):
    def fall(app, message, context):
        if not is_for(message, context, 0, "mask"):
            return app(message, context)
        app(
            deepcopy(message), deepcopy(context)
        )  # killed: neither its answer nor its memory leaves the process
        return app(message, context)

    history = masked(around=fall)
    assert [(n, f.client, f.stage) for n, f in history.failures] == [
        (1, "client 0", "mask"),
        (2, "client 0", "mask"),
    ]
    assert not history.failed  # the others' sum is unharmed
    marks = list((tmp_path / "vault" / "spent").iterdir())
    assert {mark.stat().st_mode & 0o777 for mark in marks} == {0o600}


def test_a_join_that_is_refused_does_not_take_the_marks_away(masked):
    asked = []

    def rejoin(app, message, context):
        if not is_for(message, context, 0, "mask"):
            return app(message, context)
        before = deepcopy(context)
        app(deepcopy(message), context)
        again = deepcopy(message)
        again.metadata.message_type = "train.join"
        asked.append(said(app(again, before))["refused"])
        return app(message, before)

    history = masked(around=rejoin)
    assert ["was here already" in one for one in asked] == [True, True]
    assert all("it did mask in this round already" in f.reason for _, f in history.failures)
    assert len(history.failures) == 2


def shown(changes):
    """Show client 0 what the server signs for, and something else to client 3."""

    def around(app, message, context):
        if is_for(message, context, 3, "mask"):
            changes(message.content)
        return app(message, context)

    return around


def other_model(content):
    content["arrays"] = ArrayRecord([a + 1.0 for a in content["arrays"].to_numpy_ndarrays()])


def other_rate(content):
    content["config"]["lr"] = 1e-300


def other_epochs(content):
    content["config"]["epochs"] = 1


@pytest.mark.parametrize("changes", [other_model, other_rate, other_epochs])
def test_all_train_from_one_model_by_one_set_of_settings(masked, changes):
    history = masked(around=shown(changes))
    assert {(f.client, f.stage) for _, f in history.failures} == {("client 3", "mask")}
    assert all(
        "is about another model, other settings or other rows" in f.reason for _, f in history.failures
    )


@pytest.mark.parametrize("kind", ["train", "evaluate"])
@pytest.mark.parametrize("told_by", ["run", "node"])
def test_a_message_without_masks_is_refused(masked, kind, told_by):
    refused = []

    def ask(app, message, context):
        if is_for(message, context, 2, "mask"):
            plain, its = deepcopy(message), deepcopy(context)
            plain.metadata.message_type = kind
            del plain.content["config"]["message"]
            if told_by == "node":  # and the server hides it in the description of the run
                its.node_config["vault"] = its.run_config.pop("vault")
            with pytest.raises(ValueError, match="takes part in masked rounds alone") as refusal:
                app(plain, its)
            refused.append(str(refusal.value))
        return app(message, context)

    assert not masked(around=ask).failures
    assert all(f"a message of type {kind} asks" in one for one in refused)
    assert len(refused) == 2


def test_what_a_fault_says_stays_at_the_node(masked, monkeypatch, caplog):
    fit = Client.fit

    def quoting(self, parameters, config):
        if self.name == "client 1":
            raise KeyError(f"row {self.X[0].tolist()}")
        return fit(self, parameters, config)

    monkeypatch.setattr(Client, "fit", quoting)
    history = masked()
    assert {f.reason for _, f in history.failures} == {
        "ValueError: client 1 could not mask: KeyError; what it says is in the log of the node. Nothing was sent"
    }
    assert "row [" in caplog.text


def test_signatures_of_one_run_are_worth_nothing_in_the_next(masked):
    """Nodes keep their signing keys and each run begins with round 1: what is signed names the keys of the round."""
    collected = {}

    def collect(i, step, number, reply):
        if step == "sign":
            collected[number, i] = unpack(said(reply)["message"])
        return reply

    def replay(i, step, number, reply):
        if step == "sign" and i in (0, 1):
            old = collected[number, i]
            new = unpack(said(reply)["message"])
            assert isinstance(new, Signed)
            assert old.signature != new.signature
            reply.content["config"]["message"] = pack(old)
        return reply

    assert not masked(collect).failed
    history = masked(replay)
    # two signatures of the last run, and two of this one, where three are needed
    assert list(history.failed) == [1, 2]
    assert all("signed" in reason or "sign" in reason for reason in history.failed.values())


def test_what_a_node_remembers_is_sealed(masked, monkeypatch):
    """Flower hands it out on the node over plain HTTP, for a token that `ps` shows."""
    written, kept = [], []
    remembered = _masked_node.remembered

    def look(masker):
        written.append(remembered(masker))
        return written[-1]

    def around(app, message, context):
        reply = app(message, context)
        if is_for(message, context, 1, "share"):
            kept.append((context.state["masked rounds"]["memory"], written[-1]))
        return reply

    monkeypatch.setattr(_masked_node, "remembered", look)
    assert not masked(around=around).failed
    for sealed, memory in kept:
        assert b"self_mask" in memory
        assert len(sealed) == len(memory) + 28
        assert not any(memory[at : at + 8] in sealed for at in range(0, len(memory) - 8, 8))


def test_a_process_that_trains_nothing_takes_no_scikit_learn():
    code = (
        "import sys\nimport qlearn.networks.flower_app._client_app, qlearn.networks.flower_app._masked_node\n"
        "print(sorted(set(sys.modules) & {'sklearn', 'scipy', 'pandas'}))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"  # half of the work of each of five processes a round


def test_in_the_circle_that_was_agreed_on_it_joins_without_its_rows(node, tmp_path, monkeypatch):
    vault = _vault.Vault(tmp_path / "vault")
    agreed = {name: value for name, value in FEDERATION.config().items() if name != "rounds"}
    size = _vault.Vault.terms(FEDERATION).size
    vault._write("circle", {"federation": agreed, "names": FEDERATION.names, "size": size})
    asked = []
    monkeypatch.setattr(Federation, "client", lambda self, index: asked.append(index))
    assert unpack(node("join", 1)["message"]).sender == "client 1"
    assert asked == []
    monkeypatch.undo()
