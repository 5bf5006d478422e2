"""Exercises of the chapter *Adaptive QKD: a link that sets itself*."""

from qlearn.exercises.control.adaptive_qkd.best_intensity import best_intensity
from qlearn.exercises.control.adaptive_qkd.may_depend import may_depend
from qlearn.exercises.control.adaptive_qkd.sliding_regret import sliding_regret
from qlearn.exercises.control.adaptive_qkd.stopping_bias import stopping_bias
from qlearn.exercises.control.adaptive_qkd.thompson_step import thompson_step
from qlearn.exercises.control.adaptive_qkd.two_sample import two_sample

EXERCISES = (best_intensity, thompson_step, may_depend, stopping_bias, two_sample, sliding_regret)
