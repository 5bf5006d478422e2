"""Requests: what each client is sent in a round, drawn so that every engine, and a run that goes on, draws the same."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from flwr.app import ArrayRecord, ConfigRecord
from flwr.serverapp import Grid

from qlearn._checks import as_count
from qlearn._types import Arrays
from qlearn.networks.flower_app import _wire

Request = tuple[Arrays, dict[str, Any]]
"""A model, and the settings to train it with."""


def of_ours(
    strategy: Any, number: int, model: Arrays, n_clients: int, rng: np.random.Generator
) -> dict[int, Request]:
    """Return what one of our strategies sends to each client, as `federated.run` draws it."""
    return {
        i: (model, {**strategy.config(number), "seed": int(rng.integers(2**32))})
        for i in _chosen(strategy.choose(n_clients, rng), n_clients)
    }


def of_flowers(
    strategy: Any,
    number: int,
    model: ArrayRecord,
    config: ConfigRecord,
    grid: Grid,
    nodes: Mapping[int, int],
    rng: np.random.Generator,
) -> dict[int, Request]:
    """Return what one of Flower's strategies sends to each client, in their order, with a seed for its batches."""
    before = random.getstate()
    random.seed(
        int(rng.integers(2**32))
    )  # Flower samples by Python's own generator, which nobody else's run may change
    try:
        messages = list(strategy.configure_train(number, model, _wire.texts(config), grid))
    finally:
        random.setstate(before)
    client_of = {node: i for i, node in nodes.items()}
    sent = {client_of[m.metadata.dst_node_id]: m for m in messages if m.metadata.dst_node_id in client_of}
    return {
        i: (
            message.content.array_records[_wire.ARRAYS].to_numpy_ndarrays(),
            _wire.settings(message) | {"seed": int(rng.integers(2**32))},
        )
        for i, message in sorted(sent.items())
    }


def _chosen(asked: Iterable[int], n_clients: int) -> list[int]:
    """Return the clients to ask, or refuse them."""
    listed = [as_count(i, "choose", 0) for i in asked]
    if not listed or max(listed) >= n_clients or len(set(listed)) < len(listed):
        raise ValueError(
            f"choose must return different clients of 0 to {n_clients - 1}, at least one, not {listed}"
        )
    return listed
