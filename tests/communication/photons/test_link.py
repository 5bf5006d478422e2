"""Links: the published numbers, what a fibre passes, and links that cannot be.

Detection: the gains are the sums over photon numbers that they stand for.
"""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from qlearn.communication.photons import (
    LINKS,
    Link,
    decoy_rate,
    error_gain,
    gain,
    photon_probabilities,
    photon_yield,
)
from qlearn.communication.photons.link import error_rate, gains, ratio


def test_gys_as_published():
    gys = LINKS["gys"]
    assert (gys.loss_db_per_km, gys.misalignment, gys.background, gys.receiver_efficiency) == (
        0.21,
        0.033,
        1.7e-6,
        0.045,
    )
    assert (gys.error_correction, gys.background_error, gys.sifting, gys.afterpulse) == (1.22, 0.5, 0.5, 0.0)


@pytest.mark.parametrize("name", sorted(LINKS))
def test_every_link_names_its_source(name):
    link = LINKS[name]
    assert link.name == name
    assert any(mark in link.source for mark in ("arXiv:", "doi:"))


def test_links_do_not_change():
    with pytest.raises(TypeError):
        LINKS["mine"] = LINKS["gys"]
    with pytest.raises(FrozenInstanceError):
        LINKS["gys"].background = 0.0


def test_ten_decibel_pass_a_tenth():
    fibre = replace(LINKS["gys"], loss_db_per_km=0.2)
    np.testing.assert_allclose(fibre.transmittance([0, 50, 100]), [1, 0.1, 0.01], rtol=1e-12)
    assert fibre.transmittance(np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"misalignment": 3.3}, ValueError, "misalignment must be a probability between 0 and 1, not 3.3"),
        ({"loss_db_per_km": -0.2}, ValueError, "loss_db_per_km must be a finite number between 0"),
        ({"error_correction": 0.9}, ValueError, "error_correction must be a finite number between 1"),
        ({"background": "dark"}, TypeError, "background must be a number"),
    ],
)
def test_refuses(changes, error, says):
    with pytest.raises(error, match=says):
        replace(LINKS["gys"], **changes)


@pytest.mark.parametrize(
    ("length", "error"),
    [(-1, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("far", TypeError), (1j, TypeError)],
)
def test_refuses_lengths(length, error):
    with pytest.raises(error, match="length_km must be"):
        LINKS["gys"].transmittance(length)


def test_a_name_is_no_link():
    with pytest.raises(TypeError, match=r'link must be a Link, such as LINKS\["gys"\].*not \'gys\''):
        decoy_rate(10, link="gys")
    assert isinstance(LINKS["gys"], Link)


GYS = LINKS["gys"]


@pytest.mark.parametrize("mu", [0.0, 0.05, 0.48, 2.0])
@pytest.mark.parametrize("transmittance", [0.0, 1e-4, 0.3, 1.0])
def test_gain_is_the_sum_of_the_yields(mu, transmittance):
    n = np.arange(40)
    total = (photon_probabilities(mu, 39) * photon_yield(n, transmittance, link=GYS)).sum()
    assert gain(mu, transmittance, link=GYS) == pytest.approx(total, rel=1e-10)


def test_yields_of_an_empty_and_of_an_endless_pulse():
    assert photon_yield(0, 0.5, link=GYS) == pytest.approx(GYS.background, rel=1e-9)
    assert photon_yield(10_000, 1.0, link=GYS) == pytest.approx(1)
    assert (np.diff(photon_yield(np.arange(50), 0.1, link=GYS)) > 0).all()


def test_error_rates_at_both_ends():
    # Bright light: misalignment alone. No light: background, with a coin for a bit.
    assert error_gain(0.0, 0.1, link=GYS) / gain(0.0, 0.1, link=GYS) == pytest.approx(0.5)
    quiet = replace(GYS, background=0.0)
    assert error_gain(0.3, 0.1, link=quiet) / gain(0.3, 0.1, link=quiet) == pytest.approx(0.033)


def test_error_gain_against_threshold_detectors_counted_out():
    # Two detectors, each fires by its own light or by itself; both: a coin. The formula drops their overlap.
    by_itself = 1 - np.sqrt(1 - GYS.background)
    for mu, t in [(0.48, 1.0), (0.1, 0.5), (0.48, 1e-3)]:
        light = mu * t * GYS.receiver_efficiency
        right, wrong = (1 - (1 - by_itself) * np.exp(-light * share) for share in (1 - 0.033, 0.033))
        exact = wrong * (1 - right) + wrong * right / 2
        assert abs(error_gain(mu, t, link=GYS) - exact) < light**2 * 0.033
        assert gain(mu, t, link=GYS) == pytest.approx(1 - (1 - right) * (1 - wrong), rel=1e-12)


def test_both_gains_at_once():
    for link in LINKS.values():
        both = gains([0.5, 0.1, 0.0], 0.02, link=link)
        for found, rule in zip(both, (gain, error_gain), strict=True):
            np.testing.assert_array_equal(found, rule([0.5, 0.1, 0.0], 0.02, link=link))


def test_afterpulses_click_more_and_throw_coins():
    more = replace(GYS, afterpulse=0.04)
    clicks = gain(0.48, 0.1, link=GYS)
    assert gain(0.48, 0.1, link=more) == pytest.approx(1.04 * clicks)
    assert error_gain(0.48, 0.1, link=more) - error_gain(0.48, 0.1, link=GYS) == pytest.approx(0.02 * clicks)


def test_with_afterpulses_a_bright_pulse_clicks_more_than_once():
    # Clicks per pulse, not a chance.
    assert gain(6.0, 1.0, link=replace(GYS, receiver_efficiency=1.0, afterpulse=0.04)) == pytest.approx(
        1.04 * (1 - (1 - GYS.background) * np.exp(-6)), rel=1e-12
    )


def test_there_is_no_half_photon():
    with pytest.raises(ValueError, match=r"n must be whole numbers of photons, not 0\.5"):
        photon_yield([1, 0.5], 0.1, link=GYS)
    assert photon_yield(2.0, 0.1, link=GYS) == photon_yield(2, 0.1, link=GYS)


def test_error_rates_have_a_value_where_nothing_clicks():
    np.testing.assert_allclose(error_rate([0, 1, 3, -1], [4, 4, 4, 4], empty=0.0), [0, 0.25, 0.5, 0])
    np.testing.assert_allclose(error_rate(0.0, [0.0, 1.0], empty=0.5), [0.5, 0])
    np.testing.assert_allclose(ratio([3, 0], [2, 0], empty=np.nan), [1.5, np.nan])


def test_tiny_gains_keep_their_digits():
    dark = replace(GYS, background=0.0)
    assert gain(1e-9, 1e-9, link=dark) == pytest.approx(0.045e-18, rel=1e-12)


@pytest.mark.parametrize("function", [gain, error_gain, photon_yield])
def test_broadcasts_and_refuses(function):
    assert function(np.ones((3, 1)), np.linspace(0, 1, 4), link=GYS).shape == (3, 4)
    with pytest.raises(ValueError, match="mean photon numbers, finite and at least 0"):
        function(-1, 0.1, link=GYS)
    with pytest.raises(TypeError, match="mean photon numbers"):
        function("one", 0.1, link=GYS)
    with pytest.raises(ValueError, match="transmittance must be"):
        function(1, 1.2, link=GYS)
    with pytest.raises(TypeError, match="link must be a Link"):
        function(1, 0.1, link=None)
