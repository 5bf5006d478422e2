"""Toeplitz matrix."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="n + m - 1 random bits instead of n m, and still any two keys collide with chance 2^-m.",
    because="""
        The index n - 1 + i - j is the same along each diagonal, 0 in the top right corner and n + m - 2 in the
        bottom left: all n + m - 1 bits of the seed are used.
    """,
)
def toeplitz_matrix(seed, n, length):
    """`toeplitz_hash` never writes its matrix down. Do: `toeplitz_matrix(seed, n, length)`, an array T of
    shape `(length, n)` such that `T @ key % 2` is the hash.
    """
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[n - 1 + i - j]


@toeplitz_matrix.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_toeplitz_matrix of the old module
    yield ()


@toeplitz_matrix.mistake(
    "your matrix is constant along the other diagonals (a Hankel matrix): the index is n - 1 + i - j, with a "
    "minus before j."
)
def hankel(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[i + j]


@toeplitz_matrix.mistake("your matrix has shape (4, 2): it turns 4 bits into 2, so (2, 4).")
def transposed(seed, n, length):
    i, j = np.arange(length), np.arange(n)[:, None]
    return seed[n - 1 + i - j]


@toeplitz_matrix.mistake(
    "a Toeplitz matrix, but the diagonals are numbered from the wrong end: the top right corner is seed[0]."
)
def numbered_from_the_other_end(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[length - 1 - i + j]


@toeplitz_matrix.mistake("each diagonal must carry one bit of the seed: entry (i, j) is seed[n - 1 + i - j].")
def not_a_diagonal_each(seed, n, length):
    return np.resize(seed, (length, n))
