"""Exercises of the chapter *State selection: which pulses are wasted, and which choice tells*."""

from qlearn.exercises.control.state_selection.fourth_state import fourth_state
from qlearn.exercises.control.state_selection.frame_free import frame_free
from qlearn.exercises.control.state_selection.leaking_choice import leaking_choice
from qlearn.exercises.control.state_selection.sifted_share import sifted_share
from qlearn.exercises.control.state_selection.wasted_decoys import wasted_decoys

EXERCISES = (sifted_share, fourth_state, frame_free, wasted_decoys, leaking_choice)
