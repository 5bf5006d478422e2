"""The order of a migration: which system moves first if one team moves them all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qlearn._checks import as_real
from qlearn.applications.finance.threat_timeline import ThreatTimeline

_MOST = 14


@dataclass(frozen=True)
class System:
    """A system that has to move to new cryptography.

    Parameters
    ----------
    name : str
        What it is called.
    shelf_life : float
        Years that its secrets must last.
    effort : float
        Years that the team needs for it, above 0.
    records : float
        What it sends a year that is worth reading, in any unit.
    """

    name: str
    shelf_life: float
    effort: float
    records: float = 1.0

    def __post_init__(self) -> None:
        as_real(self.shelf_life, "shelf_life", least=0)
        as_real(self.effort, "effort", above=0)
        as_real(self.records, "records", least=0)


@dataclass(frozen=True)
class MigrationPlan:
    """An order of systems, and the records that are read in spite of it, in the mean."""

    order: tuple[str, ...]
    exposed: float


def _lost(system: System, done: float, timeline: ThreatTimeline) -> float:
    x = system.shelf_life
    return float(system.records * (timeline.years_open(done + x) - timeline.years_open(x)))


def _listed(systems: Sequence[System]) -> list[System]:
    listed = list(systems)
    if not 1 <= len(listed) <= _MOST:
        raise ValueError(
            f"systems must be 1 to {_MOST}, not {len(listed)}: every subset of them is gone through"
        )
    if len({system.name for system in listed}) < len(listed):
        raise ValueError("systems must have different names")
    return listed


def exposed_records(systems: Sequence[System], timeline: ThreatTimeline) -> float:
    r"""Return the mean number of records that are read, if the systems are moved one by one in this order.

    .. math:: \sum_i w_i \int_0^{C_i} F(s + x_i)\, ds, \qquad C_i = \text{end of the move of } i

    What a system sends until it has moved is recorded, and read if the machine comes within its shelf life.

    Parameters
    ----------
    systems : sequence of System
        In the order of the moves.
    timeline : ThreatTimeline

    Returns
    -------
    float
        In the unit of `records`.

    Examples
    --------
    >>> from qlearn.applications.finance import SURVEY_2023_LATE
    >>> cards, ledgers = System("cards", 3, 2.0, 10), System("ledgers", 25, 1.0, 1)
    >>> round(exposed_records([cards, ledgers], SURVEY_2023_LATE), 3)
    3.206
    """
    end, total = 0.0, 0.0
    for system in _listed(systems):
        end += system.effort
        total += _lost(system, end, timeline)
    return total


def plan_migration(systems: Sequence[System], timeline: ThreatTimeline) -> MigrationPlan:
    r"""Return the order of moves that leaves the fewest records readable: the optimum, not a rule.

    When a system is done depends only on *which* ones came before it, not on their order. So the best order of every
    subset follows from those of its smaller ones (dynamic programming), in :math:`n 2^n` steps in place of n!.

    Parameters
    ----------
    systems : sequence of System
        At most 14, of different names.
    timeline : ThreatTimeline

    Returns
    -------
    MigrationPlan

    Examples
    --------
    >>> from qlearn.applications.finance import SURVEY_2023_LATE
    >>> cards, ledgers = System("cards", 3, 2.0, 10), System("ledgers", 25, 1.0, 1)
    >>> plan_migration([cards, ledgers], SURVEY_2023_LATE).order
    ('ledgers', 'cards')

    References
    ----------
    Held and Karp, "A dynamic programming approach to sequencing problems", 1962, doi:10.1137/0110015.
    """
    listed = _listed(systems)
    n = len(listed)
    efforts = np.array([system.effort for system in listed])
    best, last = [0.0] * (1 << n), [0] * (1 << n)
    for chosen in range(1, 1 << n):
        members = [i for i in range(n) if chosen >> i & 1]
        end = float(efforts[members].sum())
        costs = {i: best[chosen ^ (1 << i)] + _lost(listed[i], end, timeline) for i in members}
        last[chosen] = min(costs, key=costs.__getitem__)
        best[chosen] = costs[last[chosen]]
    order, chosen = [], (1 << n) - 1
    while chosen:
        order.append(listed[last[chosen]].name)
        chosen ^= 1 << last[chosen]
    return MigrationPlan(tuple(reversed(order)), best[-1])
