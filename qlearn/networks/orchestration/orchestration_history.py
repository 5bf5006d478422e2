"""The history of an orchestrated run: what was ordered, measured and spent in each round, and what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qlearn._types import Arrays
from qlearn.networks.federated.history import Failure, History
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.latency import Latency
from qlearn.networks.orchestration.orders import Orders


@dataclass(frozen=True)
class OrchestratedRound:
    """The record of one round.

    Parameters
    ----------
    number : int
        From 1.
    orders : Orders
        What was ordered.
    kpis : KPIs
        What the orchestrator learned of the round.
    latency : Latency
        Where its time went, as it was, also where the indicator got lost.
    seconds : float
        How long it lasted: the period, or longer if its update took longer.
    sent : dict of str to str
        The units whose sealed updates were merged, each with its aggregator.
    sealed : int
        Sealed messages of model numbers, on all hops and both ways. None is ever sent unsealed.
    key_bits : int
        Key that was used up by one end of every link, bits; where a key is relayed over trusted nodes, that of every hop.
    waited, shrunk : int
        Units that waited for keys, and that sent fewer numbers for want of them.
    results_bits, management_bits : int
        Sent on either channel, tags included.
    events : tuple of Failure
        Everything that did not go as ordered: who, in what, and why.
    """

    number: int
    orders: Orders
    kpis: KPIs
    latency: Latency = field(default_factory=Latency)
    seconds: float = 0.0
    sent: Mapping[str, str] = field(default_factory=dict)
    sealed: int = 0
    key_bits: int = 0
    waited: int = 0
    shrunk: int = 0
    results_bits: int = 0
    management_bits: int = 0
    events: tuple[Failure, ...] = ()


@dataclass
class OrchestrationHistory:
    """The rounds of an orchestrated run, and the model after the last of them.

    Parameters
    ----------
    learning : History
        The model, and its scores after each round.
    rounds : list of OrchestratedRound
        Complete rounds only.
    ended : str
        Why the run ended before its last round; empty if it did not, or was interrupted.
    unfinished : OrchestratedRound, optional
        The round in which it ended: its orders, the key that their tags took, and what had happened.

    Examples
    --------
    >>> record = OrchestratedRound(1, Orders(), KPIs(1, latency=0.2, accuracy=0.8), seconds=1.0, key_bits=640)
    >>> history = OrchestrationHistory(History([np.zeros(2)]), [record])
    >>> history, history.kpi("latency")
    (OrchestrationHistory(1 rounds, 1 s, 640 bits of key, accuracy 0.800), array([0.2]))
    """

    learning: History
    rounds: list[OrchestratedRound] = field(default_factory=list)
    ended: str = ""
    unfinished: OrchestratedRound | None = None

    def __repr__(self) -> str:
        known = [r.kpis.accuracy for r in self.rounds if r.kpis.accuracy == r.kpis.accuracy]
        told = f", accuracy {known[-1]:.3f}" if known else ""
        why = f", ended: {self.ended}" if self.ended else ", interrupted" * self.learning.interrupted
        return (
            f"OrchestrationHistory({len(self.rounds)} rounds, {self.seconds.sum():.4g} s, {int(self.key_bits.sum())} bits "
            f"of key{told}{why})"
        )

    @property
    def parameters(self) -> Arrays:
        """The model after the last round."""
        return self.learning.parameters

    @property
    def interrupted(self) -> bool:
        """Whether the user stopped the run."""
        return self.learning.interrupted

    @property
    def seconds(self) -> NDArray[np.float64]:
        """How long each round lasted, seconds of the network's clock."""
        return np.array([r.seconds for r in self.rounds])

    @property
    def latencies(self) -> NDArray[np.float64]:
        """Latency of each round with an update, as it was, seconds; NaN for the others."""
        return np.array([r.latency.total_s if r.sent else np.nan for r in self.rounds])

    @property
    def key_bits(self) -> NDArray[np.int64]:
        """Bits of key that each complete round used up."""
        return np.array([r.key_bits for r in self.rounds], np.int64)

    @property
    def events(self) -> list[tuple[int, Failure]]:
        """Everything that did not go as ordered, with the number of its round."""
        last = [] if self.unfinished is None else [self.unfinished]
        return [(r.number, event) for r in (*self.rounds, *last) for event in r.events]

    def kpi(self, name: str) -> NDArray[np.float64]:
        """Return one indicator of each round, as the orchestrator learned it."""
        return np.array([getattr(r.kpis, name) for r in self.rounds], np.float64)
