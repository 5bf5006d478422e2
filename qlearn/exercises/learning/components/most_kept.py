"""The most that any encoder keeps of a family of states."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import random_state


@exercise(
    level="core",
    right="no circuit, of whatever depth, and no training can do better than this number.",
    because=r"""
        The trash is all 0 with probability $\operatorname{tr}P\rho$, where P projects on the $2^k$ directions that
        the encoder sends there. Over all such P this is largest on the eigenvectors of the largest eigenvalues (Ky
        Fan).
    """,
)
def most_kept(states, k):
    """Return the largest mean trash fidelity that any encoder can reach on `states`, shape $(m, 2^n)$, when `k` qubits
    are kept.
    """
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-(2**k) :].sum()


@most_kept.cases
def families(rng):
    """Of two qubits to four; more states than directions, as many, fewer; one qubit kept, and all of them."""
    for n, k, m in ((3, 1, 7), (4, 3, 12), (4, 2, 30), (2, 1, 3), (3, 2, 3), (3, 3, 10)):
        yield random_state(n, m + int(rng.integers(2)), rng=rng), k


@most_kept.mistake("you have summed k eigenvalues. k qubits have room for 2^k directions.")
def k_directions(states, k):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-k:].sum()


@most_kept.mistake("you have summed 2k eigenvalues. Each qubit more *doubles* the directions: there are 2^k.")
def two_for_each(states, k):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-2 * k :].sum()


@most_kept.mistake("divide by the number of states: a fidelity is at most 1.")
def not_divided(states, k):
    return np.linalg.eigvalsh(states.T @ states.conj())[-(2**k) :].sum()


@most_kept.mistake("those are the smallest eigenvalues. `eigvalsh` sorts them upwards.")
def smallest(states, k):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[: 2**k].sum()


@most_kept.mistake(
    "singular values of the table are not probabilities; their *squares* over m are the eigenvalues."
)
def singular_values(states, k):
    return np.linalg.svd(states, compute_uv=False)[: 2**k].sum() / len(states)


@most_kept.mistake(
    "you have subtracted the mean, as PCA of a table does. The mixture of states has no such step."
)
def centred(states, k):
    centred = states - states.mean(axis=0)
    mixture = centred.T @ centred.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-(2**k) :].sum()


@most_kept.mistake("that is what is lost. What is kept is one minus that.")
def lost(states, k):
    mixture = states.T @ states.conj() / len(states)
    return 1 - np.linalg.eigvalsh(mixture)[-(2**k) :].sum()


@most_kept.mistake("the states are complex, and one of the two factors is conjugated.")
def not_conjugated(states, k):
    return np.linalg.eigvalsh(states.T @ states / len(states))[-(2**k) :].sum()


@most_kept.mistake("that is the largest eigenvalue alone: k qubits have room for 2^k directions.")
def the_largest_alone(states, k):
    return np.linalg.eigvalsh(states.T @ states.conj() / len(states))[-1]


@most_kept.mistake(
    "that keeps the first 2^k basis states as they are: which directions are kept, the encoder chooses."
)
def no_encoder(states, k):
    return (np.abs(states[:, : 2**k]) ** 2).sum() / len(states)
