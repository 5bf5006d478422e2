"""The chance of an answer to the question X."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="(0.6 + 0.8)/sqrt(2), squared: 0.98. Asked Z, the same qubit says 0 with 0.36 only.",
    because=r"""
        $|\langle{+}|\psi\rangle|^2 = \bigl|\frac{0.6 + 0.8}{\sqrt2}\bigr|^2 = 0.98$.
    """,
)
def chance_of_plus():
    r"""A qubit is in the state $0.6\,|0\rangle + 0.8\,|1\rangle$ and is asked X. By hand: how probable is
    the answer +? Given: `np`.
    """
    return ((0.6 + 0.8) / np.sqrt(2)) ** 2


@chance_of_plus.mistake("0.36 is the chance of 0, the answer to Z. The question is X: is it |+> or |->?")
def asked_z():
    return 0.6**2


@chance_of_plus.mistake("1.96 is no probability: |+> is (|0> + |1>)/sqrt(2). You left out its length.")
def forgets_the_length():
    return (0.6 + 0.8) ** 2


@chance_of_plus.mistake(
    "you squared before you added: 0.36/2 + 0.64/2. The amplitudes 0.6/sqrt(2) and 0.8/sqrt(2) are added first."
)
def adds_chances():
    return (0.6**2 + 0.8**2) / 2


@chance_of_plus.mistake(
    "that is the amplitude, the inner product of |+> and the state: a chance is its square."
)
def not_squared():
    return (0.6 + 0.8) / np.sqrt(2)


@chance_of_plus.mistake("0.02 is the chance of the other answer, -. For + the two amplitudes are added.")
def chance_of_minus():
    return ((0.6 - 0.8) / np.sqrt(2)) ** 2


@chance_of_plus.mistake("0.64 is the chance of 1, an answer to Z. The question is X: is it |+> or |->?")
def chance_of_one():
    return 0.8**2
