"""The matrix of a Toeplitz hash."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def same_mod_2(answered, due):
    """Compare matrices of whole numbers modulo 2: the hash takes no notice of more."""
    got = as_numbers(answered)
    if isinstance(got, str):
        return got
    if got.shape == due.shape[::-1] != due.shape:
        return f"your matrix has shape {got.shape}: it turns n bits into `length`, so (length, n)"
    if got.shape == due.shape:
        if got.dtype.kind == "c" or (got.astype(float) % 1 != 0).any():
            return "its entries are bits, 0 or 1"
        got = got.astype(float) % 2
    return close(got, due)


@exercise(
    level="core",
    same=same_mod_2,
    right="n + m - 1 random bits instead of n m, and still any two keys collide with chance 2^-m.",
    because="""
        The index n - 1 + i - j is the same along each diagonal, 0 in the top right corner and n + m - 2 in the
        bottom left: all n + m - 1 bits of the seed are used.
    """,
)
def toeplitz_matrix(seed, n, length):
    """`toeplitz_hash(key, seed, length)` never writes its matrix down. Do: return an array T of shape
    `(length, n)` such that `T @ key % 2` is the hash of a `key` of `n` bits. `seed` is an array of
    `n + length - 1` bits. Given: `np`.
    """
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[n - 1 + i - j]


@toeplitz_matrix.cases
def seeds(rng):
    """Square and wide, a single row, and the smallest of all: a hash is at most as long as the key."""
    sizes = [(6, 3), (7, 7), (12, 5), (11, 1), (1, 1)]
    sizes += [(n, int(rng.integers(2, n + 1))) for n in rng.integers(2, 15, 4).tolist()]
    for n, length in sizes:
        yield rng.integers(0, 2, n + length - 1, dtype=np.uint8), n, length


@toeplitz_matrix.mistake(
    "your matrix is constant along the other diagonals (a Hankel matrix): the index is n - 1 + i - j, with a "
    "minus before j."
)
def hankel(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[i + j]


@toeplitz_matrix.mistake(
    "it turns n bits into `length`: your matrix is the transposed one of that, of shape (n, length)."
)
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


@toeplitz_matrix.mistake(
    "your diagonals go round: the index falls below 0, and NumPy counts from the end. The top right corner is seed[0], "
    "so n - 1 + i - j."
)
def goes_round(seed, n, length):
    i, j = np.arange(length)[:, None], np.arange(n)
    return seed[i - j]
