"""Exercises of the chapter *Two models, one entangled link*."""

from qlearn.exercises.networks.superdense_link.actuator import actuator
from qlearn.exercises.networks.superdense_link.bits_per_qubit import bits_per_qubit
from qlearn.exercises.networks.superdense_link.noise_floor import noise_floor
from qlearn.exercises.networks.superdense_link.repair_choice import repair_choice
from qlearn.exercises.networks.superdense_link.word_error import word_error

EXERCISES = (word_error, bits_per_qubit, noise_floor, repair_choice, actuator)
