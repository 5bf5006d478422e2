"""The entropy of a mixture, from weights and overlaps."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close
from qlearn.qubits import random_state


@exercise(
    level="core",
    same=partial(close, abs=1e-7),  # what is dropped as zero may be 1e-10
    right="k classes, a k x k matrix: no state is ever written down, however many qubits it has.",
    because=r"""
        Write $\rho=AA^\dagger$ with columns $\sqrt{p_c}\,|c\rangle$. Then $A^\dagger A$, with the entries
        $\sqrt{p_cp_{c'}}\langle c|c'\rangle$, has the same eigenvalues, save for zeros.
    """,
)
def entropy(weights, gram):
    r"""Return the von Neumann entropy in bits of $\sum_c p_c|c\rangle\langle c|$, from the weights ($p$ is
    their share) and the table of inner products $\langle c|c'\rangle$. Some weights may be 0. Given: `np`.
    """
    p = weights / weights.sum()
    matrix = np.sqrt(np.outer(p, p)) * gram
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.cases
def mixtures(rng):
    """Counts and shares, with zeros and without; orthogonal states, overlapping ones, more than fit, a single one."""
    for q, weights in (
        (2, [3.0, 3.0, 2.0]),
        (3, [5.0, 0.0, 2.0, 1.0]),
        (1, rng.integers(1, 9, 4).astype(float)),
        (2, [0.0, 4.0]),
        (3, rng.random(5)),
        (2, 20 * rng.random(2)),
    ):
        states = random_state(q, len(weights), rng=rng)
        yield rng.permutation(weights), states.conj() @ states.T
    yield rng.permutation([1.0, 3.0, 0.0]), np.eye(3)


@entropy.mistake("this is Shannon's entropy of the weights: the overlaps of the states do not appear.")
def shannon(weights, gram):
    p = weights[weights > 0] / weights.sum()
    return -(p * np.log2(p)).sum()


@entropy.mistake("those are nats. Bits need the logarithm to base 2.")
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


@entropy.mistake("you mix the states in equal parts: the weights do not appear.")
def no_weights(weights, gram):
    p = weights / weights.sum()
    matrix = gram / len(p)
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.mistake(
    "where a weight is 0 you return NaN: 0 log 0 counts as 0, so drop the zeros before the logarithm."
)
def zeros(weights, gram):
    p = weights / weights.sum()
    values = np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * gram)
    with np.errstate(all="ignore"):
        return -(values * np.log2(values)).sum()


@entropy.mistake(
    "the trace of your matrix is not 1: an entry holds the *root* of the product of two shares, and the overlap."
)
def root_forgotten(weights, gram):
    p = weights / weights.sum()
    matrix = np.outer(p, p) * gram
    values = np.linalg.eigvalsh(matrix)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.mistake(
    "an overlap has a phase, and with three states it counts. Use the inner products, not their moduli."
)
def moduli(weights, gram):
    p = weights / weights.sum()
    values = np.linalg.eigvalsh(np.sqrt(np.outer(p, p)) * np.abs(gram))
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.mistake(
    "divide the weights by their sum: only shares add up to 1, as the eigenvalues of a state do."
)
def not_normalised(weights, gram):
    values = np.linalg.eigvalsh(np.sqrt(np.outer(weights, weights)) * gram)
    values = values[values > 1e-12]
    return -(values * np.log2(values)).sum()


@entropy.mistake("the sign: logarithms of shares are negative, and an entropy is not.")
def negative(weights, gram):
    return -entropy(weights, gram)


@entropy.mistake("that is the *linear* entropy, 1 minus the sum of squares. Here logarithms are asked for.")
def linear(weights, gram):
    p = weights / weights.sum()
    return 1 - p @ np.abs(gram) ** 2 @ p
