"""Exercises of the chapter *A fair comparison*."""

from qlearn.exercises.learning.comparison.cosine import cosine
from qlearn.exercises.learning.comparison.device_days import device_days
from qlearn.exercises.learning.comparison.growth_exponent import growth_exponent
from qlearn.exercises.learning.comparison.rival import rival
from qlearn.exercises.learning.comparison.shots_under_noise import shots_under_noise
from qlearn.exercises.learning.comparison.standard_error import standard_error

EXERCISES = (device_days, growth_exponent, standard_error, shots_under_noise, cosine, rival)
