"""Afterpulses: branching against the simulation, the link of the photons chapter, and the hold-off."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.fibre import (
    afterpulse_probability,
    best_hold_off,
    hold_off_rate,
    simulate_clicks,
    with_afterpulses,
)
from qlearn.communication.photons import LINKS, error_gain, gain, rate_at

LIM = LINKS["lim2014"]
DIODE = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}


def test_all_orders_of_branching():
    # Each photon starts a family of mean size 1/(1 - P), variance P/(1 - P)^3 (Borel): relative error
    # sqrt(P/((1 - P) n)); 6 sigma: 2e-9. Photons are rare, so families do not meet.
    n, p = 60_000, 0.3
    seen = simulate_clicks(1.0, n, afterpulse=p, decay_s=1e-6, share=0.0, rng=1)
    factor = 1 + with_afterpulses(LIM, p).afterpulse
    assert factor == pytest.approx(1 / (1 - p))
    assert abs(seen.time_s.size / n / factor - 1) < 6 * np.sqrt(p / ((1 - p) * n))
    # the first order alone, 1 + P, is far outside of that
    assert abs(seen.time_s.size / n / (1 + p) - 1) > 20 * np.sqrt(p / ((1 - p) * n))


def test_hold_off_hides_the_early_ones():
    # P = P0 exp(-h/T) after the rest; families as above, each member now with a rest.
    n, hold, p0 = 60_000, 3e-6, 0.5
    seen = simulate_clicks(1.0, n, dead_time_s=hold, afterpulse=p0, decay_s=2e-6, share=0.0, rng=2)
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


def test_rate_without_afterpulses_and_rest_is_that_of_photons():
    found = hold_off_rate(0.0, 0.1, link=LIM, pulse_rate_hz=1e9, total=0.0, decay_s=1e-6)
    assert found == pytest.approx(1e9 * float(rate_at(0.1, link=replace(LIM, afterpulse=0.0))), rel=1e-6)


def test_live_share_by_simulation():
    # The denominator takes clicks of light *and* afterpulses. Loads up to 1: the formula is within 3 % of the events
    # (it takes afterpulses as if they came at random times); the spread of a run is far below that.
    rate, hold = 2e5, 3e-6
    p = float(afterpulse_probability(hold, total=0.4, decay_s=2e-6))
    seen = simulate_clicks(rate, 60_000, dead_time_s=hold, rule="shared", afterpulse=0.4, decay_s=2e-6, rng=4)
    clicks = rate / (1 - p)
    assert seen.time_s.size / seen.time_s[-1] == pytest.approx(clicks / (1 + clicks * hold), rel=0.03)


@pytest.mark.parametrize("t", [0.3, 0.01, 1e-3])
def test_best_hold_off_is_a_maximum(t):
    best = best_hold_off(t, link=LIM, **DIODE)
    around = best * np.geomspace(0.2, 5, 61)
    keys = hold_off_rate(around, t, link=LIM, **DIODE)
    top = float(hold_off_rate(best, t, link=LIM, **DIODE))
    assert top > 0
    assert top >= keys.max() * (1 - 1e-4)
    assert keys[0] < 0.9 * top
    assert keys[-1] < top


def test_nothing_to_find_without_key():
    assert np.isnan(best_hold_off(1e-7, link=LIM, **DIODE))
    assert (hold_off_rate([0.0, 1e-6], 1e-7, link=LIM, **DIODE) == 0).all()
    assert hold_off_rate(0.0, 0.1, link=LIM, pulse_rate_hz=1e9, total=0.9, decay_s=1e-6) == 0
    assert hold_off_rate(0.0, 0.1, link=LIM, pulse_rate_hz=0.0, total=0.1, decay_s=1e-6) == 0


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: afterpulse_probability(-1.0, total=0.1, decay_s=1e-6), ValueError, "hold_off_s must be"),
        (lambda: afterpulse_probability(0.0, total=1.0, decay_s=1e-6), ValueError, "total must be below 1"),
        (lambda: afterpulse_probability(0.0, total=0.1, decay_s=0.0), ValueError, "decay_s must be above 0"),
        (lambda: with_afterpulses(LIM, 0.6), ValueError, "most clicks would be afterpulses"),
        (lambda: with_afterpulses(LIM, -0.1), ValueError, "probability must be"),
        (lambda: hold_off_rate(0.0, 2.0, link=LIM, **DIODE), ValueError, "transmittance must be"),
        (lambda: hold_off_rate(0.0, 0.1, link=None, **DIODE), TypeError, "dataclass|link must be"),
        (
            lambda: best_hold_off(0.1, link=LIM, **{**DIODE, "decay_s": 0.0}),
            ValueError,
            "decay_s must be above 0",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
