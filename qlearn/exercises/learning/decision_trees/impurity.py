"""Gini's impurity for overlapping states."""

import sys

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.qubits import random_state


@exercise(
    level="project",
    right=(
        "Gini, once you allow for overlaps. No eigenvalues, and a swap test of two labels from the node measures it: "
        "the share of zeros is 1 minus half of it."
    ),
    because=r"""
        $\operatorname{tr}\rho^2=\sum_{cc'}p_cp_{c'}|\langle c|c'\rangle|^2$: the probability that two labels drawn
        from the node pass for equal. With orthogonal states it is $\sum p_c^2$, and the impurity is Gini's. It is
        also what a regression tree lowers when its targets are the entries of $|c\rangle\langle c|$, which is how
        the classical rival of the chapter works. The two criteria seldom differ: both are 0 for pure nodes, and
        both are concave.
    """,
)
def impurity(weights, gram):
    r"""Build your own criterion. The *linear entropy* of a node is $1-\operatorname{tr}\rho^2$, the quantum
    form of scikit-learn's `gini`. Return it without eigenvalues, from weights and a table of inner products
    as in the exercise on entropy. Then grow a tree by it: on what data does it choose another first question
    than the von Neumann entropy? Given: `np`.
    """
    p = weights / weights.sum()
    return 1 - p @ np.abs(gram) ** 2 @ p


@impurity.cases
def mixtures(rng):
    """Counts and shares, with zeros and without; orthogonal states, overlapping ones, more than fit, a single one."""
    for q, weights in (
        (2, [3.0, 3.0, 2.0]),
        (3, [5.0, 0.0, 2.0, 1.0]),
        (1, rng.integers(1, 9, 4).astype(float)),
        (2, [0.0, 4.0]),
        (3, rng.random(5)),
        (1, [7.0]),
    ):
        states = random_state(q, len(weights), rng=rng)
        yield rng.permutation(weights), states.conj() @ states.T
    yield rng.permutation([1.0, 3.0, 0.0]), np.eye(3)


@impurity.grader
def without_eigenvalues(answer, rng):
    """Look which functions are called on the way, in every case: an answer may treat one of them by itself."""
    called = set()

    def watch(frame, event, argument):
        if event == "call":
            called.add(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        for weights, gram in mixtures(rng):
            answer(weights, gram)
    finally:
        sys.setprofile(before)
    if any(name.startswith(("eig", "svd", "matrix_rank", "schur")) for name in called):
        return Verdict.wrong(
            "right, and by eigenvalues. The trace of a square is a sum over the table: no need to diagonalise it."
        )
    return None


@impurity.mistake("that is the purity, 1 for a pure node; the impurity is 1 minus it.")
def purity(weights, gram):
    p = weights / weights.sum()
    return p @ np.abs(gram) ** 2 @ p


@impurity.mistake("that is the classical Gini impurity: overlapping states count less.")
def classical(weights, gram):
    p = weights / weights.sum()
    return 1 - (p**2).sum()


@impurity.mistake("the overlaps enter by their squared modulus.")
def modulus(weights, gram):
    p = weights / weights.sum()
    return 1 - p @ np.abs(gram) @ p


@impurity.mistake("take the modulus before you square: the square of a complex number is another thing.")
def no_modulus(weights, gram):
    p = weights / weights.sum()
    return (1 - p @ gram**2 @ p).real


@impurity.mistake("divide the weights by their sum: a node twice as large is as mixed.")
def not_normalised(weights, gram):
    return 1 - weights @ np.abs(gram) ** 2 @ weights


@impurity.mistake(
    "the shares enter as they are: a pair of labels is drawn with the product of two of them, not its root."
)
def roots_of_the_shares(weights, gram):
    p = np.sqrt(weights / weights.sum())
    return 1 - p @ np.abs(gram) ** 2 @ p


@impurity.mistake("you mix the states in equal parts: the weights do not appear.")
def no_weights(weights, gram):
    return 1 - np.mean(np.abs(gram) ** 2)


@impurity.mistake(
    "that is the von Neumann entropy. The linear one has no logarithm in it, and needs no eigenvalues."
)
def von_neumann(weights, gram):
    p = weights / weights.sum()
    values = np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * gram)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@impurity.mistake()
def by_eigenvalues(weights, gram):
    p = weights / weights.sum()
    return 1 - (np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * gram) ** 2).sum()
