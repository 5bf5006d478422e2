"""Flower: the same clients and strategies in a loop, in a simulation, and on machines that speak over TLS.

>>> from qlearn.networks.flower_app import Federation
>>> Federation("iris", rounds=2).run().central_accuracy  # what the three engines must reproduce
array([0.88 , 0.893])
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
