"""The chance of 1 after a turn about the y axis."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="half the angle, and then the square: sin(pi/6) is 1/2, its square 1/4.",
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
    "sin(pi/3) is an amplitude, and of twice the angle: the amplitude of 1 is sin(theta/2), and a probability is the "
    "square of an amplitude."
)
def whole_angle_not_squared():
    return np.sin(np.pi / 3)


@chance_of_one.mistake(
    "that is the sine of 30 radians: NumPy takes angles in radians, np.pi / 6 for 30 degrees."
)
def degrees():
    return np.sin(30) ** 2


@chance_of_one.mistake(
    "a third of the way round from 0 to 1 is not a third of a chance: it is the amplitudes that turn, as cos and sin "
    "of half the angle."
)
def in_proportion():
    return 1 / 3


@chance_of_one.mistake("as a share between 0 and 1, please: 1 is certain. A per cent is 0.01.")
def per_cent():
    return 25
