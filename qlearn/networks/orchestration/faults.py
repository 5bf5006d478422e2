"""Faults: what may happen to a network while it learns, and when."""

from dataclasses import dataclass

import numpy as np

from qlearn._checks import as_choice, as_count, as_real

KINDS = {
    "aggregator lost": "an aggregator is away",
    "unit lost": "a unit is away",
    "link noise": "the error rate of a quantum link is `size`: somebody listens, or the link is below its threshold",
    "line cut": "the classical line of a link carries nothing",
    "reserve drained": "the key reserve of a link is erased",
    "update tampered": "a bit of what a unit sends is flipped on the way",
    "orders lost": "what the orchestrator tells an aggregator does not arrive",
    "KPI missing": "an indicator does not reach the orchestrator; without `where`, all of them",
    "KPI nonsense": "an indicator arrives as `size`",
    "new devices": "`size` devices join at an aggregator, and stay",
    "flood": "`size` requests a second reach an aggregator",
}
"""What a fault may be."""

_AT_A_LINK = ("link noise", "line cut", "reserve drained")


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, or changes, in a run.

    Parameters
    ----------
    round : int
        The round in which it begins, from 1.
    kind : str
        One of the keys of :data:`KINDS`.
    where : str
        Name of the node, of the indicator, or of the link as ``"unit 3 - aggregator 0"``.
    size : float
        How large it is, where that means something.
    rounds : int
        For how many rounds it lasts.

    Examples
    --------
    >>> eve = Fault(5, "link noise", "unit 3 - aggregator 0", size=0.25, rounds=10)
    >>> eve.ends, eve.in_round(4), eve.in_round(14)
    (('unit 3', 'aggregator 0'), False, True)
    >>> KINDS["aggregator lost"]
    'an aggregator is away'
    """

    round: int
    kind: str
    where: str = ""
    size: float = 1.0
    rounds: int = 1

    def __post_init__(self) -> None:
        as_count(self.round, "round")
        as_choice(self.kind, KINDS, "kind")
        as_count(self.rounds, "rounds")
        if not isinstance(self.where, str):
            raise TypeError(f"where must be a name, not {self.where!r}")
        if self.kind in _AT_A_LINK and len(self.ends) != 2:
            raise ValueError(
                f"where must name a link by its two ends, as 'unit 3 - aggregator 0', not {self.where!r}"
            )
        if self.kind == "link noise":
            as_real(self.size, "size", least=0, most=0.5)
        elif self.kind in ("new devices", "flood"):
            as_real(self.size, "size", least=0)
        elif not isinstance(self.size, int | float | np.number):  # nonsense may be any number, NaN too
            raise TypeError(f"size must be a number, not {self.size!r}")

    @property
    def ends(self) -> tuple[str, ...]:
        """The two ends of the link, or the one node."""
        return tuple(self.where.split(" - "))

    def in_round(self, number: int) -> bool:
        """Tell whether it is there in this round."""
        return self.round <= number < self.round + self.rounds
