"""Fronts, ranks, room and area: by their definitions, point by point, and by throwing darts.

Selection: better ranks first, room within a rank, no twins, and nothing of a short front lost.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.circuit_search import (
    Arrangement,
    hypervolume,
    pareto_ranks,
)
from qlearn.learning.circuit_search.pareto import crowding_distance, dominated_by, selection_order, survivors

# small whole numbers, so that ties and twins are common
points = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12)


def beats(b, a):
    return all(x <= y for x, y in zip(b, a, strict=True)) and any(x < y for x, y in zip(b, a, strict=True))


@given(points)
def test_dominance_is_its_definition(rows):
    assert dominated_by(rows).tolist() == [[beats(b, a) for b in rows] for a in rows]


@given(points)
def test_ranks_peel_front_after_front(rows):
    left, rank, expected = set(range(len(rows))), 0, [0] * len(rows)
    while left:
        best = {i for i in left if not any(beats(rows[j], rows[i]) for j in left)}
        for i in best:
            expected[i] = rank
        left, rank = left - best, rank + 1
    assert pareto_ranks(rows).tolist() == expected


@given(points, st.permutations(range(12)))
def test_ranks_and_area_do_not_depend_on_the_order(rows, order):
    shuffled = [i for i in order if i < len(rows)]
    array = np.array(rows)
    assert (pareto_ranks(array)[shuffled] == pareto_ranks(array[shuffled])).all()
    assert hypervolume(array, [6, 6]) == hypervolume(array[shuffled], [6, 6])


@given(points)
def test_area_counts_the_squares_that_somebody_beats(rows):
    # whole numbers: the unit square with lower corner (i, j) is covered if a point lies at or below it
    squares = sum(any(a <= i and b <= j for a, b in rows) for i in range(6) for j in range(6))
    assert hypervolume(rows, [6, 6]) == squares
    front = np.array(rows)[pareto_ranks(rows) == 0]
    assert hypervolume(front, [6, 6]) == squares


def test_room_by_hand():
    # gaps to the neighbours, in units of the range: 3/4 + 3/4 for the second, 3/4 + 3/4 for the third
    assert crowding_distance([[0, 4], [1, 2], [3, 1], [4, 0]]).tolist() == pytest.approx(
        [np.inf, 1.5, 1.25, np.inf]
    )
    assert crowding_distance([[1, 1], [1, 1], [1, 1]])[1] == 0
    assert np.isinf(crowding_distance([[2, 3]])).all()


@pytest.mark.parametrize("measure", [dominated_by, pareto_ranks, crowding_distance])
def test_refuses(measure):
    for wrong in ([1, 2, 3], [], [[]], 3.0):
        with pytest.raises(ValueError, match="points must be rows of objectives"):
            measure(wrong)
    with pytest.raises(ValueError, match="points must be finite"):
        measure([[0, np.nan]])


def test_area_refuses_more_than_two_objectives():
    with pytest.raises(ValueError, match="two objectives"):
        hypervolume([[1, 2, 3]], [4, 4])
    with pytest.raises(ValueError, match="two objectives"):
        hypervolume([[1, 2]], [4, 4, 4])


points_selection = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=14)


@given(points_selection)
def test_places_go_by_rank_and_then_by_room(rows):
    array = np.array(rows, float)
    order, ranks = np.argsort(selection_order(array)), pareto_ranks(array)
    assert (np.diff(ranks[order]) >= 0).all()
    for rank in range(ranks.max() + 1):
        group = [i for i in order if ranks[i] == rank]
        room = crowding_distance(array[np.flatnonzero(ranks == rank)])
        by_index = dict(zip(np.flatnonzero(ranks == rank), room, strict=True))
        values = [by_index[i] for i in group]
        assert all(one >= two for one, two in pairwise(values))


@given(points_selection, st.integers(1, 10))
def test_the_front_survives_if_there_is_room(rows, size):
    array = np.array(rows, float)
    members = [Arrangement(1, i + 1) for i in range(len(rows))]
    kept, objectives = survivors(members, array, size)
    assert len(kept) == len(objectives) <= size
    assert len(np.unique(objectives, axis=0)) == len(objectives)
    for member, objective in zip(kept, objectives, strict=True):
        assert (array[member.n_features - 1] == objective).all()
    front = {tuple(row) for row in array[pareto_ranks(array) == 0]}
    if len(front) <= size:
        assert front <= {tuple(row) for row in objectives}
