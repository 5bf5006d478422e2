"""Downlinks: the data sheet, and what it says of itself."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from qlearn.communication.photons import LINKS
from qlearn.communication.satellite import (
    DOWNLINKS,
    Downlink,
    atmosphere,
    elevation,
    geometric,
    overpass,
    pass_key,
)

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
    assert set(MICIUS.read) == own | receiver | {"zenith_loss_db"}
    kinds = ("printed", "derived", "fitted", "assumed")
    assert all(how.startswith(kinds) for how in MICIUS.read.values())
    assert [name for name, how in MICIUS.read.items() if how.startswith("fitted")] == ["zenith_loss_db"]
    assert [name for name, how in MICIUS.read.items() if how.startswith("assumed")] == ["error_correction"]


def test_the_derived_numbers_follow_from_the_printed_ones():
    loss = -10 * np.log10(geometric(1200, divergence_urad=MICIUS.divergence_urad, aperture_m=1.0))
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
    assert f"{loss:.2f} dB" in MICIUS.read["zenith_loss_db"]


def test_the_sifted_share_is_that_of_the_signal():
    # 1 671 072 of 3 551 136 clicks: half of the share of the signal among them. The sifted key is the signal's.
    mu, p = np.array(MICIUS.laser.intensities), np.array(MICIUS.laser.probabilities)
    share = MICIUS.published["sifted_bits"] / MICIUS.published["clicks"]
    assert share == pytest.approx((p * mu)[0] / (p * mu).sum() / 2, abs=1e-3)


def test_transmittance_is_the_product():
    sky = overpass(height_km=500, max_elevation_deg=60)
    expected = geometric(sky.range_km, divergence_urad=7.41, aperture_m=1.0, jitter_urad=1.2)
    expected = expected * atmosphere(sky.elevation_deg, zenith_loss_db=3.2)
    np.testing.assert_allclose(MICIUS.transmittance(sky), expected)


def test_a_sheet_does_not_change():
    with pytest.raises(TypeError):
        DOWNLINKS["mine"] = MICIUS
    with pytest.raises(TypeError):
        MICIUS.published["qber"] = 0.0
    with pytest.raises(FrozenInstanceError):
        MICIUS.aperture_m = 2.0
    assert replace(MICIUS, aperture_m=2.0) != MICIUS
    assert {field.name for field in fields(Downlink)} >= {"source", "read", "published"}


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"laser": 0.8}, TypeError, "laser must be a photons.Source"),
        ({"receiver": "xinglong"}, TypeError, "receiver a photons.Link"),
        ({"aperture_m": -1.0}, ValueError, "aperture_m must be"),
        ({"jitter_urad": np.nan}, ValueError, "jitter_urad must be"),
    ],
)
def test_refuses(changes, error, says):
    with pytest.raises(error, match=says):
        replace(MICIUS, **changes)


def test_refuses_what_is_no_pass():
    with pytest.raises(TypeError, match="sky must be a Pass"):
        MICIUS.transmittance(LINKS["gys"])
