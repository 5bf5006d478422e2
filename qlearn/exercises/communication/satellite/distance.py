"""Distance."""

import numpy as np

from qlearn.exercises import exercise

# TODO given name 'RADIUS' = 6371.0


@exercise(
    level="core",
    right="At the zenith the height, at the horizon thousands of kilometres: most of a pass is spent far away.",
    because=r"""
        The angle at the station is 90 degrees plus the elevation: $r^2 = R^2 + d^2 + 2 R d \sin\epsilon$. Solve for
        the positive $d$.
    """,
)
def distance(elevation_deg, height_km):
    """Write `distance(elevation_deg, height_km)`: how far away is a satellite at that height that is seen
    at that elevation? The Earth's radius is `RADIUS = 6371.0` km. (Triangle: centre of the Earth,
    station, satellite.)
    """
    angle, r = np.deg2rad(elevation_deg), RADIUS + height_km
    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) - RADIUS * np.sin(angle)


@distance.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_distance of the old module
    yield ()


@distance.mistake(
    "at 30 degrees and a height of 500 km you return 1000 km; that is for a flat Earth. Near the horizon the real"
    " one falls away under the satellite."
)
def flat_earth(elevation_deg, height_km):
    return height_km / np.sin(np.deg2rad(elevation_deg))


@distance.mistake(
    "at 90 degrees and a height of 500 km you return 554.264 km; NumPy's sine takes radians: np.deg2rad."
)
def radians(elevation_deg, height_km):
    angle, r = elevation_deg, RADIUS + height_km
    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) - RADIUS * np.sin(angle)


@distance.mistake(
    "at 90 degrees and a height of 500 km you return 13242 km; the quadratic equation has two roots; this one "
    "goes through the Earth."
)
def the_other_root(elevation_deg, height_km):
    angle, r = np.deg2rad(elevation_deg), RADIUS + height_km
    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) + RADIUS * np.sin(angle)
