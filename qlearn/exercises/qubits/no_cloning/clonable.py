"""Clonable."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Overlap 0 or 1, nothing between. A classical bit lives on the 0; BB84 lives on the states between.",
    because=r"""
        A machine keeps overlaps, $\langle a|b\rangle = \langle a|b\rangle^2 \langle m_a|m_b\rangle$ with whatever
        the machine itself is left in. So $|\langle a|b\rangle| \le |\langle a|b\rangle|^2$, which only 0 and 1
        obey. Rounding makes exact comparison unsafe, hence `isclose`.
    """,
)
def clonable(a, b):
    """Write `clonable(a, b)`: is there a machine that copies *both* qubit states perfectly? `a` and `b`
    are complex arrays with two amplitudes. Given: `np`.
    """
    overlap = abs(np.vdot(a, b))
    return bool(np.isclose(overlap, 0) or np.isclose(overlap, 1))


@clonable.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_clonable of the old module
    yield ()


@clonable.mistake(
    "for [0.88+0.j 0.48+0.j] and [0.88+0.j 0.48+0.j] you say False: a state and itself: prepare it anew; that "
    "copies both."
)
def orthogonal_only(a, b):
    return np.isclose(abs(np.vdot(a, b)), 0)


@clonable.mistake(
    "for [1.+0.j 0.+0.j] and [0.+0.j 1.+0.j] you say False: 0 and 1 are orthogonal: a CNOT copies both."
)
def never(a, b):
    return False


@clonable.mistake(
    "for [0.88+0.j   0.46+0.14j] and [0.88+0.j   0.46+0.14j] you say False: they are the same: in the overlap one"
    " of the two is conjugated."
)
def not_conjugated(a, b):
    s = abs(np.dot(a, b))
    return np.isclose(s, 0) or np.isclose(s, 1)


@clonable.mistake(
    "for [1.+0.j 0.+0.j] and [0.+1.j 0.+0.j] you say False: a phase in front changes no state: whoever copies one"
    " copies the other."
)
def the_same_array(a, b):
    return np.isclose(abs(np.vdot(a, b)), 0) or np.allclose(a, b)


@clonable.mistake(
    "for [0.71+0.j 0.71+0.j] and [0.71+0.j   0.  +0.71j] you say True: their amplitudes are as large as each "
    "other, but the phase between them is not; they overlap by 0.71."
)
def sizes_alone(a, b):
    same = np.allclose(abs(a), abs(b))
    return np.isclose(abs(np.vdot(a, b)), 0) or same


@clonable.mistake(
    "for [0.88+0.j   0.46+0.14j] and [0.8 +0.j   0.58+0.18j] you say True: two states near each other are told "
    "apart least of all."
)
def nearly_is_enough(a, b):
    s = abs(np.vdot(a, b))
    return s < 0.05 or s > 0.95


@clonable.mistake(
    "for [1.+0.j 0.+0.j] and [0.+0.71j 0.+0.71j] you say True: their overlap is 0.71, though it need not be real:"
    " take its modulus."
)
def the_real_part(a, b):
    s = np.vdot(a, b).real
    return np.isclose(s, 0) or np.isclose(abs(np.vdot(a, b)), 1)
