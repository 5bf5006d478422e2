"""The exact law of a chain: in which slot its pair is there, and in which state, level by level.

A law is an array of shape (characters, slots): row 0 holds the chance that the pair is there in a slot, the others that
chance times the mean of -YY, XX and ZZ. Every level takes independent copies from the level below, waits for the last,
and either makes one pair of them or starts anew. What it makes is a product of its copies' characters, so that a sum
over all waiting times is a product of sums.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from qlearn._types import Array
from qlearn.communication.repeaters.waiting_times import (
    ages_transform,
    as_links,
    some_success,
    successes,
    waiting_time_mean,
)

_MOST_SLOTS = 2**18
_COARSE_SLOTS = (2**17, 2**19)
_COARSEST = 0.5
# Uncertainty of the state and of the mean that is good enough, and that is too much to be told.
_FINE_ENOUGH, _TOO_COARSE = 1e-5, 1e-2
# The chance that a pair is there by a slot is known to 1e-16: so the last of so many to about 1e-6, of 2^60 not at all.
MOST_PAIRS = 2**24
# A decay that is so strong from slot to slot is not seen on slots that are longer.
_UNSEEN = 2.0
# What may be left in the last eighth of the array: there the law that does not fit comes round again.
_TAIL = 1e-12


class Merge(NamedTuple):
    """What one level does with its copies: character k of the result is the sum of weight * product of characters."""

    copies: int
    terms: NDArray[np.int_]
    """Characters (i, j, k): i of the first copy, j of the second, k of the result. More copies: i = j = k."""
    weights: Array

    def apply(self, characters: Array) -> Array:
        """Return the characters of what equal copies make, by rows; row 0 is the chance that they make it."""
        return self.of(characters, characters)

    def of(self, first: Array, second: Array) -> Array:
        """Return the characters of what two different copies make."""
        made = np.zeros_like(first)
        for (i, j, k), weight in zip(self.terms, self.weights, strict=True):
            made[k] += weight * (first[i] * second[j] if self.copies == 2 else first[i] ** self.copies)
        return made


class Delivered(NamedTuple):
    """Mean slots of a chain's pair, and its mean characters."""

    mean: float
    characters: Array
    uncertainty: float
    """0 for a sum over single slots, else how far the last order of the extrapolation moved mean (relative) or state.

    Where memories forget within a coarse slot, all orders agree on a state without what meets in time: then it is at
    least the chance of such a meeting.
    """


def delivered(
    p: float, characters: Array, rates: Array, cutoff: int | None, merges: Sequence[Merge]
) -> Delivered:
    """Return what a chain delivers: by sums over single slots if there are not too many, else extrapolated to them."""
    if not merges:
        return Delivered(1 / p, characters, 0.0)
    slots = 64
    while slots < 32 / p:
        slots *= 2
    while slots <= _MOST_SLOTS:
        found = _on_grid(slots, p, characters, rates, cutoff, merges)
        if found is not None:
            return Delivered(*found, 0.0)
        slots *= 2
    return _extrapolated(p, characters, rates, cutoff, merges)


def _extrapolated(
    p: float, characters: Array, rates: Array, cutoff: int | None, merges: Sequence[Merge]
) -> Delivered:
    """Take 1, 2, 4 and 8 times as many slots together as is feasible, and extrapolate mean and state to single slots."""

    def rows_at(slots: int, scale: float) -> Array | None:
        rows = []
        for s in scale * np.array([1, 2, 4, 8]):
            kept = None if cutoff is None else round(cutoff / s)
            chance = float(some_success(s, np.asarray(p)))
            found = _on_grid(slots, chance, characters, rates * s, kept, merges)
            if found is None:
                return None
            rows.append([found[0] * s, *found[1]])
        return np.array(rows)

    least, reached = 0.0, list[Delivered]()
    for slots in _COARSE_SLOTS:
        scale = max(32, least) / (p * slots)
        if cutoff is not None:  # every scale must hold it a whole number of times
            scale = cutoff / 2.0 ** np.floor(np.log2(max(cutoff, 1) / max(scale, 1)))
        while 8 * scale * p <= _COARSEST and (cutoff is None or cutoff >= 8 * scale):
            rows = rows_at(slots, scale)
            if rows is not None:
                found = _to_single_slots(scale, rows)
                unseen = [len(merges) * p / rate for rate in rates if rate * scale > _UNSEEN]
                reached.append(found._replace(uncertainty=max(found.uncertainty, *unseen, 0.0)))
                break
            scale *= 2
        if reached and reached[-1].uncertainty < _FINE_ENOUGH:
            break
        least = scale * p * slots
    if reached and reached[-1].uncertainty < _TOO_COARSE:
        return reached[-1]
    raise ValueError(
        "the law of this chain is too long to be computed: its pair comes too rarely beside the time that a link, the "
        "cut-off or the decay of a memory takes. Take shorter links, surer swaps or better memories, or simulate it"
    )


def _to_single_slots(scale: float, rows: Array) -> Delivered:
    """Extrapolate mean and characters on slots 1, 2, 4, 8 times as long as `scale` to single slots."""

    def at_one(nodes: Array, values: Array) -> Array:
        lagrange = [np.prod([(1 - b) / (a - b) for b in nodes if b != a]) for a in nodes]
        return np.asarray(lagrange @ values)

    nodes = scale * np.array([1.0, 2, 4, 8])
    found, lower = at_one(nodes, rows), at_one(nodes[:3], rows[:3])
    moved = np.abs(found - lower)
    return Delivered(float(found[0]), found[1:], float(max(moved[0] / found[0], *moved[1:])))


def _on_grid(
    slots: int, p: float, characters: Array, rates: Array, cutoff: int | None, merges: Sequence[Merge]
) -> tuple[float, Array] | None:
    """Return mean slots and characters from laws on so many slots, or None where they are too long for that."""
    t = np.arange(slots)
    with np.errstate(divide="ignore"):
        link = (
            np.where(t > 0, p * np.exp(np.where(t > 1, t - 1, 0) * np.log1p(-p)), 0.0)
            if p < 1
            else 1.0 * (t == 1)
        )
    law, keeps = np.outer(characters, link), np.exp(-rates)
    for merge in merges[:-1]:
        made, anew = _tried(law, merge, keeps, cutoff)
        # As many tries as it takes: a geometric series of convolutions.
        law = fft.irfft(fft.rfft(made, axis=1) / (1 - fft.rfft(anew)), slots, axis=1)
        if _is_cut(law[0]):
            return None
    # Of the last level the mean is enough, however many tries it takes.
    made, anew = _tried(law, merges[-1], keeps, cutoff)
    if _is_cut(made[0] + anew):
        return None
    total = made.sum(axis=1)
    return float((made[0] + anew) @ t / total[0]), total / total[0]


def _is_cut(law: Array) -> bool:
    """Tell whether a law is too long for its array: then its end is not empty, and comes round again."""
    return float(np.abs(law[-law.size // 8 :]).sum()) > _TAIL


def _tried(law: Array, merge: Merge, keeps: Array, cutoff: int | None) -> tuple[Array, Array]:
    """Return the laws of one try of the level above: that it makes its pair in a slot, and that it must start anew there."""
    # Copies that are there by slot m, decayed until m; with a cut-off, those that came at most so many slots before.
    there = np.stack([_piled(row, float(x)) for x, row in zip(keeps, law, strict=True)])
    if cutoff is not None:
        old = keeps[:, None] ** (cutoff + 1.0) * _later(there, cutoff + 1)
        there = there - old
    # The last copy comes in slot m: all by m, less all by m - 1.
    made = merge.apply(there) - merge.apply(there - law)
    every, before = there[0] ** merge.copies, (there[0] - law[0]) ** merge.copies
    anew = every - before - made[0]
    if cutoff is not None:
        left = 1 - np.cumsum(law[0]) + law[0]  # a copy comes in slot s or later
        first = left**merge.copies - (left - law[0]) ** merge.copies
        window = np.cumsum(law[0])
        window = np.concatenate([window[cutoff:], np.full(min(cutoff, len(window)), window[-1])])[
            : len(window)
        ]
        window = window - np.cumsum(law[0]) + law[0]  # a copy comes in slots s to s + cutoff
        anew = anew + _later(first - (window**merge.copies - (window - law[0]) ** merge.copies), cutoff)
    return made, anew


def _piled(row: Array, keeps: float) -> Array:
    """Return what has come by each slot, of which a share is kept from slot to slot: sums of 1, 2, 4, ... slots."""
    if keeps == 1:
        return np.cumsum(row)
    piled, width, kept = row.copy(), 1, keeps
    while width < row.size and kept > 1e-30:
        piled[width:] += kept * piled[:-width]
        width, kept = 2 * width, kept**2
    return piled


def _later(rows: Array, by: int) -> Array:
    """Return rows shifted by a number of slots; what is shifted out is lost."""
    if by >= rows.shape[-1]:
        return np.zeros_like(rows)
    return np.concatenate([np.zeros_like(rows[..., :by]), rows[..., : rows.shape[-1] - by]], axis=-1)


def in_series(p: float, characters: Array, rates: Array, cutoff: int | None, merge: Merge) -> Delivered:
    """Return what links in series deliver that wait for the last of them: closed forms for every p."""
    n = as_links(merge.copies)
    chance = np.asarray(p)
    share, mean = 1.0, float(waiting_time_mean(n, p))
    left = np.array([ages_transform(n, chance, rate) for rate in rates])
    if cutoff is not None:
        share, mean, left = _within(n, p, rates, cutoff)
    ones = np.ones_like(characters)
    made = merge.apply(characters) * left
    swapped = float(merge.apply(ones)[0])
    return Delivered(float(mean / (share * swapped)), made / made[0], 0.0)


def _within(n: int, p: float, rates: Array, cutoff: int) -> tuple[float, float, Array]:
    """Return the chance that all links succeed within a cut-off of the first, the mean slots of a try, and the decay."""
    chance, m = np.asarray(p), np.arange(1, cutoff + 1)
    some = float(some_success(n, chance))
    at_once = successes(n, chance)[::-1][:n] / some  # 0, 1, ..., n - 1 links are left after the first success
    share, wait = 0.0, 1 / some
    decay = np.zeros(len(rates))
    x = np.exp(-rates)[:, None]
    powers = x ** np.arange(cutoff + 1)  # (rates, 0 .. cutoff)
    q = 1 - p
    # a link that comes in slots 1..m after the first, decayed until m
    came = np.concatenate([[0.0], p * q ** (m - 1.0)]) if p < 1 else np.concatenate([[0.0], 1.0 * (m == 1)])
    there = np.stack([_piled(came, float(kept)) for kept in x[:, 0]])
    for left, weight in enumerate(at_once):
        if left == 0:
            share += weight
            decay += weight
            continue
        done = there**left - (there - came) ** left
        share += weight * float(there[0, -1] ** left)
        decay += weight * np.sum(powers ** (n - left) * done, axis=1)
        wait += weight * float(np.sum(1 - there[0, :-1] ** left))
    return share, wait, decay / share


def bilinear(make: Callable[[Array, Array], Array], characters: Array) -> Merge:
    """Return a map of two Bell-diagonal pairs, linear in each and not normalised, on their characters."""
    basis = np.eye(4)
    table = np.array([[make(a, b) for b in basis] for a in basis])
    back = characters / 4  # its own inverse, up to 4
    tensor = np.einsum("ai,bj,abm,mk->ijk", back, back, table, characters)
    terms = np.argwhere(np.abs(tensor) > 1e-14)
    return Merge(2, terms, tensor[tuple(terms.T)])


def chained(make: Callable[[Array, Array], Array], characters: Array, copies: int) -> Merge:
    """Return a swap of several pairs: its characters multiply, so that the map of two tells that of all."""
    pair = bilinear(make, characters)
    if any(not (i == j == k) for i, j, k in pair.terms):
        raise ArithmeticError("a swap must multiply characters")
    weights = reduce(lambda made, _: made * pair.weights, range(copies - 2), pair.weights)
    return Merge(copies, pair.terms, weights)
