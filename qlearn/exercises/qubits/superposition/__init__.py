"""Exercises of the chapter *Superposition*."""

from qlearn.exercises.qubits.superposition.best_guess import best_guess
from qlearn.exercises.qubits.superposition.chance_of_one import chance_of_one
from qlearn.exercises.qubits.superposition.pack_two import pack_two
from qlearn.exercises.qubits.superposition.same_state import same_state
from qlearn.exercises.qubits.superposition.way_to_minus_i import way_to_minus_i
from qlearn.exercises.qubits.superposition.which_path import which_path

EXERCISES = (chance_of_one, same_state, way_to_minus_i, which_path, best_guess, pack_two)
