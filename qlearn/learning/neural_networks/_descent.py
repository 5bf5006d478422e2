"""Descent by any optimizer: by steps along gradients, by two values a step, or by SciPy's loop."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays
from qlearn.learning._estimators import defaults_of
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.optimizers import OPTIMIZERS, Loss, epochs_of
from qlearn.learning.neural_networks.spsa import SPSA

NAMES: dict[str, Callable[..., Any]] = {**OPTIMIZERS, "l-bfgs": LBFGS, "spsa": SPSA}
"""The optimizers by name."""

Rows = NDArray[np.intp] | slice


class Objective(Protocol):
    """A loss of batches: with gradients, or its value alone."""

    def step(self, parameters: Arrays, rows: Rows) -> tuple[float, Arrays]:
        """Return the mean loss of a batch and its gradients."""
        ...

    def value(self, parameters: Arrays, rows: Rows) -> float:
        """Return the mean loss of a batch."""
        ...


def as_optimizer(optimizer: Any, learning_rate: float) -> Any:
    """Return a fresh optimizer by its name, or a copy of the object that was given, with the memory that it brought.

    Examples
    --------
    >>> as_optimizer("adam", 0.1).learning_rate
    0.1
    >>> as_optimizer(SPSA, 0.1)
    Traceback (most recent call last):
    TypeError: optimizer must be an object, not the class SPSA: call it, SPSA(...)
    """
    if isinstance(optimizer, type):
        raise TypeError(
            f"optimizer must be an object, not the class {optimizer.__name__}: call it, {optimizer.__name__}(...)"
        )
    if isinstance(optimizer, str) and optimizer in NAMES:
        return LBFGS() if optimizer == "l-bfgs" else NAMES[optimizer](learning_rate)
    if isinstance(optimizer, LBFGS) or callable(getattr(optimizer, "step", None)):
        return copy.deepcopy(optimizer)
    raise ValueError(
        f"optimizer must be one of {', '.join(NAMES)}, or an object with step(parameters, gradients), not {optimizer!r}"
    )


def refuse_ignored(estimator: Any) -> None:
    """Refuse what was set and has no use: a learning rate or batch size of some optimizers, ends of an early stop without it."""
    optimizer = estimator.optimizer
    whole = isinstance(optimizer, LBFGS) or optimizer == "l-bfgs"
    unused = ["learning_rate"] * (whole or not isinstance(optimizer, str)) + ["batch_size"] * whole
    defaults = defaults_of(type(estimator))
    for name in unused:
        value, default = getattr(estimator, name), defaults[name]
        if value != default and value is not None:
            why = "has a rate of its own" if name == "learning_rate" and not whole else "does not use it"
            raise ValueError(f"{name} must stay {default!r}, not {value!r}: optimizer={optimizer!r} {why}")
    # Not n_iter_no_change: scikit-learn's checks of class weights set it on whatever has it.
    for name in () if estimator.early_stopping else ("validation_fraction", "tol"):
        if (value := getattr(estimator, name)) != (default := defaults[name]):
            raise ValueError(
                f"{name} must stay {default!r} without early_stopping=True, not {value!r}: all epochs are trained, whatever "
                "the loss does"
            )


def descend(
    objective: Objective,
    parameters: Sequence[NDArray[np.float64]],
    n_samples: int,
    *,
    optimizer: Any,
    epochs: int,
    batch_size: int | None,
    rng: np.random.Generator | None,
    after: Callable[[Arrays, float], bool],
    pull: Callable[[Arrays], float] | None = None,
    reorder: Callable[[NDArray[np.intp]], None] | None = None,
) -> None:
    """Go down an objective; `after` is told the parameters and the loss of each epoch, and stops by a truthy answer.

    Parameters
    ----------
    objective : Objective
        Its gradients contain that of `pull`, its values do not.
    pull : callable, optional
        What is added to the loss to be minimised, and not told: a line search must know it.
    parameters, n_samples, optimizer, epochs, batch_size, rng, reorder
        As in :func:`~qlearn.learning.neural_networks.optimizers.epochs_of`.
    """
    if isinstance(optimizer, LBFGS):
        added = pull if pull is not None else lambda parameters: 0.0

        def whole(parameters: Arrays) -> tuple[float, Arrays]:
            value, gradients = objective.step(parameters, slice(None))
            return value + added(parameters), gradients

        optimizer.minimise(whole, parameters, epochs, lambda found, total: after(found, total - added(found)))
        return
    loss: Loss = objective.step
    for found, value in epochs_of(
        loss,
        parameters,
        n_samples,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng,
        reorder=reorder,
    ):
        if after(found, value):
            return
