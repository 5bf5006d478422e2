"""The slope of a mean value from two runs."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="half of -0.5 - 0.7, whatever the circuit is, and however many qubits it has.",
    because=r"""
        The mean is $A+B\cos\theta+C\sin\theta$ in any one angle. Its slope is half the difference of the values at
        $\pm\pi/2$; neither the value 0.2 nor the rest of the circuit enters.
    """,
)
def slope():
    """One angle of a large circuit stands at 0.2. With that angle a quarter turn ahead the mean of $Z$ was
    $-0.5$, with it a quarter turn behind $+0.7$. What is the slope of the mean in that angle, at 0.2?
    """
    return (-0.5 - 0.7) / 2


@slope.mistake("the sign: the run *ahead* (plus a quarter turn) comes first, the run behind is taken away.")
def sign():
    return (0.7 + 0.5) / 2


@slope.mistake("that is the whole difference. The rule takes half of it.")
def not_halved():
    return -0.5 - 0.7


@slope.mistake("that is the whole difference, and the wrong way round.")
def not_halved_and_the_sign():
    return 0.7 + 0.5


@slope.mistake(
    "that is the slope of the chord: rise over the distance pi. A sine bends so much between the two points that "
    "its slope in the middle is larger by exactly pi/2."
)
def chord():
    return (-0.5 - 0.7) / np.pi


@slope.mistake("that is the mean of the two values. A slope is made of their difference.")
def mean():
    return (-0.5 + 0.7) / 2


@slope.mistake("you divide by the angle at which the slope is taken. Where it stands does not enter.")
def divides_by_the_angle():
    return (-0.5 - 0.7) / 2 / 0.2
