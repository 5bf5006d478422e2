"""Afterpulses: branching and later rests against the simulation, and the link of the photons chapter."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.fibre import afterpulse_probability, simulate_clicks, with_afterpulses
from qlearn.communication.photons import LINKS, error_gain, gain

LIM = LINKS["lim2014"]


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
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
