"""Key per pass: the published one, within what is known; a simulated second; limits."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import Counts, Link, Source, expected_counts, finite_key, stream
from qlearn.communication.satellite import DOWNLINKS, elevation, overpass, pass_key

MICIUS = DOWNLINKS["micius"]
SAID = MICIUS.published


@pytest.fixture(scope="module")
def sky():
    top, low = elevation([645, 1200], height_km=500)
    return overpass(height_km=500, max_elevation_deg=float(top), min_elevation_deg=float(low))


@pytest.fixture(scope="module")
def flight(sky):
    return pass_key(MICIUS, sky)


def test_rates_at_both_ends(flight, sky):
    # One fitted number, the loss in the air, for two printed rates: about 12 and 1 kbit/s.
    assert flight.sifted_hz[sky.range_km.argmin()] == pytest.approx(SAID["sifted_rate_near_hz"], rel=0.03)
    assert flight.sifted_hz[0] == pytest.approx(SAID["sifted_rate_far_hz"], rel=0.1)


def test_the_whole_pass(flight):
    # 3 551 136 clicks, 1 671 072 sifted bits. Nothing is fitted to their size; p_x was read from their quotient, and the
    # sifted rates at the middle and the ends were fitted, so that the shape and the length of the curve are tested.
    assert flight.counts.clicked.sum() == pytest.approx(SAID["clicks"], rel=0.03)
    assert flight.sifted == pytest.approx(SAID["sifted_bits"], rel=0.03)


def test_error_rate_without_stray_light(flight):
    # Contrast and dark counts alone give 0.4 %; measured were 1.1 %: the rest is not printed.
    assert 0.003 < flight.counts.qbers[0] < 0.006


def test_the_published_key_lies_between_two_causes_of_the_measured_error_rate(flight, sky):
    lengths = {}
    for cause, value in (("misalignment", 0.0106), ("background", 3.63e-6)):
        other = pass_key(replace(MICIUS, receiver=replace(MICIUS.receiver, **{cause: value})), sky)
        assert other.counts.qbers[0] == pytest.approx(SAID["qber"], abs=1e-4)
        lengths[cause] = other.length
    assert lengths["background"] < SAID["key_bits"] < lengths["misalignment"] < flight.length
    np.testing.assert_allclose(list(lengths.values()), SAID["key_bits"], rtol=0.15)


def test_one_second_simulated(sky):
    # The pulses of 40 ms at the nearest point, one by one: 6 sigma, 2e-9 for each of a few counts.
    t, n = float(MICIUS.transmittance(sky).max()), 4_000_000
    line = {"link": MICIUS.receiver, "transmittance": t, "source": MICIUS.laser}
    seen, theory = sum(map(Counts.of, stream(n, rng=1, **line)), Counts()), expected_counts(n, **line)
    assert (np.abs(seen.clicked - theory.clicked) < 6 * np.sqrt(theory.clicked) + 7).all()
    assert (np.abs(seen.sifted - theory.sifted) < 6 * np.sqrt(theory.sifted) + 7).all()


def test_adds_up(flight, sky):
    assert flight.sifted == pytest.approx((flight.sifted_hz * sky.step_s).sum())
    assert flight.counts.sent.sum() == pytest.approx(100e6 * sky.duration_s)
    assert flight.length == sum(key.length for key in flight.keys)
    total = flight.counts
    z = finite_key(total, source=MICIUS.laser, security=5e-10, efficiency=1.16, key_basis="Z")
    assert flight.keys[0] == z
    assert flight.keys[1].bits == pytest.approx(z.bits)  # p_x = 1/2: both bases alike


def test_many_passes_come_nearer_to_the_endless_key(flight, sky):
    fast = replace(MICIUS, pulse_rate_hz=100e8)
    more = pass_key(fast, sky)
    assert more.endless == pytest.approx(100 * flight.endless, rel=1e-6)
    assert flight.length / flight.endless < more.length / more.endless < 1


def test_higher_passes_are_worth_more():
    lengths = [
        pass_key(MICIUS, overpass(height_km=500, max_elevation_deg=top, step_s=5)).length
        for top in (25, 50, 90)
    ]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1] / 4


def test_no_light_no_key(sky):
    blind = replace(MICIUS, receiver=Link("blind", 0.0, 0.0, 1e-6, 0.01, 1.16))
    none = pass_key(blind, sky)
    assert (none.length, none.endless) == (0, 0)
    bright = replace(MICIUS, receiver=replace(MICIUS.receiver, background=1e-3))  # daylight
    assert pass_key(bright, sky).length == 0


def test_other_lasers():
    faint = replace(MICIUS, laser=Source((0.5, 0.1, 0.0), (0.7, 0.2, 0.1), p_x=0.3))
    flight = pass_key(faint, overpass(height_km=500, step_s=5))
    assert flight.keys[0].length > flight.keys[1].length > 0


@pytest.mark.parametrize("security", [0.0, 1.0])
def test_refuses_certainty(sky, security):
    with pytest.raises(ValueError, match="security must lie between 0 and 1"):
        pass_key(MICIUS, sky, security=security)


def test_refuses(sky):
    with pytest.raises(TypeError, match=r'downlink must be a Downlink, such as DOWNLINKS\["micius"\]'):
        pass_key("micius", sky)
    with pytest.raises(TypeError, match="sky must be a Pass"):
        pass_key(MICIUS, 273.0)
