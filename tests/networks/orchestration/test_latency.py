"""Latency: parts that add up, a queue against its recursion and against a simulation of events."""

import numpy as np
import pytest
import simpy
from hypothesis import given, settings, strategies as st

from qlearn.networks.orchestration import Latency, departures, transmission_time

times = st.lists(st.integers(0, 40).map(lambda k: k / 8), min_size=1, max_size=12)


def lindley(arrivals, service, busy):
    left, out = busy, {}
    for i in sorted(range(len(arrivals)), key=lambda i: (arrivals[i], i)):
        left = max(arrivals[i], left) + service
        out[i] = left
    return [out[i] for i in range(len(arrivals))]


@given(times, st.integers(0, 16).map(lambda k: k / 8), st.integers(0, 16).map(lambda k: k / 8))
def test_is_lindleys_recursion(arrivals, service, busy):
    assert departures(arrivals, service, busy_until=busy) == pytest.approx(lindley(arrivals, service, busy))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10_000).map(lambda k: k / 1000), min_size=1, max_size=10, unique=True))
def test_is_what_simpy_says(arrivals):
    clock = simpy.Environment()
    server, left = simpy.Resource(clock), {}

    def message(i):
        yield clock.timeout(arrivals[i])
        with server.request() as turn:
            yield turn
            yield clock.timeout(0.3)
            left[i] = clock.now

    for i in range(len(arrivals)):
        clock.process(message(i))
    clock.run()
    assert departures(arrivals, 0.3) == pytest.approx([left[i] for i in range(len(arrivals))])


def test_a_line():
    # 1000 bits at 1 Mbit/s, and 300 km at two thirds of the speed of light
    assert transmission_time(1000, 1e6, 300.0) == pytest.approx(0.001 + 0.0015)


@given(st.lists(st.floats(0, 100), min_size=5, max_size=5))
def test_the_total_is_the_sum(parts):
    assert Latency(*parts).total_s == pytest.approx(np.sum(parts))


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: departures([np.nan], 1.0), "arrivals must be finite"),
        (lambda: departures([0.0], -1.0), "service_s must be a finite number"),
        (lambda: transmission_time(-1, 1.0, 1.0), "bits must be finite and at least 0"),
        (lambda: transmission_time(1, 1.0, -1.0), "length_km must be finite and at least 0"),
        (lambda: transmission_time(1, -1.0, 1.0), "bits_per_second must be finite"),
    ],
)
def test_refuses(act, says):
    with pytest.raises(ValueError, match=says):
        act()
