"""Graphs of the reference values, and drawn ones."""

from itertools import combinations

import numpy as np


def graph(n, edges):
    """Return the matrix of weights of {(i, j): w}."""
    weights = np.zeros((n, n))
    for (i, j), w in edges.items():
        weights[i, j] = weights[j, i] = w
    return weights


KITE = graph(4, {(0, 1): 0.3, (1, 2): 0.7, (0, 2): 1.1, (2, 3): 0.5})
X = np.array([0.2, 0.9, -0.4, 1.3])
ANGLES = np.array([[0.8, 0.35], [0.5, 0.6]])
HEXAGON = graph(6, {(i, (i + 1) % 6): 1.0 for i in range(6)})
TRIANGLES = graph(6, {pair: 1.0 for three in ((0, 1, 2), (3, 4, 5)) for pair in combinations(three, 2)})


def drawn(n, rng):
    """Return node values and weights of a graph in which about half of the edges are missing."""
    upper = np.triu(rng.uniform(-1, 1, (n, n)) * (rng.random((n, n)) < 0.5), 1)
    return rng.uniform(-2, 2, n), upper + upper.T
