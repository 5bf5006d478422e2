"""Exercises of the chapter *Circuit search: let selection draw the circuit*."""

from qlearn.exercises.learning.circuit_search.beats import beats
from qlearn.exercises.learning.circuit_search.depth import depth
from qlearn.exercises.learning.circuit_search.hill_climb import hill_climb
from qlearn.exercises.learning.circuit_search.signal_shots import signal_shots

EXERCISES = (depth, beats, signal_shots, hill_climb)
