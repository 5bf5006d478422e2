"""Constraints: the quickest within both limits, by hand; a contradiction only where enough units were there."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.orchestration import Constraints

units = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=8)


@given(units, st.integers(1, 9), st.integers(1, 30), st.integers(1, 5))
def test_by_hand(cases, latency, bits, least):
    seconds, used = (np.array([case[k] for case in cases], float) for k in (0, 1))
    limits = Constraints(latency_s=latency, key_bits=bits, least_units=least)
    admitted, said = limits.admitted(seconds, used)
    spent, expected = 0.0, np.zeros(len(cases), bool)
    for i in sorted(range(len(cases)), key=lambda i: (seconds[i], i)):
        if seconds[i] <= latency:
            spent += used[i]
            expected[i] = spent <= bits
    assert (admitted == expected).all()
    assert bool(said) == (expected.sum() < least <= len(cases))


def test_no_limits_admit_all():
    admitted, said = Constraints().admitted(np.array([1e9]), np.array([1e9]))
    assert admitted.all()
    assert said == ""
    assert Constraints().latency_s == inf


def test_names_the_limits_that_are_set():
    _, said = Constraints(latency_s=0.5, least_units=1).admitted(np.array([1.0]), np.array([1.0]))
    assert said == "latency_s=0.5 and least_units=1 contradict each other: only 0 of 1 units fit"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"latency_s": 0}, "latency_s must be a number above 0"),
        ({"key_bits": float("nan")}, "key_bits must be a number above 0"),
        ({"key_bits": "many"}, "key_bits must be a number above 0"),
        ({"least_units": 0}, "least_units must be at least 1"),
        ({"on_contradiction": "shrug"}, "on_contradiction must be one of end, relax"),
    ],
)
def test_refuses(told, says):
    with pytest.raises(ValueError, match=says):
        Constraints(**told)
