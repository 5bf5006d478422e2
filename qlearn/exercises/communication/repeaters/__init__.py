"""Exercises of the chapter *Repeaters: how far a pair can reach*."""

from qlearn.exercises.communication.repeaters.cut_line import cut_line
from qlearn.exercises.communication.repeaters.end_to_end import end_to_end
from qlearn.exercises.communication.repeaters.pumping_cost import pumping_cost
from qlearn.exercises.communication.repeaters.purify_or_swap import purify_or_swap
from qlearn.exercises.communication.repeaters.sign_round import sign_round
from qlearn.exercises.communication.repeaters.slowest_link import slowest_link

EXERCISES = (end_to_end, sign_round, pumping_cost, slowest_link, purify_or_swap, cut_line)
