"""The basis that tells two states apart best."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, same_state
from qlearn.qubits import ket, random_state


def _same_basis(answered, due):
    """Compare bases, up to a phase of each column."""
    basis = as_numbers(answered)
    if isinstance(basis, str):
        return basis
    if basis.shape != (2, 2):
        return "return a (2, 2) matrix: its columns are the two states of a basis"
    if not np.allclose(basis.conj().T @ basis, np.eye(2), atol=1e-6):
        return "your two columns are no basis: they must have the length 1, and be orthogonal to each other"
    # A basis that was found by search is as good: 1e-6 here costs as little in the chance to be right.
    if same_state(basis.T, np.asarray(due).T, abs=1e-6) is None:
        return None
    return (
        "a basis, but not the best one: take the eigenvectors of |a><a| - |b><b|, the larger eigenvalue first"
    )


@exercise(
    level="stretch",
    same=_same_basis,
    right="you reach Helstrom's bound for every pair: no measurement does better.",
    because=r"""
        The chance to be right is $\frac12 + \frac12\langle e|(|a\rangle\langle a| - |b\rangle\langle b|)|e\rangle$
        for the basis state $|e\rangle$ that means a. It is largest for the eigenvector of the larger eigenvalue.
    """,
)
def best_question(a, b):
    """A qubit is in the state `a` or `b`, equally likely. Return the basis, a (2, 2)
    matrix whose columns are its two states, that tells them apart best. Outcome 0 means a. Given: `np`.
    """
    difference = np.outer(a, a.conj()) - np.outer(b, b.conj())
    vectors = np.linalg.eigh(difference)[1]  # the eigenvalues ascend
    return vectors[:, ::-1]


@best_question.cases
def pairs(rng):
    """Any two, complex or real; orthogonal ones; two near each other; those of BB84."""
    yield ket("0"), ket("+")
    a, b = random_state(1, size=2, rng=rng)
    yield a, b
    yield np.array([a[0], b[0]]) / np.hypot(abs(a[0]), abs(b[0])), b
    real = np.array([np.cos(t := rng.uniform(0.3, 1.2)), np.sin(t)])
    yield real, ket("+" if t > 0.9 else "-")
    c = random_state(1, rng=rng)
    other = np.array([-c[1].conj(), c[0].conj()])
    yield c, np.exp(1j * rng.uniform(0, 6)) * other
    yield c, np.cos(0.1) * c + np.sin(0.1) * other


@best_question.mistake("you ask Z whatever the two states are: the best axis depends on them.")
def asks_z(a, b):
    return np.eye(2)


@best_question.mistake("'is it a?' is a good question for a, too hard on b. The best axis favours neither.")
def asks_whether_it_is_a(a, b):
    return np.array([a, [-a[1].conj(), a[0].conj()]]).T


@best_question.mistake("'is it b?' is a good question for b, too hard on a. The best axis favours neither.")
def asks_whether_it_is_b(a, b):
    return np.array([[-b[1].conj(), b[0].conj()], b]).T


@best_question.mistake("the right question with the answers exchanged. Column 0 must speak for a.")
def answers_exchanged(a, b):
    return np.linalg.eigh(np.outer(a, a.conj()) - np.outer(b, b.conj()))[1]


@best_question.mistake(
    "for complex amplitudes |a><a| is np.outer(a, a.conj()): a bra is conjugated, and yours is not."
)
def not_conjugated(a, b):
    return np.linalg.eigh(np.outer(a, a) - np.outer(b, b))[1][:, ::-1]


@best_question.mistake(
    "complex conjugated: in |a><a|, np.outer(a, a.conj()), it is the second factor that is, and the eigenvectors are "
    "taken as they are."
)
def conjugated(a, b):
    return np.linalg.eigh(np.outer(a.conj(), a) - np.outer(b.conj(), b))[1][:, ::-1]


@best_question.mistake(
    "that is the axis along the middle between a and b, where both say the same. Stand across it: add |a><a| and take "
    "|b><b| away."
)
def along_the_middle(a, b):
    return np.linalg.eigh(np.outer(a, a.conj()) + np.outer(b, b.conj()))[1][:, ::-1]


@best_question.mistake("the two states stand in your rows: they are to be the columns.")
def rows_for_columns(a, b):
    return np.linalg.eigh(np.outer(a, a.conj()) - np.outer(b, b.conj()))[1][:, ::-1].T


@best_question.mistake()
def not_a_basis(a, b):
    return np.array([a, b]).T


@best_question.mistake()
def asks_x(a, b):
    return np.array([[1, 1], [1, -1]]) / np.sqrt(2)
