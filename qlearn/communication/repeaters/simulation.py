"""Simulation: a chain of repeaters played pair by pair, as many as one likes, in bounded memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from qlearn._checks import as_count, as_rng
from qlearn._types import Array
from qlearn.communication.repeaters._laws import Merge
from qlearn.communication.repeaters.chains import Chain, Plan
from qlearn.communication.repeaters.memories import CHARACTERS

# Tries of a level that are played together, of up to 8 copies each: their arrays stay in the cache of the processor.
_TRIES = 2**14


@dataclass(frozen=True, eq=False)
class Simulation:
    """Result of :func:`simulate`: what the pairs that were played have in common, and some of them.

    Parameters
    ----------
    plan : Plan
        The chain.
    n_pairs : int
        Pairs that were delivered: as many as were asked for, or fewer if it was interrupted.
    interrupted : bool
        Whether somebody stopped it by hand.
    sums : ndarray of float64, shape (7,)
        Over all pairs: slots, squared slots, the four weights of the Bell states, squared fidelities.
    slots, fidelities : ndarray of float64, shape (min(keep, n_pairs),)
        Of the first pairs: slots since the pair before, and fidelity given all waiting times.
    """

    plan: Plan
    n_pairs: int
    interrupted: bool
    sums: NDArray[np.float64] = field(repr=False)
    slots: NDArray[np.float64] = field(repr=False)
    fidelities: NDArray[np.float64] = field(repr=False)

    @property
    def mean_slots(self) -> float:
        """Mean number of slots for a pair."""
        return float(self._means()[0])

    @property
    def mean_slots_error(self) -> float:
        """Standard error of it."""
        slots, squares, *_ = self._means()
        return float(np.sqrt(max(squares - slots**2, 0) / self.n_pairs))

    @property
    def pair(self) -> NDArray[np.float64]:
        """Mean state of the pairs, in the order phi+, psi-, psi+, phi-, shape (4,)."""
        return self._means()[2:6]

    @property
    def fidelity(self) -> float:
        """Mean fidelity with phi+."""
        return float(self.pair[0])

    @property
    def fidelity_error(self) -> float:
        """Standard error of it."""
        means = self._means()
        return float(np.sqrt(max(means[6] - means[2] ** 2, 0) / self.n_pairs))

    @property
    def chain(self) -> Chain:
        """The same as a :class:`Chain`, with its rate and its key: estimates, which carry the two errors above."""
        return Chain(self.plan, self.mean_slots, self.pair / self.pair.sum())

    def _means(self) -> NDArray[np.float64]:
        if not self.n_pairs:
            raise ValueError(
                "no pair was delivered before the simulation was interrupted: there is nothing to average"
            )
        return self.sums / self.n_pairs

    def __repr__(self) -> str:
        stopped = ", interrupted" if self.interrupted else ""
        if not self.n_pairs:
            return f"Simulation(0 pairs{stopped})"
        return f"Simulation({self.n_pairs} pairs{stopped}, mean_slots={self.mean_slots:.6g}, fidelity={self.fidelity:.6f})"


def simulate(
    plan: Plan | Chain,
    n_pairs: int = 100_000,
    *,
    keep: int = 0,
    chunk: int = 2**16,
    progress: bool | None = None,
    rng: Any = None,
) -> Simulation:
    r"""Play a chain until it has delivered a number of pairs: links, memories, cut-off, swaps and purification.

    Waiting times are drawn link by link; every pair ages by its own wait; every swap and purification succeeds or fails
    with the chance that its own two pairs give it. It is the same model as :func:`chain`, which needs no chance, played by
    other code: the two have to agree.

    Parameters
    ----------
    plan : Plan or Chain
        What to play.
    n_pairs : int
        Pairs from end to end.
    keep : int
        How many single pairs to keep, the first ones; memory grows with it and not with `n_pairs`.
    chunk : int
        Pairs between two steps of the progress bar, and the most that an interruption loses.
    progress : bool, optional
        True: a progress bar on stderr. False: none. None: one in a terminal, if it takes more than a second.
    rng : None, int or numpy.random.Generator
        Anything that :func:`numpy.random.default_rng` takes. The same seed gives the same pairs only for the same `chunk`.

    Returns
    -------
    Simulation
        Stopped by Ctrl-C it holds the pairs of all complete chunks, and ``interrupted`` is True.

    Examples
    --------
    >>> from qlearn.communication import repeaters
    >>> plan = repeaters.Plan(loss_db=40, links=4, fidelity=0.97, memory=repeaters.Memory(t2_s=500))
    >>> simulate(plan, 50_000, rng=1)
    Simulation(50000 pairs, mean_slots=20.1711, fidelity=0.825401)
    >>> repeaters.chain(loss_db=40, links=4, fidelity=0.97, memory=repeaters.Memory(t2_s=500))
    Chain(links=4, rate=0.0493258, fidelity=0.825106, key_rate=0.001853)

    Two links with a cut-off of 5 slots, and two that wait: beside the closed forms.

    >>> simulate(repeaters.Plan(loss_db=20, links=2, memory=repeaters.Memory(cutoff_s=5)), rng=1).mean_slots
    20.67343
    >>> float(repeaters.cutoff_waiting_time(0.1, 5).round(4))
    20.7512
    >>> simulate(repeaters.Plan(loss_db=20, links=2, memory=repeaters.Memory(t2_s=200)), rng=1)
    Simulation(100000 pairs, mean_slots=14.6719, fidelity=0.956927)
    >>> float(((1 + repeaters.age_decay(2, 0.1, 200 / 2)) / 2).round(4))
    0.9567

    References
    ----------
    Brand, Coopmans and Elkouss, IEEE J. Sel. Areas Commun. 38, 619 (2020), arXiv:1912.07688 (a Monte Carlo beside the law).
    """
    plan = plan.plan if isinstance(plan, Chain) else plan
    if not isinstance(plan, Plan):
        raise TypeError(
            f"plan must be a Plan or a Chain, not {type(plan).__name__}: as Plan(length_km=200, links=4)"
        )
    n_pairs, keep, chunk = as_count(n_pairs, "n_pairs"), as_count(keep, "keep", 0), as_count(chunk, "chunk")
    if progress not in (None, True, False):
        raise TypeError(f"progress must be True, False or None, not {progress!r}")
    play = _player(plan, as_rng(rng))
    done, interrupted, sums = 0, False, np.zeros(7)
    kept = np.empty((2, min(keep, n_pairs)))
    hidden = None if progress is None else not progress
    with tqdm(
        total=n_pairs, unit="pair", unit_scale=True, disable=hidden, delay=1 if progress is None else 0
    ) as bar:
        try:
            while done < n_pairs:
                size = min(chunk, n_pairs - done)
                slots, characters = play(size)
                weights = CHARACTERS @ characters / 4
                new = [slots.sum(), slots @ slots, *weights.sum(axis=1), weights[0] @ weights[0]]
                if done < kept.shape[1]:
                    part = kept[:, done : done + size]
                    part[:] = slots[: part.shape[1]], weights[0, : part.shape[1]]
                done, sums = done + size, sums + new
                bar.update(size)
        except KeyboardInterrupt:  # what is complete is kept
            interrupted = True
    return Simulation(plan, done, interrupted, sums, kept[0, :done], kept[1, :done])


Play = Callable[[int], tuple[Array, Array]]
"""Make so many pairs: their slots, shape (size,), and their characters, shape (4, size)."""


def _player(plan: Plan, rng: np.random.Generator) -> Play:
    """Return what plays the whole chain: level upon level."""
    start = plan.pair @ CHARACTERS
    scale = -1 / np.log1p(-plan.link_success) if plan.link_success < 1 else 0.0

    def link_slots(size: int) -> Array:
        # An exponential time, in whole slots, is geometric.
        slots = rng.standard_exponential(size)
        slots *= scale
        np.floor(slots, out=slots)
        slots += 1
        return slots

    def link(size: int) -> tuple[Array, Array]:
        return link_slots(size), np.broadcast_to(start[:, None], (4, size))

    if not plan.merges:
        return link
    first, *above = plan.merges
    play = _level(_raw(first, start, link_slots, plan), first, plan, rng)
    for merge in above:
        play = _level(_copies(merge, play, plan), merge, plan, rng)
    return play


Try = Callable[[int], tuple[Array, Array, Array]]
"""Try so often: slots of a try, its chance to succeed given its copies, and the characters that it makes then."""


def _raw(merge: Merge, start: Array, link_slots: Callable[[int], Array], plan: Plan) -> Try:
    """Return the tries of a level whose copies are single links: all that matters of them are their ages."""
    n, rates, swaps = (
        merge.copies,
        plan.decay_rates,
        merge.copies > 2 or bool(np.ptp(merge.terms, axis=1).max() == 0),
    )
    fresh = merge.apply(start)

    def tries(size: int) -> tuple[Array, Array, Array]:
        came = link_slots(n * size).reshape(n, size)
        last = came.max(axis=0)
        slots, there = _cut(came, last, plan)
        if swaps:  # the decay depends on the sum of the ages alone
            ages = n * last - came.sum(axis=0)
            made = _decayed(fresh, ages, rates)
        else:
            halves = [_decayed(start, last - one, rates) for one in came]
            made = merge.of(*halves)
        return slots, made[0] * there, made

    return tries


def _decayed(characters: Array, ages: Array, rates: Array) -> Array:
    """Return what ages leave of one and the same pair, shape (4, size)."""
    left = np.empty((4, ages.size))
    left[0] = characters[0]
    factors: dict[float, Array] = {}
    for row in (1, 2, 3):
        rate = float(rates[row])
        if rate == 0:
            left[row] = characters[row]
            continue
        if rate not in factors:
            factors[rate] = np.exp(-rate * ages)
        np.multiply(factors[rate], characters[row], out=left[row])
    return left


def _copies(merge: Merge, play: Play, plan: Plan) -> Try:
    """Return the tries of a level whose copies come from the level below."""
    n, rates = merge.copies, plan.decay_rates

    def tries(size: int) -> tuple[Array, Array, Array]:
        slots, characters = play(n * size)
        came, characters = slots.reshape(n, size), characters.reshape(4, n, size)
        last = came.max(axis=0)
        slots, there = _cut(came, last, plan)
        aged = characters * _decayed(np.ones(4), (last - came).ravel(), rates).reshape(4, n, size)
        # Copies that are all different multiply one after the other.
        made = merge.of(aged[:, 0], aged[:, 1]) if n == 2 else _product(merge, aged)
        return slots, made[0] * there, made

    return tries


def _product(merge: Merge, aged: Array) -> Array:
    made = np.zeros((4, aged.shape[2]))
    for (i, _, k), weight in zip(merge.terms, merge.weights, strict=True):
        made[k] += weight * aged[i].prod(axis=0)
    return made


def _cut(came: Array, last: Array, plan: Plan) -> tuple[Array, Array | float]:
    """Return the slots of tries, and where the copies came within the cut-off of each other."""
    if plan.cutoff_slots is None:
        return last, 1.0
    ends = came.min(axis=0) + plan.cutoff_slots
    return np.minimum(last, ends), last <= ends


def _level(tries: Try, merge: Merge, plan: Plan, rng: np.random.Generator) -> Play:
    """Return what plays a level: it tries until it has made enough, and each pair has taken all tries since the last."""
    share = 1.0  # of tries that succeed, as seen so far
    most = max(8 * _TRIES // max(8, merge.copies), 16)

    def play(size: int) -> tuple[Array, Array]:
        nonlocal share
        slots, characters = np.empty(size), np.empty((4, size))
        done, carried = 0, 0.0
        while done < size:
            wanted = int((size - done) / share * 1.02) + 16
            tried, chance, made = tries(min(wanted, most))
            sure = bool(np.min(chance) >= 1 - 1e-12)
            good = np.arange(tried.size) if sure else np.flatnonzero(rng.random(tried.size) < chance)
            share = 0.5 * share + 0.5 * max(good.size, 0.5) / tried.size
            good = good[: size - done]
            if not good.size:
                carried += tried.sum()
                continue
            if sure:
                took, left = tried[: good.size], 0.0
                took[0] += carried
            else:
                clock = np.cumsum(tried)
                took, left = np.diff(clock[good], prepend=-carried), float(clock[-1] - clock[good[-1]])
            carried = left
            part = slice(done, done + good.size)
            slots[part] = took
            np.divide(made[:, good], made[0, good], out=characters[:, part])
            done += good.size
        return slots, characters

    return play
