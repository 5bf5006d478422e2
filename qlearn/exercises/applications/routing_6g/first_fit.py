"""Admission by first fit."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="this is what a network can do in microseconds, and what every slower method has to be held against.",
    because="""
        One pass, nobody is moved later: constrained shortest path first works like that. It needs no solver and gives a plan
        that always fits. What it cannot do is to refuse somebody large so that two others fit, or to put an early party on its
        second option for the sake of a late one.
    """,
)
def first_fit(value, uses, capacity):
    """Party a is worth `value[a]`, and `uses[a]` is an array of shape (options, resources): the units that each of its options
    takes of each resource, of which there are `capacity` units. Ask the parties in the order of their value, the largest
    first, equal ones in the order of their numbers. Each takes the first of its options that still fits, or is refused. Return
    a list with the number of the option of each party, from 0, and -1 for a refused one.
    """
    free = np.array(capacity)
    plan = [-1] * len(value)
    for a in np.argsort(-np.asarray(value), kind="stable"):
        for i, row in enumerate(uses[a]):
            if (row <= free).all():
                plan[a] = i
                free = free - row
                break
    return plan


@first_fit.cases
def networks(rng):
    """Cells and links, ties, options that never fit, one party, a capacity that is used to the last unit."""
    yield np.array([1.0]), [np.array([[3, 0], [1, 2]])], np.array([2, 2])
    yield np.array([2.0, 2.0, 5.0]), [np.array([[2]]), np.array([[2]]), np.array([[1]])], np.array([3])
    yield np.array([1.0, 3.0]), [np.array([[1]]), np.array([[4]])], np.array([3])
    # the large one takes what it can before the small one is asked at all; and many ties with options in plenty
    yield np.array([3.0, 2.0]), [np.array([[4, 0], [0, 2]]), np.array([[0, 2]])], np.array([3, 2])
    yield np.array([2.0]), [np.array([[4], [5], [6], [7], [1]])], np.array([3])
    crowd = rng.integers(1, 4, 40).astype(float)
    yield crowd, [rng.integers(0, 6, (5, 3)) for _ in crowd], rng.integers(20, 30, 3)
    for n, resources in ((5, 1), (8, 2), (10, 3), (14, 4), (14, 2)):
        value = rng.integers(1, 6, n).astype(float)
        uses = [rng.integers(0, 5, (int(rng.integers(1, 4)), resources)) for _ in range(n)]
        yield value, uses, rng.integers(4, 10, resources)


def _in(order, value, uses, capacity, *, only=None):
    free, plan = np.array(capacity), [-1] * len(value)
    for a in order:
        for i, row in enumerate(uses[a][:only]):
            if (row <= free).all():
                plan[a], free = i, free - row
                break
    return plan


@first_fit.mistake(
    "the parties come in the order of their numbers: those of the largest value are asked first."
)
def as_they_come(value, uses, capacity):
    return _in(range(len(value)), value, uses, capacity)


@first_fit.mistake("the smallest come first: turn the order round, but keep that of equal ones.")
def smallest_first(value, uses, capacity):
    return _in(np.argsort(value, kind="stable"), value, uses, capacity)


@first_fit.mistake("equal ones are asked in the wrong order: the one with the smaller number first.")
def ties_turned(value, uses, capacity):
    return _in(np.argsort(value, kind="stable")[::-1], value, uses, capacity)


@first_fit.mistake("a party whose first option is full may still take another one.")
def first_option_alone(value, uses, capacity):
    return _in(np.argsort(-value, kind="stable"), value, uses, capacity, only=1)


@first_fit.mistake("an option may stand at any place of the list: go on until one fits or none is left.")
def two_options_alone(value, uses, capacity):
    return _in(np.argsort(-value, kind="stable"), value, uses, capacity, only=2)


@first_fit.mistake(
    "party after party: the first tries all its options before the second is asked, not everybody's first option first."
)
def in_rounds(value, uses, capacity):
    free, plan = np.array(capacity), [-1] * len(value)
    for i in range(max(map(len, uses))):
        for a in np.argsort(-value, kind="stable"):
            if plan[a] < 0 and i < len(uses[a]) and (uses[a][i] <= free).all():
                plan[a], free = i, free - uses[a][i]
    return plan


@first_fit.mistake("what was given out is not taken away: several parties are served from the same units.")
def nothing_is_used_up(value, uses, capacity):
    return [next((i for i, row in enumerate(table) if (row <= capacity).all()), -1) for table in uses]


@first_fit.mistake("where an option takes all that is left it fits: `<=`, not `<`.")
def never_full(value, uses, capacity):
    free, plan = np.array(capacity), [-1] * len(value)
    for a in np.argsort(-value, kind="stable"):
        for i, row in enumerate(uses[a]):
            if (row < free).all():
                plan[a], free = i, free - row
                break
    return plan


@first_fit.mistake("an option fits only if there is enough of *every* resource, not of one of them.")
def of_one_resource(value, uses, capacity):
    free, plan = np.array(capacity), [-1] * len(value)
    for a in np.argsort(-value, kind="stable"):
        for i, row in enumerate(uses[a]):
            if (row <= free).any():
                plan[a], free = i, free - row
                break
    return plan


@first_fit.mistake("after the first who does not fit nobody is asked any more: a smaller one may still fit.")
def stops_at_the_first_refusal(value, uses, capacity):
    free, plan = np.array(capacity), [-1] * len(value)
    for a in np.argsort(-value, kind="stable"):
        for i, row in enumerate(uses[a]):
            if (row <= free).all():
                plan[a], free = i, free - row
                break
        else:
            return plan
    return plan
