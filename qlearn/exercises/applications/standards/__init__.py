"""Exercises of the chapter *Standards, costs and ethics*."""

from qlearn.exercises.applications.standards.cheapest_hops import cheapest_hops
from qlearn.exercises.applications.standards.energy_of_key import energy_of_key
from qlearn.exercises.applications.standards.extrapolated import extrapolated
from qlearn.exercises.applications.standards.still_missing import still_missing
from qlearn.exercises.applications.standards.whole_speedup import whole_speedup

EXERCISES = (energy_of_key, still_missing, cheapest_hops, whole_speedup, extrapolated)
