"""Exercises of the chapter *Continuous variables: a key from laser light*."""

from qlearn.exercises.communication.continuous_variables.bob_variance import bob_variance
from qlearn.exercises.communication.continuous_variables.direct_rate import direct_rate
from qlearn.exercises.communication.continuous_variables.eve_knows import eve_knows
from qlearn.exercises.communication.continuous_variables.find_line import find_line
from qlearn.exercises.communication.continuous_variables.least_beta import least_beta
from qlearn.exercises.communication.continuous_variables.phase_noise import phase_noise

EXERCISES = (bob_variance, find_line, eve_knows, least_beta, phase_noise, direct_rate)
