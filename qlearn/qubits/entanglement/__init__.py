"""Entanglement: how much two parts are more than each alone, what that wins, and what it cannot send.

>>> from qlearn.qubits import entanglement
>>> float(entanglement.chsh(entanglement.werner(1.0)).round(3))
2.828
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
