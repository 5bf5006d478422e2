"""The best copier for the equator, of two kinds of gates."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import same_circuit, same_state
from qlearn.qubits import Circuit, ket

ORIGINALS = np.array([ket("00"), ket("10"), ket("+0"), ket("i0")])


def _same_copier(answered, due):
    """Compare circuits by what they make of a qubit on wire 0 and a 0 on wire 1, up to one phase."""
    alike = isinstance(answered, Circuit) and (answered.n_qubits, answered.bits) == (due.n_qubits, 0)
    if not alike or not answered.operations or answered.shape != due.shape:
        return same_circuit(answered, due)
    made, wanted = answered.run(ORIGINALS), due.run(ORIGINALS)
    if same_state(made, wanted) is None:
        return None
    if abs(made[0, 0]) < 1 - 1e-9:
        return "|00> must stay |00>: without an excitation there is nothing to share. Turn wire 1 only if wire 0 is 1"
    if (both := abs(made[1, 3]) ** 2) > 1e-9:
        return (
            f"from |10> you reach |11> with chance {both:.2f}: two excitations from one. A last CNOT, wire 1 onto wire 0, "
            "takes the first back where the second has it"
        )
    return "the copies are not those that are due: a wrong share, or a wrong sign"


@exercise(
    level="core",
    same=_same_copier,
    right=(
        "no helper, and 1/2 + 1/sqrt(8) for every state of the equator: on average over it nobody builds a better one."
    ),
    because=r"""
        With wire 0 in 1, wire 1 is turned by RY($2\eta$): $|1\rangle(\cos\eta|0\rangle+\sin\eta|1\rangle)$. The
        last CNOT empties wire 0 where wire 1 is full. With wire 0 in 0 the two RY undo each other.
    """,
)
def cloner(eta):
    r"""Return a `Circuit` on two wires that shares an excitation, $|00\rangle \to |00\rangle$
    and $|10\rangle \to \cos\eta\,|10\rangle + \sin\eta\,|01\rangle$. At $\eta = \pi/4$ it is the best
    copier for the equator. Gates allowed: `ry`, `cx`. Hint: `.ry(a, 1).cx(0, 1).ry(-a, 1).cx(0, 1)`
    turns wire 1 by `2 a` if wire 0 is 1, and does nothing if it is 0. Given: `Circuit`.
    """
    return Circuit(2).ry(eta, 1).cx(0, 1).ry(-eta, 1).cx(0, 1).cx(1, 0)


@cloner.cases
def shares(rng):
    """More for the original, more for the copy, in any quadrant."""
    yield (float(rng.uniform(0.1, 0.7)),)
    yield (float(rng.uniform(0.9, 1.4)),)
    yield (float(rng.uniform(1.8, 2.9)),)
    yield (-float(rng.uniform(0.2, 3.0)),)


@cloner.grader
def of_the_gates_allowed(answer, rng):
    if {step.name for step in answer(float(rng.uniform(0.2, 1.2))).operations} <= {"ry", "cx"}:
        return None
    return Verdict.wrong("a right cloner, but of other gates than ry and cx. Five of those are enough.")


def _slip(eta, *, a=1.0, back=True, start=None):
    """The solution with something wrong: what the mistakes are made of."""
    circuit = (start or Circuit(2)).ry(a * eta, 1).cx(0, 1).ry(-a * eta, 1).cx(0, 1)
    return circuit.cx(1, 0) if back else circuit


@cloner.mistake(
    "one CNOT copies 0 and 1, and no superposition of them: two excitations from one. Turn wire 1 by an angle, and take "
    "the first excitation back where the second has it."
)
def one_cnot(eta):
    return Circuit(2).cx(0, 1)


@cloner.mistake(
    "from |10> you reach |11>: two excitations from one. A last CNOT, wire 1 onto wire 0, takes the first back where the "
    "second has it."
)
def does_not_give_it_back(eta):
    return _slip(eta, back=False)


@cloner.mistake("RY(angle) turns amplitudes by half its angle. Double it.")
def half_the_angle(eta):
    return _slip(eta, a=0.5)


@cloner.mistake("twice the angle that is due: the two RY of the hint add to 2a already, and RY halves it.")
def twice_the_angle(eta):
    return _slip(eta, a=2)


@cloner.mistake("your angle is that of equal shares, whatever `eta` is.")
def always_equal_shares(eta):
    return _slip(np.pi / 4)


@cloner.mistake(
    "|00> must stay |00>: without an excitation there is nothing to share. Turn wire 1 only if wire 0 is 1."
)
def not_controlled(eta):
    return Circuit(2).ry(2 * eta, 1).cx(1, 0)


@cloner.mistake("the shares are exchanged: cos stays on wire 0, sin goes to wire 1.")
def exchanged(eta):
    return _slip(eta).swap(0, 1)


@cloner.mistake("the right shares, but sin comes with a minus: the sign of the angle.")
def a_sign(eta):
    return _slip(-eta)


@cloner.mistake("the last CNOT is the wrong way round: wire 1 controls it, wire 0 is emptied.")
def last_one_the_wrong_way_round(eta):
    return _slip(eta, back=False).cx(0, 1)


@cloner.mistake()
def measured(eta):
    return _slip(eta, start=Circuit(2, bits=1)).measure(0, 0)


@cloner.mistake()
def does_not_keep_the_new_circuit(eta):
    return Circuit(2)


@cloner.mistake()
def one_wire(eta):
    return Circuit(1).ry(2 * eta, 0)


@cloner.mistake()
def other_gates(eta):
    return Circuit(2).swap(0, 1).ry(eta, 0).cx(1, 0).ry(-eta, 0).cx(1, 0).cx(0, 1).swap(0, 1)
