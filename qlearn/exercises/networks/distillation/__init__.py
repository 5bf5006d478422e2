"""Exercises of the chapter *Distillation: one model teaches another*."""

from qlearn.exercises.networks.distillation.distil_gradient import distil_gradient
from qlearn.exercises.networks.distillation.many_students_bits import many_students_bits
from qlearn.exercises.networks.distillation.merge_outputs import merge_outputs
from qlearn.exercises.networks.distillation.soft_label import soft_label
from qlearn.exercises.networks.distillation.transfer_gain import transfer_gain

EXERCISES = (soft_label, distil_gradient, merge_outputs, many_students_bits, transfer_gain)
