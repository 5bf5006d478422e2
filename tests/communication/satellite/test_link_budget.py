"""The budget: the beam against a simulated one, the air against published tables, limits.

Downlinks: the data sheet, and what it says of itself.
"""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS
from qlearn.communication.satellite import (
    DOWNLINKS,
    Downlink,
    airmass,
    atmospheric_transmittance,
    diffraction_limit,
    elevation,
    geometric_transmittance,
    overpass,
    pass_key,
)

BEAM = {"divergence_urad": 7.41, "aperture_m": 1.0}


def test_the_beam_photon_by_photon():
    # 2e6 photons fall as a Gaussian beam says, its axis trembles; a wide telescope catches a share near 0.4:
    # sigma 3.5e-4, 6 sigma: 2e-9
    rng, n, d = np.random.default_rng(1), 2_000_000, 1e6
    theta, sigma, radius = 10e-6, 3e-6, 6.0
    axis = rng.normal(0, sigma * d, (2, n))
    photon = axis + rng.normal(0, theta * d / 2, (2, n))  # intensity exp(-2 r^2/w^2) has sigma w/2
    caught = (np.hypot(*photon) < radius).mean()
    theory = geometric_transmittance(1000, divergence_urad=10, jitter_urad=3, aperture_m=12)
    assert abs(caught - theory) < 6 * np.sqrt(theory * (1 - theory) / n)


def test_six_decibel_each_doubling():
    near, far = geometric_transmittance([1000, 2000], **BEAM)
    assert 10 * np.log10(near / far) == pytest.approx(6.02, abs=0.02)


def test_near_the_sender_everything_is_caught():
    assert geometric_transmittance(1e-3, **BEAM) == pytest.approx(1)
    assert geometric_transmittance(1000, divergence_urad=10, aperture_m=0.0) == 0


def test_small_telescopes_catch_their_area():
    w = 1.2e6 * 7.41e-6
    assert geometric_transmittance(1200, **{**BEAM, "aperture_m": 0.01}) == pytest.approx(
        2 * 0.005**2 / w**2, rel=1e-6
    )


def test_diffraction_loss_of_micius():
    # Liao et al. print 22 dB at 1200 km; a perfect beam from their 30 cm would lose 12 dB less.
    assert -10 * np.log10(geometric_transmittance(1200, **BEAM)) == pytest.approx(22, abs=0.05)
    best = diffraction_limit(848.6, 0.3)
    assert best == pytest.approx(848.6e-9 / (np.pi * 0.15) * 1e6)
    assert -10 * np.log10(geometric_transmittance(1200, divergence_urad=best, aperture_m=1.0)) < 11


def test_jitter_loses_what_is_printed_at_most():
    loss = 10 * np.log10(
        geometric_transmittance(1200, **BEAM) / geometric_transmittance(1200, **BEAM, jitter_urad=1.2)
    )
    assert 0.3 < loss < 3  # "less than 3 dB"


def test_air_mass_of_kasten_and_young():
    # Their table II (elevation: air mass), integrated along the ray; the formula was fitted to it.
    table = {0: 38.0868, 1: 26.2595, 5: 10.3164, 10: 5.5841, 90: 1.0}
    np.testing.assert_allclose(airmass(list(table)), list(table.values()), rtol=5e-3)
    high = np.linspace(30, 90, 61)
    np.testing.assert_allclose(airmass(high), 1 / np.sin(np.deg2rad(high)), rtol=4e-3)


def test_atmosphere_in_decibel():
    np.testing.assert_allclose(
        -10 * np.log10(atmospheric_transmittance([90, 30], zenith_loss_db=3)), 3 * airmass([90, 30])
    )
    assert (atmospheric_transmittance([5, 90], zenith_loss_db=0) == 1).all()


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"range_km": 0.0}, ValueError, "range_km must be above 0: the formula is for a beam far away"),
        ({"range_km": np.inf}, ValueError, "range_km must be finite"),
        ({"range_km": "far"}, TypeError, "range_km must be a number"),
        ({"divergence_urad": 0.0}, ValueError, "no beam of finite width stays parallel"),
        ({"aperture_m": -1.0}, ValueError, "aperture_m must be"),
        ({"jitter_urad": -1.0}, ValueError, "jitter_urad must be"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        geometric_transmittance(**{"range_km": 1000.0, **BEAM, **keywords})


def test_refuses_other():
    with pytest.raises(ValueError, match="zenith_loss_db must be"):
        atmospheric_transmittance(45, zenith_loss_db=-1)
    with pytest.raises(ValueError, match="must be above 0"):
        diffraction_limit(850, 0)


MICIUS = DOWNLINKS["micius"]


def test_micius_as_published():
    assert MICIUS.pulse_rate_hz == 100e6
    assert MICIUS.laser.intensities == (0.8, 0.1, 0.0)
    assert MICIUS.laser.probabilities == (0.5, 0.25, 0.25)
    assert MICIUS.receiver.receiver_efficiency == pytest.approx(0.16 * 0.5)
    assert MICIUS.receiver.background == pytest.approx(4 * 25 * 2e-9)
    assert MICIUS.receiver.misalignment == pytest.approx(1 / 281, abs=1e-5)
    assert MICIUS.published["sifted_bits"] == 1_671_072
    assert "arXiv:1707.00542" in MICIUS.source


def test_every_number_says_how_it_was_read():
    own = {
        "pulse_rate_hz",
        "intensities",
        "probabilities",
        "p_x",
        "divergence_urad",
        "jitter_urad",
        "aperture_m",
    }
    receiver = {"receiver_efficiency", "background", "misalignment", "error_correction"}
    assert set(MICIUS.provenance) == own | receiver | {"zenith_loss_db"}
    kinds = ("printed", "derived", "fitted", "assumed")
    assert all(how.startswith(kinds) for how in MICIUS.provenance.values())
    assert [name for name, how in MICIUS.provenance.items() if how.startswith("fitted")] == ["zenith_loss_db"]
    assert [name for name, how in MICIUS.provenance.items() if how.startswith("assumed")] == [
        "error_correction"
    ]


def test_the_derived_numbers_follow_from_the_printed_ones():
    loss = -10 * np.log10(
        geometric_transmittance(1200, divergence_urad=MICIUS.divergence_urad, aperture_m=1.0)
    )
    assert loss == pytest.approx(MICIUS.published["diffraction_loss_db"], abs=0.05)
    assert MICIUS.published["key_bits"] / MICIUS.published["duration_s"] == pytest.approx(1100, rel=0.01)


@pytest.mark.parametrize(
    ("at", "published", "loss", "off"),
    [(645, "sifted_rate_near_hz", 3.156, 0.004), (1200, "sifted_rate_far_hz", 3.306, 0.050)],
)
def test_the_fitted_loss_lies_between_those_that_either_printed_rate_asks_for(at, published, loss, off):
    top, low = elevation([645, 1200], height_km=500).tolist()
    sky = overpass(height_km=500, max_elevation_deg=top, min_elevation_deg=low)
    where = int(np.abs(sky.range_km - at).argmin())
    made = pass_key(replace(MICIUS, zenith_loss_db=loss), sky)
    assert made.sifted_hz[where] == pytest.approx(MICIUS.published[published], rel=2e-3)
    assert abs(made.sifted / MICIUS.published["sifted_bits"] - 1) == pytest.approx(off, abs=1e-3)
    assert abs(loss - MICIUS.zenith_loss_db) < 0.11
    assert f"{loss:.2f} dB" in MICIUS.provenance["zenith_loss_db"]


def test_the_sifted_share_is_that_of_the_signal():
    # 1 671 072 of 3 551 136 clicks: half of the share of the signal among them. The sifted key is the signal's.
    mu, p = np.array(MICIUS.laser.intensities), np.array(MICIUS.laser.probabilities)
    share = MICIUS.published["sifted_bits"] / MICIUS.published["clicks"]
    assert share == pytest.approx((p * mu)[0] / (p * mu).sum() / 2, abs=1e-3)


def test_transmittance_is_the_product():
    sky = overpass(height_km=500, max_elevation_deg=60)
    expected = geometric_transmittance(sky.range_km, divergence_urad=7.41, aperture_m=1.0, jitter_urad=1.2)
    expected = expected * atmospheric_transmittance(sky.elevation_deg, zenith_loss_db=3.2)
    np.testing.assert_allclose(MICIUS.transmittance(sky), expected)


def test_a_sheet_does_not_change():
    with pytest.raises(TypeError):
        DOWNLINKS["mine"] = MICIUS
    with pytest.raises(TypeError):
        MICIUS.published["qber"] = 0.0
    with pytest.raises(FrozenInstanceError):
        MICIUS.aperture_m = 2.0
    assert replace(MICIUS, aperture_m=2.0) != MICIUS
    assert {field.name for field in fields(Downlink)} >= {"source", "provenance", "published"}


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"laser": 0.8}, TypeError, "laser must be a photons.Source"),
        ({"receiver": "xinglong"}, TypeError, "receiver a photons.Link"),
        ({"aperture_m": -1.0}, ValueError, "aperture_m must be"),
        ({"jitter_urad": np.nan}, ValueError, "jitter_urad must be"),
    ],
)
def test_refuses_downlink(changes, error, says):
    with pytest.raises(error, match=says):
        replace(MICIUS, **changes)


def test_refuses_what_is_no_pass():
    with pytest.raises(TypeError, match="flight must be a Pass"):
        MICIUS.transmittance(LINKS["gys"])
