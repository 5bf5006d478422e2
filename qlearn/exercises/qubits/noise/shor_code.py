"""Shor's code of nine qubits."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import a
from qlearn.qubits import Circuit, expectation, fidelity, random_state
from qlearn.qubits.noise import Code, five_qubit_code


@exercise(
    level="project",
    right=(
        "27 errors of single qubits, and any turn between them. Only 21 different corrections of one letter are "
        "needed: Z on any qubit of a block is the same error."
    ),
    because="""
        A flip is seen by the ZZ of its block. A phase flip changes the sign of its block, and the two long words
        compare signs. Y is both. Nine qubits do what five can, but every question within a block asks only two
        neighbours.
    """,
)
def shor_code():
    """Build the first code that was ever found (Shor 1995), as a `Code(stabilisers, encoder)`. Encode
    against phase flips on wires 0, 3 and 6, then repeat each of the three against flips on the two wires
    after it. The stabilisers: ZZ for neighbours within a block (six words), and XXXXXX on blocks one and
    two, and on two and three. Given: `Circuit`, `Code`.
    """
    encoder = Circuit(9).cx(0, 3).cx(0, 6)
    for head in (0, 3, 6):
        encoder = encoder.h(head).cx(head, head + 1).cx(head, head + 2)
    pairs = [(w, w + 1) for w in (0, 1, 3, 4, 6, 7)]
    words = ["".join("Z" if w in pair else "I" for w in range(9)) for pair in pairs]
    return Code([*words, "XXXXXXIII", "IIIXXXXXX"], encoder)


@shor_code.grader
def asks(answer, rng):
    """Its states answer +1 to the eight words: then it is this code, and corrects every error of one qubit."""
    if not isinstance(answer, Code):
        return Verdict.wrong(f"a `Code(stabilisers, encoder)` is asked for, and you give {a(answer)}.")
    if answer.n_qubits != 9:
        return Verdict.wrong(
            f"your code has {answer.n_qubits} qubits; Shor's has nine, three blocks of three."
        )
    data = random_state(1, size=4, rng=rng)
    encoded = answer.encode(data)
    words = ["I" * w + "ZZ" + "I" * (7 - w) for w in (0, 1, 3, 4, 6, 7)] + ["XXXXXXIII", "IIIXXXXXX"]
    denied = [word for word in words if expectation(encoded, word).min() < 1 - 1e-6]
    if not denied:
        return None
    for letter, kind in (("x", "flip"), ("z", "phase flip"), ("y", "flip and phase flip together")):
        hit = getattr(Circuit(9), letter)
        hits = np.concatenate([hit(wire).run(encoded) for wire in range(9)])
        back = answer.decode(answer.recover(hits, rng).state).reshape(9, 4, 2)
        lost = np.flatnonzero(fidelity(data, back).min(-1) < 1 - 1e-6)
        if lost.size:
            return Verdict.wrong(
                f"a {kind} ({letter.upper()}) on wire {lost[0]} is not corrected: the data come back changed."
            )
    return Verdict.wrong(f"every single error is corrected, but your states do not answer +1 to {denied[0]}.")


@shor_code.mistake()
def five_qubits():
    return five_qubit_code()


@shor_code.mistake()
def five_qubits_and_four_idle_ones():
    five, idle = five_qubit_code(), "IIII"
    encoder = Circuit(9, operations=five.encoder.operations)
    words = ["I" * w + "Z" + "I" * (8 - w) for w in range(5, 9)]
    return Code([word + idle for word in five.stabilisers] + words, encoder)


@shor_code.mistake()
def only_the_words():
    return ["ZZIIIIIII", "XXXXXXIII"]


@shor_code.mistake()
def repetition_of_nine():
    encoder = Circuit(9)
    for wire in range(1, 9):
        encoder = encoder.cx(0, wire)
    words = ["I" * w + "ZZ" + "I" * (7 - w) for w in range(8)]
    return Code(words, encoder)


@shor_code.mistake()
def phase_repetition_of_nine():
    encoder = Circuit(9)
    for wire in range(1, 9):
        encoder = encoder.cx(0, wire)
    for wire in range(9):
        encoder = encoder.h(wire)
    words = ["I" * w + "XX" + "I" * (7 - w) for w in range(8)]
    return Code(words, encoder)
