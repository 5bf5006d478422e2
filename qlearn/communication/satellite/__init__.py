"""Satellite: a link whose loss grows with the square of the distance, for some minutes a day.

:func:`overpass` follows a satellite across the sky, a :class:`Downlink` says what the beam loses on the way, and
:func:`pass_key` adds up the key of one pass.

>>> from qlearn.communication import satellite
>>> sky = satellite.overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)
>>> satellite.pass_key(satellite.DOWNLINKS["micius"], sky).length > 100_000
True

Taught in :doc:`/communication/satellite`.
"""

from qlearn.communication.satellite.key_per_pass import PassKey, fibre_crossing, pass_key
from qlearn.communication.satellite.link_budget import (
    DOWNLINKS,
    Downlink,
    airmass,
    atmosphere,
    diffraction_limit,
    geometric,
)
from qlearn.communication.satellite.orbit import EARTH_RADIUS_KM, Pass, elevation, overpass, slant_range

__all__ = [
    "DOWNLINKS",
    "EARTH_RADIUS_KM",
    "Downlink",
    "Pass",
    "PassKey",
    "airmass",
    "atmosphere",
    "diffraction_limit",
    "elevation",
    "fibre_crossing",
    "geometric",
    "overpass",
    "pass_key",
    "slant_range",
]
