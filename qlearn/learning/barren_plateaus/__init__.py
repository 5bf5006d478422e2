"""Barren plateaus: how flat the landscape of a circuit's cost is, where it starts, and what helps.

>>> from qlearn.learning.barren_plateaus import gradient_variance
>>> 0.05 < gradient_variance(2, 20, samples=200, cost="zz", rng=1) < 0.15
True
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
