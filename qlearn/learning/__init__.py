"""Quantum learning: kernels, networks and the data to try them on, on scikit-learn's terms.

Names load on first use, so that scikit-learn is imported only by what needs it.

>>> from qlearn.learning import FidelityKernel
>>> FidelityKernel("z", reps=1).gram([[0.0], [0.5]]).round(3)
array([[1.  , 0.77],
       [0.77, 1.  ]])
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
