"""The app of the server: it reads the run's configuration, and writes down why it ended."""

import json

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Context, RecordDict

from qlearn.networks import federated
from qlearn.networks.flower_app import Federation, _client_app, _grids, _server_app

FEDERATION = Federation("iris", n_clients=3, rounds=2)


def serve(tmp_path, **changed):
    config = FEDERATION.config() | {
        "checkpoint": str(tmp_path / "run.npz"),
        "timeout": 1.0,
        "patience": 0.2,
        "evaluate-every": 0,
        "min-clients": 3,
        "min-answers": 1,
        **changed,
    }
    context = Context(run_id=42, node_id=1, node_config={}, state=RecordDict(), run_config=config)
    with _grids.server_identity():
        _server_app.app(_grids.LoopGrid(_client_app.app, 3, config), context)


def test_the_rounds_are_in_the_checkpoint(tmp_path):
    serve(tmp_path)
    history, plain = federated.Checkpoint.load(tmp_path / "run.npz").history, FEDERATION.run()
    assert all((a == b).all() for a, b in zip(history.parameters, plain.parameters, strict=True))
    assert not (tmp_path / "run.error").exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"min-clients": 4}, "TimeoutError: 3 of 3 clients are there"),
        ({"rounds": 0}, "ValueError: rounds must be at least 1"),
        ({"strategy": "flwr.Krum(num_malicious_nodes=1)"}, "Krum needs"),
        ({"strategy": "flwr.Nothing()"}, "must name a strategy"),
    ],
)
def test_why_it_ended_is_written_down(tmp_path, changed, says):
    with pytest.raises((ValueError, TimeoutError)):
        serve(tmp_path, **changed)
    told = json.loads((tmp_path / "run.error").read_text())
    assert told["run"] == 42
    assert says in told["error"]
