"""Exercises of the chapter *A ledger of updates*."""

from qlearn.exercises.networks.ledger.check_inclusion import check_inclusion
from qlearn.exercises.networks.ledger.four_generals import four_generals
from qlearn.exercises.networks.ledger.leaf_hash import leaf_hash
from qlearn.exercises.networks.ledger.root_of_log import root_of_log
from qlearn.exercises.networks.ledger.split_view import split_view

EXERCISES = (leaf_hash, root_of_log, check_inclusion, split_view, four_generals)
