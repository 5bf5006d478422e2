"""Hold-off: its limits, its maximum, and the key of simulated clicks."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.fibre import best_hold_off, fastest_mu, hold_off_rate, simulate_clicks
from qlearn.communication.photons import LINKS, gain, rate_at

LIM = LINKS["lim2014"]
DIODE = {"pulse_rate_hz": 1e9, "total": 0.4, "decay_s": 2e-6}


def test_rate_without_afterpulses_and_rest_is_that_of_photons():
    found = hold_off_rate(0.0, 0.1, link=LIM, pulse_rate_hz=1e9, total=0.0, decay_s=1e-6)
    assert found == pytest.approx(1e9 * float(rate_at(0.1, link=replace(LIM, afterpulse=0.0))), rel=1e-6)


@pytest.mark.parametrize(("t", "hold"), [(0.1, 1e-6), (0.1, 5e-6), (0.003, 3e-6), (0.003, 8e-6)])
def test_key_of_simulated_clicks(t, hold):
    # Clicks a second and the share of afterpulses among them from events, the key per click from the photons chapter.
    # The formula of first order has a few afterpulses too many where rests are short: its key is lower, by a tenth at most;
    # the spread of a run is below 1 %.
    mu = float(fastest_mu(t, link=LIM, dead_time_s=hold, **DIODE))
    quiet = replace(LIM, afterpulse=0.0)
    rate = 1e9 * float(gain(mu, t, link=quiet))
    seen = simulate_clicks(
        rate,
        int(60_000 * (1 + rate * hold)),
        dead_time_s=hold,
        rule="shared",
        afterpulse=0.4,
        decay_s=2e-6,
        rng=1,
    )
    share = float(seen.spurious.mean())
    link = replace(LIM, afterpulse=share / (1 - share))
    per_click = float(rate_at(t, link=link, mu=mu) / gain(mu, t, link=link))
    found = per_click * seen.time_s.size / seen.time_s[-1]
    assert 0.88 < float(hold_off_rate(hold, t, link=LIM, **DIODE)) / found < 1.02


def test_shorter_near_alice():
    holds = [best_hold_off(t, link=LIM, **DIODE) for t in (0.5, 0.1, 0.01, 0.001)]
    assert (np.diff(holds) > 0).all()
    assert holds[0] < 0.2 * holds[-1]


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
        (lambda: hold_off_rate(0.0, 2.0, link=LIM, **DIODE), ValueError, "transmittance must be"),
        (lambda: hold_off_rate(0.0, 0.1, link=None, **DIODE), TypeError, "link must be"),
        (lambda: hold_off_rate(-1.0, 0.1, link=LIM, **DIODE), ValueError, "hold_off_s must be"),
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
