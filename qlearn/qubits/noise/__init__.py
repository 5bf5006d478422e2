"""Noise: what the surroundings do to qubits, how to see it, and how codes undo it.

>>> from qlearn.qubits import noise
>>> noise.depolarising(0.2).then(noise.phase_flip(0.1)).apply([1, 0], wires=0).real.round(3)
array([[0.9, 0. ],
       [0. , 0.1]])
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
