"""Policies: fixed ones are deaf, thresholds act while they are crossed, and nothing is done on a number that is missing."""

from dataclasses import replace
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
    kpis = KPIs(0, latency, 0.5, reserve, buffer, eve, arrivals)  # round 0: the run begins
    orders = POLICY.decide(kpis)
    # POLICY has seen nothing else in this run, and a comparison with NaN is False: what was never seen crosses nothing
    slow = latency > 0.5 or buffer > 2.0 or arrivals > 0
    low = reserve < 0.3
    assert orders.update_every == (12 if slow else 3)
    assert orders.model_size == (0.8 * 0.25 if low else 0.8)
    assert orders.on_empty == ("shrink" if low or eve > 0 else "wait")
    assert orders.local_epochs == 2
    assert orders.assignment == "home"


def test_of_a_lost_report_the_last_one_counts_and_each_number_by_itself():
    policy = replace(POLICY)
    assert policy.decide(KPIs(1, latency=0.9, key_reserve=0.9, suspected_eve=1)).update_every == 12
    lost = policy.decide(KPIs(2))
    assert (lost.update_every, lost.on_empty, lost.model_size) == (12, "shrink", 0.8)
    # the latency comes back and is small, the rest is still lost
    assert policy.decide(KPIs(3, latency=0.1)).update_every == 3
    assert policy.decide(KPIs(4, key_reserve=0.1)).model_size == 0.8 * 0.25
    assert policy.decide(KPIs(5)).on_empty == "shrink"
    # a new run knows nothing of the last one
    assert policy.decide(KPIs(0)) == BASE


def test_what_was_last_seen_survives_a_restart_and_is_no_setting():
    policy, again = replace(POLICY), replace(POLICY)
    policy.decide(KPIs(1, latency=0.9))
    assert policy == again
    assert hash(policy) == hash(again)
    again.set_state(policy.get_state())
    assert again.decide(KPIs(2)).update_every == policy.decide(KPIs(2)).update_every == 12
    policy.decide(KPIs(3, latency=0.1))
    assert again.get_state() == {"last": {"latency": 0.9}}  # its own, not a view


@pytest.mark.parametrize(("accuracy", "every"), [(0.69, 3), (0.7, 3), (0.71, 12), (nan, 3)])
def test_with_enough_accuracy_updates_come_seldom(accuracy, every):
    assert replace(POLICY, enough=0.7).decide(KPIs(1, accuracy=accuracy)).update_every == every
    assert replace(POLICY).decide(KPIs(1, accuracy=accuracy)).update_every == 3


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
        ({"enough": 1.5}, ValueError, "enough must be a finite number between 0 and 1"),
    ],
)
def test_refuses(told, error, says):
    with pytest.raises(error, match=says):
        ThresholdPolicy(**told)
    if "orders" in told:
        with pytest.raises(error, match=says):
            FixedPolicy(**told)
