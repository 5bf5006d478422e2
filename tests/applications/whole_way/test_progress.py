"""Progress: what an engine tells becomes stages, and what nodes have answered is read from their logs."""

from types import SimpleNamespace

import pytest

from qlearn.applications.whole_way._processes import Worked
from qlearn.applications.whole_way._progress import Progress, ask
from qlearn.applications.whole_way._stages import Stages
from qlearn.communication import bb84, random_bits, secret_key
from qlearn.networks.flower_app import Federation, key_service, store_key

FEDERATION = Federation(n_clients=3, rounds=2)


@pytest.fixture
def stored(tmp_path):
    sent = bb84.exchange(60_000, noise=0.01, rng=4)
    pool = secret_key.AuthenticationKey(random_bits(512, rng=5))
    made = secret_key.distill(sent, authentication_key=pool, rng=6)
    return store_key(made, tmp_path / "service", FEDERATION.names)


def test_the_service_is_asked_and_of_one_that_is_gone_its_file(stored):
    with key_service(stored) as service:
        assert ask(service, stored) == stored.stored > 0
    assert service.process.poll() is not None
    assert ask(service, stored) == stored.stored


def test_what_an_engine_tells_becomes_stages(stored, tmp_path):
    lines = []
    stages = Stages(lines.append, Worked("of this test"), 1.0)
    gone = SimpleNamespace(url="https://127.0.0.1:1")
    history = SimpleNamespace(central_accuracy=[0.5, 0.75], failed={})
    with Progress(FEDERATION, stages, stored, gone, tmp_path, deployed=True) as progress:
        for what in ("superlink", *FEDERATION.names, "run", "round 1", "round 2"):
            progress.options["watch"](what)
        progress.finish(history)
    assert [entry.stage for entry in stages.ledger.entries] == ["processes", "round 1", "round 2", "end"]
    assert stages.ledger.broken_arrows() == []
    assert stages.ledger.bits_spent == 0  # nobody has drawn a key here
    assert lines[-1].endswith("accuracy on rows that no client has, by round: 0.500, 0.750")


def test_answers_are_those_of_the_rounds(stored, tmp_path):
    (tmp_path / "logs").mkdir()
    says = "INFO :      Sending: {} message (ID: 1)\n"
    for node, kinds in enumerate((("query", "train.join", "train.share"), ("query", "train.join"), ())):
        (tmp_path / "logs" / f"node{node}.log").write_text("".join(says.format(kind) for kind in kinds))
    (tmp_path / "logs" / "superlink.log").write_text(says.format("train.join"))
    progress = Progress(FEDERATION, None, stored, None, tmp_path, deployed=True)
    assert progress.answers() == 3
