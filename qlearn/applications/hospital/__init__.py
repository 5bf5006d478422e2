"""Hospitals that train one model under quantum keys, beside one that has all records and each alone."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
