"""Who is asked with what: drawn as `federated.run` draws it, and by Flower's strategies the same in every run."""

import random

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from flwr.app import ConfigRecord
from flwr.serverapp import strategy as flowers

from qlearn.networks.federated import FedAvg
from qlearn.networks.flower_app import Federation, _grids, _requests, _wire, loop

MODEL = [np.zeros(2)]


def test_ours_are_asked_in_the_order_in_which_run_asks():
    strategy, rng = FedAvg(local_epochs=2, fraction=0.5), np.random.default_rng(4)
    asked = _requests.of_ours(strategy, 3, MODEL, 6, np.random.default_rng(4))
    chosen = strategy.choose(6, rng)
    assert list(asked) == chosen
    assert [settings for _, settings in asked.values()] == [
        {"round": 3, "epochs": 2, "seed": int(rng.integers(2**32))} for _ in chosen
    ]


@pytest.mark.parametrize("chosen", [[], [0, 0], [6], [-1], [0.5]])
def test_refuses_clients_that_are_none(chosen):
    strategy = type("Odd", (FedAvg,), {"choose": lambda self, n, rng=None: chosen})()
    with pytest.raises((ValueError, TypeError), match="choose must"):
        _requests.of_ours(strategy, 1, MODEL, 6, np.random.default_rng(0))


def flowers_own(nodes, order):
    grid = _grids.Watched(_grids.LoopGrid(None, 6, {}), 1.0)
    grid.begin([nodes[i] for i in order], doubtful=set())
    strategy = flowers.FedAvg(fraction_train=0.5, min_train_nodes=1, min_available_nodes=1)
    with _grids.server_identity():
        config = ConfigRecord({"epochs": 2})
        model = _wire.packed(MODEL)
        return _requests.of_flowers(strategy, 1, model, config, grid, nodes, np.random.default_rng(9))


def test_flowers_own_draw_the_same_whatever_the_nodes_are_called():
    nodes = {i: 1000 + 7 * i for i in range(6)}
    random.seed(1)
    before = random.getstate()
    first = flowers_own(nodes, range(6))
    assert random.getstate() == before  # nobody else's draws are changed
    random.seed(2)
    second = flowers_own(dict(zip(nodes, [1035, 1000, 1014, 1007, 1028, 1021], strict=True)), range(6))
    assert list(first) == list(second) == sorted(first)
    assert len(first) == 3
    assert [s for _, s in first.values()] == [s for _, s in second.values()]
    assert all(set(s) == {"round", "epochs", "seed"} for _, s in first.values())


def test_a_run_of_flowers_own_comes_again():
    strategy = "flwr.FedAvg(fraction_train=0.5, min_train_nodes=1)"
    federation = Federation("wine", n_clients=6, rounds=4, strategy=strategy)
    one, other = loop(federation), loop(federation)
    assert one.rounds == other.rounds
    assert len({r.answered for r in one.rounds}) > 1
    assert loop(Federation(**federation.config() | {"seed": 1})).rounds != one.rounds
