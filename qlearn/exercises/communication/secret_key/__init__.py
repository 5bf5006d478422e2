"""Exercises of the chapter *From errors to a secret key*."""

from qlearn.exercises.communication.secret_key.best_sample import best_sample
from qlearn.exercises.communication.secret_key.find_error import find_error
from qlearn.exercises.communication.secret_key.key_length import key_length
from qlearn.exercises.communication.secret_key.my_distill import my_distill
from qlearn.exercises.communication.secret_key.second_message import second_message
from qlearn.exercises.communication.secret_key.toeplitz_matrix import toeplitz_matrix

EXERCISES = (key_length, find_error, toeplitz_matrix, second_message, best_sample, my_distill)
