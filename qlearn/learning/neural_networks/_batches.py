"""The loss of a model on batches of its samples, as a descent asks for it: weighed, pulled back, part of it held still."""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays
from qlearn.learning.neural_networks._descent import Rows
from qlearn.learning.neural_networks._weights import Weights
from qlearn.learning.neural_networks.spsa import SPSA


class Batches:
    """What :func:`~qlearn.learning.neural_networks._descent.descend` goes down, for one call of a model's training."""

    def __init__(
        self,
        model: Any,
        samples: Any,
        loss: Any,
        weights: Weights,
        mu: float,
        still: Collection[int],
        optimizer: Any,
        rng: np.random.Generator | None,
    ) -> None:
        self._model, self._samples, self._loss, self._weights = model, samples, loss, weights
        self._inputs, self._targets, self._laid_out = samples.inputs, samples.targets, weights
        self._start, self._mu, self._still = model.parameters_, mu, still
        self._spsa, self._rng = optimizer if isinstance(optimizer, SPSA) else None, rng
        changed = mu or still or loss is not None or weights is not None or self._spsa is not None
        self.step = self._altered if changed else self._plain

    # Annotations of what runs at each step are plain: they cost nothing there.
    def lay_out(self, order: Any) -> None:
        """Put the samples in the order of an epoch."""
        self._inputs, self._targets = self._samples.inputs.take(order, axis=0), self._samples.targets[order]
        self._laid_out = None if self._weights is None else self._weights[order]

    def value(self, parameters: Arrays, rows: Rows) -> float:
        """Return the mean loss of a batch, what is held still at its place."""
        at = [
            s if k in self._still else p for k, (p, s) in enumerate(zip(parameters, self._start, strict=True))
        ]
        return self._model._value(at, self._inputs[rows], self._targets[rows], self._loss, self._own(rows))

    def pull(self, parameters: Arrays) -> float:
        """Return what the pull back to the start adds to the loss."""
        moved = zip(parameters, self._start, strict=True)
        return self._mu / 2 * float(sum(((p - s) ** 2).sum() for p, s in moved))

    def _own(self, rows: Any) -> NDArray[np.float64] | None:
        return None if self._laid_out is None else self._laid_out[rows]

    def _plain(self, parameters: Any, rows: Any) -> Any:
        return self._model._step(parameters, self._inputs[rows], self._targets[rows])

    def _altered(self, parameters: Any, rows: Any) -> Any:
        if self._spsa is not None and self._rng is not None:
            value, gradients = self._spsa.estimate(lambda p: self.value(p, rows), parameters, self._rng)
        else:
            told = () if self._loss is None and self._laid_out is None else (self._loss, self._own(rows))
            value, gradients = self._model._step(parameters, self._inputs[rows], self._targets[rows], *told)
        moved = zip(gradients, parameters, self._start, strict=True)
        pulled = [g + self._mu * (p - s) for g, p, s in moved]
        return value, [np.zeros_like(g) if k in self._still else g for k, g in enumerate(pulled)]


def places_of(frozen: Collection[int], n_arrays: int) -> set[int]:
    """Return which arrays of the parameters stay as they are, or say which there are."""
    places = set(frozen)
    if unknown := sorted(places - set(range(n_arrays))):
        raise ValueError(
            f"frozen must hold places in the list of {n_arrays} arrays of parameters, 0 to {n_arrays - 1}, not {unknown[0]}"
        )
    return places
