"""Satellite: a link whose loss grows with the square of the distance, for some minutes a day.

:func:`overpass` follows a satellite across the sky, a :class:`Downlink` says what the beam loses on the way, and
:func:`pass_key` adds up the key of one pass.

>>> from qlearn.communication import satellite
>>> sky = satellite.overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)
>>> satellite.pass_key(satellite.DOWNLINKS["micius"], sky).length > 100_000
True

Taught in :doc:`/communication/satellite`.
"""

from qlearn.communication.satellite.budget import airmass, atmosphere, diffraction_limit, geometric
from qlearn.communication.satellite.crossing import fibre_crossing
from qlearn.communication.satellite.downlink import DOWNLINKS, Downlink
from qlearn.communication.satellite.orbit import EARTH_RADIUS_KM, Pass, elevation, overpass, slant_range
from qlearn.communication.satellite.passes import PassKey, pass_key

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
