"""An identity block: the second half undoes the first."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def same_turns(answered, due):
    """Compare angles: a turn by 2 pi is -1, which nobody sees."""
    got = as_numbers(answered)
    if isinstance(got, str) or got.shape != due.shape or got.dtype.kind == "c":
        return close(answered, due)
    off = (got - due + np.pi) % (2 * np.pi) - np.pi
    return close(np.where(np.abs(off) < 1e-9, due, got), due)


@exercise(
    level="core",
    same=same_turns,
    intact=True,
    right="last in, first out, each turned back: the block is the identity, and every angle is free.",
    because=r"""
        $(U_3U_2U_1)^\dagger=U_1^\dagger U_2^\dagger U_3^\dagger$: layers in reverse, angles with the other sign. CZ
        is its own inverse. The $2L$ layers are free to move apart as soon as training begins. (An angle that differs by
        $2\pi$ undoes its turn too, up to a sign of the whole state, which nobody sees.)
    """,
)
def mirror(half):
    """Given the angles of the first half of an identity block, shape (layers,
    wires), return the angles of the whole block, shape (2 layers, wires), and leave `half` as it is. (Axes are mirrored
    for you, and in the second half the CZ gates come before the turns.) Given: `np`.
    """
    return np.concatenate([half, -half[::-1]])


@mirror.cases
def halves(rng):
    """One layer to five of one wire to four; angles from one turn, from both sides of zero, from many turns."""
    for layers, wires, low, high in ((3, 2, 0, 2), (4, 3, -1, 1), (1, 2, 0, 2), (2, 1, -9, 9), (5, 4, 0, 2)):
        yield (rng.uniform(low * np.pi, high * np.pi, (layers, wires)),)


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


@mirror.mistake("that is the first half twice: neither order nor sign is that of undoing.")
def twice_the_same(half):
    return np.concatenate([half, half])


@mirror.mistake("you have also exchanged the wires; only the layers are reversed.")
def wires_too(half):
    return np.concatenate([half, -half[::-1, ::-1]])


@mirror.mistake(
    "a turn by pi more than back is another turn: it is the whole circle, 2 pi, that nobody sees."
)
def half_circles(half):
    return np.concatenate([half, np.pi - half[::-1]])


@mirror.mistake(
    "zero angles undo nothing: the first half is still there. (All zeros everywhere would be the identity too, "
    "with less to be random about.)"
)
def zeros(half):
    return np.concatenate([half, 0 * half])


@mirror.mistake(
    "the first half of the block is the angles as they were drawn; you begin with what undoes them."
)
def undoing_first(half):
    return np.concatenate([-half[::-1], half])


@mirror.mistake("only the half that undoes. The block has both: the angles as drawn, then these.")
def second_half_only(half):
    return -half[::-1]


@mirror.mistake("you put the halves side by side, as more wires. They come one after the other: more layers.")
def side_by_side(half):
    return np.concatenate([half, -half[::-1]], axis=1)


@mirror.mistake()
def changes_what_was_given(half):
    half *= -1
    return np.concatenate([-half, half[::-1]])
