"""Satellite: a link whose loss grows with the square of the distance, for some minutes a day.

:func:`overpass` follows a satellite across the sky, a :class:`Downlink` says what the beam loses on the way, and
:func:`pass_key` adds up the key of one pass.

>>> from qlearn.communication import satellite
>>> flight = satellite.overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)
>>> satellite.pass_key(satellite.DOWNLINKS["micius"], flight).length > 100_000
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
