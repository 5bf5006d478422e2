"""Exercises of the chapter *Quantum kernels: how alike are two states?*."""

from qlearn.exercises.learning.qsvm.alignment import alignment
from qlearn.exercises.learning.qsvm.angle_map import angle_map
from qlearn.exercises.learning.qsvm.geometric import geometric
from qlearn.exercises.learning.qsvm.gram import gram
from qlearn.exercises.learning.qsvm.honest_score import honest_score
from qlearn.exercises.learning.qsvm.one_overlap import one_overlap
from qlearn.exercises.learning.qsvm.repair import repair
from qlearn.exercises.learning.qsvm.shots_needed import shots_needed

EXERCISES = (one_overlap, gram, shots_needed, repair, honest_score, alignment, geometric, angle_map)
