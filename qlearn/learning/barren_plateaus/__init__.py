"""Barren plateaus: how flat the landscape of a circuit's cost is, where it starts, and what helps.

>>> from qlearn.learning.barren_plateaus import gradient_samples, variance_of
>>> 0.05 < variance_of(gradient_samples(2, 20, samples=200, rng=1))[0] < 0.15
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
