"""Fibre against the sky: where they meet, from both sides."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, plob, rate_at
from qlearn.communication.satellite import DOWNLINKS, fibre_crossing, overpass

GYS = LINKS["gys"]


@pytest.mark.parametrize("bits", [1e3, 3e5, 1e9])
def test_is_where_the_fibre_makes_as_much(bits):
    any_fibre = fibre_crossing(bits, pulse_rate_hz=1e8)
    assert plob(10 ** (-0.02 * any_fibre)) * 1e8 * 86_400 == pytest.approx(bits, rel=1e-5)
    gys = fibre_crossing(bits, pulse_rate_hz=1e8, link=GYS)
    assert rate_at(GYS.transmittance(gys), link=GYS) * 1e8 * 86_400 == pytest.approx(bits, rel=1e-3)
    assert gys < any_fibre


def test_more_bits_from_above_shorter_fibre():
    lengths = [fibre_crossing(bits, pulse_rate_hz=1e8) for bits in (1e2, 1e5, 1e8)]
    assert lengths == sorted(lengths, reverse=True)
    # ten times the bits, 10 dB, 50 km
    assert fibre_crossing(1e5, pulse_rate_hz=1e8) - fibre_crossing(1e6, pulse_rate_hz=1e8) == pytest.approx(
        50, abs=1e-3
    )


def test_two_modes_are_three_decibel():
    one, two = (fibre_crossing(1e3, pulse_rate_hz=rate) for rate in (1e8, 2e8))
    assert two - one == pytest.approx(10 * np.log10(2) / 0.2, abs=1e-3)


def test_a_better_fibre_crosses_further_out():
    # -log2(1 - T) = r at T = 1 - 2^-r, by hand; ultra-low loss of 0.142 dB/km, two modes a pulse
    share = -np.expm1(-np.log(2) * 300_939 / (86_400 * 2e8))
    far = fibre_crossing(300_939, pulse_rate_hz=2e8, loss_db_per_km=0.142)
    assert far == pytest.approx(-10 / 0.142 * np.log10(share), abs=1e-3)
    assert far == pytest.approx(557.6, abs=0.1)


def test_a_fibre_with_trusted_nodes_is_ahead_at_any_distance():
    # Two cities by way of a satellite trust it; so may fibre in hops of 100 km, and then its rate knows no length.
    hop = float(rate_at(10**-2.0, link=LINKS["lim2014"])) * 1e8 * 86_400
    assert hop == pytest.approx(7.1e8, rel=0.01)
    assert fibre_crossing(300_939, pulse_rate_hz=1e8, link=LINKS["lim2014"]) > 100


def test_twenty_orders_of_magnitude_of_light_and_of_key():
    # Liao et al. say of the key rate that it is around 20 orders above that of a fibre of 1200 km, 240 dB. Of light it
    # is 20.8; of key, against the bound of one mode that every fibre stays below, 18.9.
    micius = DOWNLINKS["micius"]
    sky = overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=19.8)
    fibre = 10 ** (-0.02 * 1200)
    assert np.log10(micius.transmittance(sky).min() / fibre) == pytest.approx(20.8, abs=0.05)
    best_fibre = fibre / np.log(2) * micius.pulse_rate_hz  # -log2(1 - T), T so small
    mean = micius.published["key_bits"] / micius.published["duration_s"]
    assert np.log10(mean / best_fibre) == pytest.approx(18.883, abs=0.001)
    assert plob(fibre) * micius.pulse_rate_hz == pytest.approx(best_fibre)


def test_ends():
    assert fibre_crossing(1e20, pulse_rate_hz=1e8, link=GYS) == 0
    silent = replace(GYS, background=0.0)
    assert fibre_crossing(1.0, pulse_rate_hz=1e8, link=silent) > fibre_crossing(
        1.0, pulse_rate_hz=1e8, link=GYS
    )


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"bits_per_day": 0.0}, "must be above 0"),
        ({"pulse_rate_hz": 0.0}, "must be above 0"),
        ({"loss_db_per_km": 0.0}, "loss_db_per_km must be above 0"),
        ({"bits_per_day": 1e-300}, "bits_per_day must be more than a fibre of 3000 dB makes, not 1e-300"),
        (
            {"bits_per_day": 1e-300, "link": replace(LINKS["lim2014"], background=0.0)},
            "bits_per_day must be more than a fibre of 3000 dB makes",
        ),
    ],
)
def test_refuses(keywords, says):
    with pytest.raises(ValueError, match=says):
        fibre_crossing(**{"bits_per_day": 1.0, "pulse_rate_hz": 1e8, **keywords})
