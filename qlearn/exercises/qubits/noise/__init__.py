"""Exercises of the chapter *Noise*."""

from qlearn.exercises.qubits.noise.apply_kraus import apply_kraus
from qlearn.exercises.qubits.noise.arrow import arrow
from qlearn.exercises.qubits.noise.coherence_time import coherence_time
from qlearn.exercises.qubits.noise.five_bits import five_bits
from qlearn.exercises.qubits.noise.majority import majority
from qlearn.exercises.qubits.noise.nearest_state import nearest_state
from qlearn.exercises.qubits.noise.shor_code import shor_code

EXERCISES = (arrow, apply_kraus, coherence_time, majority, five_bits, nearest_state, shor_code)
