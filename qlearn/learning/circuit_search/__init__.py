"""Evolutionary search of gate arrangements: accuracy against depth.

>>> import numpy as np
>>> from qlearn.learning.circuit_search import evolve
>>> X = np.linspace(0, np.pi, 20)[:, None]
>>> found = evolve(X, np.sign(np.cos(X[:, 0])), population=8, generations=15, rng=1)
>>> found.depths, found.accuracies
(array([0, 1]), array([0.5, 1. ]))
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
