"""Pack two."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import bloch, ket


@exercise(
    level="project",
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
    not know which. He asks Z for the first, X for the second. Write `pack_two(first, second)`: the
    state (two amplitudes) for which his chance is as high as can be in the worst case. How high is it,
    and how high with a classical bit?
    """
    z, x = 1 - 2 * first, 1 - 2 * second  # where Bob's two questions would like the arrow
    return bloch(np.arctan2(x, z), 0)  # half way between the two


@pack_two.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_pack_two of the old module
    yield ()


@pack_two.mistake(
    "for bits 00 and the question X Bob is right with 0.5000 only. Look for the state that lies between the two "
    "he hopes for, |0> or |1> and |+> or |->, at equal distance."
)
def holds_the_first_only(first, second):
    return ket("01"[first])


@pack_two.mistake("your two bits have changed places: Z has to read the first bit, X the second.")
def bits_exchanged(first, second):
    x, z = 1 - 2 * first, 1 - 2 * second
    return bloch(np.arctan2(x, z), 0)


@pack_two.mistake(
    "pack_two(0, 0) must be one qubit, two amplitudes of total weight 1, not [1.+0.j 0.+0.j 0.+0.j 0.+0.j]."
)
def two_qubits(first, second):
    return ket(f"{first}{second}")


@pack_two.mistake(
    "for bits 01 and the question X Bob is right with 0.0000 only. Look for the state that lies between the two "
    "he hopes for, |0> or |1> and |+> or |->, at equal distance."
)
def four_states_evenly_from_the_pole(first, second):
    return bloch(np.pi / 2 * (2 * first + second), 0)
