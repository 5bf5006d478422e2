"""A random access code: two bits in one qubit, of which one can be read."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_state
from qlearn.qubits import bloch, ket


@exercise(
    level="project",
    same=partial(same_state, abs=1e-7),  # a state that was found by search is as good
    right=(
        "Bob reads whichever bit he wants with 0.8536 = cos(pi/8)**2. With a bit 3/4 is the best on average, and 1/2 "
        "in the worst case. He never gets both."
    ),
    because=r"""
        The arrow half way between the two axes has $z = \pm1/\sqrt2$ and $x = \pm1/\sqrt2$, so either question is
        answered rightly with $\frac12(1 + \frac1{\sqrt2}) = \cos^2\frac\pi8 \approx 0.854$. A classical bit can
        hold the first bit, and the second is then a coin toss: 3/4 on average over the two questions, and no code
        does better. In the worst case that is 1/2, and again no code does better, unless Alice and Bob share dice:
        then they throw which of the two she sends, and each comes out with 3/4. Both bits together still come out
        with at most 1/2: the bound of the last exercise holds.
    """,
)
def pack_two(first, second):
    """A random access code. Alice has two bits and one qubit; Bob will want *one* of the bits, she does
    not know which. He asks Z for the first, X for the second. Return the state (two amplitudes) for which his chance
    is as high as can be in the worst case. How high is it, and how high with a classical bit? Given: `np`, `bloch`.
    """
    z, x = 1 - 2 * first, 1 - 2 * second  # where Bob's two questions would like the arrow
    return bloch(np.arctan2(x, z), 0)  # half way between the two


@pack_two.cases
def bits(rng):
    """All there are, in any order."""
    for both in rng.permutation(4).tolist():
        yield both // 2, both % 2


@pack_two.mistake(
    "you hold the first bit only: asked X, Bob throws a coin. Look for the state that lies between the two he hopes "
    "for, |0> or |1> and |+> or |->, at equal distance."
)
def holds_the_first_only(first, second):
    return ket("01"[first])


@pack_two.mistake(
    "you hold the second bit only: asked Z, Bob throws a coin. Look for the state that lies between the two he hopes "
    "for, |0> or |1> and |+> or |->, at equal distance."
)
def holds_the_second_only(first, second):
    return ket("+-"[second])


@pack_two.mistake("your two bits have changed places: Z has to read the first bit, X the second.")
def bits_exchanged(first, second):
    x, z = 1 - 2 * first, 1 - 2 * second
    return bloch(np.arctan2(x, z), 0)


@pack_two.mistake(
    "all four the wrong way round: the bit 0 wants the arrow at +z or +x, the bit 1 at -z or -x."
)
def opposite(first, second):
    return bloch(np.arctan2(2 * second - 1, 2 * first - 1), 0)


@pack_two.mistake(
    "an arrow at the angle theta has the amplitudes cos(theta/2) and sin(theta/2): you took the whole angle."
)
def whole_angle(first, second):
    theta = np.arctan2(1 - 2 * second, 1 - 2 * first)
    return np.array([np.cos(theta), np.sin(theta)])


@pack_two.mistake(
    "for the bits 11 your state is far from one of the two he hopes for. Between two states lies their sum only where "
    "their overlap is positive: that of |1> and |-> is negative, and -|-> is the same state as |->."
)
def adds_the_kets(first, second):
    total = ket("01"[first]) + ket("+-"[second])
    return total / np.linalg.norm(total)


@pack_two.mistake("one qubit, two amplitudes: she has no second qubit for the second bit.")
def two_qubits(first, second):
    return ket(f"{first}{second}")


@pack_two.mistake(
    "your states stand on the axes themselves: one of the questions is a coin each time, and for the bits 01 the other is "
    "always answered wrongly. Look for the state that lies between the two he hopes for, at equal distance."
)
def four_states_evenly_from_the_pole(first, second):
    return bloch(np.pi / 2 * (2 * first + second), 0)


@pack_two.mistake(
    "your states lie between Z and Y, where a phase i stands before |1>. Bob asks X: leave the phase away."
)
def towards_y(first, second):
    return bloch(np.arctan2(1 - 2 * second, 1 - 2 * first), np.pi / 2)
