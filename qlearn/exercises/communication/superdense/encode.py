"""What Alice does to her half."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_state
from qlearn.qubits import bell_state, random_state


@exercise(
    level="core",
    same=same_state,
    right="and only Alice's half was touched: with one qubit in hand she chooses among four states of two.",
    because=r"""
        $Z^zX^x$ on her half and nothing on Bob's is $(Z^zX^x)\otimes\mathbb 1$, a 4x4 matrix with wire 0 as the
        left factor. With XZ in the place of ZX the vector of message 11 changes its sign, which no measurement sees.
    """,
)
def encode(bits, pair):
    """Return the state of both halves, shape (4,), after Alice has written `bits` (an array of z and x) on
    her half of `pair`, a state vector of shape (4,): X if x is 1, then Z if z is 1. Her half is wire 0.
    Given: `np` (X is `np.array([[0, 1], [1, 0]])`, Z is `np.diag([1, -1])`).
    """
    z, x = bits
    X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    turn = np.linalg.matrix_power(Z, z) @ np.linalg.matrix_power(X, x)
    return np.kron(turn, np.eye(2)) @ pair


@encode.cases
def messages(rng):
    """All four messages, on the perfect pair and on pairs that tell Alice's half from Bob's."""
    for pair in (bell_state("phi+"), *random_state(2, size=2, rng=rng)):
        for message in rng.permutation(4):
            yield np.array([message >> 1, message & 1]), pair


def _turned(pair, letters, *, side=0):
    gates = {"X": np.array([[0, 1], [1, 0]]), "Z": np.diag([1, -1])}
    for letter in letters:
        both = [np.eye(2), np.eye(2)]
        both[side] = gates[letter]
        pair = np.kron(*both) @ pair
    return pair


@encode.mistake("the bits are exchanged: z, the first, calls for Z, and x for X.")
def bits_exchanged(bits, pair):
    z, x = bits
    return _turned(pair, "X" * z + "Z" * x)


@encode.mistake(
    "you turn Bob's half, which is far away. On Φ⁺ nobody sees the difference; on another pair one does. Alice's "
    "half is wire 0, the left factor of `np.kron`."
)
def turns_bobs_half(bits, pair):
    z, x = bits
    return _turned(pair, "X" * x + "Z" * z, side=1)


@encode.mistake("where z is 1 the state is that of z = 0: the sign is the second bit, apply Z.")
def forgets_z(bits, pair):
    return _turned(pair, "X" * bits[1])


@encode.mistake("where x is 1 the state is that of x = 0: apply X.")
def forgets_x(bits, pair):
    return _turned(pair, "Z" * bits[0])


@encode.mistake("both halves are turned; Alice has only one.")
def turns_both_halves(bits, pair):
    z, x = bits
    return _turned(_turned(pair, "X" * x + "Z" * z), "X" * x + "Z" * z, side=1)


@encode.mistake("for 11 you apply one gate; both bits are 1, so both gates act.")
def one_gate_at_most(bits, pair):
    z, x = bits
    return _turned(pair, "X" if x else "Z" * z)


@encode.mistake("the pair is as it was: turn it.")
def does_nothing(bits, pair):
    return pair


@encode.mistake("Bob's half holds the bit x and Alice's the bit z: one of the gates is on the wrong wire.")
def one_gate_on_each_half(bits, pair):
    z, x = bits
    return _turned(_turned(pair, "X" * x, side=1), "Z" * z)
