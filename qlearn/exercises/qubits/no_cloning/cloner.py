"""Cloner."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="core",
    right=(
        "No helper, and 1/2 + 1/sqrt(8) for every state of the equator: on average over it nobody builds a better "
        "one."
    ),
    because=r"""
        With wire 0 in 1, wire 1 is turned by RY($2\eta$): $|1\rangle(\cos\eta|0\rangle+\sin\eta|1\rangle)$. The
        last CNOT empties wire 0 where wire 1 is full. With wire 0 in 0 the two RY undo each other.
    """,
)
def cloner(eta):
    r"""Write `cloner(eta)`: a `Circuit` on two wires that shares an excitation, $|00\rangle \to |00\rangle$
    and $|10\rangle \to \cos\eta\,|10\rangle + \sin\eta\,|01\rangle$. At $\eta = \pi/4$ it is the best
    copier for the equator. Gates allowed: `ry`, `cx`. Hint: `.ry(a, 1).cx(0, 1).ry(-a, 1).cx(0, 1)`
    turns wire 1 by `2 a` if wire 0 is 1, and does nothing if it is 0. Given: `np`, `Circuit`.
    """
    return Circuit(2).ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0)


@cloner.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_cloner of the old module
    yield ()


@cloner.mistake(
    "from |10> you reach |11> with chance 1.00: two excitations from one. A last CNOT, wire 1 onto wire 0, takes "
    "the first back where the second has it."
)
def one_cnot(eta):
    return Circuit(2).cx(0, 1)


@cloner.mistake("leave the measurements out: whoever measures has no copies left to compare.")
def measured(eta):
    return Circuit(2, bits=1).ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0).measure(0, 0)


@cloner.mistake(
    "from |10> you reach |11> with chance 0.50: two excitations from one. A last CNOT, wire 1 onto wire 0, takes "
    "the first back where the second has it."
)
def does_not_give_it_back(eta):
    return Circuit(2).ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1)


@cloner.mistake("for eta = 0.79 wire 0 keeps 0.854: RY(angle) turns amplitudes by half its angle. Double it.")
def half_the_angle(eta):
    return Circuit(2).ry(eta / 2, 1).cx(0, 1).ry(-eta / 2, 1).cx(0, 1).cx(1, 0)


@cloner.mistake(
    "|00> must stay |00>: without an excitation there is nothing to share. Turn wire 1 only if wire 0 is 1."
)
def not_controlled(eta):
    return Circuit(2).ry(2 * eta, 1).cx(1, 0)


@cloner.mistake(
    "for eta = 0.40 wire 0 keeps 0.152: the shares are exchanged: cos stays on wire 0, sin goes to wire 1."
)
def exchanged(eta):
    return Circuit(2).ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0).swap(0, 1)


@cloner.mistake("a right cloner, but of other gates than ry and cx. Five of those are enough.")
def other_gates(eta):
    return Circuit(2).swap(0, 1).ry(eta, 0).cx(1, 0).ry(-eta, 0).cx(1, 0).cx(0, 1).swap(0, 1)


@cloner.mistake(
    "for eta = 0.79 the copies of + and i have fidelities [[0.854, 0.146], [0.854, 0.146]], and [0.854, 0.854] is"
    " due for both: a wrong size, or a wrong sign."
)
def a_sign(eta):
    return Circuit(2).ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0).rz(np.pi, 1)
