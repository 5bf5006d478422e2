"""Gram."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="One product and one square: this line is all that a simulator has to do.",
    because=r"""
        The product of the conjugated rows of A with the columns of B holds all amplitudes $\langle a_i|b_j\rangle$.
        It costs $n\,m\,2^q$ multiplications, however deep the circuit was.
    """,
)
def gram(A, B):
    """Write `gram(A, B)`: the kernel matrix of two arrays of states, shapes $(n, 2^q)$ and $(m, 2^q)$, in
    NumPy and without a loop.
    """
    return np.abs(A.conj() @ B.T) ** 2


@gram.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_gram of the old module
    yield ()


@gram.mistake("that is the modulus. Fidelity in this book is squared: it is a probability.")
def not_squared(A, B):
    return np.abs(A.conj() @ B.T)


@gram.mistake("a bra is conjugated. Without it a state with complex amplitudes is not even like itself.")
def not_conjugated(A, B):
    return np.abs(A @ B.T) ** 2


@gram.mistake("you squared the real part only. The overlap has an imaginary part too.")
def real_part(A, B):
    return (A.conj() @ B.T).real ** 2


@gram.mistake("the entries are complex: those are amplitudes. A probability is the squared modulus.")
def amplitudes(A, B):
    return A.conj() @ B.T


@gram.mistake("the table is lying on its side: rows belong to A, columns to B.")
def transposed(A, B):
    return np.abs(B.conj() @ A.T) ** 2
