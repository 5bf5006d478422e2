"""Exercises of the chapter *Optimisation: the best cut, the best route*."""

from qlearn.exercises.learning.optimisation.anneal_cut import anneal_cut
from qlearn.exercises.learning.optimisation.coin_cut import coin_cut
from qlearn.exercises.learning.optimisation.cut_matrix import cut_matrix
from qlearn.exercises.learning.optimisation.light_cone import light_cone
from qlearn.exercises.learning.optimisation.one_layer import one_layer

EXERCISES = (coin_cut, one_layer, cut_matrix, light_cone, anneal_cut)
