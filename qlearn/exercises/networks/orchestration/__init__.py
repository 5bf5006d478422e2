"""Exercises of the chapter *Orchestration: who trains, when, and on whose key*."""

from qlearn.exercises.networks.orchestration.balance import balance
from qlearn.exercises.networks.orchestration.regret import regret
from qlearn.exercises.networks.orchestration.reserve_rule import reserve_rule
from qlearn.exercises.networks.orchestration.token_bucket import token_bucket
from qlearn.exercises.networks.orchestration.ucb import ucb
from qlearn.exercises.networks.orchestration.when_to_update import when_to_update

EXERCISES = (when_to_update, token_bucket, balance, reserve_rule, regret, ucb)
