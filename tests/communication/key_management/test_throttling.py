"""Throttling: no caller gets more than its bucket, and none less because of another."""

import pytest
from hypothesis import given, strategies as st

from qlearn.communication.key_management.throttling import TokenBucket


@given(
    st.floats(0.5, 50),
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(0, 2), st.sampled_from("ab")), min_size=1, max_size=80),
)
def test_between_any_two_times_no_more_than_burst_and_rate(rate, burst, events):
    now = [0.0]
    bucket = TokenBucket(rate, burst, clock=lambda: now[0])
    passed = {"a": [], "b": []}
    for wait, caller in events:
        now[0] += wait
        if bucket.allows(caller):
            passed[caller].append(now[0])
    for times in passed.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                assert last - first + 1 <= burst + rate * (times[last] - times[first]) + 1e-6


def test_one_who_waits_is_served_at_the_rate():
    now = [0.0]
    bucket = TokenBucket(10, 1, clock=lambda: now[0])
    passed = 0
    for step in range(1000):
        now[0] = step * 0.05
        passed += bucket.allows("Alice")
    assert 499 <= passed <= 501


def test_memory_is_that_of_the_callers_of_late():
    now = [0.0]
    bucket = TokenBucket(1, 2, clock=lambda: now[0])
    for step in range(1000):
        now[0] = float(step)
        assert bucket.allows(f"caller {step}")
    assert len(bucket._buckets) < 10


@pytest.mark.parametrize(
    ("rate", "burst", "says"), [(0, 1, "rate must be above 0"), (1, 0, "burst must be at least 1")]
)
def test_refuses(rate, burst, says):
    with pytest.raises(ValueError, match=says):
        TokenBucket(rate, burst)


def test_a_request_may_cost_more_than_one_and_get_it_back():
    bucket = TokenBucket(1, 10, clock=lambda: 0.0)
    assert [bucket.allows("Alice", 7), bucket.allows("Alice", 4), bucket.allows("Alice", 3)] == [
        True,
        False,
        True,
    ]
    bucket.give_back("Alice", 7)
    bucket.give_back("nobody", 7)
    assert [bucket.allows("Alice", 8), bucket.allows("Alice", 7), bucket.allows("Alice")] == [
        False,
        True,
        False,
    ]
    bucket.give_back("Alice", 50)
    assert [bucket.allows("Alice", 11), bucket.allows("Alice", 10)] == [False, True]
