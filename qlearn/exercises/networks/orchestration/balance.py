"""Which unit goes to which aggregator."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the sum is as small as it can be; a single unit may well be further away than its nearest aggregator.",
    because=r"""
        An aggregator with c places is c columns of the same latencies, each of which takes one unit: then it is the assignment
        problem, which is solved exactly in polynomial time (Kuhn 1955, Munkres 1957). Taking turns, each unit with the
        best place that is left, can be far from it: the first takes a place that it hardly needs. A link that is down is an
        infinite latency, and if no assignment is without one there is none. With fewer places than units,
        `linear_sum_assignment` places as many as it can without a word, so look first.
    """,
)
def balance(latency, places):
    """`latency` is an array of shape (units, aggregators): milliseconds, `inf` where the link is down. `places` holds for each
    aggregator how many units it can serve, 0 or more. Return the aggregator of each unit, as an array of indices from 0,
    for which the sum of the latencies is least, no aggregator serves more than it can, and no link is used that is
    down. Return None if that cannot be. No two assignments have the same sum.
    """
    columns = np.repeat(np.arange(latency.shape[1]), places)
    if len(columns) < len(latency):
        return None
    try:
        chosen = linear_sum_assignment(latency[:, columns])[1]
    except ValueError:  # no way without a link that is down
        return None
    return columns[chosen]


@balance.cases
def networks(rng):
    """Places to spare and none; links that are down; an aggregator that is; too few places; units that can reach only the same
    few; a crowd near one aggregator."""
    yield np.array([[1.0, 2.0], [1.5, 9.0]]), np.array([1, 1])
    for units, aggregators, spare, down in (
        (4, 2, 0, 0),
        (7, 3, 2, 0.2),
        (6, 4, 0, 0.15),
        (9, 3, 3, 0.1),
        (5, 5, 0, 0),
        (1, 3, 1, 0),
    ):
        latency = rng.uniform(1, 20, (units, aggregators)) + rng.uniform(0, 15, aggregators)
        places = np.bincount(
            rng.integers(0, aggregators, units + spare, dtype=np.intp), minlength=aggregators
        )
        open_way = rng.permutation(np.repeat(np.arange(aggregators), places))[:units]
        off = rng.random(latency.shape) < down
        off[np.arange(units), open_way] = False
        yield np.where(off, np.inf, latency), places
    for rival in (_in_turn, _shortest_first, _exchanged, _of_squares, _of_roots, _exchanged):
        while True:  # until the best is not what this gives
            latency = rng.uniform(1, 20, (8, 4)) * rng.uniform(0.3, 2, (8, 1))
            places = np.bincount(rng.integers(0, 4, 8, dtype=np.intp), minlength=4) + (rng.random(4) < 0.3)
            if (rival(latency, places) != balance.solution(latency, places)).any():
                break
        yield latency, places
    crowd = rng.uniform(1, 20, (6, 3))
    crowd[:, 0] = rng.uniform(0.1, 1, 6)
    yield crowd, np.array([2, 3, 1])
    yield rng.uniform(1, 20, (5, 2)), np.array([2, 2])  # one place too few
    same = rng.uniform(1, 20, (4, 3))
    same[:3, 1:] = np.inf  # three that reach aggregator 0 alone
    yield same, np.array([2, 2, 2])
    yield same, np.array([3, 0, 2])
    lost = rng.uniform(1, 20, (3, 2))
    lost[1] = np.inf
    yield lost, np.array([3, 3])


def _in_turn(latency, places):
    left, chosen = np.array(places), []
    for row in latency:
        costs = np.where(left > 0, row, np.inf)
        if not np.isfinite(costs).any():
            return None
        chosen.append(int(np.argmin(costs)))
        left[chosen[-1]] -= 1
    return np.array(chosen)


def _shortest_first(latency, places):
    left, chosen = np.array(places), {}
    for unit, aggregator in zip(*np.unravel_index(np.argsort(latency, axis=None), latency.shape)):
        if unit not in chosen and left[aggregator] > 0 and np.isfinite(latency[unit, aggregator]):
            chosen[unit] = aggregator
            left[aggregator] -= 1
    return np.array([chosen[unit] for unit in range(len(latency))]) if len(chosen) == len(latency) else None


def _exchanged(latency, places):
    """In turn, and then two units change their aggregators, or one moves to a free place, as long as it helps."""
    chosen = _in_turn(latency, places)
    if chosen is None:
        return None
    left = places - np.bincount(chosen, minlength=len(places))
    better = True
    while better:
        better = False
        for i in range(len(chosen)):
            for a in range(len(places)):
                if left[a] > 0 and latency[i, a] < latency[i, chosen[i]]:
                    left[chosen[i]] += 1
                    left[a] -= 1
                    chosen[i], better = a, True
            for j in range(i):
                now = latency[i, chosen[i]] + latency[j, chosen[j]]
                if latency[i, chosen[j]] + latency[j, chosen[i]] < now - 1e-9:
                    chosen[i], chosen[j], better = chosen[j], chosen[i], True
    return chosen


def _of_squares(latency, places):
    return balance.solution(latency**2, places)


def _of_roots(latency, places):
    return balance.solution(np.sqrt(latency), places)


@balance.mistake("each unit goes to its nearest aggregator, and some serve more units than they can.")
def nearest(latency, places):
    chosen = np.argmin(latency, axis=1)
    return chosen if np.isfinite(latency.min(axis=1)).all() else None


@balance.mistake(
    "one unit after the other takes the best place that is left: early ones take what late ones need more. Look at all together."
)
def in_turn(latency, places):
    return _in_turn(latency, places)


@balance.mistake(
    "the shortest links first, as long as there are places: a short link for one can cost another more than it saves."
)
def shortest_first(latency, places):
    return _shortest_first(latency, places)


@balance.mistake(
    "you exchange two units as long as that helps, and stop where it does not: three together may still do better."
)
def exchanged(latency, places):
    return _exchanged(latency, places)


@balance.mistake(
    "you make the sum of the *squares* least, which spares the worst link: the plain sum is asked for."
)
def of_squares(latency, places):
    return _of_squares(latency, places)


@balance.mistake(
    "each unit goes to the aggregator with the most free places: the latencies decide, places only limit."
)
def least_loaded(latency, places):
    left, chosen = np.array(places), []
    for row in latency:
        costs = np.where((left > 0) & np.isfinite(row), -left, 1)
        if costs.min() > 0:
            return None
        chosen.append(int(np.argmin(costs)))
        left[chosen[-1]] -= 1
    return np.array(chosen)


@balance.mistake("that is the assignment of the *largest* sum.")
def the_largest(latency, places):
    if balance.solution(latency, places) is None:
        return None
    far = np.where(np.isfinite(latency), 1e4 - latency, np.inf)
    return balance.solution(far, places)


@balance.mistake(
    "where there is no way without a link that is down you use it all the same: there the answer is None."
)
def over_links_that_are_down(latency, places):
    return balance.solution(np.where(np.isfinite(latency), latency, 1e6), places)


@balance.mistake(
    "with fewer places than units you place some of them: there the answer is None. `linear_sum_assignment` does not say so."
)
def some_of_them(latency, places):
    columns = np.repeat(np.arange(latency.shape[1]), places)
    try:
        return columns[linear_sum_assignment(latency[:, columns])[1]]
    except ValueError:
        return None


@balance.mistake("an aggregator may serve several units, as many as it has places: you give each to one.")
def one_each(latency, places):
    return balance.solution(latency, np.minimum(places, 1))


@balance.mistake("that is the least sum; the aggregator of each unit is asked for.")
def the_sum(latency, places):
    chosen = balance.solution(latency, places)
    return None if chosen is None else latency[np.arange(len(latency)), chosen].sum()


@balance.mistake("those are places and not aggregators: one with three places has three of them.")
def columns_for_aggregators(latency, places):
    chosen = balance.solution(latency, places)
    if chosen is None:
        return None
    columns = np.repeat(np.arange(latency.shape[1]), places)
    return linear_sum_assignment(latency[:, columns])[1]
