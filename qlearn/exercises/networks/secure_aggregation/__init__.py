"""Exercises of the chapter *Secure aggregation*."""

from qlearn.exercises.networks.secure_aggregation.fixed_point import fixed_point
from qlearn.exercises.networks.secure_aggregation.lying_server import lying_server
from qlearn.exercises.networks.secure_aggregation.pairwise_mask import pairwise_mask
from qlearn.exercises.networks.secure_aggregation.recover_secret import recover_secret
from qlearn.exercises.networks.secure_aggregation.rounds_paid import rounds_paid
from qlearn.exercises.networks.secure_aggregation.threshold import threshold

EXERCISES = (fixed_point, pairwise_mask, threshold, recover_secret, rounds_paid, lying_server)
