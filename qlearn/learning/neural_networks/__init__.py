"""Quantum neural networks: trained circuits that classify, regress, and join classical layers.

>>> from qlearn.learning.neural_networks import parameter_shift
>>> from qlearn.qubits import Circuit
>>> parameter_shift(Circuit(1).ry(0.0, 0), "X")
array([1.])
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
