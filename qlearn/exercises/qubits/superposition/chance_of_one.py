"""Chance of one."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="Half the angle, and then the square: sin(pi/6) is 1/2, its square 1/4.",
    because=r"""
        A turn by $\theta$ on the sphere is half of it in the amplitudes: $\cos\frac\theta2|0\rangle +
        \sin\frac\theta2|1\rangle$. So $p(1) = \sin^2\frac\pi6 = \frac14$.
    """,
)
def chance_of_one():
    r"""`Circuit(1).ry(np.pi / 3, 0)` turns $|0\rangle$ by $\pi/3$ about the y axis. By hand: with which
    probability is the outcome 1?
    """
    return np.sin(np.pi / 6) ** 2


@chance_of_one.mistake(
    "3/4 is sin(pi/3) squared, or the chance of 0. The amplitude of 1 holds half the angle: sin(pi/6)."
)
def whole_angle():
    return np.sin(np.pi / 3) ** 2


@chance_of_one.mistake("1/2 is the amplitude of 1. A probability is the square of its absolute value.")
def not_squared():
    return np.sin(np.pi / 6)


@chance_of_one.mistake(
    "you say 0.9762. Write the state as cos(theta/2)|0> + sin(theta/2)|1> with theta = pi/3, then square the "
    "second amplitude."
)
def degrees():
    return np.sin(30) ** 2
