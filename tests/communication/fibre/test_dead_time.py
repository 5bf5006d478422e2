"""Clicks, event by event: rests, afterpulses, and what the rules keep.

Dead time: the closed forms against arrivals followed one by one, and their limits.

Afterpulses: branching and later rests against the simulation, and the link of the photons chapter.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from qlearn.communication.fibre import (
    afterpulse_probability,
    observed_rate,
    simulate_clicks,
    true_rate,
    two_detector_rate,
    with_afterpulses,
)
from qlearn.communication.fibre.dead_time import live_fraction
from qlearn.communication.photons import LINKS, error_gain, gain


def test_without_rest_every_photon_clicks():
    seen = simulate_clicks(1e6, 5000, rng=1)
    assert seen.time_s.size == 5000
    assert (np.diff(seen.time_s) > 0).all()
    assert seen.kept.all()
    assert not seen.spurious.any()
    # a coin for each: sigma 35, 6 sigma: 2e-9
    assert abs(int(seen.bits.sum()) - 2500) < 6 * 35.4


def test_nobody_clicks_while_at_rest():
    dead = 2e-6
    apart = simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="separate", rng=2)
    for bit in (0, 1):
        assert np.diff(apart.time_s[apart.bits == bit]).min() >= dead
    assert np.diff(apart.time_s).min() < dead
    assert np.diff(simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="shared", rng=2).time_s).min() >= dead


def test_the_rule_discard_keeps_what_found_both_awake():
    dead = 1e-6
    seen = simulate_clicks(1e6, 5000, dead_time_s=dead, rule="discard", rng=3)
    for i in range(seen.time_s.size):
        others = seen.time_s[:i][seen.bits[:i] != seen.bits[i]]
        assert seen.kept[i] == (others.size == 0 or seen.time_s[i] >= others[-1] + dead)
    assert 0 < seen.kept.sum() < seen.kept.size


def test_times_tell_that_bits_differ_and_no_bit():
    # Every way in which nine photons can choose their detector, and what is known who sees the times of the clicks.
    times, dead = np.cumsum(np.random.default_rng(3).exponential(1.0, 9)), 1.5
    records = {}
    for word in product((0, 1), repeat=times.size):
        awake, seen = [0.0, 0.0], []
        for time, bit in zip(times, word, strict=True):
            if time >= awake[bit]:
                seen.append((time, bit))
                awake[bit] = time + dead
        records.setdefault(tuple(time for time, _ in seen), []).append([bit for _, bit in seen])
    soon = 0
    for record, words in records.items():
        bits = np.array(words)
        assert (bits.mean(axis=0) == 0.5).all()  # of no bit anything
        differs = (np.diff(bits, axis=1) != 0).mean(axis=0)
        assert (differs[np.diff(record) < dead] == 1).all()  # of pairs, one bit each
        soon += int((np.diff(record) < dead).sum())
    assert soon > 0


def test_separate_rests_tie_neighbours():
    # Within a rest the next click is of the other detector: always. Under "shared" the next bit is a coin.
    dead = 2e-6
    apart = simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="separate", rng=4)
    soon = np.diff(apart.time_s) < dead
    assert (np.diff(apart.bits.astype(int))[soon] != 0).all()
    together = simulate_clicks(1e6, 20_000, dead_time_s=dead, rule="shared", rng=4).bits.astype(int)
    n = together.size - 1
    assert abs((np.diff(together) != 0).mean() - 0.5) < 6 * 0.5 / np.sqrt(n)  # 6 sigma: 2e-9


def test_afterpulses_belong_to_the_detector_that_clicked():
    seen = simulate_clicks(1.0, 3000, afterpulse=0.3, decay_s=1e-6, rng=5)  # photons a second apart
    places = np.flatnonzero(seen.spurious)
    assert places.size > 500
    assert (seen.bits[places] == seen.bits[places - 1]).all()


def test_same_seed_same_clicks():
    one, two = (simulate_clicks(1e6, 1000, dead_time_s=1e-6, afterpulse=0.1, rng=7) for _ in range(2))
    assert np.array_equal(one.time_s, two.time_s)
    given = np.random.default_rng(7)
    simulate_clicks(1e6, 1000, rng=given)
    assert given.random() != np.random.default_rng(7).random()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"rate_hz": 0.0}, ValueError, "rate_hz must be above 0"),
        ({"decay_s": 0.0}, ValueError, "decay_s must be above 0"),
        ({"n_events": 0}, ValueError, "n_events must be at least 1"),
        ({"n_events": 1.5}, TypeError, "n_events must be a whole number"),
        ({"rule": "both"}, ValueError, 'rule must be "separate", "discard" or "shared"'),
        ({"rule": np.ones(2)}, ValueError, "rule must be"),
        ({"afterpulse": 1.0}, ValueError, "each click would start another, for ever"),
        ({"dead_time_s": -1.0}, ValueError, "dead_time_s must be"),
        ({"p_one": 2.0}, ValueError, "p_one must be a probability"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        simulate_clicks(**{"rate_hz": 1e6, "n_events": 10, **keywords})


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
    theory = float(observed_rate(rate, dead_time_s=dead))
    assert abs(clicks / times[-1] / theory - 1) < 6 / ((1 + load) * np.sqrt(clicks))


@pytest.mark.parametrize("load", [0.1, 1.0, 3.0])
def test_paralysable_event_by_event(load):
    # An arrival is seen if the last one is more than tau ago: chance exp(-r tau); bounded by a binomial count
    # (neighbouring gaps are independent). 6 sigma: 2e-9.
    rate, dead = 1e6, load * 1e-6
    gaps = np.diff(arrivals(rate, 400_000, 2))
    share = float(observed_rate(rate, dead_time_s=dead, kind="paralysable")) / rate
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
    theory = float(two_detector_rate(rate, dead_time_s=dead, rule=rule))
    assert abs(np.mean(found) - theory) < 8 * np.std(found, ddof=1) / np.sqrt(20)


def test_limits():
    rates = np.array([0.0, 1.0, 1e6, 1e12])
    for kind in ("non-paralysable", "paralysable"):
        np.testing.assert_array_equal(observed_rate(rates, dead_time_s=0.0, kind=kind), rates)
    assert observed_rate(1e15, dead_time_s=1e-6) == pytest.approx(1e6)
    bright = observed_rate([1e6, 2e6], dead_time_s=1e-6, kind="paralysable")
    assert bright[1] < bright[0] == pytest.approx(1e6 / np.e)  # largest at r tau = 1
    for rule in ("separate", "discard", "shared"):
        np.testing.assert_array_equal(two_detector_rate(rates, dead_time_s=0.0, rule=rule), rates)
    assert two_detector_rate(1e15, dead_time_s=1e-6, rule="separate") == pytest.approx(2e6)
    assert two_detector_rate(1e15, dead_time_s=1e-6, rule="shared") == pytest.approx(1e6)
    assert two_detector_rate(1e15, dead_time_s=1e-6, rule="discard") < 1


def test_shared_is_never_behind_discard():
    rates = np.geomspace(1, 1e12, 200)
    shared, discard = (
        two_detector_rate(rates, dead_time_s=1e-6, rule=rule) for rule in ("shared", "discard")
    )
    assert (shared >= discard).all()
    assert rates[discard.argmax()] == pytest.approx(2e6, rel=0.1)


def test_two_separate_detectors_are_two_single_ones():
    rates = np.geomspace(1, 1e9, 20)
    np.testing.assert_allclose(
        two_detector_rate(rates, dead_time_s=1e-6, rule="separate"),
        2 * observed_rate(rates / 2, dead_time_s=1e-6),
    )


def test_true_rate_turns_seen_rate_round():
    rates = np.geomspace(1, 1e9, 30)
    np.testing.assert_allclose(
        true_rate(observed_rate(rates, dead_time_s=1e-6), dead_time_s=1e-6), rates, rtol=1e-9
    )


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: observed_rate(-1.0, dead_time_s=1e-6), ValueError, "rate_hz must be"),
        (lambda: observed_rate(np.nan, dead_time_s=1e-6), ValueError, "rate_hz must be"),
        (lambda: observed_rate("fast", dead_time_s=1e-6), TypeError, "rate_hz must be a number"),
        (lambda: observed_rate(1.0, dead_time_s=-1e-6), ValueError, "dead_time_s must be"),
        (lambda: observed_rate(1.0, dead_time_s=1e-6, kind="lazy"), ValueError, "kind must be"),
        (lambda: two_detector_rate(1.0, dead_time_s=1e-6, rule="lazy"), ValueError, "rule must be"),
        (lambda: true_rate([1.0, 1e6], dead_time_s=1e-6), ValueError, "cannot report so much"),
    ],
)
def test_refuses_dead_time(call, error, says):
    with pytest.raises(error, match=says):
        call()


LIM = LINKS["lim2014"]


def test_all_orders_of_branching():
    # Each photon starts a family of mean size 1/(1 - P), variance P/(1 - P)^3 (Borel): relative error
    # sqrt(P/((1 - P) n)); 6 sigma: 2e-9. Photons are rare, so families do not meet.
    n, p = 60_000, 0.3
    seen = simulate_clicks(1.0, n, afterpulse=p, decay_s=1e-6, p_one=0.0, rng=1)
    factor = 1 + with_afterpulses(LIM, p).afterpulse
    assert factor == pytest.approx(1 / (1 - p))
    assert abs(seen.time_s.size / n / factor - 1) < 6 * np.sqrt(p / ((1 - p) * n))
    # the first order alone, 1 + P, is far outside of that
    assert abs(seen.time_s.size / n / (1 + p) - 1) > 20 * np.sqrt(p / ((1 - p) * n))


def test_hold_off_hides_the_early_ones():
    # P = P0 exp(-h/T) after the rest; families as above, each member now with a rest.
    n, hold, p0 = 60_000, 3e-6, 0.5
    seen = simulate_clicks(1.0, n, dead_time_s=hold, afterpulse=p0, decay_s=2e-6, p_one=0.0, rng=2)
    p = float(afterpulse_probability(hold, total=p0, decay_s=2e-6))
    # Rests hide some of the second afterpulse of one click: a shift of order P^2/4 at most, 0.3 %; 6 sigma 0.9 %.
    assert p == pytest.approx(0.5 * np.exp(-1.5))
    assert abs(seen.time_s.size / n * (1 - p) - 1) < 0.003 + 6 * np.sqrt(p / ((1 - p) * n))


def test_gain_and_errors_of_the_link_pulse_by_pulse():
    # A pulse clicks with chance q of light, always rightly here; an afterpulse belongs to the detector of its click
    # and meets a random bit: half of them are errors. 20 runs; 8 standard errors of Student's t: 2e-7.
    p = 0.2
    link = with_afterpulses(replace(LIM, background=0.0, misalignment=0.0), p)
    q = float(gain(0.5, 1e-3, link=replace(link, afterpulse=0.0)))
    gains, errors = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        seen = simulate_clicks(q, 5000, afterpulse=p, decay_s=1e-3 / q, rng=rng)  # time in pulses
        wrong = seen.spurious & (rng.integers(0, 2, seen.bits.size) != seen.bits)
        gains.append(seen.time_s.size / 5000 * q)
        errors.append(wrong.sum() / 5000 * q)
    for found, theory in ((gains, gain(0.5, 1e-3, link=link)), (errors, error_gain(0.5, 1e-3, link=link))):
        assert abs(np.mean(found) - theory) < 8 * np.std(found, ddof=1) / np.sqrt(20)


def test_first_order_is_the_number_itself():
    assert with_afterpulses(LIM, 0.0).afterpulse == 0
    assert with_afterpulses(LIM, 1e-4).afterpulse == pytest.approx(1e-4, rel=2e-4)
    assert with_afterpulses(LIM, 0.5).afterpulse == 1.0
    assert with_afterpulses(LIM, 0.04).background == LIM.background


def test_probability_decays():
    chances = afterpulse_probability([0.0, 2e-6, 1.0], total=0.4, decay_s=2e-6)
    np.testing.assert_allclose(chances, [0.4, 0.4 / np.e, 0.0], atol=1e-300)


# Load r times rest, 5 microseconds, and the share of afterpulses among the clicks of two diodes with P0 = 0.4, T = 2 us;
# the sheet of a gated system meets these loads at 0, 10, 50, 100 and 140 km with the signal that is best for a link whose
# afterpulses are those of rare clicks.
@pytest.mark.parametrize(
    ("load", "errors"),
    [(14.84, 0.0025), (11.41, 0.0032), (3.90, 0.0068), (4.79, 0.0060), (0.83, 0.0126), (0.17, 0.0155)],
)
def test_later_rests_hide_most_of_them(load, errors):
    # Afterpulses among n clicks: families are small, so the spread is that of a Poisson number but for a few percent; 7
    # sigma of those seen here (at least 200) are less than 1e-6 for all six.
    hold = 5e-6
    p = float(afterpulse_probability(hold, total=0.4, decay_s=2e-6, rate_hz=load / hold))
    assert p / 2 == pytest.approx(errors, abs=6e-5)
    seen = simulate_clicks(
        load / hold,
        int(50_000 * (1 + load)),
        dead_time_s=hold,
        rule="shared",
        afterpulse=0.4,
        decay_s=2e-6,
        rng=6,
    )
    found, n = int(seen.spurious.sum()), seen.time_s.size
    assert found > 200
    assert abs(found - p * n) < 7 * np.sqrt(p * n) + 0.02 * p * n  # 2 %: the formula is of first order
    rare = float(afterpulse_probability(hold, total=0.4, decay_s=2e-6))
    assert rare / 2 == pytest.approx(0.0164, abs=5e-5)
    if load > 0.5:
        assert found < 0.85 * rare * n


def test_short_rests_to_first_order():
    # At its worst near Alice: rests of 0.3 to 1 microsecond. The formula is above the events, by a tenth at most.
    for hold, rate in ((3e-7, 3e6), (3e-7, 1e6), (1e-6, 1e6)):
        seen = simulate_clicks(
            rate, 200_000, dead_time_s=hold, rule="shared", afterpulse=0.4, decay_s=2e-6, rng=7
        )
        p = float(afterpulse_probability(hold, total=0.4, decay_s=2e-6, rate_hz=rate))
        assert 0.87 < seen.spurious.mean() / p < 1.0


def test_the_rate_that_is_seen_is_the_true_one_in_the_time_that_is_live():
    for rate, hold in ((0.0, 1e-6), (1e5, 1e-6), (3e7, 5e-8)):
        live = live_fraction(rate, dead_time_s=hold)
        assert observed_rate(rate, dead_time_s=hold) == pytest.approx(rate * live, rel=1e-12)


def test_live_share_by_simulation():
    # The denominator takes clicks of light *and* afterpulses. The formula is within 1 % of the
    # events (it takes afterpulses as if they came at random times); the spread of a run is half of that.
    rate, hold = 2e5, 3e-6
    p = float(afterpulse_probability(hold, total=0.4, decay_s=2e-6, rate_hz=rate))
    seen = simulate_clicks(rate, 60_000, dead_time_s=hold, rule="shared", afterpulse=0.4, decay_s=2e-6, rng=4)
    clicks = rate / (1 - p)
    assert seen.time_s.size / seen.time_s[-1] == pytest.approx(clicks / (1 + clicks * hold), rel=0.01)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: afterpulse_probability(-1.0, total=0.1, decay_s=1e-6), ValueError, "hold_off_s must be"),
        (
            lambda: afterpulse_probability(0.0, total=0.1, decay_s=1e-6, rate_hz=-1.0),
            ValueError,
            "rate_hz must be",
        ),
        (lambda: afterpulse_probability(0.0, total=1.0, decay_s=1e-6), ValueError, "total must be below 1"),
        (lambda: afterpulse_probability(0.0, total=0.1, decay_s=0.0), ValueError, "decay_s must be above 0"),
        (lambda: with_afterpulses(LIM, 0.6), ValueError, "most clicks would be afterpulses"),
        (lambda: with_afterpulses(LIM, -0.1), ValueError, "probability must be"),
    ],
)
def test_refuses_afterpulses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_the_repr_is_short():
    seen = simulate_clicks(1e6, 3_000, dead_time_s=1e-6, rule="discard", afterpulse=0.1, rng=5)
    kept, spurious = seen.kept.sum(), seen.spurious.sum()
    assert repr(seen) == f"Clicks({seen.bits.size} clicks, {kept} kept, {spurious} spurious)"
