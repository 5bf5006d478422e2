"""What the fusion model asks of a graph network: scores for all nodes, and their gradient."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Pullback = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From a gradient in the scores, shape (rows, n), to one in the parameters."""


class GraphNetwork(Protocol):
    """A model with one score a node, from the nodes' numbers and the weights of the edges."""

    @property
    def n_parameters(self) -> int:
        """Trained numbers."""
        ...

    def start(self, rng: Any = None) -> NDArray[np.float64]:
        """Return parameters to start from."""
        ...

    def scores(
        self, parameters: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], Pullback]:
        """Return the score of each node, shape (rows, n), and its pullback."""
        ...
