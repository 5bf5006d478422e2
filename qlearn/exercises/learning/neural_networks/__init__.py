"""Exercises of the chapter *Quantum neural networks: the slope of a circuit*."""

from qlearn.exercises.learning.neural_networks.before import before
from qlearn.exercises.learning.neural_networks.controlled_slope import controlled_slope
from qlearn.exercises.learning.neural_networks.labels import labels
from qlearn.exercises.learning.neural_networks.runs import runs
from qlearn.exercises.learning.neural_networks.shift_gradient import shift_gradient
from qlearn.exercises.learning.neural_networks.slope import slope
from qlearn.exercises.learning.neural_networks.surrogate import surrogate
from qlearn.exercises.learning.neural_networks.sweep import sweep

EXERCISES = (slope, shift_gradient, controlled_slope, sweep, runs, before, surrogate, labels)
