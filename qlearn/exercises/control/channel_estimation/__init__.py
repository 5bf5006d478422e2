"""Exercises of the chapter *Channel estimation*."""

from qlearn.exercises.control.channel_estimation.beta_mean import beta_mean
from qlearn.exercises.control.channel_estimation.bits_of_drift import bits_of_drift
from qlearn.exercises.control.channel_estimation.fisher_qubit import fisher_qubit
from qlearn.exercises.control.channel_estimation.kalman_step import kalman_step
from qlearn.exercises.control.channel_estimation.mle_noise import mle_noise

EXERCISES = (mle_noise, fisher_qubit, kalman_step, bits_of_drift, beta_mean)
