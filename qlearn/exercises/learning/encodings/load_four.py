"""Load four."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="project",
    right="Three turns for three free numbers: no circuit of these gates can do with fewer.",
    because=r"""
        Wire 0 shares the norm between the halves. Wire 1 must turn by $a$ where wire 0 is 0 and by $b$ where it is
        1. Between two CNOTs a turn counts backwards where wire 0 is 1, so $\frac{a+b}2$ and $\frac{a-b}2$ add up to
        $a$ or to $b$. For eight amplitudes wire 2 has four angles, and sums and differences twice over: a
        Walsh-Hadamard transform, which is what `prepare` does.
    """,
)
def load_four(x):
    """Write `load_four(x)`: a `Circuit` of two qubits that prepares the state with the four real
    amplitudes x (norm 1, any signs), from `ry` and `cx` alone, at most five gates. It must not call
    `prepare`. Then: how would you go on to eight?
    """
    top = 2 * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    a = 2 * np.arctan2(x[1], x[0])
    b = 2 * np.arctan2(x[3], x[2])
    circuit = Circuit(2).ry(top, 0)
    return circuit.ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1).cx(0, 1)


@load_four.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_load_four of the old module
    yield ()


@load_four.mistake(
    "for the row [0.1, -0.7, 0.5, 0.5] you prepare [0.1, 0.7, 0.5, 0.5]: the signs are lost. arctan2 of the "
    "signed numbers keeps them."
)
def signs_lost(x):
    top = 2 * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    a = 2 * np.arctan2(abs(x[1]), abs(x[0]))
    b = 2 * np.arctan2(abs(x[3]), abs(x[2]))
    circuit = Circuit(2).ry(top, 0)
    return circuit.ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1).cx(0, 1)


@load_four.mistake(
    "for the row [0.21, 0.51, 0.2, 0.81] you prepare [0.73, 0.49, 0.37, 0.29]: RY(t) has cos(t/2) in it, so t is "
    "twice the arctangent."
)
def half_the_angle(x):
    top = 1 * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    a = 1 * np.arctan2(x[1], x[0])
    b = 1 * np.arctan2(x[3], x[2])
    circuit = Circuit(2).ry(top, 0)
    return circuit.ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1).cx(0, 1)


@load_four.mistake(
    "for the row [0.21, 0.51, 0.2, 0.81] you prepare [0.21, 0.51, 0.81, 0.2]: the lower half is swapped. A CNOT "
    "flips the wire where wire 0 is 1: there must be two of them."
)
def one_cnot(x):
    top = 2 * np.arctan2(np.hypot(x[2], x[3]), np.hypot(x[0], x[1]))
    a = 2 * np.arctan2(x[1], x[0])
    b = 2 * np.arctan2(x[3], x[2])
    circuit = Circuit(2).ry(top, 0)
    return circuit.ry((a + b) / 2, 1).cx(0, 1).ry((a - b) / 2, 1)


@load_four.mistake("only ry and cx, please; your circuit uses unitary.")
def another_gate(x):
    return Circuit(2).unitary(np.eye(4), 0, 1)
