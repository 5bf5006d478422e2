"""How many gates load one picture."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="10 qubits, 1023 turns and 1022 CNOTs: more gates than pixels, for one picture.",
    because=r"""
        784 amplitudes need 10 qubits, since $2^9 = 512$ is too few. Turns: $1 + 2 + \dots + 512 = 1023$; CNOTs: the
        same without the first. `AmplitudeEncoding().gate_count(784)` says it too.
    """,
)
def picture():
    """A picture of 28 by 28 pixels is loaded by amplitude encoding, with the circuit of this chapter. How
    many gates does it take, turns and CNOTs together?
    """
    return (2**10 - 1) + (2**10 - 2)


@picture.mistake(
    "10 is the number of qubits. Each wire shares out the norm for every setting of those before it: add the "
    "turns and the CNOTs of all of them."
)
def the_qubits():
    return 10


@picture.mistake(
    "784 pixels do not fill 2^q amplitudes: the row is filled up with zeros, and the circuit loads those too."
)
def one_gate_a_pixel():
    return 28 * 28


@picture.mistake("1023 are the turns. The Gray code needs a CNOT between any two of them.")
def turns_only():
    return 2**10 - 1


@picture.mistake("1022 are the CNOTs. The turns come on top: one more than that.")
def cnots_only():
    return 2**10 - 2


@picture.mistake("that is the bill of 9 qubits, and 2^9 = 512 amplitudes are too few for 784 pixels.")
def nine_qubits():
    return (2**9 - 1) + (2**9 - 2)


@picture.mistake(
    "nearly: the first wire has nothing before it that could control its turn, so it takes no CNOT."
)
def a_cnot_on_the_first_wire():
    return 2 * (2**10 - 1)


@picture.mistake("nearly: the first wire has one turn and no CNOT. Count turns and CNOTs wire by wire.")
def two_a_number():
    return 2 * 2**10


@picture.mistake("that is 2 d - 3 with d = 784. The state has 2^10 amplitudes, the last 240 of them zero.")
def without_the_zeros():
    return 2 * 784 - 3
