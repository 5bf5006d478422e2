"""Telemetry of many sensors under quantum keys: what the link must make, what a device holds, what the rival costs."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
