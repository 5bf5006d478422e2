"""Put the arrows of the way in order, and see where it breaks."""

import itertools

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,
    right="one type through: what an arrow gives, exactly one other takes, and where none does the way ends.",
    because="""
        Each arrow takes one thing and gives the next, so that the last thing alone decides who is next: no list of steps is
        needed, and no step can reach back. Follow it from the link until nobody takes what is there. Who has been taken is
        not taken again: a ring would run for ever.
    """,
)
def order_of_arrows(arrows, start):
    """`arrows` is a dict: name -> (what it takes, what it gives), in no order. Begin with the thing `start`; go by the arrow that
    takes it, then by the arrow that takes what that one gave, and so on, each arrow at most once. No two take the same.
    Return a tuple (names in order, what there is at the end): a list and a text.
    """
    by_what = {takes: (name, gives) for name, (takes, gives) in arrows.items()}
    names, thing = [], start
    while thing in by_what:
        name, thing = by_what.pop(thing)
        names.append(name)
    return names, thing


_WAY = ("link", "transmission", "sifted keys", "secret key", "key store", "service", "model")
_NAMES = ("exchange", "sift", "distill", "store_key", "key_service", "train_under_keys")


def _shuffled(rng, arrows):
    return {list(arrows)[i]: list(arrows.values())[i] for i in rng.permutation(len(arrows))}


@order_of_arrows.cases
def ways(rng):
    """The whole way, shuffled; begun in the middle; with an arrow missing; with a side way; a ring; none."""
    whole = dict(zip(_NAMES, itertools.pairwise(_WAY), strict=True))
    for _ in range(3):
        yield _shuffled(rng, whole), "link"
    yield _shuffled(rng, whole), "secret key"
    yield _shuffled(rng, whole), "model"
    missing = dict(whole)
    del missing[_NAMES[int(rng.integers(1, 6))]]
    yield _shuffled(rng, missing), "link"
    yield _shuffled(rng, whole | {"picture": ("ledger", "way.png")}), "link"
    yield {"there": ("a", "b"), "back": ("b", "a")}, "a"
    yield {}, "link"
    for many in (*rng.integers(4, 9, 2), 14):
        things = [f"thing {i}" for i in rng.permutation(int(many))]
        chain = {f"arrow {i}": pair for i, pair in enumerate(itertools.pairwise(things))}
        yield _shuffled(rng, chain), things[int(rng.integers(0, 2))]


@order_of_arrows.mistake("that is the order in which they were given: follow what each arrow takes.")
def as_given(arrows, start):
    return list(arrows), order_of_arrows.solution(arrows, start)[1]


@order_of_arrows.mistake("sorted by name is not by what they take.")
def by_name(arrows, start):
    names, thing = order_of_arrows.solution(arrows, start)
    return sorted(names), thing


@order_of_arrows.mistake("you end one arrow too early: follow it until nobody takes what is there.")
def one_short(arrows, start):
    names, thing = order_of_arrows.solution(arrows, start)
    return (names[:-1], arrows[names[-1]][0]) if names else (names, thing)


@order_of_arrows.mistake(
    "all arrows are in it: those that cannot be reached from the start are not on the way."
)
def with_all_others(arrows, start):
    names, thing = order_of_arrows.solution(arrows, start)
    return names + [name for name in arrows if name not in names], thing


@order_of_arrows.mistake("the way is the wrong way round: it begins at the start.")
def backwards(arrows, start):
    names, thing = order_of_arrows.solution(arrows, start)
    return names[::-1], thing
