"""The overlap of two arrows on the equator."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="cos^2(pi/3) = 1/4: the arrows stand 120 degrees apart.",
    because=r"""
        The amplitude is $\langle\psi(x)|\psi(y)\rangle=\tfrac12(1+e^{2i(y-x)})$, and its squared modulus is
        $\cos^2(x-y)=1/4$. Only the difference counts: 0.2 was there to distract.
    """,
)
def one_overlap():
    r"""One qubit, one layer: H, then P(2x). What is the kernel of $x=0.2$ and $y=0.2+\pi/3$? By hand, with
    the two arrows on the equator in mind.
    """
    return np.cos(np.pi / 3) ** 2


@one_overlap.mistake("0.5 is the amplitude. The kernel is a probability: its square.")
def amplitude():
    return 0.5


@one_overlap.mistake(
    "you took half the angle. The gate P has the angle 2x, so the arrows turn by 2x, and the overlap is cos^2 of "
    "half the angle between them: of x - y."
)
def half_the_angle():
    return np.cos(np.pi / 6) ** 2


@one_overlap.mistake(
    "cos(2(x - y)) is the inner product of the two arrows, which can be negative. The overlap is (1 + that) / 2."
)
def inner_product_of_arrows():
    return np.cos(2 * np.pi / 3)


@one_overlap.mistake("0 would be opposite arrows, x - y = pi/2.")
def opposite():
    return 0.0


@one_overlap.mistake("1 would be equal states, x - y = 0 or pi.")
def equal():
    return 1.0
