"""Portrait."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import bloch


@exercise(
    level="project",
    right="six unknown states drawn, each from 3000 copies. From one copy nobody could have done it.",
    because=r"""
        The mean of the values $\pm1$ is a coordinate of the arrow, each known to $1/\sqrt{1000}$. The measured
        arrow is not quite of length 1; its direction is our guess, read off as the angles $\theta$ and $\phi$.
    """,
)
def portrait(ask):
    """State tomography. You get a function `ask(basis, copies)` that measures so many fresh copies of an
    unknown pure qubit in the basis 'X', 'Y' or 'Z' and returns the bits. Write `portrait(ask)`: the
    state (two amplitudes, up to a global phase), with a fidelity of 0.99 or more, from at most 3000
    copies.
    """
    x, y, z = (1 - 2 * ask(basis, 1000).mean() for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))


@portrait.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_portrait of the old module
    yield ()


@portrait.mistake(
    "fidelity 0.754: you asked Z only. Each question shows one coordinate of the arrow, and it has three."
)
def asks_z_only(ask):
    z = 1 - 2 * ask("Z", 3000).mean()
    return bloch(np.arccos(z), 0)


@portrait.mistake(
    "fidelity 0.001: your arrow points the opposite way. Outcome 0 stands for +1, outcome 1 for -1."
)
def sign(ask):
    x, y, z = (2 * ask(basis, 1000).mean() - 1 for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))


@portrait.mistake("you used 300000 copies; there are 3000.")
def too_many_copies(ask):
    x, y, z = (1 - 2 * ask(basis, 10**5).mean() for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))


@portrait.mistake("fidelity 0.988; 0.99 is asked. Do you use your 3000 copies, a third for each axis?")
def too_few(ask):
    x, y, z = (1 - 2 * ask(basis, 5).mean() for basis in "XYZ")
    return bloch(np.arctan2(np.hypot(x, y), z), np.arctan2(y, x))
