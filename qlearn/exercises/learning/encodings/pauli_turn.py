"""A turn about a Pauli string: the one gate of which a Pauli feature map is made."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_state
from qlearn.qubits.paulis import PAULIS


@exercise(
    level="core",
    same=same_state,
    right="a string squared is 1, so its turn is a cosine and a sine: any Pauli feature map is a row of these.",
    because=r"""
        $P^2=1$, so in the series of $e^{-i\alpha P/2}$ the even powers have no P and add up to $\cos\frac\alpha2$, the odd
        ones have one and add up to $-i\sin\frac\alpha2$. P itself is a Kronecker product, the first letter leftmost. A circuit
        does the same with CNOTs around one turn, and no matrix of $4^q$ numbers.
    """,
)
def pauli_turn(state, string, angle):
    r"""Return the state after the turn $e^{-i\alpha P/2}$, where P is the product of Paulis that `string` names, such as
    `"ZIY"`: its first letter acts on wire 0, the leftmost, and $\alpha$ is `angle`. `state` has shape $(2^q,)$ for a string of
    q letters. Given: `np`, and `PAULIS`, a table of the four matrices by their letters,
    from `qlearn.qubits.paulis`.
    """
    P = np.eye(1)
    for letter in string:
        P = np.kron(P, PAULIS[letter])
    return np.cos(angle / 2) * state - 1j * np.sin(angle / 2) * P @ state


@pauli_turn.cases
def turns(rng):
    """Of one wire to four, strings with and without I, angles on both sides of zero and beyond a turn."""
    for string in ("Y", "X", "XZ", "YI", "ZXY", "IYZ", "YXZY"):
        state = rng.normal(size=2 ** len(string)) + 1j * rng.normal(size=2 ** len(string))
        yield state / np.linalg.norm(state), string, float(rng.uniform(-5, 5))
    for _ in range(3):
        letters = "".join(rng.choice(list("IXYZ"), size=3)) + "X"
        state = rng.normal(size=16) + 1j * rng.normal(size=16)
        yield state / np.linalg.norm(state), letters, float(rng.uniform(-5, 5))


@pauli_turn.mistake("you turn by twice the angle: the exponent has one half of it.")
def not_halved(state, string, angle):
    return pauli_turn(state, string, 2 * angle)


@pauli_turn.mistake("you turn the other way: the exponent has a minus.")
def other_way(state, string, angle):
    return pauli_turn(state, string, -angle)


@pauli_turn.mistake("your first letter acts on the last wire. Here wire 0 is the leftmost factor.")
def reversed_wires(state, string, angle):
    return pauli_turn(state, string[::-1], angle)


@pauli_turn.mistake(
    "each letter turns its own wire: that is a product of turns, and couples nothing. One turn, about the product."
)
def letter_by_letter(state, string, angle):
    U = np.eye(1)
    for letter in string:
        U = np.kron(U, np.cos(angle / 2) * np.eye(2) - 1j * np.sin(angle / 2) * PAULIS[letter])
    return U @ state


@pauli_turn.mistake()
def no_imaginary_part(state, string, angle):
    P = np.eye(1)
    for letter in string:
        P = np.kron(P, PAULIS[letter])
    return np.cos(angle / 2) * state - np.sin(angle / 2) * P @ state


@pauli_turn.mistake("you apply the string itself, by no angle: only a turn by pi does that.")
def whole_string(state, string, angle):
    P = np.eye(1)
    for letter in string:
        P = np.kron(P, PAULIS[letter])
    return P @ state
