"""Faults: when they are there, and what is no fault."""

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.orchestration import KINDS, Fault


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 30))
def test_is_there_from_its_round_for_so_many(first, rounds, number):
    fault = Fault(first, "aggregator lost", "aggregator 0", rounds=rounds)
    assert fault.in_round(number) == (number in range(first, first + rounds))


def test_every_kind_says_what_it_is():
    assert all(isinstance(text, str) and text for text in KINDS.values())


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ({"round": 0}, ValueError, "round must be at least 1"),
        ({"kind": "earthquake"}, ValueError, "kind must be one of aggregator lost, unit lost"),
        ({"rounds": 0}, ValueError, "rounds must be at least 1"),
        ({"where": 3}, TypeError, "where must be a name, not 3"),
        ({"kind": "line cut"}, ValueError, "where must name a link by its two ends"),
        (
            {"kind": "link noise", "where": "a - b", "size": 0.6},
            ValueError,
            "size must be a finite number between 0 and 0.5",
        ),
        ({"kind": "flood", "size": -1}, ValueError, "size must be a finite number"),
        (
            {"kind": "KPI nonsense", "where": "latency", "size": "abc"},
            TypeError,
            "size must be a number, not 'abc'",
        ),
        (
            {"kind": "KPI nonsense", "where": "latency", "size": None},
            TypeError,
            "size must be a number, not None",
        ),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        Fault(**{"round": 1, "kind": "aggregator lost", "where": "aggregator 0", **told})
