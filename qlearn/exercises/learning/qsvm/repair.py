"""The nearest positive matrix."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def nearest(answered, due):
    """Compare matrices, and say of one that is not the nearest why."""
    got = as_numbers(answered)
    if isinstance(got, str) or got.shape != due.shape or got.dtype.kind == "c":
        return close(answered, due)
    if np.allclose(got, due, rtol=1e-6, atol=1e-7):  # a root of a matrix is another way, and less exact
        return None
    if not np.isfinite(got).all():
        return "there is a `nan` or an infinity in it"
    if not np.allclose(got, got.T):
        return "a symmetric matrix is asked for"
    if (smallest := np.linalg.eigvalsh(got)[0]) < -1e-7:
        return f"the smallest eigenvalue of what you give is {smallest:.3g}, still below 0"
    return "positive now, but not the nearest: change only the eigenvalues that are negative, and by no more than needed"


@exercise(
    level="stretch",
    same=nearest,
    right="The nearest positive matrix in the sum of squares: the noise that no state can make is gone.",
    because="""
        Distances do not change when we rotate to the eigenvectors. There the matrix is diagonal, and each negative
        eigenvalue goes to the nearest allowed number, 0 (Higham 1988). The diagonal is then no longer exactly 1; a
        support vector machine does not mind.
    """,
)
def repair(K):
    """Shot noise has given a symmetric matrix negative eigenvalues. Return the positive semidefinite matrix
    that is nearest to it, in the sum of squared differences of entries. Given: `np`.
    """
    values, vectors = np.linalg.eigh(K)
    return (vectors * values.clip(min=0)) @ vectors.T


@repair.cases
def tables(rng):
    """Counted kernels, few rows and many; eigenvalues of all signs, none that is negative, and none that is positive."""
    for n, shots in ((12, 30), (20, 60)):
        angles = rng.uniform(-np.pi, np.pi, (n, 2))
        exact = np.prod(np.cos((angles[:, None] - angles) / 2) ** 2, axis=-1)
        upper = np.triu(rng.binomial(shots, exact.clip(0, 1)) / shots, 1)
        yield (upper + upper.T + np.eye(n),)
    for signs in ([1, 1, -1], [1, -1, -1, 1, -1], [1, 1, 1, 1], [-1, -1, -1]):
        basis, _ = np.linalg.qr(rng.normal(size=(len(signs), len(signs))))
        table = (basis * (signs * rng.uniform(0.2, 2.0, len(signs)))) @ basis.T
        yield ((table + table.T) / 2,)


@repair.mistake("nothing has changed: look at the eigenvalues, some are still negative.")
def untouched(K):
    return K


@repair.mistake(
    "entries may be small or large, and of any sign: it is the *eigenvalues* that must not be negative, and some still are."
)
def clips_entries(K):
    return K.clip(min=0)


@repair.mistake(
    "adding a multiple of the identity does make it positive, but it moves every eigenvalue: further than needed."
)
def shifts(K):
    return K - np.linalg.eigvalsh(K)[0] * np.eye(len(K))


@repair.mistake(
    "adding a multiple of the identity moves every eigenvalue, further than needed; and of a table that is positive "
    "already nothing is to change."
)
def shifts_where_it_must(K):
    return K - min(np.linalg.eigvalsh(K)[0], 0) * np.eye(len(K))


@repair.mistake("you turned the negative eigenvalues round. The nearest number that is not negative is 0.")
def absolute_values(K):
    values, vectors = np.linalg.eigh(K)
    return (vectors * abs(values)) @ vectors.T


@repair.mistake(
    "you raised eigenvalues to 0.5. Change only those that are negative, to the nearest allowed number."
)
def too_much(K):
    values, vectors = np.linalg.eigh(K)
    return (vectors * values.clip(min=0.5)) @ vectors.T


@repair.mistake("you changed the lowest eigenvalue only: several may be negative.")
def the_lowest_alone(K):
    values, vectors = np.linalg.eigh(K)
    values[0] = max(values[0], 0)
    return (vectors * values) @ vectors.T


@repair.mistake(
    "you multiplied the matrix with itself: that squares every eigenvalue, those that were right too."
)
def squares(K):
    return K @ K


@repair.mistake(
    "the eigenvalues alone are no matrix: put them back between the eigenvectors, V diag V^T, with V^T on the right."
)
def eigenvalues_alone(K):
    return np.diag(np.linalg.eigvalsh(K).clip(min=0))


@repair.mistake("the eigenvectors are the *columns* of what `eigh` gives: V diag V^T, not V^T diag V.")
def rows_for_columns(K):
    values, vectors = np.linalg.eigh(K)
    return (vectors.T * values.clip(min=0)) @ vectors
