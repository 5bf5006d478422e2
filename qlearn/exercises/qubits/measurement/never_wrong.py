"""A measurement that may be silent, and is never wrong."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close
from qlearn.qubits import ket, random_state


def _same_measurement(answered, due):
    """Compare three matrices, after a look at whether they are a measurement at all."""
    parts = as_numbers(answered)
    if isinstance(parts, str):
        return parts
    if parts.shape != (3, 2, 2):
        return "return three (2, 2) matrices: says_a, says_b, unsure"
    if not np.allclose(parts.sum(0), np.eye(2), atol=1e-6):
        return "your three matrices must add to the unit matrix: some answer comes every time"
    for name, part in zip(("says_a", "says_b", "unsure"), parts, strict=True):
        if not np.allclose(part, part.conj().T, atol=1e-6):
            return f"{name} is not equal to its conjugate transpose: some of its chances would be complex"
        if (lowest := np.linalg.eigvalsh(part)[0]) < -1e-6:
            return f"{name} has the eigenvalue {lowest:.3f}: it would give a negative probability"
    if close(parts, due, abs=1e-6) is None:  # what was found by search is as good
        return None
    return (
        "a measurement, but it may be wrong, or it is silent more often than it needs to be: to be sure of a, ask for "
        "what b can never be"
    )


@exercise(
    level="stretch",
    same=_same_measurement,
    right="1 - |<a|b>|: never wrong, and 'I do not know' as seldom as can be.",
    because=r"""
        Only the state orthogonal to b proves that it was not b. The two projectors overlap, so their sum has the
        largest eigenvalue $1 + |\langle a|b\rangle|$; divided by it they leave room for a third matrix without
        negative eigenvalues. (Ivanovic, Dieks and Peres, 1987 and 1988.)
    """,
)
def never_wrong(a, b):
    r"""Now you may say *I do not know*, but never the wrong name. Return three (2, 2)
    matrices `says_a, says_b, unsure` with chances $\langle\psi|E|\psi\rangle$ that never confuse the
    two equally likely states and give an answer as often as possible (in $1 - |\langle a|b\rangle|$ of
    all cases). Given: `np`.
    """
    not_a = np.array([-a[1].conj(), a[0].conj()])  # what a can never be
    not_b = np.array([-b[1].conj(), b[0].conj()])
    scale = 1 / (1 + abs(np.vdot(a, b)))
    says_a = scale * np.outer(not_b, not_b.conj())
    says_b = scale * np.outer(not_a, not_a.conj())
    return says_a, says_b, np.eye(2) - says_a - says_b


@never_wrong.cases
def pairs(rng):
    """Those of BB84; any two; orthogonal ones, of which one is always sure; two near each other."""
    yield ket("0"), ket("+")
    yield tuple(random_state(1, size=2, rng=rng))
    c = random_state(1, rng=rng)
    other = np.array([-c[1].conj(), c[0].conj()])
    yield c, np.exp(1j * rng.uniform(0, 6)) * other
    yield c, np.cos(0.2) * c + np.sin(0.2) * other


def _slip(a, b, *, scale=None, conjugated=True, exchanged=False):
    """The solution with something wrong: what the mistakes are made of."""
    overlap = abs(np.vdot(a, b))
    if not conjugated:
        a, b = (np.array([s[0].conj(), s[1].conj()]) for s in (a, b))
    not_a, not_b = (np.array([-s[1].conj(), s[0].conj()]) for s in (a, b))
    scale = 1 / (1 + overlap) if scale is None else scale
    says_a, says_b = (scale * np.outer(s, s.conj()) for s in (not_b, not_a))
    if exchanged:
        says_a, says_b = says_b, says_a
    return says_a, says_b, np.eye(2) - says_a - says_b


@never_wrong.mistake()
def no_scale(a, b):
    return _slip(a, b, scale=1)


@never_wrong.mistake(
    "never wrong, but too careful: half of each projector leaves more room than `unsure` needs. How large may the factor "
    "be before `unsure` gets a negative eigenvalue?"
)
def too_careful(a, b):
    return _slip(a, b, scale=1 / 2)


@never_wrong.mistake(
    "never wrong, and never in favour of one of them: a measurement that can only prove the other state is silent too "
    "often. Give each its share."
)
def proves_a_only(a, b):
    not_b = np.array([-b[1].conj(), b[0].conj()])
    says_a = np.outer(not_b, not_b.conj())
    return says_a, np.zeros((2, 2)), np.eye(2) - says_a


@never_wrong.mistake("never wrong, for you never say anything. As seldom as possible, please.")
def always_silent(a, b):
    return np.zeros((2, 2)), np.zeros((2, 2)), np.eye(2)


@never_wrong.mistake(
    "you say a for b, or b for a: b, too, is found in |a> now and then. To be sure of a, ask for what b can never be."
)
def may_be_wrong(a, b):
    says_a, says_b = (np.outer(s, s.conj()) / 2 for s in (a, b))
    return says_a, says_b, np.eye(2) - says_a - says_b


@never_wrong.mistake(
    "always wrong when you speak: what b can never be proves that it was *a*. You have exchanged the two."
)
def exchanged(a, b):
    return _slip(a, b, exchanged=True)


@never_wrong.mistake("[-a1, a0] is orthogonal to a only if the amplitudes are real: conjugate them.")
def not_conjugated(a, b):
    return _slip(a, b, conjugated=False)


@never_wrong.mistake(
    "that is Helstrom's measurement, which always gives an answer, and is sometimes wrong. Here you may be silent, and "
    "not wrong."
)
def the_best_guess(a, b):
    vectors = np.linalg.eigh(np.outer(a, a.conj()) - np.outer(b, b.conj()))[1]
    says_b, says_a = (np.outer(s, s.conj()) for s in vectors.T)
    return says_a, says_b, np.zeros((2, 2))


@never_wrong.mistake()
def not_hermitian(a, b):
    says_a, says_b, unsure = _slip(a, b)
    twist = np.array([[0, 3], [-3, 0]])
    return says_a + twist, says_b - twist, unsure


@never_wrong.mistake()
def not_complete(a, b):
    says_a, says_b, _ = _slip(a, b, scale=1 / 2)
    return says_a, says_b, np.eye(2)
