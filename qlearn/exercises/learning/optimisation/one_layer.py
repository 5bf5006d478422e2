"""One layer."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Phases and mixers: repeat the two lines p times, and it is all of QAOA.",
    because="""
        The cost is diagonal, so its layer multiplies each amplitude by a phase: no gates to count. The terms of B
        commute, so the mixer is one 2 x 2 matrix on every wire; `reshape(2**wire, 2, -1)` brings that wire to the
        middle axis.
    """,
)
def one_layer(values, gamma, beta):
    r"""Write `one_layer(values, gamma, beta)` in NumPy: the state $e^{-i\beta B}e^{-i\gamma
    C}|{+}\cdots{+}\rangle$, where `values` (shape $(2^n,)$) is the diagonal of C and B is the sum of X
    on all n wires.
    """
    state = np.exp(-1j * gamma * values) / np.sqrt(len(values))
    rx = np.array([[np.cos(beta), -1j * np.sin(beta)], [-1j * np.sin(beta), np.cos(beta)]])
    for wire in range(len(values).bit_length() - 1):
        state = rx @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_one_layer of the old module
    yield ()


@one_layer.mistake("you turned by half of it: exp(-i beta X) is RX(2 beta), with cos(beta) inside.")
def half_the_angle(values, gamma, beta):
    state = np.exp(-1j * gamma * values) / np.sqrt(len(values))
    c, s = np.cos(beta / 2), -1j * np.sin(beta / 2)
    for wire in range(len(values).bit_length() - 1):
        state = np.array([[c, s], [s, c]]) @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.mistake("one of the two signs is turned round: both exponents carry -i.")
def a_sign(values, gamma, beta):
    state = np.exp(1j * gamma * values) / np.sqrt(len(values))
    c, s = np.cos(beta), -1j * np.sin(beta)
    for wire in range(len(values).bit_length() - 1):
        state = np.array([[c, s], [s, c]]) @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.mistake(
    "every bit string is as likely as before. Phases alone do that, and so does a mixer *before* the phases: "
    "|+...+> is its eigenstate. First the phases, then the mixer."
)
def no_mixer(values, gamma, beta):
    return np.exp(-1j * gamma * values) / np.sqrt(len(values))


@one_layer.mistake("the probabilities sum to 16.000: start with 1/sqrt(16) everywhere.")
def not_normalised(values, gamma, beta):
    state = np.exp(-1j * gamma * values)
    c, s = np.cos(beta), -1j * np.sin(beta)
    for wire in range(len(values).bit_length() - 1):
        state = np.array([[c, s], [s, c]]) @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.mistake(
    "some amplitudes are off. Is every one of the 4 wires turned, and wire 0 the most significant?"
)
def one_wire(values, gamma, beta):
    state = np.exp(-1j * gamma * values) / np.sqrt(len(values))
    c, s = np.cos(beta), -1j * np.sin(beta)
    return (np.array([[c, s], [s, c]]) @ state.reshape(2, -1)).reshape(-1)


@one_layer.mistake("these are probabilities. The state is its amplitudes: leave out the square.")
def twice_the_angle_probabilities(values, gamma, beta):
    state = np.exp(-1j * gamma * values) / np.sqrt(len(values))
    c, s = np.cos(2 * beta), -1j * np.sin(2 * beta)
    for wire in range(len(values).bit_length() - 1):
        state = np.array([[c, s], [s, c]]) @ state.reshape(2**wire, 2, -1)
    return np.abs(state.reshape(-1)) ** 2


@one_layer.mistake("you turned about y: beside the diagonal of RX stands -i sin(beta), twice.")
def ry(values, gamma, beta):
    state = np.exp(-1j * gamma * values) / np.sqrt(len(values))
    c, s = np.cos(beta), np.sin(beta)
    for wire in range(len(values).bit_length() - 1):
        state = np.array([[c, -s], [s, c]]) @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.mistake(
    "right with 4 wires; with 3 it stopped (cannot reshape array of size 8 into shape (8,2,newaxis)). The number "
    "of wires is that of the doublings in len(values)."
)
def four_wires(values, gamma, beta):
    state = np.exp(-1j * gamma * values) / 4
    c, s = np.cos(beta), -1j * np.sin(beta)
    for wire in range(4):
        state = np.array([[c, s], [s, c]]) @ state.reshape(2**wire, 2, -1)
    return state.reshape(-1)


@one_layer.mistake("your function returns nothing: end it with `return`.")
def nothing_returned(values, gamma, beta):
    values * gamma
