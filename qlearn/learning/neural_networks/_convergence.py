"""Whether a training has converged, by its losses; a warning where it has not."""

import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning

from qlearn.learning._estimators import level_of_caller
from qlearn.learning.neural_networks._watch import Watch
from qlearn.learning.neural_networks._weights import Weights
from qlearn.learning.neural_networks.l_bfgs import LBFGS

_CLIMBED = 1.1
"""A last loss so many times that of the start and that of a constant was not trained: what batches do is less."""

LONG_ENOUGH = 50
"""Iterations below which a curve of losses is too short to say whether it still falls."""

_CLEARLY = 0.01
"""Share of the last loss by which the last fifth of the iterations must have lowered it, to be called a fall."""


def still_falls(losses: list[float]) -> bool:
    """Tell whether the last fifth of the iterations lowered the loss by more than a hundredth of it.

    Asked of "l-bfgs" alone, whose losses have no noise and whose end is its own: for steps in batches the number of epochs is
    a budget, and a loss that still falls at its end is no news.

    Examples
    --------
    >>> import numpy as np
    >>> still_falls(np.linspace(1, 0.5, 50).tolist()), still_falls((0.5 + 0.8 ** np.arange(50.0)).tolist())
    (True, False)
    """
    n = len(losses)
    return n >= LONG_ENOUGH and losses[-1 - n // 5] - losses[-1] > _CLEARLY * abs(losses[-1])


def warn_if_worse(model: Any, first: float, samples: Any, weights: Weights) -> bool:
    """Say, and return whether, training ends by more than a tenth above where it began and above the best constant.

    Finite numbers can be lost too.

    Not the first epoch is where it began: with large steps its mean has climbed already. Nor does the last one tell
    where it ends: one more step follows.
    """
    last = model._mean_loss(samples, weights)
    constant, _ = model._loss(model._constant_scores(samples.targets, weights), samples.targets, weights)
    worse = last > _CLIMBED * max(first, constant)
    if worse:
        rate = getattr(model.optimizer, "learning_rate", model.learning_rate)
        warnings.warn(
            f"the loss rose from {first:.3g} to {last:.3g} in training (a constant has {constant:.3g}): "
            f"learning_rate={rate:g} is most likely too large",
            ConvergenceWarning,
            stacklevel=level_of_caller(),
        )
    return bool(worse)


def warn_if_unfinished(model: Any, watch: Watch) -> None:
    """Say when the epochs ended before the training did."""
    losses, ran = model.loss_curve_, len(model.loss_curve_)
    if ran < model.epochs:  # something stopped it: it was asked to, or there was nothing left to gain
        return
    if watch.held_out_loss is not None:
        if not watch.settled:
            warnings.warn(
                f"all {ran} epochs are used up and the held-out loss has not stopped to fall for "
                f"n_iter_no_change={model.n_iter_no_change} of them: give more epochs",
                ConvergenceWarning,
                stacklevel=level_of_caller(),
            )
    elif (model.optimizer == "l-bfgs" or isinstance(model.optimizer, LBFGS)) and still_falls(losses):
        warnings.warn(
            f"the loss still fell when the {ran} iterations of l-bfgs were used up, from {losses[-1 - ran // 5]:.3g} to "
            f"{losses[-1]:.3g} in the last fifth: give more epochs",
            ConvergenceWarning,
            stacklevel=level_of_caller(),
        )
