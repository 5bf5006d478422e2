"""Mirror."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Last in, first out, each turned back: the block is the identity, and every angle is free.",
    because=r"""
        $(U_3U_2U_1)^\dagger=U_1^\dagger U_2^\dagger U_3^\dagger$: layers in reverse, angles with the other sign. CZ
        is its own inverse. The $2L$ layers are free to move apart as soon as training begins.
    """,
)
def mirror(half):
    """Write `mirror(half)`: given the angles of the first half of an identity block, shape (layers,
    wires), return the angles of the whole block, shape (2 layers, wires). (Axes are mirrored for you,
    and in the second half the CZ gates come before the turns.)
    """
    return np.concatenate([half, -half[::-1]])


@mirror.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_mirror of the old module
    yield ()


@mirror.mistake(
    "you turn back in the wrong order. Shoes go off before socks: the last layer is undone first."
)
def same_order(half):
    return np.concatenate([half, -half])


@mirror.mistake(
    "the order is right, but you turn further instead of back: a turn is undone by minus its angle."
)
def same_sign(half):
    return np.concatenate([half, half[::-1]])


@mirror.mistake("you have also exchanged the wires; only the layers are reversed.")
def wires_too(half):
    return np.concatenate([half, -half[::-1, ::-1]])


@mirror.mistake(
    "nearly: a turn by 2 pi is -1, so each of these angles undoes its turn up to a sign. The block is the "
    "identity or minus it, which nobody sees; but minus the angle is simpler, and exact."
)
def whole_turns(half):
    return np.concatenate([half, 2 * np.pi - half[::-1]])


@mirror.mistake("4 layers of 3 wires and their mirror image make shape (8, 3), not (7, 3).")
def three_layers(half):
    return np.concatenate([half, -half[[2, 1, 0]]])


@mirror.mistake(
    "zero angles undo nothing: the first half is still there. (All zeros everywhere would be the identity too, "
    "with less to be random about.)"
)
def zeros(half):
    return np.concatenate([half, 0 * half])
