"""Raman light: closed forms against the integral along the fibre, published values, photons counted."""

import numpy as np
import pytest
from scipy.constants import c, h
from scipy.integrate import quad

from qlearn.communication.fibre import Traffic, dbm_to_watt, raman_power
from qlearn.communication.fibre.raman import crosstalk_power, noise_click_probability


@pytest.mark.parametrize("losses", [(0.2, 0.2), (0.2, 0.35), (0.35, 0.2), (0.0, 0.2), (0.0, 0.0)])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_integral_along_the_fibre(direction, losses):
    quantum, classical = (loss * np.log(10) / 10 for loss in losses)
    for length in (1.0, 30.0, 120.0):

        def scattered(z, length=length):
            back = z if direction == "backward" else length - z
            return 1e-3 * np.exp(-classical * z) * 3e-9 * 0.5 * np.exp(-quantum * back)

        found = raman_power(
            1e-3,
            length,
            bandwidth_nm=0.5,
            loss_db_per_km=losses[0],
            classical_loss_db_per_km=losses[1],
            direction=direction,
        )
        assert found == pytest.approx(quad(scattered, 0, length, epsabs=0, epsrel=1e-11)[0], rel=1e-9)


def test_very_unequal_losses():
    # The integral is P beta (e^(-a z) - e^(-b z))/(b - a), symmetric in the losses; no factor may overflow.
    a, b = 1.0 * np.log(10) / 10, 20.0 * np.log(10) / 10
    for losses in ((1.0, 20.0), (20.0, 1.0)):
        found = raman_power(
            1.0, 500.0, bandwidth_nm=1.0, loss_db_per_km=losses[0], classical_loss_db_per_km=losses[1]
        )
        assert found == pytest.approx(3e-9 * np.exp(-500 * a) / (b - a), rel=1e-12)


def test_the_formulas_as_they_are_printed():
    # Eraerds et al., equations 2 and 3, are for the power that *leaves* the fibre: P_out L and P_out sinh(aL)/a.
    alpha, length = 0.2 * np.log(10) / 10, np.array([5.0, 25.0, 80.0])
    out = 1e-3 * np.exp(-alpha * length)
    setting = {"bandwidth_nm": 0.045, "coefficient": 2e-9}
    forward, backward = (raman_power(1e-3, length, **setting, direction=d) for d in ("forward", "backward"))
    np.testing.assert_allclose(forward, out * length * 2e-9 * 0.045)
    np.testing.assert_allclose(backward, out * np.sinh(alpha * length) / alpha * 2e-9 * 0.045)


def test_published_photons_per_mode():
    # Kumar, Qin and Alleaume (2015) print an excess noise, twice the photons in one mode, of 1.3e-3 forward and 1.6e-3
    # backward: 0 dBm, 25 km, 3e-9 per km and nm, 1531.12 nm, 0.5 dB of filter. One mode of one polarisation has
    # bandwidth times duration 1, and half of the light.
    wave = 1531.12e-9
    for direction, printed in (("forward", 1.3e-3), ("backward", 1.6e-3)):
        per_nm = (
            float(raman_power(dbm_to_watt(0.0), 25.0, bandwidth_nm=1.0, direction=direction)) * 1e9
        )  # W per m
        photons = per_nm * wave**2 / c / 2 * wave / (h * c) * 10**-0.05
        assert 2 * photons == pytest.approx(printed, abs=0.05e-3)


def test_forward_is_largest_at_one_attenuation_length():
    length = np.linspace(1, 100, 991)
    power = raman_power(1.0, length, bandwidth_nm=1.0)
    assert length[power.argmax()] == pytest.approx(10 / (0.2 * np.log(10)), abs=0.1)
    assert (np.diff(raman_power(1.0, length, bandwidth_nm=1.0, direction="backward")) > 0).all()


def test_short_fibres_scatter_alike():
    both = [float(raman_power(1.0, 1e-6, bandwidth_nm=1.0, direction=d)) for d in ("forward", "backward")]
    np.testing.assert_allclose(both, 3e-15, rtol=1e-6)
    assert raman_power(1.0, 0.0, bandwidth_nm=1.0) == 0


def test_photons_of_a_picowatt_counted():
    # A million gates, photons drawn for each: 6 sigma of a binomial: 2e-9.
    n, power, gate = 1_000_000, 2e-9, 1e-9
    photons = np.random.default_rng(1).poisson(power * gate / (h * c / 1550e-9), n)
    clicks = (np.random.default_rng(2).binomial(photons, 0.1) > 0).mean()
    theory = float(noise_click_probability(power, gate_s=gate, efficiency=0.1))
    assert abs(clicks - theory) < 6 * np.sqrt(theory * (1 - theory) / n)
    assert noise_click_probability(1.0, gate_s=1.0, efficiency=1.0) == 1
    assert noise_click_probability(1.0, gate_s=1.0, efficiency=0.0) == 0


def test_decibels():
    np.testing.assert_allclose(dbm_to_watt([0, 10, -30]), [1e-3, 1e-2, 1e-6])
    assert dbm_to_watt(-np.inf) == 0
    assert crosstalk_power(1e-3, 50.0, isolation_db=80) == pytest.approx(1e-3 * 1e-1 * 1e-8)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: raman_power(-1.0, 1.0, bandwidth_nm=1.0), ValueError, "launch_w must be"),
        (lambda: raman_power(1.0, -1.0, bandwidth_nm=1.0), ValueError, "length_km must be"),
        (lambda: raman_power(1.0, 1.0, bandwidth_nm=-1.0), ValueError, "bandwidth_nm must be"),
        (lambda: raman_power(1.0, 1.0, bandwidth_nm=1.0, direction="up"), ValueError, "direction must be"),
        (lambda: raman_power(np.ones(2), np.ones(3), bandwidth_nm=1.0), ValueError, "must broadcast"),
        (lambda: crosstalk_power(1.0, 1.0, isolation_db=-1.0), ValueError, "isolation_db must be"),
        (lambda: noise_click_probability(1.0, gate_s=1.0, efficiency=2.0), ValueError, "efficiency must be"),
        (
            lambda: noise_click_probability(1.0, gate_s=1.0, efficiency=0.5, wavelength_nm=0.0),
            ValueError,
            "wavelength_nm must be above 0",
        ),
        (lambda: Traffic(direction="up"), ValueError, "direction must be"),
        (lambda: Traffic(launch_dbm=np.nan), ValueError, "dbm must be"),
        (lambda: Traffic(isolation_db=-1.0), ValueError, "isolation_db must be"),
        (lambda: dbm_to_watt("much"), TypeError, "dbm must be"),
        (lambda: dbm_to_watt(np.nan), ValueError, "dbm must be"),
        (lambda: dbm_to_watt(np.inf), ValueError, "dbm must be"),
        (lambda: dbm_to_watt(4000), ValueError, "dbm must be at most 3000"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
