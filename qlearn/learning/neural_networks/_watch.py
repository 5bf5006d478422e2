"""What happens between epochs: a callback is asked, held-out rows say when to stop, the best parameters are kept."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays


class Watch:
    """Asked after each epoch whether to stop: by the callback, or because held-out rows no longer gain.

    Parameters
    ----------
    callback : callable or None
        Takes the model, the number of whole epochs (from 1) and the epoch's loss; a truthy answer stops.
    held_out_loss : callable or None
        Returns the loss of the held-out rows at the model's parameters.
    tol : float
        A gain of less than so much is none.
    patience : int
        Epochs in a row without gain after which to stop.
    """

    def __init__(
        self,
        callback: Callable[[Any, int, float], object] | None,
        held_out_loss: Callable[[], float] | None,
        tol: float,
        patience: int,
    ) -> None:
        self.callback, self.held_out_loss = callback, held_out_loss
        self.tol, self.patience = tol, patience
        self.curve: list[float] = []
        self.best: Arrays | None = None
        self.error: Exception | None = None
        self.settled = False
        self._least, self._goal, self._waited = np.inf, np.inf, 0

    def stops(self, model: Any, epoch: int, loss: float) -> bool:
        """Return whether to stop; an exception in the callback is kept, and stops."""
        if self.held_out_loss is not None:
            self._look(model)
        if self.callback is not None:
            try:
                return bool(self.callback(model, epoch, loss)) or self.settled
            except Exception as error:
                error.add_note(
                    f"raised in the callback after epoch {epoch}: the model keeps what it had learned until then"
                )
                if isinstance(error, TypeError):
                    error.add_note("a callback takes three arguments: callback(model, epoch, loss)")
                self.error = error
                return True
        return self.settled

    def _look(self, model: Any) -> None:
        assert self.held_out_loss is not None
        value = self.held_out_loss()
        self.curve.append(value)
        if value < self._least:
            self._least, self.best = value, model.parameters_
        # As scikit-learn's networks: what is not a gain of tol over the best so far counts as an epoch of waiting.
        self._waited = 0 if value < self._goal - self.tol else self._waited + 1
        self._goal = min(self._goal, value)
        self.settled = self._waited >= self.patience


def held_out(y: NDArray, fraction: float, rng: np.random.Generator, *, by_class: bool) -> NDArray[np.bool_]:
    """Draw the rows that are set apart: of each class its share, rounded, and of all at least one.

    Examples
    --------
    >>> held_out(np.array([0] * 8 + [1] * 4), 0.25, np.random.default_rng(0), by_class=True).nonzero()[0]
    array([2, 7, 9])
    """
    if len(y) < 2:
        raise ValueError(
            f"early_stopping=True needs at least 2 rows, one of them held out; n_samples={len(y)}"
        )
    order, chosen = rng.permutation(len(y)), np.zeros(len(y), dtype=bool)
    groups = [order[y[order] == k] for k in np.unique(y)] if by_class else [order]
    for group in groups:
        # Every class stays among the rows that are learned from.
        chosen[group[: min(round(fraction * len(group)), len(group) - 1)]] = True
    if not chosen.any():
        chosen[max(groups, key=len)[0]] = True
    return chosen
