"""Exercises of the chapter *The whole way*."""

from qlearn.exercises.applications.whole_way.estimated_joules import estimated_joules
from qlearn.exercises.applications.whole_way.ledger_sum import ledger_sum
from qlearn.exercises.applications.whole_way.order_of_arrows import order_of_arrows
from qlearn.exercises.applications.whole_way.rounds_of_a_key import rounds_of_a_key
from qlearn.exercises.applications.whole_way.where_it_ends import where_it_ends

EXERCISES = (ledger_sum, rounds_of_a_key, where_it_ends, estimated_joules, order_of_arrows)
