"""Aggregation: whom a server asks, what it asks of them, and how it merges their models."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_real, as_rng
from qlearn._types import Arrays


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
        Share of the clients asked in a round (C), above 0 to 1. Halves are rounded up, and at least one is asked.

    Examples
    --------
    >>> import numpy as np
    >>> FedAvg().aggregate([([np.array([0.0])], 30), ([np.array([4.0])], 10)])
    [array([1.])]

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

    def choose(self, n_clients: int, rng: Any = None) -> list[int]:
        """Return the indices of the clients to ask in one round."""
        asked = max(1, floor(self.fraction * as_count(n_clients, "n_clients") + 0.5))
        return sorted(as_rng(rng).choice(n_clients, asked, replace=False).tolist())

    def config(self, number: int) -> dict[str, Any]:
        """Return what clients are told in round `number`."""
        return {"round": number, "epochs": self.local_epochs}

    def aggregate(self, updates: Sequence[tuple[Sequence[NDArray[np.float64]], int]]) -> Arrays:
        """Return the next global model from the clients' models and sample counts."""
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
        return [np.tensordot(weights, np.array(layer), axes=1) for layer in layers]
