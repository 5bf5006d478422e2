"""The telephone that perfect copies would be."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import density, helstrom, ket


@exercise(
    level="stretch",
    right=(
        "one copy says nothing, as it must be; two are right three times in four, ten almost always. Perfect copies would "
        "be a telephone faster than light."
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
    perfect copier. Return his best chance to read her answer, *no* and *yes* equally likely, from so many equal
    qubits. Given: `ket`, `density`, `helstrom`.
    """

    def mixture(pair):
        return sum(density(ket(letter * copies)) for letter in pair) / 2

    return helstrom(mixture("01"), mixture("+-"))


@telephone.cases
def numbers(rng):
    """One qubit to five, in any order."""
    for copies in rng.permutation(5).tolist():
        yield (copies + 1,)


@telephone.mistake("you superposed the two cases. Bob does not know which came: mix density matrices.")
def superposed(copies):
    def state(pair):
        s = ket(pair[0] * copies) + ket(pair[1] * copies)
        return s / np.linalg.norm(s)

    return helstrom(state("01"), state("+-"))


@telephone.mistake("you tell 0 from +. But Alice cannot choose her result: it is 0 or 1, + or -, by a coin.")
def zero_against_plus(copies):
    return helstrom(ket("0" * copies), ket("+" * copies))


@telephone.mistake(
    "1/2 is true for a single qubit, and for many that have nothing to do with each other. His are equal, all 0 or all 1, "
    "all + or all -: `letter * copies`."
)
def one_copy(copies):
    return 1 / 2


@telephone.mistake(
    "that is how often he is right if he asks Z of all, and says *no* if they agree. It is a good question, and not the best: "
    "Helstrom's bound for the two mixtures is."
)
def all_asked_z(copies):
    return 1 - 2.0**-copies


@telephone.mistake("never certain: the two mixtures overlap, if less and less, for any number of qubits.")
def soon_certain(copies):
    return 1 - 2.0**-copies if copies < 3 else 1.0


@telephone.mistake(
    "that is the trace distance of the two mixtures, 0 if there is nothing to tell. A coin "
    "is right half of the time: add 1, and halve."
)
def the_distance(copies):
    return 2 * telephone(copies) - 1
