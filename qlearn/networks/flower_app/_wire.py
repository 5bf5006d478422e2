"""What goes over the wire: arrays and flat settings as Flower's records, and back."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from flwr.app import ArrayRecord, ConfigRecord, Context, Message, MetricRecord, RecordDict
from numpy.typing import NDArray

ARRAYS, CONFIG, METRICS, WEIGHT = "arrays", "config", "metrics", "num-examples"
"""The names that Flower's own strategies give to the parts of a message."""

CLIENT = "client"
"""The setting that says for which client a message is: a node that is another one must not train on it."""

OF_FLOWER = {"server-round": "round", "proximal-mu": "proximal_mu", "lr": "learning_rate"}
"""What Flower's strategies call the settings of a client, and what we call them."""


def records(arrays: Sequence[NDArray[Any]], config: Mapping[str, Any]) -> RecordDict:
    """Return a model and settings as a server sends them."""
    return RecordDict({ARRAYS: packed(arrays), CONFIG: texts(config)})


def packed(arrays: Sequence[NDArray[Any]]) -> ArrayRecord:
    """Return arrays as a record, under the keys "0", "1", ... that Flower gives a list."""
    return ArrayRecord([np.asarray(array) for array in arrays])


def about(arrays: Sequence[NDArray[Any]], config: Mapping[str, Any], fingerprint: str) -> bytes:
    """Return what the updates of a round are about, for all clients alike: who trains what, the model, the settings but the seed.

    A server that gave all others a model, a learning rate or rows at which they learn nothing would read one client's update
    from the sum. Which rows each client has follows from the federation, and that is known by its fingerprint.
    """
    said = {name: value for name, value in config.items() if name != "seed"}
    kinds = [[str(array.dtype), array.shape] for array in arrays]
    return json.dumps([fingerprint, said, kinds], sort_keys=True).encode() + b"".join(
        a.tobytes() for a in arrays
    )


def reply(arrays: Sequence[NDArray[Any]], n: int, metrics: Mapping[str, float], to: Message) -> Message:
    """Return what a client answers: its model, its weight, and numbers about it."""
    content = RecordDict({ARRAYS: packed(arrays), METRICS: numbers({WEIGHT: n, **metrics})})
    return Message(content=content, reply_to=to)


def numbers(named: Mapping[str, float]) -> MetricRecord:
    """Return numbers as a record; whole ones stay whole."""
    return MetricRecord(
        {name: value if isinstance(value, int) else float(value) for name, value in named.items()}
    )


def texts(named: Mapping[str, Any]) -> ConfigRecord:
    """Return settings, or anything else that is flat, as a record."""
    return ConfigRecord(dict(named))


def settings(message: Message) -> dict[str, Any]:
    """Return the settings in a message, under our names."""
    return {
        OF_FLOWER.get(name, name): value for name, value in message.content.config_records[CONFIG].items()
    }


def vault_of(context: Context) -> Path | None:
    """Return where a node of masked rounds has its keys, None in other rounds.

    A node that was told at its start takes part in masked rounds alone, whatever a server says of the run; a simulation has
    one place for all.
    """
    place = context.node_config.get("vault") or context.run_config.get("vault")
    return Path(str(place)) if place else None
