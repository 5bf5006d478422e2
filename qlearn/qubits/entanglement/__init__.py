"""Entanglement: how much two parts are more than each alone, what that wins, and what it cannot send.

>>> from qlearn.qubits import entanglement
>>> float(entanglement.chsh(entanglement.werner(1.0)).round(3))
2.828
"""

from qlearn.qubits.entanglement.bell_inequality import (
    ALICE,
    BOB,
    behaviour,
    chsh,
    chsh_at,
    chsh_settings,
    correlations,
    direction,
    signalling,
)
from qlearn.qubits.entanglement.chsh_game import Rounds, play, win_chance
from qlearn.qubits.entanglement.measures import (
    Schmidt,
    concurrence,
    entanglement_entropy,
    entropy,
    residual_tangle,
    schmidt,
    tangle,
)
from qlearn.qubits.entanglement.states import BELL_NAMES, bell_state, ghz, probe, read_half, werner

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
