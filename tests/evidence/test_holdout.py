"""Parts: what settles never judges."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.evidence import holdout_split, seeds


@given(st.lists(st.integers(0, 2), min_size=4, max_size=60), st.integers(0, 99))
def test_no_row_is_in_both_and_none_is_lost(y, seed):
    parts = holdout_split(y, rng=seed)
    assert sorted([*parts.settle, *parts.judge]) == list(range(len(y)))
    for each in set(y):
        both = [np.sum(np.asarray(y)[part] == each) for part in parts]
        assert abs(both[0] - both[1]) <= 1


def test_seeds_of_the_two_parts_never_meet():
    assert not set(seeds("settle", 1000)) & set(seeds("judge", 1000))
    assert not set(seeds("judge", 20)) & set(seeds("judge", 20, skip=20))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: seeds("train", 3), ValueError, "part must be one of settle, judge"),
        (lambda: seeds("judge", 0), ValueError, "how_many must be at least 1"),
        (lambda: seeds("settle", 1_000_001), ValueError, "skip \\+ how_many must be at most 1,000,000"),
        (lambda: holdout_split([[0], [1]]), ValueError, "y must have one axis"),
        (lambda: holdout_split([0, 1], fraction=1), ValueError, "fraction must lie between"),
        (lambda: holdout_split([0]), ValueError, "leave one empty"),
        (lambda: holdout_split([0, 1] * 5, fraction="half"), TypeError, "fraction must be a number"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
