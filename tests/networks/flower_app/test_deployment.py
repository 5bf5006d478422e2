"""The keys of nodes; that a deployment trains what the loop trains is in tests/networks/test_flower_app.py."""

import shlex
import stat
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key

pytest.importorskip("flwr", reason="flwr is an optional extra")

from qlearn.networks.flower_app import Deployment, Federation, deploy, node_key


def test_a_key_is_on_p384_and_its_owners(tmp_path):
    public = node_key(tmp_path / "node")
    private = load_ssh_private_key((tmp_path / "node").read_bytes(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    assert isinstance(private.curve, SECP384R1)
    told = load_ssh_public_key(public.read_bytes())
    assert told.public_numbers() == private.public_key().public_numbers()
    assert stat.S_IMODE((tmp_path / "node").stat().st_mode) == 0o600


def test_a_key_is_not_made_twice(tmp_path):
    node_key(tmp_path / "node")
    before = (tmp_path / "node").read_bytes()
    with pytest.raises(
        FileExistsError, match=r"path must not be there yet: .*node' is a key, with its public half"
    ):
        node_key(tmp_path / "node")
    assert (tmp_path / "node").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["node", "node.pub"]


def test_a_key_whose_maker_fell_gets_its_public_half(tmp_path):
    public = node_key(tmp_path / "node")
    told, kept = public.read_bytes(), (tmp_path / "node").read_bytes()
    public.unlink()
    assert node_key(tmp_path / "node").read_bytes() == told
    assert (tmp_path / "node").read_bytes() == kept
    (tmp_path / "node").unlink()
    public.unlink()
    assert node_key(tmp_path / "node").read_bytes() != told


def test_refuses_what_is_no_federation():
    with pytest.raises(TypeError, match="federation must be a Federation, not None"):
        deploy(None)


def test_the_commands_are_those_that_run(tmp_path, monkeypatch):
    ran = []
    engine = Deployment(Federation(n_clients=3), tmp_path)
    monkeypatch.setattr(
        engine.programs, "start", lambda name, *words, port=None: ran.append(shlex.join(words))
    )
    monkeypatch.setattr(
        engine.programs,
        "call",
        lambda *words: ran.append(shlex.join(map(str, words))) or {"node-id": 1, "run-id": "2"},
    )
    told = engine.commands()
    engine.start()
    assert engine.config["registered"] == "1 1 1"
    assert engine.submit() == 2
    shown = [line.replace(f"{tmp_path.resolve()}/", "") for line in ran]
    assert shown == [
        *told["superlink"],
        *(line for i in range(3) for line in (told["register"][i], *told[f"client {i}"])),
        *told["run"],
    ]
    assert all("--insecure" not in line for line in shown)


def test_a_folder_that_was_used_is_used_again(tmp_path, monkeypatch):
    called, ids = [], iter(range(11, 99))

    def call(*words):
        called.append(words[1])
        if words[1] == "supernode":
            return {"node-id": next(ids)}
        return {
            "runs": [{"status": "finished:completed", "run-id": "5"}, {"status": "running", "run-id": "6"}]
        }

    def begin():
        engine = Deployment(Federation(n_clients=2), tmp_path)
        monkeypatch.setattr(engine.programs, "start", lambda name, *words, port=None: None)
        monkeypatch.setattr(engine.programs, "call", call)
        engine.start()
        return engine

    begin()
    assert called == ["supernode", "supernode"]
    keys = [(tmp_path / f"node{i}").read_bytes() for i in range(2)]
    (tmp_path / "state.db").touch()  # of the SuperLink, which fell
    called.clear()
    engine = begin()
    assert called == [
        "list",
        "stop",
    ]  # the run that still seems to run is stopped, and nobody is registered twice
    assert engine.config["registered"] == "11 12"
    assert [(tmp_path / f"node{i}").read_bytes() for i in range(2)] == keys


def test_a_node_that_was_not_let_in_is_started_again(tmp_path, monkeypatch):
    engine = Deployment(Federation(), tmp_path)
    started = []
    monkeypatch.setattr(engine, "start_node", started.append)
    engine.programs.start("node0", sys.executable, "-c", "import time; time.sleep(60)")
    engine.programs.start("node1", sys.executable, "-c", "raise SystemExit(1)")
    engine.programs.running["node1"].wait(20)
    engine.look_after()
    engine.look_after()  # not at once again
    assert started == [1]
    engine.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Flower imports
def test_nodes_of_masked_rounds_are_told_their_vault_when_they_start(tmp_path):
    """So that a server that leaves it out of the run gets no update without masks."""
    from flwr.common.config import parse_config_args

    place = tmp_path / "a vault"
    engine = Deployment(Federation(n_clients=3), tmp_path, vault=place)
    words = shlex.split(engine.commands()["client 1"][0])
    config = parse_config_args([words[words.index("--node-config") + 1]])
    assert config == {"partition-id": 1, "num-partitions": 3, "vault": str(place.resolve())}


def test_a_start_that_fell_before_its_keys_were_registered_is_made_good(tmp_path, monkeypatch):
    def begin(register):
        engine = Deployment(Federation(n_clients=2), tmp_path)
        monkeypatch.setattr(engine.programs, "start", lambda name, *words, port=None: None)
        monkeypatch.setattr(engine, "register", register)
        engine.start()
        return engine

    def fails(public_key):
        raise ConnectionError("no SuperLink")

    with pytest.raises(ConnectionError):
        begin(fails)
    key = (tmp_path / "node0").read_bytes()
    seen = []
    assert begin(lambda public: seen.append(public.name) or len(seen)).config["registered"] == "1 2"
    assert seen == ["node0.pub", "node1.pub"]
    assert (tmp_path / "node0").read_bytes() == key
