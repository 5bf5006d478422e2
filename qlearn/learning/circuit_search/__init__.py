"""Evolutionary search of gate arrangements: accuracy against depth.

>>> import numpy as np
>>> from qlearn.learning.circuit_search import evolve
>>> X = np.linspace(0, np.pi, 20)[:, None]
>>> found = evolve(X, np.sign(np.cos(X[:, 0])), population=8, generations=15, rng=1)
>>> found.depths, found.accuracies
(array([0, 1]), array([0.5, 1. ]))
"""

from qlearn.learning.circuit_search.arrangement import Arrangement, Gate
from qlearn.learning.circuit_search.evolutionary_search import Found, evolve, goals, random_search
from qlearn.learning.circuit_search.mutation import Alphabet, draw, mutate
from qlearn.learning.circuit_search.pareto import covered_area, crowding, dominated_by, pareto_ranks

__all__ = [
    "Alphabet",
    "Arrangement",
    "Found",
    "Gate",
    "covered_area",
    "crowding",
    "dominated_by",
    "draw",
    "evolve",
    "goals",
    "mutate",
    "pareto_ranks",
    "random_search",
]
