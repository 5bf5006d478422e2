"""Exercises of the chapter *Reinforcement: which channel next?*."""

from qlearn.exercises.learning.reinforcement.believe import believe
from qlearn.exercises.learning.reinforcement.log_gradient import log_gradient
from qlearn.exercises.learning.reinforcement.policy_circuit import policy_circuit
from qlearn.exercises.learning.reinforcement.q_update import q_update
from qlearn.exercises.learning.reinforcement.two_links import two_links

EXERCISES = (two_links, log_gradient, q_update, believe, policy_circuit)
