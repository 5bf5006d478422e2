"""Bounds on single photons: published deviations, an exact oracle, and bounds that hold against any yields."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.photons import (
    LINKS,
    error_gain,
    gain,
    infinite_decoy,
    no_decoy,
    photon_probabilities,
    photon_yield,
    vacuum_weak,
)

GYS = LINKS["gys"]


def seen(mu, nu, **line):
    return {
        "signal_gain": gain(mu, **line),
        "weak_gain": gain(nu, **line),
        "weak_error_gain": error_gain(nu, **line),
        "background": gain(0.0, **line),
    }


def test_deviations_of_ma_qi_zhao_and_lo_at_40_km():
    # Their section 3.1 prints 3.5 % and 16.8 % below and above the infinite-decoy values, for mu = 0.48.
    line = {"transmittance": GYS.transmittance(40), "link": GYS}
    truth, bound = infinite_decoy(**line), vacuum_weak(0.48, 0.12, **seen(0.48, 0.12, **line))
    assert 1 - bound.clicks / truth.clicks == pytest.approx(0.035, abs=5e-4)
    assert bound.errors / truth.errors - 1 == pytest.approx(0.168, abs=5e-4)


def test_the_weaker_the_decoy_the_closer_to_the_truth():
    line = {"transmittance": 0.02, "link": GYS}
    truth = infinite_decoy(**line)
    bounds = [vacuum_weak(0.48, nu, **seen(0.48, nu, **line)) for nu in (0.3, 0.1, 0.03, 0.01, 1e-3)]
    clicks, errors = ([float(getattr(bound, part)) for bound in bounds] for part in ("clicks", "errors"))
    assert (np.diff(clicks) > 0).all()
    assert (np.diff(errors) < 0).all()
    assert clicks[-1] == pytest.approx(truth.clicks, rel=1e-3)
    assert errors[-1] == pytest.approx(truth.errors, rel=1e-2)


def test_infinite_decoy_is_the_yield_of_one_photon():
    for t in (0.0, 1e-3, 1.0):
        assert infinite_decoy(t, link=GYS).clicks == pytest.approx(photon_yield(1, t, link=GYS))
    assert infinite_decoy(0.0, link=GYS).errors == pytest.approx(0.5)


unit = st.floats(0, 1)


@given(st.lists(unit, min_size=12, max_size=12), st.lists(unit, min_size=12, max_size=12), unit, unit)
def test_no_yields_that_eve_may_choose_break_the_bounds(yields, errors, brightness, ratio):
    # Eve sets a yield and an error rate for each photon number; beyond 11 photons everything clicks.
    mu = 0.05 + 0.95 * brightness
    nu = mu * (0.01 + 0.98 * ratio)
    y, wrong = np.array(yields), np.array(yields) * np.array(errors)
    wrong[0] = 0.5 * y[0]  # an empty pulse knows no bit
    p, q = photon_probabilities(mu, 11), photon_probabilities(nu, 11)
    bound = vacuum_weak(
        mu,
        nu,
        signal_gain=p @ y + 1 - p.sum(),
        weak_gain=q @ y + 1 - q.sum(),
        weak_error_gain=q @ wrong,
        background=y[0],
    )
    # Rounding of gains near 1, divided by nu, is all that may be missing.
    assert bound.clicks <= y[1] + 1e-12 / nu
    assert bound.errors * bound.clicks >= min(wrong[1], 0.5 * bound.clicks) - 1e-12 / nu
    worst = no_decoy(mu, signal_gain=p @ y + 1 - p.sum(), signal_error_gain=p @ wrong)
    assert worst.clicks * p[1] <= p[1] * y[1] + p[0] * y[0] + 1e-12


def test_without_decoys_a_bright_pulse_proves_nothing():
    line = {"transmittance": 0.01, "link": GYS}
    hidden = no_decoy(0.48, signal_gain=gain(0.48, **line), signal_error_gain=error_gain(0.48, **line))
    assert (hidden.clicks, hidden.errors) == (0, 0.5)
    faint = no_decoy(1e-4, signal_gain=gain(1e-4, **line), signal_error_gain=error_gain(1e-4, **line))
    assert faint.clicks > 0


def test_broadcasts():
    line = {"transmittance": np.array([0.1, 0.01]), "link": GYS}
    assert vacuum_weak(0.48, 0.05, **seen(0.48, 0.05, **line)).clicks.shape == (2,)


@pytest.mark.parametrize("nu", [0.0, 0.48, 0.6])
def test_refuses_a_decoy_that_is_not_weaker(nu):
    line = {"transmittance": 0.1, "link": GYS}
    with pytest.raises(ValueError, match="nu must lie between 0 and mu"):
        vacuum_weak(0.48, nu, **seen(0.48, nu, **line))
