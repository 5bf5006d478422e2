"""Best question."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="you reach Helstrom's bound for every pair: no measurement does better.",
    because=r"""
        The chance to be right is $\frac12 + \frac12\langle e|(|a\rangle\langle a| - |b\rangle\langle b|)|e\rangle$
        for the basis state $|e\rangle$ that means a. It is largest for the eigenvector of the larger eigenvalue.
    """,
)
def best_question(a, b):
    """A qubit is in the state `a` or `b`, equally likely. Write `best_question(a, b)`: the basis, a (2, 2)
    matrix whose columns are its two states, that tells them apart best. Outcome 0 means a.
    """
    difference = np.outer(a, a.conj()) - np.outer(b, b.conj())
    values, vectors = np.linalg.eigh(difference)  # ascending
    return vectors[:, ::-1]


@best_question.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_best_question of the old module
    yield ()


@best_question.mistake(
    "for two states of fidelity 0.148 you are right with 0.4861, Helstrom's is 0.9614: you ask Z whatever the two"
    " states are."
)
def asks_z(a, b):
    return np.eye(2)


@best_question.mistake(
    "for two states of fidelity 0.148 you are right with 0.9258, Helstrom's is 0.9614: 'is it a?' is a good "
    "question for a, too hard on b. The best axis favours neither."
)
def asks_whether_it_is_a(a, b):
    return np.array([a, [-a[1].conj(), a[0].conj()]]).T


@best_question.mistake(
    "for two states of fidelity 0.148 you are right with 0.0386, Helstrom's is 0.9614: the right question with "
    "the answers exchanged. Column 0 must speak for a."
)
def answers_exchanged(a, b):
    return np.linalg.eigh(np.outer(a, a.conj()) - np.outer(b, b.conj()))[1]


@best_question.mistake("return a unitary (2, 2) matrix: its columns are the two basis states, orthonormal.")
def not_a_basis(a, b):
    return np.array([a, b]).T
