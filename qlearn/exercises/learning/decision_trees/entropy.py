"""Entropy."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="k classes, a k x k matrix: no state is ever written down, however many qubits it has.",
    because=r"""
        Write $\rho=AA^\dagger$ with columns $\sqrt{p_c}\,|c\rangle$. Then $A^\dagger A$, with the entries
        $\sqrt{p_cp_{c'}}\langle c|c'\rangle$, has the same eigenvalues, save for zeros.
    """,
)
def entropy(weights, gram):
    r"""Write `entropy(weights, gram)`: the von Neumann entropy in bits of $\sum_c p_c|c\rangle\langle c|$,
    from the weights ($p$ is their share) and the table of inner products $\langle c|c'\rangle$. Some
    weights may be 0.
    """
    p = weights / weights.sum()
    matrix = np.sqrt(np.outer(p, p)) * gram
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_entropy of the old module
    yield ()


@entropy.mistake(
    "for weights [3, 3, 2] you return Shannon's entropy: the overlaps of the states do not appear."
)
def shannon(weights, gram):
    p = weights[weights > 0] / weights.sum()
    return -(p * np.log2(p)).sum()


@entropy.mistake(
    "for weights [3, 3, 2] you return 0.9845: those are nats. Bits need the logarithm to base 2."
)
def nats(weights, gram):
    p = weights / weights.sum()
    matrix = np.sqrt(np.outer(p, p)) * gram
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log(values)).sum()


@entropy.mistake("use the inner products themselves. Their squares are fidelities: another matrix.")
def fidelities(weights, gram):
    p = weights / weights.sum()
    matrix = np.sqrt(np.outer(p, p)) * np.abs(gram) ** 2
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.mistake("for weights [3, 3, 2] you mix the states in equal parts: the weights do not appear.")
def no_weights(weights, gram):
    p = weights / weights.sum()
    matrix = gram / len(p)
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.mistake(
    "for weights [5, 0, 2] you return NaN: 0 log 0 counts as 0, so drop the zeros before the logarithm."
)
def zeros(weights, gram):
    p = weights / weights.sum()
    values = np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * gram)
    with np.errstate(all="ignore"):
        return -(values * np.log2(values)).sum()


@entropy.mistake("for weights [3, 3, 2] the entropy is 1.4204, not 1.0025. Look at the eigenvalues.")
def root_forgotten(weights, gram):
    p = weights / weights.sum()
    matrix = np.outer(p, p) * gram
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()
