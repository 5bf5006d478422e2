"""Exercises of the chapter *Quantum network*."""

from qlearn.exercises.communication.quantum_network.chiral_phase import chiral_phase
from qlearn.exercises.communication.quantum_network.end_to_end_fidelity import end_to_end_fidelity
from qlearn.exercises.communication.quantum_network.perfect_couplings import perfect_couplings
from qlearn.exercises.communication.quantum_network.two_way_offset import two_way_offset
from qlearn.exercises.communication.quantum_network.who_knows import who_knows
from qlearn.exercises.communication.quantum_network.widest_path import widest_path

EXERCISES = (end_to_end_fidelity, widest_path, perfect_couplings, two_way_offset, who_knows, chiral_phase)
