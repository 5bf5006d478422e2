"""Exercises of the chapter *Finance and security*."""

from qlearn.exercises.applications.finance.first_to_move import first_to_move
from qlearn.exercises.applications.finance.harvest_storage import harvest_storage
from qlearn.exercises.applications.finance.least_penalty import least_penalty
from qlearn.exercises.applications.finance.mosca_years import mosca_years
from qlearn.exercises.applications.finance.true_alarms import true_alarms

EXERCISES = (mosca_years, harvest_storage, least_penalty, true_alarms, first_to_move)
