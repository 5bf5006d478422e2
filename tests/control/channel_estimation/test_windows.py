"""Windows of a series: rows by hand, gaps that are recorded, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.control.channel_estimation import sliding_windows


@given(st.integers(1, 6), st.integers(0, 1000), st.floats(0, 0.2))
def test_each_row_is_the_past_of_its_value(width, seed, gone):
    rng = np.random.default_rng(seed)
    series = np.where(rng.random(60) < gone, np.nan, rng.normal(size=60))
    series[:7] = 1.0
    told = sliding_windows(series, width)
    due = [t for t in range(width, 60) if not np.isnan(series[t - width : t + 1]).any()]
    assert told.at.tolist() == due
    assert sorted([*told.at, *told.dropped]) == list(range(width, 60))
    assert np.array_equal(told.X, [series[t - width : t] for t in due])
    assert np.array_equal(told.y, series[due])


def test_the_rows_are_no_view_of_the_series():
    series = np.arange(5.0)
    told = sliding_windows(series, 2)
    told.X[:] = 9
    assert series.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("series", "width", "says"),
    [
        ([1, 2], 2, "more than the 2 values"),
        (np.ones((3, 3)), 1, "one axis"),
        ([1, np.inf, 3], 1, "infinite"),
        ([1, np.nan, 3], 1, "without a gap"),
        ([1, 2, 3], 0, "width must be at least 1"),
    ],
)
def test_refuses(series, width, says):
    with pytest.raises(ValueError, match=says):
        sliding_windows(series, width)
