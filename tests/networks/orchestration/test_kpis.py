"""Key performance indicators: what is missing is known, what cannot be is refused."""

from math import inf, nan

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.orchestration import KPIs

NAMES = ("latency", "accuracy", "key_reserve", "buffer", "suspected_eve", "new_arrivals")


@given(st.sets(st.sampled_from(NAMES)))
def test_missing_are_those_that_are_nan(told):
    kpis = KPIs(2, **dict.fromkeys(told, 0.5))
    assert set(kpis.missing) == set(NAMES) - told


def test_whole_numbers_and_numpy_numbers_become_floats():
    kpis = KPIs(1, latency=2, suspected_eve=True)
    assert isinstance(kpis.latency, float)
    assert kpis.suspected_eve == 1.0


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ({"latency": -0.1}, ValueError, "latency must lie between 0 and inf"),
        ({"latency": inf}, ValueError, "NaN if it is missing, not inf"),
        ({"accuracy": 3}, ValueError, "accuracy must lie between 0 and 1"),
        ({"key_reserve": 1.01}, ValueError, "key_reserve must lie between 0 and 1"),
        ({"buffer": "much"}, TypeError, "buffer must be a number, NaN if it is missing, not str"),
        ({"new_arrivals": None}, TypeError, "new_arrivals must be a number"),
        ({"round": -1}, ValueError, "round must be at least 0"),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        KPIs(**told)


def test_nan_is_no_error():
    assert KPIs(1, accuracy=nan).missing == NAMES
