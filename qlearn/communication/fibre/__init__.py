"""Fibre: the link as it is built, with detectors that rest, phases that wander and neighbours that shine.

Each module is one thing that a data sheet of detectors, interferometers or filters says, and what it does to the key.
:func:`fibre_budget` puts them together; :func:`mdi_rate` and :func:`twin_field_rate` are for links with a station in
the middle.

>>> from qlearn.communication import fibre
>>> sheet = fibre.fibre_budget(50, system=fibre.SYSTEMS["gated"])
>>> sheet.key_hz > 1000
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
