"""Policies: fixed ones are deaf, thresholds act while they are crossed, and nothing is done on a number that is missing."""

from math import nan

import pytest
from hypothesis import given, strategies as st

from qlearn.networks.orchestration import FixedPolicy, KPIs, Orders, Policy, ThresholdPolicy

BASE = Orders(update_every=3, local_epochs=2, model_size=0.8)
POLICY = ThresholdPolicy(BASE, latency_s=0.5, buffer_s=2.0, reserve=0.3, slower=4, saved=0.25)
number = st.one_of(st.just(nan), st.floats(0, 1))


@given(number, number, number)
def test_a_fixed_policy_hears_nothing(latency, accuracy, reserve):
    kpis = KPIs(5, latency=latency, accuracy=accuracy, key_reserve=reserve)
    assert FixedPolicy(BASE).decide(kpis) == BASE


@given(number, number, number, number, number)
def test_thresholds_by_their_definition(latency, buffer, reserve, eve, arrivals):
    kpis = KPIs(1, latency, 0.5, reserve, buffer, eve, arrivals)
    orders = POLICY.decide(kpis)
    # a comparison with NaN is False: exactly the rule that a missing number crosses nothing
    slow = latency > 0.5 or buffer > 2.0 or arrivals > 0
    low = reserve < 0.3
    assert orders.update_every == (12 if slow else 3)
    assert orders.model_size == (0.8 * 0.25 if low else 0.8)
    assert orders.on_empty == ("shrink" if low or eve > 0 else "wait")
    assert orders.local_epochs == 2
    assert orders.assignment == "home"


def test_both_are_policies_and_an_order_is_none():
    assert isinstance(FixedPolicy(), Policy)
    assert isinstance(POLICY, Policy)
    assert not isinstance(BASE, Policy)


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ({"orders": "fast"}, TypeError, "orders must be Orders"),
        ({"latency_s": 0}, ValueError, "latency_s must be above 0"),
        ({"buffer_s": -1}, ValueError, "buffer_s must be above 0"),
        ({"reserve": 2}, ValueError, "reserve must be a finite number between 0 and 1"),
        ({"slower": 0}, ValueError, "slower must be at least 1"),
        ({"saved": 0}, ValueError, "saved must be above 0"),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        ThresholdPolicy(**told)
    if "orders" in told:
        with pytest.raises(error, match=says):
            FixedPolicy(**told)
