"""A qubit that is watched while it turns."""

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
    each. After every step it is measured in Z. Return the probability that it says 0 every time. Given: `np`.
    """
    return np.cos(np.pi / (2 * looks)) ** (2 * looks)


@watched.cases
def numbers(rng):
    """One look, two, a few, many."""
    yield (1,)
    yield (2,)
    yield (int(rng.integers(3, 8)),)
    yield (int(rng.integers(8, 40)),)
    yield (int(rng.integers(40, 1000)),)


@watched.mistake("you multiplied amplitudes: each look makes a chance, so square the cosine.")
def multiplies_amplitudes(looks):
    return np.cos(np.pi / (2 * looks)) ** looks


@watched.mistake("that is one look; the qubit has to pass all of them.")
def one_look(looks):
    return np.cos(np.pi / (2 * looks)) ** 2


@watched.mistake("0 is right if nobody looks on the way. Each look that says 0 starts the turn anew.")
def nobody_looks(looks):
    return 0.0


@watched.mistake("each step turns by pi/looks on the sphere: half of that in the amplitude.")
def whole_angle(looks):
    return np.cos(np.pi / looks) ** (2 * looks)


@watched.mistake(
    "your qubit never turned. A `Circuit` never changes: `circuit.ry(...)` returns a new one; keep that."
)
def never_turns(looks):
    return 1.0


@watched.mistake(
    "that is the chance of 0 at the last look, whatever was said before: over to 1 and back again counts, too. It is to "
    "say 0 every time."
)
def only_the_last_look(looks):
    return (1 + np.cos(np.pi / looks) ** looks) / 2


@watched.mistake("a coin at each look? A short turn leaves 0 far more likely than 1.")
def coins(looks):
    return 0.5**looks


@watched.mistake("in `looks` steps there are `looks` looks: the last one counts, too.")
def without_the_last_look(looks):
    return np.cos(np.pi / (2 * looks)) ** (2 * looks - 2)


@watched.mistake("that is the chance to say 1 at least once. The chance of 0 every time is asked for.")
def caught(looks):
    return 1 - np.cos(np.pi / (2 * looks)) ** (2 * looks)
