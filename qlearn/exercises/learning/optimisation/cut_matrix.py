"""The matrix whose quadratic form is minus the cut."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def same_energies(answered, due):
    """Compare matrices by what they make of every bit string: how a pair is shared between (u, v) and (v, u) is free."""
    got = as_numbers(answered)
    if isinstance(got, str) or got.shape != due.shape:
        return close(answered, due)
    return close(got + got.T, due + due.T)


@exercise(
    level="core",
    same=same_energies,
    right="x^T Q x is minus the cut, for every x. An annealer can have it now.",
    because="""
        An edge is cut if $x_u+x_v-2x_ux_v=1$. As $x^2=x$, the linear terms go to the diagonal: minus the degree.
        The coupling is $+2w$ a pair, and Q shares it between (u, v) and (v, u). It is minus the graph's Laplacian.
    """,
)
def cut_matrix(A):
    r"""Return, from the weighted adjacency matrix of a graph, the matrix Q with $x^{\mathsf
    T}Q\,x=-\text{cut}(x)$ for every bit string x. The cut is the sum of the weights of the edges that are cut; weights
    may be below zero. Given: `np`.
    """
    return A - np.diag(A.sum(axis=0))


@cut_matrix.cases
def graphs(rng):
    """Two nodes to seven; edges of weight 1, of other weights, of both signs; sparse and complete."""
    for n, share, signed in (
        (4, 0.7, False),
        (2, 1.0, False),
        (5, 0.6, True),
        (7, 0.4, True),
        (6, 1.0, True),
    ):
        weights = rng.uniform(0.5, 3, (n, n)) * (rng.random((n, n)) < share)
        if signed:
            weights *= rng.choice([-1, 1], (n, n))
        upper = np.triu(np.round(weights, 2), 1)
        upper[0, 1] = 1.0 + n
        yield (upper + upper.T,)
    yield (np.ones((3, 3)) - np.eye(3),)


@cut_matrix.mistake("x^T Q x is plus the cut: its *minimum* is the empty cut. Turn the sign.")
def sign(A):
    return np.diag(A.sum(axis=0)) - A


@cut_matrix.mistake("you get twice the cut: each edge stands at (i, j) and at (j, i).")
def twice(A):
    return 2 * A - 2 * np.diag(A.sum(axis=0))


@cut_matrix.mistake("you get half of the cut: the upper triangle alone needs the whole coupling, 2 w a pair.")
def half(A):
    return (A - np.diag(A.sum(axis=0))) / 2


@cut_matrix.mistake("only the diagonal: with both ends on side 1 an edge is counted twice and not cut.")
def no_couplings(A):
    return -np.diag(A.sum(axis=0))


@cut_matrix.mistake(
    "only the couplings: an edge with one end on side 1 is cut, and costs you nothing. The diagonal counts it."
)
def no_diagonal(A):
    return A


@cut_matrix.mistake(
    "right with weights above 0, and not with one below (two transmitters that gain by sharing a channel). Take each "
    "weight with its sign."
)
def weights_without_sign(A):
    return np.abs(A) - np.diag(np.abs(A).sum(axis=0))


@cut_matrix.mistake(
    "right where every edge has the weight 1. The diagonal is the sum of the weights, not the number of edges."
)
def number_of_edges(A):
    return A - np.diag((A != 0).sum(axis=0))


@cut_matrix.mistake(
    "with both ends on side 1 nothing is cut, and yours is not 0. Write x_u + x_v - 2 x_u x_v for one edge first."
)
def couplings_twice(A):
    return 2 * A - np.diag(A.sum(axis=0))


@cut_matrix.mistake(
    "one triangle has only half of the coupling: 2 w for each pair, or w at (u, v) and w at (v, u)."
)
def upper_triangle_once(A):
    return np.triu(A) - np.diag(A.sum(axis=0))


@cut_matrix.mistake("that is the form for spins of -1 and 1. Bits are 0 and 1: put x = (1 - s) / 2 in.")
def for_spins(A):
    return A / 4
