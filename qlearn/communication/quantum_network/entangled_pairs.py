"""Entangled pairs in memories: each with a number of its own, an age, and an end."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np

from qlearn._checks import as_count, as_probability, as_real
from qlearn.communication.repeaters.swapping import swap


@dataclass(frozen=True)
class Pair:
    """A pair of qubits in two memories, as it was when it was made."""

    number: int
    """Its own: no other pair of the store ever gets it."""
    ends: tuple[Hashable, Hashable]
    """The nodes that hold its halves."""
    fidelity: float
    """With phi+, a Werner pair, at `made_s`."""
    made_s: float
    """When it was made, or became what it is by a swap."""
    born_s: float
    """When the oldest link pair in it was made: the cut-off counts from there."""


@dataclass
class PairStore:
    r"""The pairs that nodes hold, by number, so that no message about an old pair is taken for one about a new pair.

    .. math:: F(t) = \tfrac14 + \bigl(F_0 - \tfrac14\bigr)\,e^{-t/\tau}

    A node hears of a swap or of a success only after a while. Meanwhile its memory may have been emptied and filled
    again: a message that speaks of "the pair in memory 3" then changes the wrong pair. One that speaks of a number is refused.

    Parameters
    ----------
    memories : mapping of node to int, optional
        Memories of nodes; a node that is not named has no limit.
    coherence_s : float
        :math:`\tau`, in seconds, of a pair with both its halves.
    cutoff_s : float
        Pairs older than this are thrown away.

    Examples
    --------
    >>> store = PairStore(cutoff_s=1.0)
    >>> first = store.add("Alice", "station", fidelity=0.95, now_s=0.0)
    >>> second = store.add("station", "Bob", fidelity=0.95, now_s=0.5)
    >>> joined = store.swap(first.number, second.number, now_s=0.5)
    >>> joined.ends, round(joined.fidelity, 6), store.held("station")
    (('Alice', 'Bob'), 0.903333, 0)
    >>> store.swap(first.number, joined.number, now_s=0.6)
    Traceback (most recent call last):
    ...
    ValueError: pair 0 is gone: it was swapped or thrown away. Pairs held now: 2
    """

    memories: Mapping[Hashable, int] = field(default_factory=dict)
    coherence_s: float = np.inf
    cutoff_s: float = np.inf
    _pairs: dict[int, Pair] = field(default_factory=dict, init=False, repr=False)
    _next: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("coherence_s", "cutoff_s"):
            value = getattr(self, name)
            if value != np.inf:
                as_real(value, name, above=0)
        self.memories = {
            node: as_count(n, f"memories of node {node!r}", least=0) for node, n in self.memories.items()
        }

    def __len__(self) -> int:
        return len(self._pairs)

    def held(self, node: Hashable) -> int:
        """Return how many memories of a node are in use."""
        return sum(pair.ends.count(node) for pair in self._pairs.values())

    def add(self, u: Hashable, v: Hashable, *, fidelity: float, now_s: float) -> Pair:
        """Store a new pair between two nodes; refuse it where a memory is missing."""
        fidelity, now_s = as_probability(fidelity, "fidelity"), as_real(now_s, "now_s")
        if u == v:
            raise ValueError(f"a pair must join two different nodes, not {u!r} with itself")
        self.drop_old(now_s)
        for node in (u, v):
            if node in self.memories and self.held(node) >= self.memories[node]:
                raise ValueError(
                    f"all {self.memories[node]} memories of node {node!r} are in use: swap or discard a pair first"
                )
        return self._keep((u, v), fidelity, now_s, now_s)

    def fidelity(self, number: int, now_s: float) -> float:
        """Return the fidelity that a pair has now."""
        pair = self._get(number, now_s)
        return float(0.25 + (pair.fidelity - 0.25) * np.exp(-(now_s - pair.made_s) / self.coherence_s))

    def discard(self, number: int, now_s: float) -> Pair:
        """Take a pair out, to use it or to throw it away, and return it."""
        self._get(number, now_s)
        return self._pairs.pop(number)

    def swap(self, first: int, second: int, now_s: float) -> Pair:
        """Make one pair of two that have one node in common; the two are gone."""
        one, two = self._get(first, now_s), self._get(second, now_s)
        common = {*one.ends} & {*two.ends}
        if len(common) != 1:
            raise ValueError(
                f"pairs {first} and {second} must have one node in common to be swapped there, not {len(common)}"
            )
        made = float(swap(self.fidelity(first, now_s), self.fidelity(second, now_s)))
        outer = tuple(node for pair in (one, two) for node in pair.ends if node not in common)
        del self._pairs[first], self._pairs[second]
        return self._keep((outer[0], outer[1]), made, now_s, min(one.born_s, two.born_s))

    def drop_old(self, now_s: float) -> list[Pair]:
        """Throw away the pairs that are older than the cut-off, and return them."""
        now_s = as_real(now_s, "now_s")
        old = [pair for pair in self._pairs.values() if now_s - pair.born_s > self.cutoff_s]
        for pair in old:
            del self._pairs[pair.number]
        return old

    def _keep(self, ends: tuple[Hashable, Hashable], fidelity: float, now_s: float, born_s: float) -> Pair:
        pair = Pair(self._next, ends, fidelity, now_s, born_s)
        self._pairs[pair.number] = pair
        self._next += 1
        return pair

    def _get(self, number: int, now_s: float) -> Pair:
        self.drop_old(now_s)
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise TypeError(f"a pair is called by its number, a whole number, not {number!r}")
        if number not in self._pairs:
            never = "it was never made" if not 0 <= number < self._next else "it was swapped or thrown away"
            held = ", ".join(map(str, self._pairs)) or "none"
            raise ValueError(f"pair {number} is gone: {never}. Pairs held now: {held}")
        pair = self._pairs[number]
        if now_s < pair.made_s:
            raise ValueError(f"now_s must not lie before pair {number} was made, {now_s:g} < {pair.made_s:g}")
        return pair
