"""Exercises of the chapter *BB84: a key that notices it is being watched*."""

from qlearn.exercises.communication.bb84.bits_to_compare import bits_to_compare
from qlearn.exercises.communication.bb84.error_rate import error_rate
from qlearn.exercises.communication.bb84.expected_bits import expected_bits
from qlearn.exercises.communication.bb84.one_basis import one_basis
from qlearn.exercises.communication.bb84.sift import sift
from qlearn.exercises.communication.bb84.six_state import six_state
from qlearn.exercises.communication.bb84.six_state_threshold import six_state_threshold

EXERCISES = (error_rate, sift, expected_bits, one_basis, bits_to_compare, six_state, six_state_threshold)
