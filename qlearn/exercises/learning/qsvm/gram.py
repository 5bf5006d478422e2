"""The kernel matrix of two lists of states."""

import sys

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.qubits import random_state


@exercise(
    level="core",
    right="One product and one square: this line is all that a simulator has to do.",
    because=r"""
        The product of the conjugated rows of A with the columns of B holds all amplitudes $\langle a_i|b_j\rangle$.
        It costs $n\,m\,2^q$ multiplications, however deep the circuit was.
    """,
)
def gram(A, B):
    """Return the kernel matrix of two arrays of states, shapes $(n, 2^q)$ and $(m, 2^q)$, in NumPy and
    without a loop. Given: `np`.
    """
    return np.abs(A.conj() @ B.T) ** 2


@gram.cases
def lists(rng):
    """One state and several, of one qubit and of four; as many in A as in B, and the same ones."""
    for q, n, m in ((2, 4, 3), (1, 1, 5), (4, 3, 3), (3, *rng.integers(1, 6, 2))):
        yield random_state(q, int(n), rng=rng), random_state(q, int(m), rng=rng)
    yield (random_state(2, 3, rng=rng),) * 2


@gram.grader
def without_a_loop(answer, rng):
    """Count what is called: with a loop it is more for more rows."""
    calls = []

    def watch(frame, event, argument):
        if event in ("call", "c_call"):
            calls[-1] += 1

    before = sys.getprofile()
    for n in (3, 30):
        A, B = random_state(2, n, rng=rng), random_state(2, n, rng=rng)
        calls.append(0)
        sys.setprofile(watch)
        try:
            answer(A, B)
        finally:
            sys.setprofile(before)
    if calls[1] - calls[0] > 20:
        return Verdict.wrong(
            "right, and with a loop over the rows. One product of matrices holds all inner products at once: `@`."
        )
    return None


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


@gram.mistake("the square of a complex number is complex: take its modulus first, then the square.")
def squared_without_modulus(A, B):
    return (A.conj() @ B.T) ** 2


@gram.mistake("the table is lying on its side: rows belong to A, columns to B.")
def transposed(A, B):
    return np.abs(B.conj() @ A.T) ** 2


@gram.mistake(
    "you compare the outcomes' chances, and phases are lost: two states that differ in a phase look alike."
)
def of_probabilities(A, B):
    return np.abs(A) ** 2 @ (np.abs(B) ** 2).T


@gram.mistake()
def in_loops(A, B):
    return np.array([[abs(np.vdot(a, b)) ** 2 for b in B] for a in A])
