"""Bob's answer where a gate was teleported along with the state."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import same_state
from qlearn.qubits import random_state


@exercise(
    level="stretch",
    same=same_state,
    right="The gate was applied before its input arrived: only X, S and Z were needed afterwards.",
    because=r"""
        $T X T^\dagger = e^{-i\pi/4} S X$. So $T X^x Z^z|\psi\rangle = (T X T^\dagger)^x\, Z^z\, T|\psi\rangle$,
        because Z and T are both diagonal. $SX$ is its own inverse up to a phase: Bob applies it if x = 1, then Z if
        z = 1. Error-corrected computers run their T gates this way: the hard gate is prepared and tested
        beforehand, in the pair (Gottesman and Chuang 1999).
    """,
)
def gate_answer(state, z, x):
    r"""Gate teleportation. Alice and Bob use the pair $(\mathbb 1\otimes T)|\Phi^+\rangle$, where $T =
    \mathrm{diag}(1, e^{i\pi/4})$. Before the call Bob holds `state`, which is $T X^x Z^z|\psi\rangle$.
    Return what he makes of it to end in $T|\psi\rangle$ (up to a phase), by the gates X, Z and S alone,
    no T. Given: `np` (X is `np.array([[0, 1], [1, 0]])`, Z is `np.diag([1, -1])`, S is `np.diag([1, 1j])`).
    """
    X, Z, S = np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.diag([1, 1j])
    if x:
        state = S @ X @ state
    if z:
        state = Z @ state
    return state


@gate_answer.cases
def calls(rng):
    """Three states, each with the four pairs of bits."""
    X, Z, T = np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.diag([1, np.exp(0.25j * np.pi)])
    for sent in random_state(1, size=3, rng=rng):
        for z in (0, 1):
            for x in (0, 1):
                word = np.linalg.matrix_power(X, x) @ np.linalg.matrix_power(Z, z)
                yield T @ word @ sent, z, x


@gate_answer.grader
def without_t(answer, rng):
    """See to it that no T is used, by the phase: what X, Z and S make is right up to 1, i, -1, -i; T X T† is not."""
    fourth = [
        (x, (np.vdot(gate_answer(state, z, x), np.asarray(answer(state.copy(), z, x))) ** 4).real)
        for state, z, x in calls(rng)
    ]
    if all(abs(power - (-1 if x else 1)) < 1e-6 for x, power in fourth):
        return Verdict.wrong(
            "the state is right, and its phase is none that X, Z and S can make: you use T† and T, or a quarter turn "
            "RZ in place of S. The T was spent before the call; S is `np.diag([1, 1j])`."
        )
    return None


def _slip(state, z, x, *, for_x, for_z="Z"):
    """Apply gates, the first of the word first."""
    gates = {"X": np.array([[0, 1], [1, 0]]), "Z": np.diag([1, -1]), "S": np.diag([1, 1j])}
    gates["t"] = np.diag([1, np.exp(-0.25j * np.pi)])
    for letter in (for_x if x else "") + (for_z if z else ""):
        state = gates[letter] @ state
    return state


@gate_answer.mistake("for x = 1 you apply X alone; but T X = X T† up to a phase: the T that is left is T†.")
def the_old_answer(state, z, x):
    return _slip(state, z, x, for_x="X")


@gate_answer.mistake()
def undoes_the_gate_and_repeats_it(state, z, x):
    return _slip(state, z, x, for_x="tXSt")


@gate_answer.mistake("for z = 1 Bob does not end in T|ψ>: Z and T commute, so Z undoes z as before.")
def forgets_z(state, z, x):
    return _slip(state, z, x, for_x="XS", for_z="")


@gate_answer.mistake("for x = 1 you undo T as well and end in |ψ>; the gate shall stay.")
def undoes_the_gate(state, z, x):
    return _slip(state, z, x, for_x="tX")


@gate_answer.mistake(
    "the right gates for x = 1, in the wrong order, or S† for S: T X T† is S X up to a phase, X first."
)
def the_wrong_quarter_turn(state, z, x):
    return _slip(state, z, x, for_x="SX")


@gate_answer.mistake("for x = 1 you apply S and no X: the flip is still there.")
def forgets_the_flip(state, z, x):
    return _slip(state, z, x, for_x="S")


@gate_answer.mistake("the bits are exchanged: x calls for what carries X across T, z for Z.")
def bits_exchanged(state, z, x):
    return _slip(state, x, z, for_x="XS")


@gate_answer.mistake(
    "you do nothing, and Bob is left with what he had before the call: the bits tell what to undo."
)
def does_nothing(state, z, x):
    return state
