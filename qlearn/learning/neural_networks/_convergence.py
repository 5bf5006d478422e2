"""Whether a training has converged, by its losses; a warning where it has not."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from qlearn.learning._estimators import level_of_caller
from qlearn.learning.neural_networks._watch import Watch
from qlearn.learning.neural_networks._weights import Weights

_CLIMBED = 1.1
"""A last loss so many times that of the start and that of a constant was not trained: what batches do is less."""

LONG_ENOUGH = 50
"""Epochs below which a curve of losses is too short to say whether it still falls."""

_LEAST_FALL = 0.05
"""Share of the first loss that the whole fall must be, before one speaks of its pace: less is what batches do."""

_PACE = 1.5
"""Of the mean pace: a straight line has one, and what has left a plateau more."""


def still_falls(losses: list[float]) -> bool:
    """Tell whether the losses fell, from the third quarter to the last, half as fast again as in the mean of quarters.

    Then the descent was gaining speed when it ended. A steady fall is none of this: how many epochs to pay for is a choice.
    Means of quarters, as what batches do to single epochs is no fall.

    Examples
    --------
    >>> still_falls((1 - np.linspace(0, 0.7, 50) ** 3).tolist()), still_falls(np.linspace(1, 0.5, 50).tolist())
    (True, False)
    """
    if len(losses) < LONG_ENOUGH:
        return False
    first, _, third, last = (float(np.mean(quarter)) for quarter in np.array_split(losses, 4))
    fall = first - last
    return fall > _LEAST_FALL * abs(first) and third - last >= _PACE * fall / 3


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
    elif still_falls(losses):
        warnings.warn(
            f"the loss fell faster at the end than in the mean of its {ran} epochs, from {losses[0]:.3g} to "
            f"{losses[-1]:.3g}: give more epochs",
            ConvergenceWarning,
            stacklevel=level_of_caller(),
        )
