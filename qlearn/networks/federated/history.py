"""The history of a run: what each round changed, whom it reached, how good it was, and what it cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays


@dataclass(frozen=True)
class Failure:
    """One client that did not do its part of a round: which, in what ("fit", "evaluate"), and why."""

    client: str
    stage: str
    reason: str


@dataclass(frozen=True)
class Round:
    """The record of one round.

    Parameters
    ----------
    number : int
        From 1.
    scores : dict of str to float
        Of the model after the round: "train_accuracy" and "train_loss" on the samples that the clients train on,
        "held_out_accuracy" and "held_out_loss" on those that they keep out of training (both weighted by the numbers of
        samples), "central_accuracy" and "central_loss" on the server's own. Losses in nats. What was not measured
        is not in it.
    by_client : dict of str to dict
        The same scores of each client that evaluated, by its name.
    metrics : dict of str to dict
        What each client whose model was merged told of its training, by its name.
    samples : dict of str to int
        How many samples each of them claims to have trained on: its weight.
    bits_down, bits_up : int
        Parameters sent to the clients asked, and all that came back from them, also what was then refused: 64 bits a
        number, or what a :class:`~qlearn.networks.federated.Quantiser` makes of it. The evaluation, which a real
        federation does not make in every round, is not counted.
    failures : tuple of Failure
        Clients that fell out of this round; they are asked again in the next.
    failed : str
        Why the round changed no model; empty if it did.
    """

    number: int
    scores: Mapping[str, float] = field(default_factory=dict)
    by_client: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    samples: Mapping[str, int] = field(default_factory=dict)
    bits_down: int = 0
    bits_up: int = 0
    failures: tuple[Failure, ...] = ()
    failed: str = ""

    @property
    def answered(self) -> tuple[str, ...]:
        """Clients whose answer was taken."""
        return tuple(self.samples)


@dataclass
class History:
    """The rounds of a run, and the model after the last of them.

    What is measured on samples that train the model is called so; there is no plain "accuracy". Each of the six arrays
    has one number a round, NaN where it was not measured.

    Parameters
    ----------
    parameters : list of ndarray
        The global model.
    rounds : list of Round
        Complete rounds only, also those that failed.
    interrupted : bool
        Whether the user stopped the run before its last round.
    state : object
        What the strategy keeps for the round after the last; None where it keeps nothing.

    Examples
    --------
    >>> first = Round(1, {"train_loss": 0.5}, metrics={"a": {"loss": 1.0}, "b": {"loss": 4.0}}, samples={"a": 2, "b": 1})
    >>> history = History([np.zeros(3)], [first, Round(2, failed="0 of 2 clients answered")])
    >>> history.train_loss, history.held_out_accuracy, history.metric("loss")
    (array([0.5, nan]), array([nan, nan]), array([ 2., nan]))
    """

    parameters: Arrays
    rounds: list[Round] = field(default_factory=list)
    interrupted: bool = False
    state: Any = None

    def __repr__(self) -> str:
        last = self.rounds[-1].scores if self.rounds else {}
        told = "".join(f", {name} {last[name]:.3f}" for name in SCORES if name in last)
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"History({len(self.rounds)} rounds{failed}{told}{', interrupted' * self.interrupted})"

    @property
    def train_accuracy(self) -> NDArray[np.float64]:
        """Accuracy after each round on the samples that train the model: it says little of new ones."""
        return self._scores("train_accuracy")

    @property
    def train_loss(self) -> NDArray[np.float64]:
        """Loss after each round, nats, on the samples that train the model."""
        return self._scores("train_loss")

    @property
    def held_out_accuracy(self) -> NDArray[np.float64]:
        """Accuracy after each round on samples that the clients keep out of training, weighted by their numbers."""
        return self._scores("held_out_accuracy")

    @property
    def held_out_loss(self) -> NDArray[np.float64]:
        """Loss after each round, nats, on samples that the clients keep out of training."""
        return self._scores("held_out_loss")

    @property
    def central_accuracy(self) -> NDArray[np.float64]:
        """Accuracy after each round on the server's own samples."""
        return self._scores("central_accuracy")

    @property
    def central_loss(self) -> NDArray[np.float64]:
        """Loss after each round, nats, on the server's own samples."""
        return self._scores("central_loss")

    @property
    def bits(self) -> NDArray[np.int64]:
        """Bits sent in each round, both ways."""
        return np.array([r.bits_down + r.bits_up for r in self.rounds], dtype=np.int64)

    @property
    def failures(self) -> list[tuple[int, Failure]]:
        """Every failure of a client, with the number of its round."""
        return [(r.number, failure) for r in self.rounds for failure in r.failures]

    @property
    def failed(self) -> dict[int, str]:
        """The rounds that changed no model, by their numbers, each with its reason."""
        return {r.number: r.failed for r in self.rounds if r.failed}

    def metric(self, name: str) -> NDArray[np.float64]:
        """Return what clients tell of their training, each round's mean weighted by samples; NaN where nobody told it.

        Parameters
        ----------
        name : str
            For example "loss", the mean loss (nats) of a client's last epoch.

        Returns
        -------
        ndarray of float64, shape (rounds,)
        """
        told = {key for r in self.rounds for metrics in r.metrics.values() for key in metrics}
        if name not in told:
            raise ValueError(f"name must be a metric that clients told, {sorted(told)}, not {name!r}")
        return self._per_round(lambda r: _mean(name, r.metrics, r.samples))

    def _scores(self, name: str) -> NDArray[np.float64]:
        return self._per_round(lambda r: r.scores.get(name, np.nan))

    def _per_round(self, value: Callable[[Round], float]) -> NDArray[np.float64]:
        return np.array([value(r) for r in self.rounds], dtype=np.float64)


SCORES = (
    "central_accuracy",
    "central_loss",
    "held_out_accuracy",
    "held_out_loss",
    "train_accuracy",
    "train_loss",
)
"""What may be measured of a model, from the number that says most to the one that says least."""


def _mean(name: str, metrics: Mapping[str, Mapping[str, float]], samples: Mapping[str, int]) -> float:
    """Return the mean of a metric over the clients that told it, weighted by samples."""
    told = [client for client, own in metrics.items() if name in own]
    total = sum(samples[client] for client in told)
    return sum(samples[client] / total * metrics[client][name] for client in told) if told else np.nan
