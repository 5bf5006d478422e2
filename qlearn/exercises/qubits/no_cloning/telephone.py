"""Telephone."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import density, helstrom, ket


@exercise(
    level="stretch",
    right=(
        "One copy says nothing, as it must be; two are right three times in four, ten almost always. Perfect copies "
        "would be a telephone faster than light."
    ),
    because=r"""
        Bob holds a mixture: of $|0\cdots0\rangle$ and $|1\cdots1\rangle$ for *no*, of $|{+}\cdots{+}\rangle$ and
        $|{-}\cdots{-}\rangle$ for *yes*. For one qubit the two mixtures are the same matrix, 1/2 on the diagonal.
        For two they differ, and Helstrom's bound says how far. That is why Dieks and Wootters and Zurek found the
        theorem again in 1982: somebody had proposed the telephone.
    """,
)
def telephone(copies):
    """Alice and Bob share a pair of qubits in the state `phi+`. She measures hers in Z to say *no*, in X
    to say *yes*. Bob's qubit is then 0 or 1 (each half of the time), or + or -. Suppose he had a
    perfect copier. Write `telephone(copies)`: his best chance to read her answer from so many equal
    qubits. Given: `np`, `ket`, `density`, `helstrom`.
    """

    def mixture(pair):
        return sum(density(ket(letter * copies)) for letter in pair) / 2

    return helstrom(mixture("01"), mixture("+-"))


@telephone.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_telephone of the old module
    yield ()


@telephone.mistake("you superposed the two cases. Bob does not know which came: mix density matrices.")
def superposed(copies):
    def state(pair):
        s = ket(pair[0] * copies) + ket(pair[1] * copies)
        return s / np.linalg.norm(s)

    return helstrom(state("01"), state("+-"))


@telephone.mistake("you tell 0 from +. But Alice cannot choose her result: it is 0 or 1, + or -, by a coin.")
def m_0_against_plus(copies):
    return helstrom(ket("0" * copies), ket("+" * copies))


@telephone.mistake("1/2 is true for a single qubit. He holds many equal ones: `letter * copies`.")
def one_copy(copies):
    def mixture(pair):
        return sum(density(ket(letter)) for letter in pair) / 2

    return helstrom(mixture("01"), mixture("+-"))


@telephone.mistake(
    "for 3 copies you find 1.0000, and 0.9330 is due. Tell the mixture of 0...0 and 1...1 from that of +...+ and "
    "-...-."
)
def by_hand(copies):
    return 1 - 2.0**-copies if copies < 3 else 1.0
