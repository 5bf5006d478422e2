"""Exercises of the chapter *Routing in a 6G network*."""

from qlearn.exercises.applications.routing_6g.blocks_needed import blocks_needed
from qlearn.exercises.applications.routing_6g.chance_needed import chance_needed
from qlearn.exercises.applications.routing_6g.first_fit import first_fit
from qlearn.exercises.applications.routing_6g.one_cell import one_cell
from qlearn.exercises.applications.routing_6g.slack_weights import slack_weights

EXERCISES = (blocks_needed, first_fit, slack_weights, chance_needed, one_cell)
