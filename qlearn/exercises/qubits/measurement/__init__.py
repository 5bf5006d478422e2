"""Exercises of the chapter *Measurement*."""

from qlearn.exercises.qubits.measurement.best_question import best_question
from qlearn.exercises.qubits.measurement.chance_of_plus import chance_of_plus
from qlearn.exercises.qubits.measurement.never_wrong import never_wrong
from qlearn.exercises.qubits.measurement.portrait import portrait
from qlearn.exercises.qubits.measurement.shots_needed import shots_needed
from qlearn.exercises.qubits.measurement.watched import watched

EXERCISES = (chance_of_plus, shots_needed, watched, best_question, never_wrong, portrait)
