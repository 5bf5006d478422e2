"""Geometric."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="One number, no labels: near 1, stop here; large, find out whether yours are the labels.",
    because=r"""
        $AB$ and $BA$ have the same eigenvalues: with $A=\sqrt{K_Q}$ and $B=K_C^{-1}\sqrt{K_Q}$ the hint follows.
        The leading one is the largest ratio $y^{\mathsf T}K_C^{-1}y\,/\,y^{\mathsf T}K_Q^{-1}y$ over all targets y:
        how much more complex the classical model may have to be.
    """,
)
def geometric(K_C, K_Q):
    r"""Write `geometric(K_C, K_Q)`: the geometric difference of two kernel matrices with ones on the
    diagonal, without a ridge. Hint: $\sqrt{K_Q}\,K_C^{-1}\sqrt{K_Q}$ and $K_C^{-1}K_Q$ have the same
    eigenvalues, so no root of a matrix is needed.
    """
    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.max())


@geometric.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_geometric of the old module
    yield ()


@geometric.mistake("that is g squared: the root is missing.")
def no_root(K_C, K_Q):
    return np.linalg.eigvals(np.linalg.solve(K_C, K_Q)).real.max()


@geometric.mistake(
    "the other way round: the *classical* matrix is inverted, for it is the classical model that suffers."
)
def exchanged(K_C, K_Q):
    return np.sqrt(np.linalg.eigvals(np.linalg.solve(K_Q, K_C)).real.max())


@geometric.mistake(
    "you took the largest *singular value* of K_C^-1 K_Q. That matrix is not symmetric, and only its eigenvalues "
    "are those of the symmetric form."
)
def singular_value(K_C, K_Q):
    return np.sqrt(np.linalg.norm(np.linalg.solve(K_C, K_Q), 2))


@geometric.mistake("the norm is the largest *eigenvalue*, not the largest entry.")
def largest_entry(K_C, K_Q):
    return np.sqrt(abs(np.linalg.solve(K_C, K_Q)).max())
