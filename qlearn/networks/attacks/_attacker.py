"""What every attacker in a federation shares: it stands where a client stood, and the server sees no difference."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays
from qlearn.networks.federated.client import Client

Answer = tuple[Arrays, int, dict[str, float]]


class Attacker(Client):
    """A client under somebody else's hand: whatever it does not lie about, it does as the client would."""

    def __init__(self, client: Client, *, name: str | None = None) -> None:
        if not isinstance(client, Client):
            raise TypeError(
                f"client must be a federated Client, which the attacker takes over, not {client!r}"
            )
        vars(self).update(vars(client))
        self.client = client
        self.settings = client.settings
        if name is not None:
            self.name = name

    def initial(self, rng: Any = None) -> Arrays:
        """Return what the client returns."""
        return self.client.initial(rng)

    def check(self, config: Mapping[str, Any]) -> None:
        """Refuse what the client refuses."""
        self.client.check(config)

    def fit(self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]) -> Answer:
        """Return what the client returns."""
        return self.client.fit(parameters, config)

    def evaluate(
        self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]
    ) -> tuple[float, int, dict[str, float]]:
        """Return what the client returns."""
        return self.client.evaluate(parameters, config)


def flat(parameters: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return all numbers of a model in one row.

    Examples
    --------
    >>> flat([np.eye(2), np.array([3.0])])
    array([1., 0., 0., 1., 3.])
    """
    return np.concatenate([np.asarray(p, dtype=np.float64).ravel() for p in parameters])


def shaped(row: NDArray[np.float64], like: Sequence[NDArray[np.float64]]) -> Arrays:
    """Return a row of numbers as a model of the shapes of another.

    Examples
    --------
    >>> shaped(np.arange(3.0), like=[np.zeros((1, 2)), np.zeros(1)])
    [array([[0., 1.]]), array([2.])]
    """
    ends = np.cumsum([p.size for p in like])[:-1]
    return [part.reshape(p.shape) for part, p in zip(np.split(row, ends), like, strict=True)]
