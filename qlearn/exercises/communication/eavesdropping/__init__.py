"""Exercises of the chapter *Eavesdropping: what Eve can know, and what it costs her*."""

from qlearn.exercises.communication.eavesdropping.guess_rate import guess_rate
from qlearn.exercises.communication.eavesdropping.hopeless_from import hopeless_from
from qlearn.exercises.communication.eavesdropping.information import information
from qlearn.exercises.communication.eavesdropping.isolation_db import isolation_db
from qlearn.exercises.communication.eavesdropping.memory_worth import memory_worth
from qlearn.exercises.communication.eavesdropping.uneven_probe import uneven_probe

EXERCISES = (guess_rate, memory_worth, information, hopeless_from, isolation_db, uneven_probe)
