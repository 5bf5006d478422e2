"""Nearest state."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="The nearest state keeps the eigenvectors and lowers all eigenvalues that stay by the same amount.",
    because="""
        With the sum fixed, least squares lowers every eigenvalue that stays positive by the same shift and sets the
        rest to 0 (Smolin, Gambetta and Smith, arXiv:1106.5458). If the counts vary alike, this is nearly the most
        likely state, without a search.
    """,
)
def nearest_state(matrix):
    r"""Linear inversion gave a Hermitian `matrix` with trace 1 and a negative eigenvalue. Write
    `nearest_state(matrix)`: the density matrix $\rho$ with the smallest $\lVert\rho -
    \texttt{matrix}\rVert_2$ (the root of the sum of squares, `np.linalg.norm`). Hint: keep the
    eigenvectors; the eigenvalues want to be non-negative, with sum 1, and as near as possible.
    """
    values, vectors = np.linalg.eigh(matrix)
    for drop in range(len(values)):  # values rise: drop the lowest first
        shift = (values[drop:].sum() - 1) / (len(values) - drop)
        if values[drop] > shift:
            break
    kept = np.where(np.arange(len(values)) >= drop, values - shift, 0)
    return (vectors * kept) @ vectors.conj().T


@nearest_state.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_nearest_state of the old module
    yield ()


@nearest_state.mistake("your matrix has trace 1.023: what was cut off below has to be paid for above.")
def clips(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * values.clip(0)) @ vectors.conj().T


@nearest_state.mistake(
    "a state, but not the nearest: you divide by the sum (0.1882 away). Take the same amount from every "
    "eigenvalue that stays positive (0.1668)."
)
def clips_and_divides(matrix):
    values, vectors = np.linalg.eigh(matrix)
    values = values.clip(0) / values.clip(0).sum()
    return (vectors * values) @ vectors.conj().T


@nearest_state.mistake("your matrix has the eigenvalue -0.0228: still no state. Change the eigenvalues.")
def does_nothing(matrix):
    return matrix


@nearest_state.mistake("a state, at a distance of 0.3223; there is one at 0.1668.")
def mixes_until_positive(matrix):
    d = len(matrix)
    low = min(0, np.linalg.eigvalsh(matrix)[0])
    w = -low / (1 / d - low)
    return (1 - w) * matrix + w * np.eye(d) / d
