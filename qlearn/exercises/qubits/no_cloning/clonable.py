"""Which two states one machine copies."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal
from qlearn.qubits import bloch, ket, random_state


@exercise(
    level="core",
    same=equal,
    right="overlap 0 or 1, nothing between. A classical bit lives on the 0; BB84 lives on the states between.",
    because=r"""
        A machine keeps overlaps, $\langle a|b\rangle = \langle a|b\rangle^2 \langle m_a|m_b\rangle$ with whatever
        the machine itself is left in. So $|\langle a|b\rangle| \le |\langle a|b\rangle|^2$, which only 0 and 1
        obey. Rounding makes exact comparison unsafe, hence `isclose`.
    """,
)
def clonable(a, b):
    """Is there a machine that copies *both* qubit states perfectly? Return True or False. `a` and `b` are
    complex arrays with two amplitudes. Given: `np`.
    """
    overlap = abs(np.vdot(a, b))
    return bool(np.isclose(overlap, 0) or np.isclose(overlap, 1))


@clonable.cases
def pairs(rng):
    """Orthogonal, the same but for a phase, nearly either, of equal sizes, with overlaps of every phase."""
    yield ket("0"), ket("1")
    yield ket("0"), ket("+")
    yield ket("+"), ket("-")
    yield ket("i"), ket("j")
    yield ket("+"), ket("i")
    yield ket("0"), 1j * ket("+")
    yield ket("0"), 1j * ket("0")
    theta, phi = rng.uniform(0.8, 2.3), rng.choice([-1, 1]) * rng.uniform(0.3, 1.2)
    a, other = bloch(theta, phi), bloch(np.pi - theta, phi + np.pi)
    yield a, a
    yield a, -a
    yield a, np.exp(1j * rng.uniform(0.5, 2.5)) * a
    yield a, np.exp(1j * rng.uniform(0.5, 2.5)) * other
    yield a, bloch(theta + rng.uniform(0.03, 0.04), phi)  # an overlap of 0.9999
    t = rng.uniform(0.01, 0.015)
    yield a, np.cos(t) * other + np.sin(t) * a  # an overlap of 0.01
    yield a, (other + 1j * a) / np.sqrt(2)
    b = random_state(1, rng=rng)
    t = rng.uniform(0.3, 1.2)
    yield b, np.cos(t) * b + np.sin(t) * np.exp(2j) * np.array([-b[1].conj(), b[0].conj()])


@clonable.mistake(
    "orthogonal states are not all: of a state and itself, with a phase in front or not, whoever copies one copies the "
    "other."
)
def orthogonal_only(a, b):
    return np.isclose(abs(np.vdot(a, b)), 0)


@clonable.mistake(
    "not even |0> and |1>? They are orthogonal: a CNOT copies both. What the theorem forbids is one machine for states "
    "whose overlap is neither 0 nor 1."
)
def never(a, b):
    return False


@clonable.mistake(
    "that would be a machine for all states. |0> and |+> overlap by 0.71, their copies would by 0.5: no unitary does that."
)
def always(a, b):
    return True


@clonable.mistake(
    "orthogonal states are told apart, and what is told apart is copied: you have it the wrong way round."
)
def opposite(a, b):
    overlap = abs(np.vdot(a, b))
    return not (np.isclose(overlap, 0) or np.isclose(overlap, 1))


@clonable.mistake(
    "one pair or the other of two axes is not all: any two orthogonal states are copied, by a CNOT between two turns."
)
def basis_states_only(a, b):
    return np.isclose(abs(np.vdot(a, b)), 1) or bool(np.allclose(a * b, 0))


@clonable.mistake(
    "you call a state and itself not clonable when its amplitudes are complex: in the overlap one of the two is "
    "conjugated."
)
def not_conjugated(a, b):
    s = abs(np.dot(a, b))
    return np.isclose(s, 0) or np.isclose(s, 1)


@clonable.mistake("a phase in front changes no state: whoever copies |0> copies i|0>.")
def the_same_array(a, b):
    return np.isclose(abs(np.vdot(a, b)), 0) or np.allclose(a, b)


@clonable.mistake(
    "you call |+> and |i> clonable: their amplitudes are as large as each other, but the phase between them is not; they "
    "overlap by 0.71."
)
def sizes_alone(a, b):
    return np.isclose(abs(np.vdot(a, b)), 0) or np.allclose(abs(a), abs(b))


@clonable.mistake(
    "nearly is not enough: an overlap of 0.01 is not 0, and one of 0.9999 is not 1. Two states near each other are told "
    "apart least of all."
)
def nearly_is_enough(a, b):
    s = abs(np.vdot(a, b))
    return s < 0.05 or s > 0.95


@clonable.mistake(
    "you call |0> and i|+> clonable. Their overlap is 0.71i: it need not be real. Take its modulus."
)
def the_real_part(a, b):
    s = np.vdot(a, b).real
    return np.isclose(s, 0) or np.isclose(abs(np.vdot(a, b)), 1)


@clonable.mistake(
    "a computer rounds: an overlap that is 0 may come out as 1e-17, one that is 1 as 0.9999999999999999. Ask whether it is "
    "close, with `np.isclose`."
)
def exactly(a, b):
    return abs(np.vdot(a, b)) in (0, 1)
