"""Exercises of the chapter *Attacks on a federation*."""

from qlearn.exercises.networks.attacks.fresh_tags import fresh_tags
from qlearn.exercises.networks.attacks.inside_spread import inside_spread
from qlearn.exercises.networks.attacks.krum import krum
from qlearn.exercises.networks.attacks.read_sample import read_sample
from qlearn.exercises.networks.attacks.steer_mean import steer_mean
from qlearn.exercises.networks.attacks.trimmed_mean import trimmed_mean

EXERCISES = (read_sample, steer_mean, trimmed_mean, krum, fresh_tags, inside_spread)
