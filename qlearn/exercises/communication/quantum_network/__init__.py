"""Exercises of the chapter *Quantum network*."""

from qlearn.exercises.communication.quantum_network.chiral_phase import chiral_phase
from qlearn.exercises.communication.quantum_network.perfect_couplings import perfect_couplings
from qlearn.exercises.communication.quantum_network.two_way_offset import two_way_offset

EXERCISES = (perfect_couplings, two_way_offset, chiral_phase)
