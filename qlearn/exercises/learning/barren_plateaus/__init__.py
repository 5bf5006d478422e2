"""Exercises of the chapter *Barren plateaus: a landscape with nothing to follow*."""

from qlearn.exercises.learning.barren_plateaus.local_cost import local_cost
from qlearn.exercises.learning.barren_plateaus.mirror import mirror
from qlearn.exercises.learning.barren_plateaus.shots import shots
from qlearn.exercises.learning.barren_plateaus.slope import slope
from qlearn.exercises.learning.barren_plateaus.small_turns import small_turns

EXERCISES = (shots, local_cost, mirror, slope, small_turns)
