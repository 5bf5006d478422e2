"""What the strategies share: their options, a look at the updates before any work, and the two ways to build on another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Array, Arrays
from qlearn.networks.federated.aggregation import FedAvg, Strategy, Updates


@dataclass(frozen=True)
class Asking(FedAvg):
    """Asks clients as FedAvg does; what a strategy adds comes first, so that ``Krum(2)`` is no number of epochs.

    Examples
    --------
    >>> Asking(local_epochs=3).config(1)
    {'round': 1, 'epochs': 3}
    """

    local_epochs: int = field(default=1, kw_only=True)
    fraction: float = field(default=1.0, kw_only=True)


PLAIN = FedAvg()
"""The strategy that a wrapping one leaves the merging to if it is told no other."""


class Wrapping:
    """Changes what the clients have sent, and leaves all else to another strategy, `strategy`."""

    strategy: Strategy

    def __post_init__(self) -> None:
        parts = ("start", "choose", "config", "aggregate")
        lacking = [part for part in parts if not callable(getattr(self.strategy, part, None))]
        if isinstance(self.strategy, type) or lacking:
            raise TypeError(f"strategy must be a strategy, such as FedAvg(), not {self.strategy!r}")

    def start(self, model: Arrays) -> Any:
        """Return the first state of the strategy inside."""
        return self.strategy.start(model)

    def choose(self, n_clients: int, rng: Any = None) -> list[int]:
        """Return the indices of the clients to ask in one round, as the strategy inside chooses."""
        return self.strategy.choose(n_clients, rng)

    def config(self, number: int) -> dict[str, Any]:
        """Return the settings of the clients in round `number`, those of the strategy inside."""
        return self.strategy.config(number)


def stacked(updates: Updates) -> Arrays:
    """Return each layer of all clients as one float64 array of shape (n_clients, *shape).

    Numbers of samples are not looked at: what a client claims must not count where it is not believed. NaN and infinity
    are refused, for no order or distance says what to do with them; `run` has dropped such a client before.

    Examples
    --------
    >>> stacked([([np.array([1.0, 2.0])], 10), ([np.array([3.0, 4.0])], 10**9)])
    [array([[1., 2.], [3., 4.]])]
    """
    if not updates:
        raise ValueError("updates must hold at least one model; no client answered")
    shapes = {tuple(np.shape(p) for p in parameters) for parameters, _ in updates}
    if len(shapes) > 1:
        raise ValueError(
            f"updates must have the same shapes, not {sorted(shapes)}: the clients train different models"
        )
    layers = [
        np.array(layer, dtype=np.float64)
        for layer in zip(*(parameters for parameters, _ in updates), strict=True)
    ]
    for i in range(len(updates)):
        if not all(np.isfinite(layer[i]).all() for layer in layers):
            raise ValueError(
                f"updates must be finite; update {i} holds NaN or infinity: drop it before, as run does"
            )
    return layers


def flattened(layers: Sequence[Array]) -> Array:
    """Return the layers side by side, one row a client, shape (n_clients, n_parameters).

    Examples
    --------
    >>> flattened([np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])])
    array([[1., 2., 5.], [3., 4., 6.]])
    """
    return np.concatenate([layer.reshape(len(layer), -1) for layer in layers], axis=1)


def inner_mean(values: Array) -> Array:
    """Return the mean over the first axis; rounding does not take it out of the range of the values.

    Examples
    --------
    >>> x = np.array([0.1, 0.1, 0.1])
    >>> x.mean() > 0.1, inner_mean(x) > 0.1
    (np.True_, np.False_)
    """
    mean: NDArray[np.float64] = np.clip(values.mean(axis=0), values.min(axis=0), values.max(axis=0))
    return mean
