"""Best fidelity."""

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
    r"""How well can *M* copies be made of one qubit? Write `best_fidelity(copies)` from the states alone:
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
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_best_fidelity of the old module
    yield ()


@best_fidelity.mistake(
    "for 1 copies you find 0.5000, and (2M+1)/(3M) = 1.0000 is due: half of it. The machine's matrix has trace 2,"
    " not 1."
)
def trace_one(copies):
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "01+-ij":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [psi.T] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / (6 * copies)
    return 1 * np.linalg.eigvalsh(R)[-1]


@best_fidelity.mistake(
    "for 1 copies you find 0.6667, and (2M+1)/(3M) = 1.0000 is due: transpose the original. As it stands, the "
    "machine is asked for psi and given its mirror image, which it can match with 2/3 only."
)
def not_transposed(copies):
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "01+-ij":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [psi] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / (6 * copies)
    return 2 * np.linalg.eigvalsh(R)[-1]


@best_fidelity.mistake(
    "for 2 copies you find 1.6667, and (2M+1)/(3M) = 0.8333 is due: the sum over the copies. Divide by their "
    "number."
)
def sum_over_copies(copies):
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "01+-ij":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [psi.T] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / 6
    return 2 * np.linalg.eigvalsh(R)[-1]


@best_fidelity.mistake(
    "for 1 copies you find 6.0000, and (2M+1)/(3M) = 1.0000 is due: the sum over six states. Divide by their "
    "number."
)
def sum_over_states(copies):
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "01+-ij":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [psi.T] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / copies
    return 2 * np.linalg.eigvalsh(R)[-1]


@best_fidelity.mistake(
    "for 1 copies you find 0.3333, and (2M+1)/(3M) = 1.0000 is due: that is the worst machine. The largest "
    "eigenvalue counts."
)
def smallest_eigenvalue(copies):
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "01+-ij":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [psi.T] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / (6 * copies)
    return 2 * np.linalg.eigvalsh(R)[0]
