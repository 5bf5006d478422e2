"""Dead time: the closed forms against arrivals followed one by one, and their limits."""

import numpy as np
import pytest

from qlearn.communication.fibre import pair_rate, seen_rate, simulate_clicks, true_rate


def arrivals(rate, n, seed):
    return np.cumsum(np.random.default_rng(seed).exponential(1 / rate, n))


@pytest.mark.parametrize("load", [0.1, 1.0, 5.0])
def test_non_paralysable_event_by_event(load):
    # The time between clicks is tau plus an exponential one of mean 1/r. N clicks take N (tau + 1/r), sigma
    # sqrt(N)/r: relative 1/((1 + r tau) sqrt(N)). 6 sigma: 2e-9.
    rate, dead = 1e6, load * 1e-6
    times, clicks, awake = arrivals(rate, 200_000, 1), 0, 0.0
    for time in times.tolist():
        if time >= awake:
            clicks, awake = clicks + 1, time + dead
    theory = float(seen_rate(rate, dead_time_s=dead))
    assert abs(clicks / times[-1] / theory - 1) < 6 / ((1 + load) * np.sqrt(clicks))


@pytest.mark.parametrize("load", [0.1, 1.0, 3.0])
def test_paralysable_event_by_event(load):
    # An arrival is seen if the last one is more than tau ago: chance exp(-r tau); bounded by a binomial count
    # (neighbouring gaps are independent). 6 sigma: 2e-9.
    rate, dead = 1e6, load * 1e-6
    gaps = np.diff(arrivals(rate, 400_000, 2))
    share = float(seen_rate(rate, dead_time_s=dead, kind="paralysable")) / rate
    assert abs((gaps > dead).mean() - share) < 6 * np.sqrt(share * (1 - share) / gaps.size)


@pytest.mark.parametrize("load", [0.2, 1.0, 4.0])
@pytest.mark.parametrize("rule", ["separate", "discard", "shared"])
def test_pairs_event_by_event(rule, load):
    # 20 runs of 10,000 photons give mean and standard error; Student's t of 19 degrees: 8 errors are 2e-7.
    rate, dead = 1e6, load * 1e-6
    found = []
    for seed in range(20):
        seen = simulate_clicks(rate, 10_000, dead_time_s=dead, rule=rule, rng=seed)
        found.append(seen.kept.sum() / seen.time_s[-1])
    theory = float(pair_rate(rate, dead_time_s=dead, rule=rule))
    assert abs(np.mean(found) - theory) < 8 * np.std(found, ddof=1) / np.sqrt(20)


def test_limits():
    rates = np.array([0.0, 1.0, 1e6, 1e12])
    for kind in ("non-paralysable", "paralysable"):
        np.testing.assert_array_equal(seen_rate(rates, dead_time_s=0.0, kind=kind), rates)
    assert seen_rate(1e15, dead_time_s=1e-6) == pytest.approx(1e6)
    bright = seen_rate([1e6, 2e6], dead_time_s=1e-6, kind="paralysable")
    assert bright[1] < bright[0] == pytest.approx(1e6 / np.e)  # largest at r tau = 1
    for rule in ("separate", "discard", "shared"):
        np.testing.assert_array_equal(pair_rate(rates, dead_time_s=0.0, rule=rule), rates)
    assert pair_rate(1e15, dead_time_s=1e-6, rule="separate") == pytest.approx(2e6)
    assert pair_rate(1e15, dead_time_s=1e-6, rule="shared") == pytest.approx(1e6)
    assert pair_rate(1e15, dead_time_s=1e-6, rule="discard") < 1


def test_shared_is_never_behind_discard():
    rates = np.geomspace(1, 1e12, 200)
    shared, discard = (pair_rate(rates, dead_time_s=1e-6, rule=rule) for rule in ("shared", "discard"))
    assert (shared >= discard).all()
    assert rates[discard.argmax()] == pytest.approx(2e6, rel=0.1)


def test_two_separate_detectors_are_two_single_ones():
    rates = np.geomspace(1, 1e9, 20)
    np.testing.assert_allclose(
        pair_rate(rates, dead_time_s=1e-6, rule="separate"), 2 * seen_rate(rates / 2, dead_time_s=1e-6)
    )


def test_true_rate_turns_seen_rate_round():
    rates = np.geomspace(1, 1e9, 30)
    np.testing.assert_allclose(
        true_rate(seen_rate(rates, dead_time_s=1e-6), dead_time_s=1e-6), rates, rtol=1e-9
    )


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: seen_rate(-1.0, dead_time_s=1e-6), ValueError, "rate_hz must be"),
        (lambda: seen_rate(np.nan, dead_time_s=1e-6), ValueError, "rate_hz must be"),
        (lambda: seen_rate("fast", dead_time_s=1e-6), TypeError, "rate_hz must be a number"),
        (lambda: seen_rate(1.0, dead_time_s=-1e-6), ValueError, "dead_time_s must be"),
        (lambda: seen_rate(1.0, dead_time_s=1e-6, kind="lazy"), ValueError, "kind must be"),
        (lambda: pair_rate(1.0, dead_time_s=1e-6, rule="lazy"), ValueError, "rule must be"),
        (lambda: true_rate([1.0, 1e6], dead_time_s=1e-6), ValueError, "cannot report so much"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
