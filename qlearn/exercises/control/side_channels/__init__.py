"""Exercises of the chapter *Side channels: what the box lets out*."""

from qlearn.exercises.control.side_channels.accuracy_needed import accuracy_needed
from qlearn.exercises.control.side_channels.discard_rate import discard_rate
from qlearn.exercises.control.side_channels.guess_from_time import guess_from_time
from qlearn.exercises.control.side_channels.memory_entropy import memory_entropy
from qlearn.exercises.control.side_channels.permutation_p import permutation_p

EXERCISES = (
    guess_from_time,
    accuracy_needed,
    memory_entropy,
    permutation_p,
    discard_rate,
)
