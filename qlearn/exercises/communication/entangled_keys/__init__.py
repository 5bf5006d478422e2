"""Exercises of the chapter *Entangled keys: a secret that vouches for itself*."""

from qlearn.exercises.communication.entangled_keys.best_list import best_list
from qlearn.exercises.communication.entangled_keys.chsh_value import chsh_value
from qlearn.exercises.communication.entangled_keys.meeting import meeting
from qlearn.exercises.communication.entangled_keys.rounds_needed import rounds_needed
from qlearn.exercises.communication.entangled_keys.shares import shares
from qlearn.exercises.communication.entangled_keys.untrusted_threshold import untrusted_threshold
from qlearn.exercises.communication.entangled_keys.visibilities import visibilities

EXERCISES = (shares, chsh_value, visibilities, best_list, untrusted_threshold, rounds_needed, meeting)
