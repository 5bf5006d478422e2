"""Never wrong."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="1 - |<a|b>|: never wrong, and 'I do not know' as seldom as can be.",
    because=r"""
        Only the state orthogonal to b proves that it was not b. The two projectors overlap, so their sum has the
        largest eigenvalue $1 + |\langle a|b\rangle|$; divided by it they leave room for a third matrix without
        negative eigenvalues. (Ivanovic, Dieks and Peres, 1987 and 1988.)
    """,
)
def never_wrong(a, b):
    r"""Now you may say *I do not know*, but never the wrong name. Write `never_wrong(a, b)`: three (2, 2)
    matrices `says_a, says_b, unsure` with chances $\langle\psi|E|\psi\rangle$ that never confuse the
    two equally likely states and give an answer as often as possible (in $1 - |\langle a|b\rangle|$ of
    all cases).
    """
    not_a = np.array([-a[1].conj(), a[0].conj()])  # what a can never be
    not_b = np.array([-b[1].conj(), b[0].conj()])
    scale = 1 / (1 + abs(np.vdot(a, b)))
    says_a = scale * np.outer(not_b, not_b.conj())
    says_b = scale * np.outer(not_a, not_a.conj())
    return says_a, says_b, np.eye(2) - says_a - says_b


@never_wrong.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_never_wrong of the old module
    yield ()


@never_wrong.mistake("unsure has the eigenvalue -0.385: it would give a negative probability.")
def no_scale(a, b):
    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))
    x, y = np.outer(m, np.conj(m)), np.outer(n, np.conj(n))
    return x, y, np.eye(2) - x - y


@never_wrong.mistake("never wrong, but you dare an answer in 0.426 only; 0.615 is possible.")
def too_careful(a, b):
    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))
    x, y = np.outer(m, np.conj(m)) / 2, np.outer(n, np.conj(n)) / 2
    return x, y, np.eye(2) - x - y


@never_wrong.mistake(
    "you say a for b, or b for a, with probability 0.074. To be sure of a, ask for what b can never be."
)
def may_be_wrong(a, b):
    x, y = np.outer(a, a.conj()) / 2, np.outer(b, b.conj()) / 2
    return x, y, np.eye(2) - x - y


@never_wrong.mistake("says_a is not equal to its conjugate transpose: some of its chances would be complex.")
def not_hermitian(a, b):
    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))
    scale, twist = 1 / (1 + abs(np.vdot(a, b))), np.array([[0, 3], [-3, 0]])
    x, y = scale * np.outer(m, np.conj(m)) + twist, scale * np.outer(n, np.conj(n)) - twist
    return x, y, np.eye(2) - x - y


@never_wrong.mistake("your three matrices must add to the unit matrix: some answer comes every time.")
def not_complete(a, b):
    n, m = ([-s[1].conj(), s[0].conj()] for s in (a, b))
    return np.outer(m, np.conj(m)) / 2, np.outer(n, np.conj(n)) / 2, np.eye(2)
