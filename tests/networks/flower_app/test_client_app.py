"""The app of a node: what a client answers is what its Client says."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Context, Message, MessageType, RecordDict

from qlearn.networks.flower_app import Federation, _client_app, _grids, _wire

FEDERATION = Federation("wine", n_clients=3)


@pytest.fixture
def ask():
    """Ask client 2 something."""
    context = Context(
        run_id=1,
        node_id=9,
        node_config={"partition-id": 2, "num-partitions": 3},
        state=RecordDict(),
        run_config=FEDERATION.config() | {"checkpoint": "not its business"},
    )

    def send(kind, content, **config):
        context.run_config |= config
        with _grids.server_identity():
            return _client_app.app(Message(content, 9, kind), context).content

    return send


def test_it_says_who_it_is(ask):
    own = FEDERATION.client(2)
    says = ask(MessageType.QUERY, RecordDict({"config": _wire.texts({})}))["config"]
    assert dict(says) == {
        "client": 2,
        "fingerprint": FEDERATION.fingerprint,
        "train": own.n_samples,
        "held_out": own.n_held_out,
    }
    hidden = ask(MessageType.QUERY, RecordDict({"config": _wire.texts({})}), vault="somewhere")["config"]
    assert (hidden["train"], hidden["held_out"]) == (0, 0)


def test_it_trains_as_its_client_does(ask):
    own = FEDERATION.client(2)
    first, settings = own.initial(1), {"round": 1, "epochs": 3, "seed": 7}
    answer = ask(MessageType.TRAIN, _wire.records(first, settings | {"client": 2}))
    parameters, n, metrics = own.fit([p.copy() for p in first], settings)
    for a, b in zip(answer["arrays"].to_numpy_ndarrays(), parameters, strict=True):
        np.testing.assert_array_equal(a, b)
    assert dict(answer["metrics"]) == {"num-examples": n, **metrics}


def test_it_scores_as_its_client_does(ask):
    own = FEDERATION.client(2)
    first = own.initial(1)
    told = ask(MessageType.EVALUATE, _wire.records(first, {}))["metrics"]
    for on in ("train", "held_out"):
        loss, _, metrics = own.evaluate(first, {"on": on})
        assert (told[f"{on}_loss"], told[f"{on}_accuracy"]) == (loss, metrics["accuracy"])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"client": 1}, "for another client than 2, which this node is now"),
        ({"colour": 3}, "config must hold"),
        ({"epochs": 0}, "epochs must be at least 1"),
    ],
)
def test_refuses(ask, settings, says):
    with pytest.raises(ValueError, match=says):
        ask(MessageType.TRAIN, _wire.records(FEDERATION.client(2).initial(0), settings))
