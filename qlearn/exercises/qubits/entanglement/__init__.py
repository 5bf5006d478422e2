"""Exercises of the chapter *Entanglement: agreement that no list of answers explains*."""

from qlearn.exercises.qubits.entanglement.agreement import agreement
from qlearn.exercises.qubits.entanglement.bob_alone import bob_alone
from qlearn.exercises.qubits.entanglement.bob_angles import bob_angles
from qlearn.exercises.qubits.entanglement.entanglement_of import entanglement_of
from qlearn.exercises.qubits.entanglement.ghz_game import ghz_game
from qlearn.exercises.qubits.entanglement.least_fidelity import least_fidelity
from qlearn.exercises.qubits.entanglement.rounds_needed import rounds_needed

EXERCISES = (agreement, entanglement_of, bob_angles, least_fidelity, bob_alone, rounds_needed, ghz_game)
