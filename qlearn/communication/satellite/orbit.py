"""The orbit: how long a satellite is above the horizon, and how far away it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_real, as_reals
from qlearn._types import Array

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth."""

_GRAVITY = 398_600.4418  # km^3/s^2, the Earth's mass times the constant of gravitation


@dataclass(frozen=True, eq=False)
class Pass:
    """One flight of a satellite over a ground station, in equal steps of time.

    Parameters
    ----------
    time_s : ndarray of float, shape (n,)
        Middle of each step; 0 at the highest point.
    step_s : float
        Length of a step.
    elevation_deg : ndarray of float, shape (n,)
        Angle above the horizon.
    range_km : ndarray of float, shape (n,)
        Distance from station to satellite.
    azimuth_deg : ndarray of float, shape (n,)
        Compass direction, counted from that of the highest point.
    """

    time_s: Array
    step_s: float
    elevation_deg: Array
    range_km: Array
    azimuth_deg: Array

    def __repr__(self) -> str:
        return f"Pass({self.duration_s:.0f} s, up to {self.elevation_deg.max():.1f} degrees)"

    @property
    def duration_s(self) -> float:
        """Time above the lowest useful elevation."""
        return self.step_s * self.time_s.size


def slant_range(elevation_deg: ArrayLike, *, height_km: float) -> Array:
    r"""Return the distance to a satellite in km, from its elevation: the law of cosines.

    .. math:: d = \sqrt{(R + h)^2 - R^2 \cos^2 \epsilon} - R \sin \epsilon

    Parameters
    ----------
    elevation_deg : array_like of float, shape (...)
        :math:`\epsilon`, 0 to 90 degrees.
    height_km : float
        :math:`h` of the orbit above the ground, above 0.

    Returns
    -------
    ndarray of float, shape (...)
        Distance in km: `height_km` at the zenith.

    Examples
    --------
    >>> slant_range([90, 30, 10], height_km=500).round()
    array([ 500.,  909., 1695.])
    """
    elevation, r = np.deg2rad(as_elevations(elevation_deg)), EARTH_RADIUS_KM + _height(height_km)
    return np.asarray(
        np.sqrt(r**2 - (EARTH_RADIUS_KM * np.cos(elevation)) ** 2) - EARTH_RADIUS_KM * np.sin(elevation)
    )


def elevation(range_km: ArrayLike, *, height_km: float) -> Array:
    r"""Return the elevation of a satellite in degrees from its distance: :func:`slant_range`, turned round.

    .. math:: \sin \epsilon = \frac{(R + h)^2 - R^2 - d^2}{2 R d}

    Parameters
    ----------
    range_km : array_like of float, shape (...)
        :math:`d`, at least `height_km` and at most the distance on the horizon.
    height_km : float
        :math:`h` of the orbit above the ground, above 0.

    Returns
    -------
    ndarray of float, shape (...)
        Degrees.

    Examples
    --------
    >>> elevation([500, 700, 1200], height_km=500).round(1)
    array([90. , 43.4, 19.8])
    >>> elevation(slant_range([90, 30, 10], height_km=500), height_km=500).round(9)
    array([90., 30., 10.])
    """
    height = _height(height_km)
    horizon = float(slant_range(0.0, height_km=height))
    slack = 1e-9  # for the rounding of distances that slant_range returned
    d = as_reals(range_km, "range_km", least=height * (1 - slack), most=horizon * (1 + slack))
    sine = ((EARTH_RADIUS_KM + height) ** 2 - EARTH_RADIUS_KM**2 - d**2) / (2 * EARTH_RADIUS_KM * d)
    return np.asarray(np.rad2deg(np.arcsin(sine.clip(0, 1))))


def overpass(
    *, height_km: float, max_elevation_deg: float = 90.0, min_elevation_deg: float = 10.0, step_s: float = 1.0
) -> Pass:
    r"""Return elevation, distance and azimuth of a satellite on a circular orbit during one pass over a station.

    With :math:`\psi` the angle between station and satellite at the centre of the Earth, :math:`\psi_0` where it
    culminates and :math:`\omega = \sqrt{GM/(R+h)^3}`,

    .. math::

        \cos \psi &= \cos \psi_0 \cos \omega t, \qquad
        \psi_0 = \arccos\frac{R \cos \epsilon_\text{max}}{R + h} - \epsilon_\text{max} \\
        d^2 &= R^2 + (R + h)^2 - 2 R (R + h) \cos \psi, \qquad
        \sin \epsilon = \frac{(R + h) \cos \psi - R}{d}

    The Earth stands still meanwhile: in the minutes of a pass a station moves by a few per cent of what the
    satellite does.

    Parameters
    ----------
    height_km : float
        Height of the orbit, above 0.
    max_elevation_deg : float
        :math:`\epsilon_\text{max}`, how high it climbs: 90 is the zenith.
    min_elevation_deg : float
        Lowest useful elevation; below it are hills, haze and street lamps.
    step_s : float
        Longest time step, above 0; the pass is divided into equal ones.

    Returns
    -------
    Pass

    Examples
    --------
    >>> flight = overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)
    >>> round(flight.duration_s), flight.range_km.min().round()
    (274, np.float64(645.0))

    References
    ----------
    Kepler's third law; the geometry as in Bourgoin et al., New J. Phys. 15, 023006 (2013), arXiv:1211.2733.
    """
    r, step = EARTH_RADIUS_KM + _height(height_km), as_real(step_s, "step_s", above=0)
    top, low = (
        float(as_elevations(as_real(angle, name), name))
        for angle, name in (
            (max_elevation_deg, "max_elevation_deg"),
            (min_elevation_deg, "min_elevation_deg"),
        )
    )
    if low >= top:
        raise ValueError(
            f"max_elevation_deg must be above min_elevation_deg = {low:g}, not {top:g}: this satellite never gets there"
        )

    def central(elevation: float) -> float:
        return float(np.arccos(EARTH_RADIUS_KM * np.cos(elevation) / r) - elevation)

    nearest, edge = central(np.deg2rad(top)), central(np.deg2rad(low))
    omega = np.sqrt(_GRAVITY / r**3)
    half = float(np.arccos(np.cos(edge) / np.cos(nearest)) / omega)
    n = max(1, int(np.ceil(2 * half / step)))
    time = np.asarray((np.arange(n) + 0.5) * (2 * half / n) - half, dtype=np.float64)
    along = omega * time
    cosine = np.cos(nearest) * np.cos(along)
    distance = np.sqrt(EARTH_RADIUS_KM**2 + r**2 - 2 * EARTH_RADIUS_KM * r * cosine)
    # (in the zenith rounding may pass 1)
    elevation = np.arcsin(np.minimum((r * cosine - EARTH_RADIUS_KM) / distance, 1.0))
    azimuth = np.arctan2(np.sin(along), np.sin(nearest) * np.cos(along))
    distance, elevation = np.asarray(distance, dtype=np.float64), np.asarray(elevation, dtype=np.float64)
    return Pass(time, 2 * half / n, np.rad2deg(elevation), distance, np.rad2deg(azimuth))


def as_elevations(elevation_deg: ArrayLike, name: str = "elevation_deg") -> Array:
    """Return elevations in degrees as a float array, or say what is wrong with them."""
    angles = np.asarray(elevation_deg)
    if angles.dtype.kind not in "uif":
        raise TypeError(f"{name} must be angles above the horizon in degrees, not {elevation_deg!r}")
    outside = angles[~((angles >= 0) & (angles <= 90))]
    if outside.size:
        raise ValueError(f"{name} must be degrees from 0 (horizon) to 90 (zenith), not {outside.flat[0]}")
    return angles.astype(np.float64, copy=False)


def _height(height_km: float) -> float:
    if as_real(height_km, "height_km") <= 0:
        raise ValueError(
            f"height_km must be above 0, not {height_km}: km above the ground, not from its centre"
        )
    return float(height_km)
