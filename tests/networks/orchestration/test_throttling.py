"""Throttling: closed forms against the bucket itself and against requests served one by one."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.key_management.throttling import TokenBucket
from qlearn.networks.orchestration import bucket_passes, fair_shares, flood_goodput, serve_flood


@given(st.integers(0, 200), st.integers(1, 40), st.integers(1, 40), st.integers(1, 30))
def test_the_closed_form_is_what_the_bucket_lets_through(n, rate, per_second, burst):
    now = [0.0]
    bucket = TokenBucket(rate, burst, clock=lambda: now[0])
    passed = 0
    for i in range(n):
        now[0] = i / per_second
        passed += bucket.allows("one")
    assert bucket_passes(n, 1 / per_second, rate, burst) == passed


@given(st.lists(st.floats(0, 50), min_size=1, max_size=8), st.floats(0, 100))
def test_fair_shares_are_max_min(demands, capacity):
    shares = fair_shares(demands, capacity)
    assert (shares <= np.array(demands) + 1e-12).all()
    assert shares.sum() == pytest.approx(min(capacity, sum(demands)), abs=1e-9)
    short = shares < np.array(demands) - 1e-9
    if short.any():  # whoever wants more has as much as anybody
        assert shares[short] == pytest.approx(shares.max(), abs=1e-9)


def test_goodput_by_hand():
    rates = [2.0, 2.0, 200.0]
    assert flood_goodput(rates, 10) == pytest.approx(10 / 204)
    assert flood_goodput(rates, 10, throttle=4) == pytest.approx([1, 1, 4 / 200])
    assert flood_goodput(rates, 10, fair=True) == pytest.approx([1, 1, 6 / 200])
    # the same flood under a hundred names: no name is above its bucket, and nothing helps
    names = np.full(102, 2.0)
    assert flood_goodput(names, 10, throttle=4) == pytest.approx(flood_goodput(names, 10))
    assert flood_goodput(names, 10, fair=True)[0] == pytest.approx(10 / 204)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"throttle": 4.0},
        {"discipline": "fair"},
        {"throttle": 1.0},
        {"throttle": 8.0, "discipline": "fair"},
    ],
)
def test_requests_one_by_one_agree_with_the_fluid_limit(options):
    # 2,000 s: about 4,000 requests of an honest sender and 80,000 of the flood. A share of n requests deviates by less
    # than 1/sqrt(n): 5 deviations, 6e-7 for each, plus what a full queue or bucket adds at the ends (0.01)
    rates, capacity = np.array([2.0, 2.0, 40.0]), 10.0
    run = serve_flood(rates, capacity, 2000, burst=10, queue=30, rng=3, **options)
    limit = flood_goodput(
        rates, capacity, throttle=options.get("throttle"), fair=options.get("discipline") == "fair"
    )
    assert (np.abs(run.goodput - limit) < 5 / np.sqrt(run.arrived) + 0.01).all()
    assert (run.arrived == run.throttled + run.dropped + run.answered).all()


def test_a_quiet_server_answers_all_and_at_once():
    # load 0.1: a Poisson queue with fixed service waits rho / (2 (1 - rho)) services, 0.0556 x 0.1 s, and is served 0.1 s
    run = serve_flood([0.5, 0.5], capacity=10, seconds=20_000, rng=1)
    assert (run.goodput == 1).all()
    # the deviation of a wait is below 0.03 s, of the mean of about 10,000, somewhat correlated, below 4e-4: 5 sigma
    assert run.wait_s == pytest.approx([0.1 + 0.1 * 0.1 / 1.8] * 2, abs=0.002)


def test_a_result_is_its_seed():
    one, two, other = (serve_flood([1.0, 30.0], 10, 50, rng=seed) for seed in (1, 1, 2))
    assert one.answered.tolist() == two.answered.tolist()
    assert one.arrived.tolist() != other.arrived.tolist()
    nobody = serve_flood([0.0, 1.0], 10, 50, rng=1)
    assert np.isnan(nobody.goodput[0])
    assert np.isnan(nobody.wait_s[0])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: bucket_passes(-1, 1.0, 1.0, 1), "n must be at least 0"),
        (lambda: bucket_passes(3, 1.0, 0.0, 1), "rate must be above 0"),
        (lambda: bucket_passes(3, 1.0, 1.0, 0), "burst must be at least 1"),
        (lambda: fair_shares([[1.0]], 2), r"demands must have shape \(senders,\)"),
        (lambda: fair_shares([-1.0], 2), "demands must be"),
        (lambda: flood_goodput([0.0, 1.0], 2), "rates must be numbers above 0"),
        (lambda: flood_goodput([1.0], 0), "capacity must be above 0"),
        (lambda: serve_flood([1.0], 0, 1), "capacity must be above 0"),
        (lambda: serve_flood([], 1, 1), "rates must"),
        (lambda: serve_flood([1.0], 1, 0), "seconds must be above 0"),
        (lambda: serve_flood([1.0], 1, 1, discipline="lifo"), "discipline must be"),
        (lambda: serve_flood([1.0], 1, 1, queue=0), "queue must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
