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


def test_twenty_orders_of_magnitude():
    # Liao et al.: around 20 orders more than a fibre of 1200 km, 240 dB.
    sky = overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=19.8)
    worst = DOWNLINKS["micius"].transmittance(sky).min()
    assert 19 < np.log10(worst / 10 ** (-0.02 * 1200)) < 22


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
    ],
)
def test_refuses(keywords, says):
    with pytest.raises(ValueError, match=says):
        fibre_crossing(**{"bits_per_day": 1.0, "pulse_rate_hz": 1e8, **keywords})
