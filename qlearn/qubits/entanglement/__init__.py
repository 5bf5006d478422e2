"""Entanglement: how much two parts are more than each alone, what that wins, and what it cannot send.

>>> from qlearn.qubits import entanglement
>>> float(entanglement.chsh(entanglement.werner(1.0)).round(3))
2.828
"""

from qlearn.qubits.entanglement.behaviour import behaviour, direction, signalling
from qlearn.qubits.entanglement.correlations import correlations
from qlearn.qubits.entanglement.cuts import Schmidt, entanglement_entropy, entropy, schmidt
from qlearn.qubits.entanglement.game import Rounds, play, win_chance
from qlearn.qubits.entanglement.inequality import ALICE, BOB, chsh, chsh_at, chsh_settings
from qlearn.qubits.entanglement.sharing import concurrence, residual_tangle, tangle
from qlearn.qubits.entanglement.states import BELL_NAMES, bell_state, ghz, werner
from qlearn.qubits.entanglement.tapped import probe, read_half

__all__ = [
    "ALICE",
    "BELL_NAMES",
    "BOB",
    "Rounds",
    "Schmidt",
    "behaviour",
    "bell_state",
    "chsh",
    "chsh_at",
    "chsh_settings",
    "concurrence",
    "correlations",
    "direction",
    "entanglement_entropy",
    "entropy",
    "ghz",
    "play",
    "probe",
    "read_half",
    "residual_tangle",
    "schmidt",
    "signalling",
    "tangle",
    "werner",
    "win_chance",
]
