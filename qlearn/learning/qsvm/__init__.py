"""Kernels of quantum states: how alike rows are, and machines that see nothing else.

>>> from qlearn.learning.qsvm import FidelityKernel, geometric_difference
>>> K = FidelityKernel("z", reps=1).gram([[0.0], [0.5]])
>>> round(geometric_difference(K, K), 6)  # no kernel differs from itself
1.0
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
