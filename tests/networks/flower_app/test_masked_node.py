"""A node in masked rounds: it takes messages for itself alone, and says what it refuses."""

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Context, Message, RecordDict

from qlearn.networks.flower_app import Federation, _client_app, _grids, _vault, _wire
from qlearn.networks.secure_aggregation import Joined, KeySessionAborted, MaskedClient, Members, pack, unpack

FEDERATION = Federation(n_clients=4, rounds=2)


@pytest.fixture
def node(store, tmp_path, monkeypatch):
    """A node of client 1: `node(step, round, client, message)` returns what it answers."""
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

    def act(step, number, client=1, message=b""):
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
