"""User association: which unit works with which aggregator, so that nobody waits longer than need be."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from qlearn._checks import as_choice, as_count, as_real, as_reals
from qlearn._types import Array


def transfer_times(
    bits: ArrayLike,
    bits_per_second: ArrayLike,
    *,
    qber: ArrayLike = 0.0,
    threshold: float = 0.11,
    compute_s: ArrayLike = 0.0,
) -> Array:
    r"""Return the seconds that an aggregator gives to each unit, shape (units, aggregators); infinite over a bad link.

    .. math:: t_{ij} = \frac{b_i}{r_{ij}} + c_j, \qquad t_{ij} = \infty \;\text{ if } r_{ij} = 0 \text{ or }
              Q_{ij} \ge Q_{\max}

    Parameters
    ----------
    bits : array_like, shape (units,)
        What each unit sends.
    bits_per_second : array_like, shape (units, aggregators)
        Rate of each link; 0 where there is none.
    qber : array_like, shape (units, aggregators)
        Its error rate: at the threshold and above, no key comes of it.
    threshold : float
        :math:`Q_{\max}`; 11 % is where BB84 ends.
    compute_s : array_like, shape (aggregators,)
        Seconds an aggregator works on one update.

    Returns
    -------
    ndarray of float64, shape (units, aggregators)

    Examples
    --------
    >>> transfer_times([100, 300], [[100, 50], [100, 0]], qber=[[0.02, 0.02], [0.02, 0.02]])
    array([[ 1.,  2.],
           [ 3., inf]])
    """
    sent, rate = as_reals(bits, "bits", least=0), as_reals(bits_per_second, "bits_per_second", least=0)
    errors = as_reals(qber, "qber", least=0, most=1)
    work = as_reals(compute_s, "compute_s", least=0)
    if sent.ndim != 1 or rate.ndim != 2 or len(rate) != sent.size:
        raise ValueError(
            f"bits_per_second must have shape ({sent.size}, aggregators), a row for each unit, not {rate.shape}"
        )
    usable = (rate > 0) & (np.broadcast_to(errors, rate.shape) < as_real(threshold, "threshold"))
    times = np.full(rate.shape, np.inf)
    np.divide(sent[:, None], rate, out=times, where=usable)
    return times + work


@dataclass(frozen=True, eq=False)
class Association:
    """Which aggregator serves each unit, and how long that takes.

    Parameters
    ----------
    aggregator : ndarray of int, shape (units,)
        Number of the aggregator; -1 for a unit that none can take.
    times : ndarray of float64, shape (units, aggregators)
        Seconds that each pair takes.
    """

    aggregator: NDArray[np.intp]
    times: Array

    @property
    def load_s(self) -> Array:
        """Seconds of work of each aggregator, shape (aggregators,)."""
        served = self.aggregator >= 0
        spent = self.times[np.flatnonzero(served), self.aggregator[served]]
        return np.bincount(self.aggregator[served], spent, self.times.shape[1]).astype(np.float64)

    @property
    def slowest_s(self) -> float:
        """Seconds until the last aggregator is done: the round waits for it."""
        return float(self.load_s.max())

    @property
    def mean_s(self) -> float:
        """Mean seconds until a unit is done, each aggregator taking the quick ones first; NaN if none is served."""
        total, served = 0.0, self.aggregator >= 0
        for j in range(self.times.shape[1]):
            spent = np.sort(self.times[self.aggregator == j, j])
            total += float(spent.cumsum().sum())
        return total / int(served.sum()) if served.any() else float("nan")

    @property
    def unserved(self) -> tuple[int, ...]:
        """The units that no aggregator can take."""
        return tuple(int(i) for i in np.flatnonzero(self.aggregator < 0))

    def __repr__(self) -> str:
        missing = f", {len(self.unserved)} unserved" if self.unserved else ""
        return f"Association({len(self.aggregator)} units, slowest {self.slowest_s:.3g} s, mean {self.mean_s:.3g} s{missing})"


def associate(
    times: ArrayLike, *, rule: str = "exact", objective: str = "slowest", capacity: ArrayLike | None = None
) -> Association:
    r"""Give each unit an aggregator.

    .. math:: \min_x \max_j \sum_i t_{ij} x_{ij} \quad\text{(slowest)}, \qquad
              \min_x \sum_j \sum_{k} k\, t_{i_{jk} j} \quad\text{(mean; } i_{jk} \text{ is k-th from the end at j)}

    An aggregator serves its units one after the other. ``"nearest"`` gives each unit its quickest link, whatever
    the queue there. ``"least_loaded"`` takes the units in order, the longest first, and gives each the aggregator
    that would be done first. ``"exact"`` is the optimum: for the slowest aggregator by a mixed-integer program (the
    problem is NP-hard; some tens of units are quick), for the mean as an assignment to places in the queues,
    which is polynomial. All serve as many units as they can; the exact ones as many as can be served.

    Parameters
    ----------
    times : array_like, shape (units, aggregators)
        Seconds; infinite where the link is down, see :func:`transfer_times`.
    rule : {"exact", "least_loaded", "nearest"}
    objective : {"slowest", "mean"}
        What the exact rule makes small.
    capacity : array_like of int, shape (aggregators,), optional
        Most units of each aggregator. None: no limit.

    Returns
    -------
    Association

    Examples
    --------
    >>> times = [[1.0, 4.0], [2.0, 5.0], [2.0, 3.0]]
    >>> for rule in ("nearest", "least_loaded", "exact"):
    ...     found = associate(times, rule=rule)
    ...     print(rule, found.aggregator.tolist(), found.slowest_s)
    nearest [0, 0, 0] 5.0
    least_loaded [0, 0, 1] 3.0
    exact [0, 0, 1] 3.0

    References
    ----------
    Graham, "Bounds on multiprocessing timing anomalies", 1969, doi:10.1137/0117039 (longest first).
    Bruno, Coffman, Sethi, "Scheduling independent tasks to reduce mean finishing time", 1974,
    doi:10.1145/361011.361064 (the mean as an assignment).
    """
    t = np.asarray(times, dtype=np.float64)
    if t.ndim != 2 or not t.size:
        raise ValueError(f"times must have shape (units, aggregators), not {t.shape}")
    if np.isnan(t).any() or (t < 0).any():
        raise ValueError("times must be seconds, at least 0, or infinite where the link is down")
    as_choice(rule, ("exact", "least_loaded", "nearest"), "rule")
    as_choice(objective, ("slowest", "mean"), "objective")
    places = _capacity(capacity, t)
    if rule == "nearest":
        return Association(_one_by_one(t, places, range(len(t)), queues=False), t)
    if rule == "least_loaded":
        quickest = t.min(axis=1)
        longest_first = np.argsort(-np.where(np.isfinite(quickest), quickest, -1.0), kind="stable")
        return Association(_one_by_one(t, places, longest_first, queues=True), t)
    exact = _least_slowest if objective == "slowest" else _least_mean
    return Association(exact(t, places), t)


def _capacity(capacity: ArrayLike | None, t: Array) -> NDArray[np.intp]:
    units, aggregators = t.shape
    if capacity is None:
        return np.full(aggregators, units, dtype=np.intp)
    places = np.asarray(capacity)
    if places.shape != (aggregators,):
        raise ValueError(
            f"capacity must have shape ({aggregators},), a number for each aggregator, not {places.shape}"
        )
    return np.array([min(as_count(n.item(), "capacity", least=0), units) for n in places], dtype=np.intp)


def _one_by_one(
    t: Array, places: NDArray[np.intp], order: Iterable[int], *, queues: bool
) -> NDArray[np.intp]:
    chosen, load, free = np.full(len(t), -1, dtype=np.intp), np.zeros(t.shape[1]), places.copy()
    for unit in order:
        done = np.where(free > 0, t[unit] + (load if queues else 0.0), np.inf)
        best = int(done.argmin())
        if np.isfinite(done[best]):
            chosen[unit] = best
            load[best] += t[unit, best]
            free[best] -= 1
    return chosen


def _least_slowest(t: Array, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Solve again without the pairs that are slower than the whole answer, while that helps.

    HiGHS keeps rules to a millionth of the slowest pair, and would not see what is below that.
    """
    chosen, slowest = _solved(t, places), np.inf
    while (now := Association(chosen, t).slowest_s) < slowest and (t[np.isfinite(t)] > 1e3 * now).any():
        slowest = now
        again = _solved(np.where(t <= slowest, t, np.inf), places)
        if (again >= 0).sum() < (chosen >= 0).sum() or Association(again, t).slowest_s >= slowest:
            break
        chosen = again
    return chosen


def _solved(t: Array, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Unknowns: a pair that can work together (0 or 1), a unit that stays without (0 or 1), the time of the slowest."""
    units, aggregators = t.shape
    usable = np.isfinite(t) & (places > 0)
    # somebody stays without only if a link or a place is missing; else no pair slower than a rule's whole answer is used
    may_stay = bool((places < units).any() or not usable.any(axis=1).all())
    if not may_stay:
        usable &= t <= Association(_one_by_one(t, places, range(units), queues=True), t).slowest_s
    unit, hub = np.nonzero(usable)
    seconds = t[unit, hub] / max(float(t[usable].max(initial=0.0)), 1e-300)
    pairs, left = len(unit), units if may_stay else 0
    once, count = np.zeros((units, pairs + left + 1)), np.zeros((aggregators, pairs + left + 1))
    once[unit, np.arange(pairs)] = 1
    once[np.arange(left), pairs + np.arange(left)] = 1
    count[hub, np.arange(pairs)] = 1
    load = count * np.append(seconds, np.zeros(left + 1))
    load[:, -1] = -1
    # a rule that binds nobody is left out: HiGHS is the quicker, and the quieter, for it
    rules = [LinearConstraint(once, 1, 1), LinearConstraint(load, -np.inf, 0)]
    rules += [LinearConstraint(count, -np.inf, places)] if may_stay else []
    # one unit more without service costs more than any schedule can save
    cost = np.concatenate([np.zeros(pairs), np.full(left, units + 1.0), [1.0]])
    found = milp(
        cost,
        integrality=np.append(np.ones(pairs + left), 0),
        # No time is above `units`, in units of the slowest pair. Without a bound HiGHS 1.12 called a plan best that was not.
        bounds=Bounds(0, np.append(np.ones(pairs + left), float(units))),
        constraints=rules,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ArithmeticError(f"the mixed-integer program ended without an answer: {found.message}")
    chosen = np.full(units, -1, dtype=np.intp)
    taken = found.x[:pairs] > 0.5
    chosen[unit[taken]] = hub[taken]
    return chosen


def _least_mean(t: Array, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Assign units to places, a column each: the k-th from the end of a queue holds up k units, itself one of them."""
    units, aggregators = t.shape
    who = np.repeat(np.arange(aggregators), places)
    depth = np.concatenate([np.arange(1, n + 1) for n in places]) if places.any() else np.zeros(0)
    reachable = np.isfinite(t)[:, who]
    cost = np.where(reachable, depth * np.where(np.isfinite(t), t, 0.0)[:, who], 0.0)
    without = 2 * cost.sum() + 1.0 if cost.size else 1.0
    table = np.hstack([np.where(reachable, cost, 2 * without), np.full((units, units), without)])
    _, column = linear_sum_assignment(table)
    return np.array([who[c] if c < who.size else -1 for c in column], dtype=np.intp)
