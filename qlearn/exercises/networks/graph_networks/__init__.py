"""Exercises of the chapter *Graph networks: a fusion model, and who tunes it*."""

from qlearn.exercises.networks.graph_networks.edge_phase import edge_phase
from qlearn.exercises.networks.graph_networks.equivariant import equivariant
from qlearn.exercises.networks.graph_networks.hypervolume_2d import hypervolume_2d
from qlearn.exercises.networks.graph_networks.message_step import message_step
from qlearn.exercises.networks.graph_networks.pareto import pareto

EXERCISES = (edge_phase, equivariant, message_step, pareto, hypervolume_2d)
