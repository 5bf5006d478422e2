"""Constraints: a contradiction only where no choice of units keeps all limits, by trying all; else the quickest."""

from itertools import combinations
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
    in_time = [i for i in range(len(cases)) if seconds[i] <= latency]
    can = any(used[list(some)].sum() <= bits for some in combinations(in_time, least))
    assert bool(said) == (least <= len(cases) and not can)
    if not said:
        assert (seconds[admitted] <= latency).all()
        assert used[admitted].sum() <= bits
        assert admitted.sum() >= least or len(cases) < least


def test_the_quickest_first_and_who_is_too_dear_is_passed_over():
    limits = Constraints(key_bits=2000)
    admitted, _ = limits.admitted(np.array([3.0, 2.0, 1.0, 0.5]), np.array([100.0, 800.0, 1500.0, 800.0]))
    assert admitted.tolist() == [True, True, False, True]


def test_if_the_quickest_are_too_few_the_cheapest_go():
    limits = Constraints(key_bits=2000, least_units=2)
    admitted, said = limits.admitted(np.array([1.0, 2.0, 3.0]), np.array([1900.0, 800.0, 700.0]))
    assert (admitted.tolist(), said) == ([False, True, True], "")


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
