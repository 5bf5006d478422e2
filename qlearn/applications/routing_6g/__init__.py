"""Routing and resources of a mobile network by exact, heuristic, annealed and quantum solvers at growing size."""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
