"""What goes over the wire comes back: arrays bit for bit, settings under our names."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import Message

from qlearn.networks.flower_app import _grids, _wire


@pytest.fixture(autouse=True)
def identity():
    with _grids.server_identity():
        yield


def test_arrays_come_back_bit_for_bit():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in [(3, 2), (4,), (), (0,)]] + [
        np.array([np.nan, -0.0, 5e-324])
    ]
    back = _wire.packed(arrays).to_numpy_ndarrays()
    for a, b in zip(arrays, back, strict=True):
        assert (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())


def test_settings_of_flower_get_our_names():
    config = {"server-round": 3, "proximal-mu": 0.5, "lr": 0.1, "epochs": 2}
    message = Message(_wire.records([np.zeros(1)], config), 5, "train")
    assert _wire.settings(message) == {"round": 3, "proximal_mu": 0.5, "learning_rate": 0.1, "epochs": 2}


def test_a_reply_has_one_model_and_one_record_of_numbers():
    message = Message(_wire.records([np.zeros(1)], {}), 5, "train")
    answer = _wire.reply([np.ones(2)], 7, {"loss": np.float64(0.5)}, message)
    assert dict(answer.content["metrics"]) == {"num-examples": 7, "loss": 0.5}
    assert type(answer.content["metrics"]["num-examples"]) is int
    assert answer.content["arrays"].to_numpy_ndarrays()[0].tolist() == [1.0, 1.0]
    assert answer.metadata.dst_node_id == message.metadata.src_node_id


def test_what_updates_are_about_is_all_but_the_seed():
    model = [np.arange(4.0).reshape(2, 2), np.zeros(1)]
    about = _wire.about(model, {"round": 1, "seed": 3}, "f")
    assert about == _wire.about([np.asfortranarray(p) for p in model], {"seed": 4, "round": 1}, "f")
    others = [
        _wire.about(model, {"round": 1}, "g"),
        _wire.about(model, {"round": 2}, "f"),
        _wire.about(model, {"round": 1, "epochs": 1}, "f"),
        _wire.about([model[0].T, model[1]], {"round": 1}, "f"),
        _wire.about([model[0].ravel(), model[1]], {"round": 1}, "f"),
        _wire.about(model[:1], {"round": 1}, "f"),
    ]
    assert len({about, *others}) == 7
