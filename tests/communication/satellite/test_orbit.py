"""The orbit: against the triangle, against a flight in three dimensions, and the published pass."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.satellite import EARTH_RADIUS_KM, elevation, overpass, slant_range

R = EARTH_RADIUS_KM


def test_ends_of_the_triangle():
    assert slant_range(90, height_km=500) == pytest.approx(500)
    assert slant_range(0, height_km=500) == pytest.approx(np.sqrt((R + 500) ** 2 - R**2))


@given(st.floats(200, 40_000), st.floats(0, 90))
def test_the_triangle_closes(height, elevation):
    # Station at (0, R): walk the distance in the direction of the elevation and stand on the orbit.
    d, angle = float(slant_range(elevation, height_km=height)), np.deg2rad(elevation)
    assert np.hypot(d * np.cos(angle), R + d * np.sin(angle)) == pytest.approx(R + height, rel=1e-9)


@given(st.floats(200, 40_000), st.floats(0, 90))
def test_elevation_turns_the_range_round(height, angle):
    # near the zenith the range hardly changes with the angle: compare the sines
    back = elevation(slant_range(angle, height_km=height), height_km=height)
    assert np.sin(np.deg2rad(back)) == pytest.approx(np.sin(np.deg2rad(angle)), abs=1e-9)


@pytest.mark.parametrize(("height", "top"), [(500, 90), (500, 49), (1200, 30)])
def test_flight_in_three_dimensions(height, top):
    """A satellite on a circle in space, seen from a point on a sphere: nothing but vectors."""
    sky = overpass(height_km=height, max_elevation_deg=top, min_elevation_deg=10)
    r, omega = R + height, np.sqrt(398_600.4418 / (R + height) ** 3)
    tilt = np.arccos(R * np.cos(np.deg2rad(top)) / r) - np.deg2rad(top)
    station = R * np.array([0.0, 0.0, 1.0])
    near, ahead = np.array([np.sin(tilt), 0.0, np.cos(tilt)]), np.array([0.0, 1.0, 0.0])
    phase = omega * sky.time_s[:, None]
    flight = r * (near * np.cos(phase) + ahead * np.sin(phase)) - station
    np.testing.assert_allclose(sky.range_km, np.linalg.norm(flight, axis=1), rtol=1e-9)
    np.testing.assert_allclose(
        sky.elevation_deg, np.rad2deg(np.arcsin(flight[:, 2] / np.linalg.norm(flight, axis=1))), atol=1e-7
    )
    np.testing.assert_allclose(sky.azimuth_deg, np.rad2deg(np.arctan2(flight[:, 1], flight[:, 0])), atol=1e-7)


def test_range_and_elevation_belong_together():
    sky = overpass(height_km=500, max_elevation_deg=70)
    np.testing.assert_allclose(sky.range_km, slant_range(sky.elevation_deg, height_km=500), rtol=1e-9)


def test_a_pass_is_symmetric_and_as_high_as_it_should_be():
    sky = overpass(height_km=500, max_elevation_deg=60, min_elevation_deg=15, step_s=0.5)
    np.testing.assert_allclose(sky.range_km, sky.range_km[::-1], rtol=1e-9)
    assert sky.elevation_deg.max() == pytest.approx(60, abs=0.01)
    assert 15 < sky.elevation_deg.min() < 15.1
    assert sky.step_s <= 0.5
    assert sky.duration_s == pytest.approx(sky.time_s[-1] - sky.time_s[0] + sky.step_s)


def test_steps_do_not_matter():
    coarse, fine = (overpass(height_km=500, max_elevation_deg=60, step_s=s) for s in (10.0, 0.1))
    assert coarse.duration_s == pytest.approx(fine.duration_s, rel=1e-9)
    assert (coarse.step_s / coarse.range_km**2).sum() == pytest.approx(
        (fine.step_s / fine.range_km**2).sum(), rel=1e-3
    )


def test_the_pass_of_micius():
    # Liao et al.: 273 s between 645 km and about 1200 km on either side. The Earth's turning is left out: 2 %.
    top, low = elevation([645, 1200], height_km=500)
    sky = overpass(height_km=500, max_elevation_deg=float(top), min_elevation_deg=float(low))
    assert sky.range_km.min() == pytest.approx(645, abs=0.1)
    assert sky.range_km.max() == pytest.approx(1200, abs=5)
    assert sky.duration_s == pytest.approx(273, rel=0.02)


def test_rounding_in_the_zenith_is_no_angle_beyond_it():
    """At some heights the sine of the elevation is rounded to more than 1."""
    flight = overpass(height_km=301.4, step_s=1e4)  # a single step, in the middle
    assert flight.elevation_deg.tolist() == [90.0]


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"height_km": 0}, ValueError, "height_km must be above 0"),
        ({"height_km": "low"}, TypeError, "height_km must be a number"),
        ({"max_elevation_deg": 91}, ValueError, "max_elevation_deg must be degrees from 0"),
        ({"max_elevation_deg": 5}, ValueError, "this satellite never gets there"),
        ({"min_elevation_deg": -1}, ValueError, "min_elevation_deg must be degrees"),
        ({"step_s": 0}, ValueError, "step_s must be above 0"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        overpass(**{"height_km": 500, **keywords})


def test_refuses_elevations():
    for nowhere in (499.0, 3000.0):
        with pytest.raises(ValueError, match="range_km must be finite and between 500 and 2573"):
            elevation(nowhere, height_km=500)
    with pytest.raises(ValueError, match="elevation_deg must be degrees"):
        slant_range(-0.1, height_km=500)
    with pytest.raises(TypeError, match="elevation_deg must be angles"):
        slant_range("high", height_km=500)


def test_the_repr_is_short():
    assert repr(overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)).endswith(
        " s, up to 49.0 degrees)"
    )
