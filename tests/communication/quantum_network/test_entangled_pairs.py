"""Pairs in memories: a number is never given twice, age counts, and a message about an old pair is refused."""

import numpy as np
import pytest

from qlearn.communication.quantum_network import PairStore


def test_swap_and_regeneration_in_flight():
    """The station swaps and makes a new pair with Alice; the message that names the old one must not touch the new."""
    store = PairStore(memories={"station": 2})
    old = store.add("Alice", "station", fidelity=0.9, now_s=0.0)
    far = store.add("station", "Bob", fidelity=0.9, now_s=0.0)
    long = store.swap(old.number, far.number, now_s=0.0)
    new = store.add("Alice", "station", fidelity=0.9, now_s=0.1)
    assert len({old.number, far.number, long.number, new.number}) == 4
    with pytest.raises(
        ValueError, match=rf"pair {old.number} is gone: it was swapped or thrown away. Pairs held now: 2, 3"
    ):
        store.swap(old.number, long.number, now_s=0.2)
    assert len(store) == 2
    assert long.ends == ("Alice", "Bob")
    assert long.fidelity == pytest.approx(0.9**2 + 0.1**2 / 3)


def test_a_swap_sees_pairs_as_they_have_aged():
    store = PairStore(coherence_s=2.0)
    first = store.add(0, 1, fidelity=0.97, now_s=0.0)
    second = store.add(1, 2, fidelity=0.97, now_s=3.0)
    joined = store.swap(first.number, second.number, now_s=4.0)
    werner = ((4 * 0.97 - 1) / 3) ** 2 * np.exp(-4 / 2) * np.exp(-1 / 2)
    assert joined.fidelity == pytest.approx(0.25 + 0.75 * werner)
    assert store.fidelity(joined.number, 5.0) == pytest.approx(0.25 + 0.75 * werner * np.exp(-1 / 2))
    assert joined.born_s == 0.0


def test_the_cutoff_counts_from_the_oldest_link_pair():
    store = PairStore(cutoff_s=1.0)
    first = store.add(0, 1, fidelity=0.9, now_s=0.0)
    second = store.add(1, 2, fidelity=0.9, now_s=0.8)
    joined = store.swap(first.number, second.number, now_s=0.9)
    with pytest.raises(ValueError, match=r"is gone: it was swapped or thrown away. Pairs held now: none"):
        store.fidelity(joined.number, 1.1)
    store.add(0, 1, fidelity=0.9, now_s=2.0)
    assert [pair.number for pair in store.drop_old(3.5)] == [3]


def test_memories_are_freed_by_what_takes_pairs_out():
    store = PairStore(memories={0: 1})
    pair = store.add(0, 1, fidelity=0.9, now_s=0.0)
    with pytest.raises(ValueError, match="all 1 memories of node 0 are in use: swap or discard"):
        store.add(0, 2, fidelity=0.9, now_s=0.0)
    assert store.discard(pair.number, 0.0) == pair
    assert store.add(0, 2, fidelity=0.9, now_s=0.0).number == 1


def test_refusals():
    store = PairStore()
    one = store.add(0, 1, fidelity=0.9, now_s=1.0)
    two = store.add(2, 3, fidelity=0.9, now_s=1.0)
    with pytest.raises(ValueError, match="must have one node in common to be swapped there, not 0"):
        store.swap(one.number, two.number, now_s=1.0)
    with pytest.raises(ValueError, match="must have one node in common to be swapped there, not 2"):
        store.swap(one.number, one.number, now_s=1.0)
    with pytest.raises(ValueError, match="pair 9 is gone: it was never made"):
        store.discard(9, 1.0)
    with pytest.raises(ValueError, match="must not lie before pair 0 was made"):
        store.fidelity(0, 0.5)
    with pytest.raises(ValueError, match="must join two different nodes"):
        store.add(1, 1, fidelity=0.9, now_s=1.0)
    with pytest.raises(ValueError, match="fidelity must be a probability"):
        store.add(0, 1, fidelity=1.2, now_s=1.0)
    for bad in ({"coherence_s": 0}, {"cutoff_s": -1}):
        with pytest.raises(ValueError, match="must be above 0"):
            PairStore(**bad)


@pytest.mark.parametrize(
    ("n", "kind"), [(-1, ValueError), (1.5, TypeError), ("2", TypeError), (np.nan, TypeError)]
)
def test_memories_are_counts(n, kind):
    with pytest.raises(kind, match="memories of node 'A' must be"):
        PairStore(memories={"A": n})


def test_memories_are_copied():
    memories = {"A": 1}
    store = PairStore(memories=memories)
    memories["A"] = 0
    store.add("A", "B", fidelity=0.9, now_s=0.0)


def test_a_time_that_is_none_and_a_name_that_is_no_number_are_refused():
    store = PairStore()
    pair = store.add("A", "B", fidelity=0.9, now_s=0.0)
    for ask in (store.fidelity, store.discard):
        with pytest.raises(ValueError, match="now_s must be a finite number"):
            ask(pair.number, np.nan)
        with pytest.raises(TypeError, match="a pair is called by its number"):
            ask("0", 1.0)
    assert store.fidelity(np.int64(pair.number), 1.0) == 0.9
