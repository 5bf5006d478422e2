"""Exercises of the chapter *Teleportation: two bits and a pair carry a state that nobody knows*."""

from qlearn.exercises.communication.teleportation.bob_before import bob_before
from qlearn.exercises.communication.teleportation.corrections import corrections
from qlearn.exercises.communication.teleportation.gate_answer import gate_answer
from qlearn.exercises.communication.teleportation.missing_bit import missing_bit
from qlearn.exercises.communication.teleportation.swapping import swapping
from qlearn.exercises.communication.teleportation.weakest_pair import weakest_pair

EXERCISES = (corrections, bob_before, missing_bit, weakest_pair, gate_answer, swapping)
