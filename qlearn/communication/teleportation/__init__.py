"""Teleportation: an entangled pair and two classical bits move a qubit state that nobody knows.

>>> from qlearn.communication import teleportation
>>> teleportation.teleport([1, 0], rng=1).states.real
array([1., 0.])
"""

from qlearn.communication.teleportation.protocol import (
    Teleported,
    average_fidelity,
    circuit,
    fully_entangled_fraction,
    process_fidelity,
    teleport,
)
from qlearn.qubits.entanglement import werner

__all__ = [
    "Teleported",
    "average_fidelity",
    "circuit",
    "fully_entangled_fraction",
    "process_fidelity",
    "teleport",
    "werner",
]
