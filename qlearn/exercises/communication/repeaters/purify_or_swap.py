"""Purify and then swap, or the other way round."""

from qlearn.communication import repeaters
from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="Purify first: with perfect gates the same four raw pairs a try make a better pair, and are tried more rarely.",
    because=r"""
        Purified links have $F_1 = F'(F)$, and each takes $2/p(F)$ raw pairs, so the swapped pair has cost $4/p(F)$. Swapped
        first, both long pairs have $F_2 = $ swap$(F, F)$, which is lower, so is their gain, and the chance $p(F_2)$:
        $4/p(F_2)$. All of this is for perfect gates. With faulty ones it can turn round, because a round at the end also
        finds errors of the swaps; and a station that cannot purify leaves only the second order, where the ends do.
    """,
)
def purify_or_swap(f):
    """Two links hold two raw Werner pairs each, all of fidelity `f`. First order: purify each link by one round of
    BBPSSW (and twirl), then swap. Second: swap both pairs of links, then purify the two long pairs. Whatever
    fails is made again, and what has succeeded waits without loss. Return `(fidelity, raw pairs, fidelity, raw
    pairs)`: what the first order delivers and costs on average, then the second. Given: `repeaters`.
    """
    short, chance = repeaters.purify(f)
    first = repeaters.swap(short, short), 4 / chance
    long, chance = repeaters.purify(repeaters.swap(f, f))
    return *first, long, 4 / chance


@purify_or_swap.cases
def qualities(rng):
    """Raw pairs from those that just leave something after a swap to very good ones."""
    for low, high in ((0.75, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.999)):
        yield (float(rng.uniform(low, high)),)


def _orders(f, tries=lambda p: 4 / p, tries_long=lambda p: 4 / p, swap=repeaters.swap):
    short, chance = repeaters.purify(f)
    long, chance_long = repeaters.purify(max(swap(f, f), 0.5))
    return swap(short, short), tries(chance), long, tries_long(chance_long)


@purify_or_swap.mistake(
    "the two links need not succeed in the same try: the one that is ready waits. So the cost is 4 / p, not 4 / p²."
)
def both_at_once(f):
    return _orders(f, tries=lambda p: 4 / p**2)


@purify_or_swap.mistake("a round takes two pairs, and there are two links: four raw pairs a try, not two.")
def two_pairs_a_try(f):
    return _orders(f, tries=lambda p: 2 / p, tries_long=lambda p: 2 / p)


@purify_or_swap.mistake(
    "each of the two long pairs takes two raw ones: in the second order a try costs four."
)
def long_pairs_are_single(f):
    return _orders(f, tries_long=lambda p: 2 / p)


@purify_or_swap.mistake(
    "you multiply fidelities. A swap has a second term, for two errors that undo each other."
)
def products(f):
    return _orders(f, swap=lambda a, b: a * b)


@purify_or_swap.mistake("the orders are exchanged: purify, then swap comes first.")
def exchanged(f):
    first, cost, second, cost_of_second = _orders(f)
    return second, cost_of_second, first, cost


@purify_or_swap.mistake("you count a try each, and forget that tries fail: divide by the chance.")
def without_failures(f):
    return _orders(f, tries=lambda p: 4, tries_long=lambda p: 4)
