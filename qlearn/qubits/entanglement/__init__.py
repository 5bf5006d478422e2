"""Entanglement: pairs whose parts have no state of their own, how much of it there is, and what it is good for.

>>> from qlearn.qubits import entanglement
>>> float(entanglement.chsh(entanglement.werner(1.0)).round(3))
2.828
"""

from qlearn.qubits.entanglement.correlations import correlations
from qlearn.qubits.entanglement.inequality import chsh
from qlearn.qubits.entanglement.states import BELL_NAMES, bell_state, ghz, werner

__all__ = ["BELL_NAMES", "bell_state", "chsh", "correlations", "ghz", "werner"]
