"""How far away a satellite is."""

import numpy as np

from qlearn.communication.satellite import EARTH_RADIUS_KM as RADIUS
from qlearn.exercises import exercise


@exercise(
    level="core",
    right="at the zenith the height, at the horizon thousands of kilometres: most of a pass is spent far away.",
    because=r"""
        The angle at the station is 90 degrees plus the elevation: $r^2 = R^2 + d^2 + 2 R d \sin\epsilon$. Solve for
        the positive $d$.
    """,
)
def distance(elevation_deg, height_km):
    """How far away, in km, is a satellite at that height that is seen at that elevation (0 to 90 degrees)? The
    Earth's radius is `RADIUS = 6371.0` km. (Triangle: centre of the Earth, station, satellite.) Given: `np`, `RADIUS`.
    """
    angle, r = np.deg2rad(elevation_deg), RADIUS + height_km
    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) - RADIUS * np.sin(angle)


@distance.cases
def views(rng):
    """At the zenith, just above the horizon and between, from low orbits to the geostationary one."""
    yield 90.0, float(rng.uniform(300, 2000))
    yield float(rng.uniform(0.01, 1)), float(rng.uniform(300, 2000))
    yield 30, 500
    yield float(rng.uniform(5, 40)), 35_786.0
    for _ in range(6):
        yield float(rng.uniform(1, 89)), float(rng.uniform(200, 3000))


@distance.mistake("that is for a flat Earth. Near the horizon the real one falls away under the satellite.")
def flat_earth(elevation_deg, height_km):
    return height_km / np.sin(np.deg2rad(elevation_deg))


@distance.mistake("NumPy's sine takes radians: np.deg2rad.")
def radians(elevation_deg, height_km):
    angle, r = elevation_deg, RADIUS + height_km
    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) - RADIUS * np.sin(angle)


@distance.mistake("the quadratic equation has two roots; this one goes through the Earth.")
def the_other_root(elevation_deg, height_km):
    angle, r = np.deg2rad(elevation_deg), RADIUS + height_km
    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) + RADIUS * np.sin(angle)


@distance.mistake("the sign of that root is the other one: a distance is positive.")
def negative(elevation_deg, height_km):
    return -distance(elevation_deg, height_km)


@distance.mistake("elevation counts from the horizon, 0, to the zenith, 90 degrees.")
def from_the_zenith(elevation_deg, height_km):
    return distance(90 - elevation_deg, height_km)


@distance.mistake(
    "you took the elevation for the angle at the centre of the Earth; it is the one at the station, above the horizon."
)
def angle_at_the_centre(elevation_deg, height_km):
    r = RADIUS + height_km
    return np.sqrt(RADIUS**2 + r**2 - 2 * RADIUS * r * np.cos(np.deg2rad(elevation_deg)))


@distance.mistake("that is how far it is from the centre of the Earth.")
def from_the_centre(elevation_deg, height_km):
    return RADIUS + height_km


@distance.mistake("that is its height; it is so far away at the zenith alone.")
def the_height(elevation_deg, height_km):
    return height_km


@distance.mistake(
    "that is the way to the horizon's distance, whatever the elevation: without it the triangle is a right one."
)
def always_at_the_horizon(elevation_deg, height_km):
    return distance(0, height_km)
