r"""Defences of a server that sees the sum alone: it bounds the step of a round, or tries the round on patients of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qlearn._checks import as_real
from qlearn._types import Arrays
from qlearn.networks.federated.aggregation import FedAvg, Updates


@dataclass(frozen=True)
class SumClipping(FedAvg):
    r"""Federated averaging whose step in a round is no longer than a bound.

    .. math:: \theta \leftarrow \theta + (\bar\theta - \theta)\,\min\!\left(1, \frac{C}{\lVert\bar\theta-\theta\rVert}\right)

    :class:`~qlearn.networks.federated.NormClipping` shortens each client's change, and must see it. This rule looks at the
    mean, which secure aggregation hands out. It is weaker: a liar cannot carry the model far in one round, but may turn the
    whole step, and then nothing of the honest is left in it.

    Parameters
    ----------
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`.
    most : float
        :math:`C`, above 0, over all layers together; by name only.

    Examples
    --------
    >>> updates = [([np.array([0.3, 0.4])], 10), ([np.array([-300.3, 399.6])], 10)]
    >>> SumClipping(most=1.0).aggregate(updates, current=[np.zeros(2)])[0]
    [array([-0.6,  0.8])]

    References
    ----------
    The clients' form: Sun et al., "Can you really backdoor federated learning?", 2019, arXiv:1911.07963.
    """

    most: float = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        as_real(self.most, "most", above=0)

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Any]:
        """Return the mean, or a model on the way to it, and `state` as it is."""
        mean, state = super().aggregate(updates, current, state)
        # Of halves and of parts of the largest: neither a difference nor a square overflows, whatever a liar sends.
        halves = [new / 2 - now / 2 for new, now in zip(mean, current, strict=True)]
        largest = max(float(np.abs(half).max(initial=0.0)) for half in halves)
        if not largest:
            return mean, state
        parts = [half / largest for half in halves]
        length = float(np.sqrt(sum(float(np.sum(part**2)) for part in parts)))
        if 2 * largest * length <= self.most:
            return mean, state
        return [now + self.most / length * part for now, part in zip(current, parts, strict=True)], state


@dataclass(frozen=True)
class RoundCheck(FedAvg):
    """Federated averaging that takes a round back if the model got worse on patients whom the server has itself.

    The state is the number of rounds that were taken back. One liar costs the round of all: the honest who were in the sum
    lose it with the liar. And the server needs patients of its own, like those whom the model is for: a lie that only other
    patients show (a backdoor), and one that undoes the honest step, are not seen.

    Parameters
    ----------
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`.
    loss : callable
        From parameters (a list of arrays) to a loss on the server's patients; by name only.
    worse : float
        By how much the loss may rise in a round that stays, at least 0. Each round may use it: a patient liar raises the loss
        by as much in every one.

    Examples
    --------
    >>> near_one = RoundCheck(loss=lambda model: float(np.sum((model[0] - 1) ** 2)))
    >>> near_one.aggregate([([np.array([0.5])], 10)], [np.zeros(1)], 0)
    ([array([0.5])], 0)
    >>> near_one.aggregate([([np.array([9.0])], 10)], [np.zeros(1)], 0)
    ([array([0.])], 1)

    References
    ----------
    Of single updates: Xie, Koyejo and Gupta, "Zeno: distributed stochastic gradient descent with suspicion-based
    fault-tolerance", 2019, arXiv:1805.10032. Here the sum is tried, for want of more.
    """

    loss: Callable[[Arrays], float] = field(kw_only=True)
    worse: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not callable(self.loss):
            raise TypeError(f"loss must be a function of the parameters, not {self.loss!r}")
        as_real(self.worse, "worse", least=0)

    def start(self, model: Arrays) -> int:
        """Return 0: no round was taken back yet."""
        return 0

    def aggregate(self, updates: Updates, current: Arrays, state: Any = 0) -> tuple[Arrays, Any]:
        """Return the mean, or the current model, and how many rounds were taken back so far."""
        mean, _ = super().aggregate(updates, current, None)
        before, after = (float(self.loss([p.copy() for p in model])) for model in (current, mean))
        # Written so that a loss that is no number is no reason to go on.
        return (mean, state) if after <= before + self.worse else ([p.copy() for p in current], state + 1)
