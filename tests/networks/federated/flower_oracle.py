"""Flower's own strategies, asked for the models that they merge: no server, no node, no network."""

import gc
import warnings
from importlib import import_module

import numpy as np
import pytest

# Set A of the reference table: seven clients, two layers, the last client far off.
W = [[1, 2], [1.1, 1.9], [0.9, 2.1], [1.05, 2.05], [0.95, 1.95], [1.2, 2.2], [100, -100]]
B = [0, 0.1, -0.1, 0.05, -0.05, 0.2, 50]
SET_A = [
    ([np.array(w, float), np.array([b], float)], 10 * (i + 1))
    for i, (w, b) in enumerate(zip(W, B, strict=True))
]
START = [np.array([0.5, 0.5]), np.array([0.25])]


def flower(module: str):
    """Import a module of Flower, or skip."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Flower imports
        pytest.importorskip("flwr", reason="flwr is an optional extra")
        return import_module(module)


def messages(strategy, number, current, n_clients):
    """Return what a strategy of Flower sends to all of so many nodes in a round."""
    app, identity = flower("flwr.app"), flower("flwr.supercore.task_identity").TaskIdentity

    class Grid:
        def get_node_ids(self):
            return list(range(n_clients))

    before = identity._run_id, identity._task_id, identity._node_id
    identity.run_id = identity.task_id = identity.node_id = 1  # whose messages these are; nobody asks
    try:
        return list(strategy.configure_train(number, app.ArrayRecord(current), app.ConfigRecord({}), Grid()))
    finally:
        identity._run_id, identity._task_id, identity._node_id = before


def flower_models(name, updates, current, rounds=1, **options):
    """Return the models that the class of Flower of this name makes, round by round, of the same answers each time."""
    app, serverapp = flower("flwr.app"), flower("flwr.serverapp.strategy")
    strategy = getattr(serverapp, name)(**options)

    models = []
    for number in range(1, rounds + 1):
        asked = messages(strategy, number, current, len(updates))
        replies = [
            app.Message(
                app.RecordDict(
                    {
                        "arrays": app.ArrayRecord(list(arrays)),
                        "metrics": app.MetricRecord({"num-examples": n}),
                    }
                ),
                reply_to=message,
            )
            for message, (arrays, n) in zip(asked, updates, strict=True)
        ]
        gc.freeze()  # Bulyan collects garbage for each array, and there is much in a long run of tests
        merged, _ = strategy.aggregate_train(number, replies)
        gc.unfreeze()
        current = merged.to_numpy_ndarrays()
        models.append(current)
    return models


def our_models(strategy, updates, current, rounds=1):
    """Return the models that a strategy of ours makes of the same answers each time."""
    state, models = strategy.start(current), []
    for _ in range(rounds):
        current, state = strategy.aggregate(updates, current, state)
        models.append(current)
    return models


def flat(models):
    """Return each model as one row."""
    return np.array([np.concatenate([layer.ravel() for layer in model]) for model in models])
