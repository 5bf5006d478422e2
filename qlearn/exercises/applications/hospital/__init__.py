"""Exercises of the chapter *A federated hospital*."""

from qlearn.exercises.applications.hospital.key_bits import key_bits
from qlearn.exercises.applications.hospital.least_noise import least_noise
from qlearn.exercises.applications.hospital.leave_one_out import leave_one_out
from qlearn.exercises.applications.hospital.membership_advantage import membership_advantage
from qlearn.exercises.applications.hospital.sum_without_one import sum_without_one
from qlearn.exercises.applications.hospital.which_defences import which_defences

EXERCISES = (key_bits, sum_without_one, which_defences, leave_one_out, membership_advantage, least_noise)
