"""Orchestration: who decides what in a network that learns, and on what evidence."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
