"""Aggregation: which clients a server asks, with what settings, and how it merges their models."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real, as_rng
from qlearn._types import Arrays

Updates = Sequence[tuple[Sequence[NDArray[np.float64]], int]]
"""The models of the clients that answered, each with the number of samples it was trained on."""


class Strategy(Protocol):
    """The server's part of a run: which clients it asks, with what settings, and how it merges their models.

    Any object with these four methods is one; :class:`FedAvg` is the plain one, and may be inherited from. A strategy
    holds no memory of a run: what it keeps from round to round is the `state` that it is given and gives back.

    Examples
    --------
    A server with momentum (Hsu, Qi and Brown, 2019, arXiv:1909.06335): its step is the mean of the clients' steps and
    half of its last one.

    >>> class Momentum(FedAvg):
    ...     def start(self, model):
    ...         return [np.zeros_like(p) for p in model]
    ...     def aggregate(self, updates, current, state):
    ...         mean, _ = super().aggregate(updates, current)
    ...         steps = [0.5 * last + m - c for last, m, c in zip(state, mean, current)]
    ...         return [c + step for c, step in zip(current, steps)], steps
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, run
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> run(pair, Momentum(local_epochs=5), rounds=3, rng=0).train_accuracy
    array([1., 1., 1.])
    """

    @abstractmethod
    def start(self, model: Arrays) -> Any:
        """Return the state before the first round, given the first model; None if nothing is kept."""
        ...

    @abstractmethod
    def choose(self, n_clients: int, rng: Any = None) -> list[int]:
        """Return the indices of the clients to ask in one round: at least one, each once."""
        ...

    @abstractmethod
    def config(self, number: int) -> dict[str, Any]:
        """Return the settings of the clients in round `number`, of ``Client.settings``; `run` adds their seed."""
        ...

    @abstractmethod
    def aggregate(self, updates: Updates, current: Arrays, state: Any) -> tuple[Arrays, Any]:
        """Return the next global model and the next state, from the clients' models and the current two."""
        ...


@dataclass(frozen=True)
class FedAvg:
    r"""Federated averaging: the mean of the clients' models, weighted by their samples.

    .. math:: \theta \leftarrow \frac{\sum_c n_c\, \theta_c}{\sum_c n_c}

    With one local epoch of plain gradient descent over all of a client's samples this *is* gradient descent
    on the union of the data. More local epochs save rounds, and where clients differ they pull apart.

    Parameters
    ----------
    local_epochs : int
        Passes over its samples that a client makes in a round (E).
    fraction : float
        Fraction of the clients asked in a round (C), above 0 to 1. Halves are rounded up, and at least one is asked.

    Examples
    --------
    >>> import numpy as np
    >>> FedAvg().aggregate([([np.array([0.0])], 30), ([np.array([4.0])], 10)], current=[np.array([2.0])])
    ([array([1.])], None)

    References
    ----------
    McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017,
    arXiv:1602.05629, algorithm 1.
    """

    local_epochs: int = 1
    fraction: float = 1.0

    def __post_init__(self) -> None:
        as_count(self.local_epochs, "local_epochs")
        if as_real(self.fraction, "fraction", most=1) <= 0:
            raise ValueError(f"fraction must be above 0, not {self.fraction}: a round needs a client")

    def start(self, model: Arrays) -> Any:
        """Return None: nothing is kept from round to round."""

    def choose(self, n_clients: int, rng: Any = None) -> list[int]:
        """Return the indices of the clients to ask in one round."""
        asked = max(1, floor(self.fraction * as_count(n_clients, "n_clients") + 0.5))
        return sorted(as_rng(rng).choice(n_clients, asked, replace=False).tolist())

    def config(self, number: int) -> dict[str, Any]:
        """Return the settings of the clients in round `number`."""
        return {"round": number, "epochs": self.local_epochs}

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the mean of the clients' models, weighted by their samples, and `state` as it is."""
        if not updates:
            raise ValueError("updates must hold at least one model; no client answered")
        total = sum(as_count(n, "n_samples") for _, n in updates)
        shapes = {tuple(np.shape(p) for p in parameters) for parameters, _ in updates}
        if len(shapes) > 1:
            raise ValueError(
                f"updates must have the same shapes, not {sorted(shapes)}: the clients train different models"
            )
        layers = zip(*(parameters for parameters, _ in updates), strict=True)
        weights = np.array([n / total for _, n in updates])
        means = [np.tensordot(weights, np.array(layer), axes=1) for layer in layers]
        if not all(np.isfinite(mean).all() for mean in means):
            raise ValueError("updates must be finite; a mean of them is NaN or infinite")
        return means, state
