"""Components of quantum states: finding the few directions that matter, and keeping only those.

>>> from qlearn.learning import components
>>> components.qpca([[0.5, 0.3], [0.3, 0.5]], 1).values.round(6)
array([0.8])
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
