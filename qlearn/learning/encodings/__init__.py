"""Encodings: how a row of numbers becomes a quantum state.

>>> from qlearn.learning.encodings import AngleEncoding
>>> AngleEncoding().n_qubits(3)
3
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
