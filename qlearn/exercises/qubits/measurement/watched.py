"""Watched."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="cos(pi/2n)**(2n), which goes to 1: a qubit that is watched all the time does not turn.",
    because=r"""
        A step by $\pi/n$ on the sphere leaves the amplitude $\cos\frac{\pi}{2n}$ of 0. If the answer is 0 the state
        is $|0\rangle$ again, and the next step starts from there: $n$ factors $\cos^2\frac{\pi}{2n}$.
    """,
)
def watched(looks):
    r"""A qubit starts in $|0\rangle$ and is turned to $|1\rangle$ in `looks` equal steps, RY($\pi$/`looks`)
    each. After every step it is measured in Z. Write `watched(looks)`: the probability that it says 0
    every time.
    """
    return np.cos(np.pi / (2 * looks)) ** (2 * looks)


@watched.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_watched of the old module
    yield ()


@watched.mistake(
    "for 3 looks you say 0.6495; it is 0.4219. You multiplied amplitudes: each look makes a chance, so square the"
    " cosine."
)
def multiplies_amplitudes(looks):
    return np.cos(np.pi / (2 * looks)) ** looks


@watched.mistake(
    "for 3 looks you say 0.75; it is 0.4219. That is one look; the qubit has to pass all of them."
)
def one_look(looks):
    return np.cos(np.pi / (2 * looks)) ** 2


@watched.mistake(
    "for 3 looks you say 0; it is 0.4219. 0 is right if nobody looks on the way. Each look starts the turn anew."
)
def nobody_looks(looks):
    return 0.0


@watched.mistake(
    "for 3 looks you say 0.01563; it is 0.4219. Each step turns by pi/3 on the sphere: half of that in the "
    "amplitude."
)
def whole_angle(looks):
    return np.cos(np.pi / looks) ** (2 * looks)
