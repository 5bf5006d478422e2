"""Answers of clients: matched with what was asked, and believed only where they fit. Flower checks almost none of this."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flwr.app import Message
from flwr.common.constant import ErrorCode

from qlearn._checks import as_count, as_probability, as_real
from qlearn._types import Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.flower_app import _wire


@dataclass
class Matched:
    """The replies to some messages, by client: one each, in the order asked; who sent two, and who sent none."""

    replies: dict[int, Message] = field(default_factory=dict)
    doubled: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)


def matched(sent: Mapping[int, Message], replies: Iterable[Message]) -> Matched:
    """Match replies with the messages sent to each client; one to a message of another time is none."""
    client_of = {message.metadata.message_id: i for i, message in sent.items()}
    found: dict[int, Message] = {}
    doubled = set()
    for reply in replies:
        i = client_of.get(reply.metadata.reply_to_message_id)
        if i in found:
            doubled.add(i)
        elif i is not None:
            found[i] = reply
    kept = {i: found[i] for i in sent if i in found and i not in doubled}
    return Matched(kept, doubled, set(sent) - set(found))


@dataclass(frozen=True)
class LocalModel:
    """What a client answers to a training message."""

    parameters: Arrays
    n_samples: int
    metrics: dict[str, float]


def is_gone(reply: Message) -> bool:
    """Tell whether it is the SuperLink that answers, for a node that it has lost."""
    return reply.has_error() and reply.error.code == ErrorCode.NODE_UNAVAILABLE


def size_of(reply: Message) -> int:
    """Return how many numbers an answer holds, also one that will be refused."""
    if reply.has_error():
        return 0
    return sum(
        int(np.prod(array.shape))
        for record in reply.content.array_records.values()
        for array in record.values()
    )


def local_model(reply: Message, shapes: list[tuple[int, ...]], n_samples: int) -> LocalModel:
    """Return the model in an answer, or refuse it: other shapes, what is not finite, other samples than it enrolled with."""
    _refuse_error(reply)
    content = reply.content
    if len(content.array_records) != 1 or len(content.metric_records) != 1 or content.config_records:
        raise ValueError(f"an answer must hold one model and one record of numbers, not {sorted(content)}")
    [record], [numbers] = content.array_records.values(), content.metric_records.values()
    told: dict[str, Any] = dict(numbers)
    n = as_count(told.pop(_wire.WEIGHT, None), _wire.WEIGHT)
    if n != n_samples:
        raise ValueError(f"it claims {n} samples, and enrolled with {n_samples}")
    metrics = {name: as_real(value, name) for name, value in told.items()}
    return LocalModel(checked_parameters(record.to_numpy_ndarrays(), shapes), n, metrics)


def scores(reply: Message, counts: Mapping[str, int]) -> dict[str, float]:
    """Return the scores that a client with so many samples must give, and no others."""
    _refuse_error(reply)
    [numbers] = reply.content.metric_records.values()
    told: dict[str, Any] = dict(numbers)
    found = {}
    for on in (on for on, n in counts.items() if n):
        found[f"{on}_accuracy"] = as_probability(told.get(f"{on}_accuracy"), f"{on}_accuracy")
        found[f"{on}_loss"] = as_real(told.get(f"{on}_loss"), f"{on}_loss")
    return found


def mean_scores(
    by_client: Mapping[str, Mapping[str, float]], counts: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """Return the means over the clients, weighted by their samples."""
    means = {}
    for on in ("train", "held_out"):
        here = {name: counts[name][on] for name in by_client if counts[name][on]}
        if here:
            weights = np.array([n / sum(here.values()) for n in here.values()])
            for score in (f"{on}_accuracy", f"{on}_loss"):
                means[score] = float(np.array([by_client[name][score] for name in here]) @ weights)
    return means


def _refuse_error(reply: Message) -> None:
    if reply.has_error():
        raise RuntimeError(reply.error.reason)
