"""Policy circuit."""

from qlearn.exercises import exercise
from qlearn.qubits import Circuit


@exercise(
    level="project",
    right="One CNOT and one X, one shot a decision, no training: the policy was a logic gate all along.",
    because=r"""
        The next channel is $c$ if $b=1$ and the other if not: $c\oplus\bar b$. X turns the report into *failed*,
        CNOT adds the channel. The whole policy is one exclusive or, which a classical chip does for some
        attojoules.
    """,
)
def policy_circuit():
    r"""Look at what the trained circuit does, and build it by hand: a `Circuit(2)` that is run on the basis
    state $|c\,b\rangle$ (wire 0: the channel used; wire 1: 1 if it was good) and whose measurement of
    wire 1 *is* the next channel of stay-or-switch, with certainty.
    """
    return Circuit(2).x(1).cx(0, 1)


@policy_circuit.mistake("this leaves a good channel and stays on a bad one: the bit is the wrong way round.")
def no_x():
    return Circuit(2).cx(0, 1)


@policy_circuit.mistake("the right answer, on wire 0: the checker reads wire 1.")
def wrong_wire():
    return Circuit(2).x(0).cx(1, 0)


@policy_circuit.mistake("wire 1 still holds the report. Which channel it is about stands on wire 0.")
def reads_the_report():
    return Circuit(2)


@policy_circuit.mistake(
    "the chances to take channel 1 are [0.5 0.5 0.5 0.5]: some of these decisions are left to luck."
)
def half():
    return Circuit(2).h(1)


@policy_circuit.mistake("for (used, good) = 00, 01, 10, 11 it takes [0 0 1 1]; it should be [1 0 0 1].")
def never_moves_on():
    return Circuit(2).swap(0, 1)
