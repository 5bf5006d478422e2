"""Repair."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="The nearest positive matrix in the sum of squares: the noise that no state can make is gone.",
    because="""
        Distances do not change when we rotate to the eigenvectors. There the matrix is diagonal, and each negative
        eigenvalue goes to the nearest allowed number, 0 (Higham 1988). The diagonal is then no longer exactly 1; a
        support vector machine does not mind.
    """,
)
def repair(K):
    """Shot noise has given a symmetric matrix negative eigenvalues. Write `repair(K)`: the positive
    semidefinite matrix that is nearest to it, in the sum of squared differences of entries.
    """
    values, vectors = np.linalg.eigh(K)
    return (vectors * values.clip(min=0)) @ vectors.T


@repair.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_repair of the old module
    yield ()


@repair.mistake(
    "the smallest eigenvalue is still -0.216. Entries may be small or large: it is the *eigenvalues* that must "
    "not be negative."
)
def clips_entries(K):
    return K.clip(min=0.05)


@repair.mistake(
    "adding a multiple of the identity does make it positive, but it moves every eigenvalue: further than needed."
)
def shifts(K):
    return K - np.linalg.eigvalsh(K)[0] * np.eye(len(K))


@repair.mistake("you turned the negative eigenvalues round. The nearest number that is not negative is 0.")
def absolute_values(K):
    values, vectors = np.linalg.eigh(K)
    return (vectors * abs(values)) @ vectors.T


@repair.mistake("positive now, but not the nearest: change only the eigenvalues that are negative.")
def too_much(K):
    values, vectors = np.linalg.eigh(K)
    return (vectors * values.clip(min=0.5)) @ vectors.T
