"""The policy of two channels as a circuit."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import a
from qlearn.qubits import Circuit, probabilities


@exercise(
    level="project",
    right="one CNOT and one X, one shot a decision, no training: the policy was a logic gate all along.",
    because=r"""
        The next channel is $c$ if $b=1$ and the other if not: $c\oplus\bar b$. X turns the report into *failed*,
        CNOT adds the channel. The whole policy is one exclusive or, which a classical chip does for some
        attojoules.
    """,
)
def policy_circuit():
    r"""Look at what the trained circuit does, and build it by hand: a `Circuit(2)` that is run on the basis
    state $|c\,b\rangle$ (wire 0: the channel used; wire 1: 1 if it was good) and whose measurement of
    wire 1 *is* the next channel of stay-or-switch, with certainty. Build it without measurements: the checker reads
    wire 1. Given: `Circuit`.
    """
    return Circuit(2).x(1).cx(0, 1)


@policy_circuit.grader
def decides(answer, rng):
    """It is run on the four basis states, and only wire 1 is read: what the circuit does beside that is free."""
    if not isinstance(answer, Circuit):
        return Verdict.wrong(f"a `Circuit` of 2 wires is asked for, and you give {a(answer)}.")
    if answer.n_qubits != 2 or answer.bits or answer.shape:
        return Verdict.wrong(
            "2 wires, no measurements and no batch of angles, please: the four inputs are run by the checker."
        )
    if not answer.operations:
        return Verdict.wrong(
            "there is no gate in it, so wire 1 still holds the report. (A `Circuit` never changes: `circuit.x(1)` returns a "
            "new one; keep that.)"
        )
    ends = answer.run(np.eye(4))
    # the chance of a 1 on each wire, for used, good = 00, 01, 10, 11
    first, second = (probabilities(ends, wires=wire)[:, 1] for wire in (0, 1))
    stays = np.array([1, 0, 0, 1])
    if np.allclose(second, stays, atol=1e-9):
        return None
    if np.allclose(first, stays, atol=1e-9):
        return Verdict.wrong("the right decision, on wire 0: the checker reads wire 1.")
    if np.allclose(second, 1 - stays, atol=1e-9):
        return Verdict.wrong(
            "this leaves a good channel and stays on a bad one: the bit is the wrong way round."
        )
    if ((second > 1e-9) & (second < 1 - 1e-9)).any():
        chances = np.array2string(second, precision=4, suppress_small=True)
        return Verdict.wrong(
            f"the chances to take channel 1 are {chances} for (used, good) = 00, 01, 10, 11: some of these decisions are "
            "left to luck."
        )
    if np.allclose(second, [0, 1, 0, 1]):
        return Verdict.wrong("wire 1 still holds the report. Which channel it is about stands on wire 0.")
    return Verdict.wrong(
        f"for (used, good) = 00, 01, 10, 11 it takes the channels {second.round().astype(int)}. It should stay where the "
        "channel was good, and take the other one where it was bad."
    )


@policy_circuit.mistake()
def no_x():
    return Circuit(2).cx(0, 1)


@policy_circuit.mistake()
def on_wire_0():
    return Circuit(2).x(1).cx(1, 0)


@policy_circuit.mistake()
def reads_the_report():
    return Circuit(2).z(1)


@policy_circuit.mistake()
def gates_are_lost():
    return Circuit(2)


@policy_circuit.mistake()
def a_coin():
    return Circuit(2).h(1)


@policy_circuit.mistake()
def never_moves_on():
    return Circuit(2).swap(0, 1)


@policy_circuit.mistake()
def always_moves_on():
    return Circuit(2).x(0).swap(0, 1)


@policy_circuit.mistake()
def three_wires():
    return Circuit(3).x(1).cx(0, 1)
