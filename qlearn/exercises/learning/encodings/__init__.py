"""Exercises of the chapter *Encodings: how a row becomes a state*."""

from qlearn.exercises.learning.encodings.angle_gram import angle_gram
from qlearn.exercises.learning.encodings.load_four import load_four
from qlearn.exercises.learning.encodings.pauli_turn import pauli_turn
from qlearn.exercises.learning.encodings.picture import picture
from qlearn.exercises.learning.encodings.surrogate import surrogate
from qlearn.exercises.learning.encodings.three_scales import three_scales
from qlearn.exercises.learning.encodings.with_length import with_length

EXERCISES = (picture, angle_gram, with_length, pauli_turn, three_scales, surrogate, load_four)
