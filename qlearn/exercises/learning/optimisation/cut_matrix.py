"""Cut matrix."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="x^T Q x is minus the cut, for every x. An annealer can have it now.",
    because="""
        An edge is cut if $x_u+x_v-2x_ux_v=1$. As $x^2=x$, the linear terms go to the diagonal: minus the degree.
        The coupling is $+2w$ a pair, and Q shares it between (u, v) and (v, u). It is minus the graph's Laplacian.
    """,
)
def cut_matrix(A):
    r"""Write `cut_matrix(A)`: from the weighted adjacency matrix of a graph the matrix Q with $x^{\mathsf
    T}Q\,x=-\text{cut}(x)$ for every bit string x.
    """
    return A - np.diag(A.sum(axis=0))


@cut_matrix.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_cut_matrix of the old module
    yield ()


@cut_matrix.mistake("x^T Q x is plus the cut: its *minimum* is the empty cut. Turn the sign.")
def sign(A):
    return np.diag(A.sum(axis=0)) - A


@cut_matrix.mistake("you get twice the cut: each edge stands at (i, j) and at (j, i).")
def twice(A):
    return 2 * A - 2 * np.diag(A.sum(axis=0))


@cut_matrix.mistake("only the diagonal: with both ends on side 1 an edge is counted twice and not cut.")
def no_couplings(A):
    return -np.diag(A.sum(axis=0))


@cut_matrix.mistake(
    "right with four nodes and weights above 0, and not with a fifth node and one weight below 0 (two "
    "transmitters that gain by sharing a channel). Take each weight with its sign."
)
def weights_without_sign(A):
    return np.abs(A) - np.diag(np.abs(A).sum(axis=0))


@cut_matrix.mistake(
    "for x = [1 1 1 1] your energy is 16, and the cut is 0. Write x_u + x_v - 2 x_u x_v for one edge first."
)
def couplings_twice(A):
    return 2 * A - np.diag(A.sum(axis=0))
