"""The fidelity of the best copies, from one eigenvalue."""

from functools import reduce

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import density, ket


@exercise(
    level="project",
    right=(
        "1, 5/6, 7/9, 3/4, ... and 2/3 in the end: as good as measuring one qubit and preparing what was found. "
        "Infinitely many copies *are* a measurement."
    ),
    because="""
        The bound is $(2M+1)/(3M)$, and Gisin and Massar gave the machines that reach it. It falls to 2/3: whoever
        could make endless copies could measure them at leisure, and one qubit allows a guess of fidelity 2/3, not
        more (chapter *Measurement*).
    """,
)
def best_fidelity(copies):
    r"""How well can *M* copies be made of one qubit? Return the bound from the states alone:
    build $R = \frac1{6M}\sum_\psi \psi^{\mathsf T}\otimes\sum_k \psi^{(k)}$ over the six ends of the
    axes, where $\psi = |\psi\rangle\langle\psi|$ and $\psi^{(k)}$ is $\psi$ on copy k and the unit
    matrix on the others; the bound is twice its largest eigenvalue. What does it tend to? Given: `np`,
    `ket`, `density`, `reduce`.
    """
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "01+-ij":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [psi.T] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / (6 * copies)
    return 2 * np.linalg.eigvalsh(R)[-1]


@best_fidelity.cases
def numbers(rng):
    """One copy to four, in any order; and five or six."""
    for copies in rng.permutation(4).tolist():
        yield (copies + 1,)
    yield (int(rng.integers(5, 7)),)


def _slip(
    copies, *, original=lambda psi: psi.T, number=lambda copies: 6 * copies, which=-1, letters="01+-ij"
):
    """The solution with something wrong: what the mistakes are made of."""
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in letters:
        psi = density(ket(letter))
        for k in range(copies):
            factors = [original(psi)] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / number(copies)
    return 2 * np.linalg.eigvalsh(R)[which]


@best_fidelity.mistake("half of it. The machine's matrix has trace 2, not 1.")
def trace_one(copies):
    return _slip(copies) / 2


@best_fidelity.mistake(
    "2/3, whatever the number: transpose the original. As it stands, the machine is asked for psi and given its mirror "
    "image, which it can match with 2/3 only. (The right bound tends to 2/3, too, from above.)"
)
def not_transposed(copies):
    return _slip(copies, original=lambda psi: psi)


@best_fidelity.mistake("the sum over the copies. Divide by their number.")
def sum_over_copies(copies):
    return _slip(copies, number=lambda copies: 6)


@best_fidelity.mistake("the sum over six states. Divide by their number.")
def sum_over_states(copies):
    return _slip(copies, number=lambda copies: copies)


@best_fidelity.mistake("that is the worst machine. The largest eigenvalue counts.")
def smallest_eigenvalue(copies):
    return _slip(copies, which=0)


@best_fidelity.mistake(
    "these are the copies of the four states of BB84, which lie on a circle. For any state it takes all three axes."
)
def of_a_circle(copies):
    return _slip(copies, letters="01+-", number=lambda copies: 4 * copies)


@best_fidelity.mistake(
    "|0> and |1> alone are copied without any loss, as many times as you like. For any state it takes all three axes."
)
def of_two_states(copies):
    return 1.0


@best_fidelity.mistake(
    "one copy of many is perfect if the others are left empty, and this is the mean of them: a machine that spreads the "
    "loss evenly does better."
)
def one_perfect_and_coins(copies):
    return (1 + (copies - 1) / 2) / copies
