"""Exercises of the chapter *Random numbers: what nobody can know beforehand*."""

from qlearn.exercises.communication.random_numbers.coin_entropy import coin_entropy
from qlearn.exercises.communication.random_numbers.leftover_length import leftover_length
from qlearn.exercises.communication.random_numbers.markov_min_entropy import markov_min_entropy
from qlearn.exercises.communication.random_numbers.monobit_p_value import monobit_p_value
from qlearn.exercises.communication.random_numbers.seed_search import seed_search
from qlearn.exercises.communication.random_numbers.von_neumann_by_hand import von_neumann_by_hand

EXERCISES = (
    coin_entropy,
    von_neumann_by_hand,
    leftover_length,
    markov_min_entropy,
    monobit_p_value,
    seed_search,
)
