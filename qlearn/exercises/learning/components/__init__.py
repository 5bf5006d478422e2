"""Exercises of the chapter *Components: the few directions that matter*."""

from qlearn.exercises.learning.components.best_encoder import best_encoder
from qlearn.exercises.learning.components.copies_for import copies_for
from qlearn.exercises.learning.components.first_share import first_share
from qlearn.exercises.learning.components.most_kept import most_kept
from qlearn.exercises.learning.components.one_step import one_step
from qlearn.exercises.learning.components.qubits_for import qubits_for

EXERCISES = (first_share, one_step, copies_for, most_kept, best_encoder, qubits_for)
