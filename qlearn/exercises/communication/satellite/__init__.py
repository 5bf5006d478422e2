"""Exercises of the chapter *Satellite: a key from above*."""

from qlearn.exercises.communication.satellite.distance import distance
from qlearn.exercises.communication.satellite.loss_db import loss_db
from qlearn.exercises.communication.satellite.nearer import nearer
from qlearn.exercises.communication.satellite.relay import relay
from qlearn.exercises.communication.satellite.turned import turned

EXERCISES = (nearer, distance, loss_db, turned, relay)
