"""Most kept."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="No circuit, of whatever depth, and no training can do better than this number.",
    because=r"""
        The trash is all 0 with probability $\operatorname{tr}P\rho$, where P projects on the $2^k$ directions that
        the encoder sends there. Over all such P this is largest on the eigenvectors of the largest eigenvalues (Ky
        Fan).
    """,
)
def most_kept(states, k):
    """Write `most_kept(states, k)`: the largest mean trash fidelity that any encoder can reach on
    `states`, shape $(m, 2^n)$, when k qubits are kept.
    """
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-(2**k) :].sum()


@most_kept.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_most_kept of the old module
    yield ()


@most_kept.mistake(
    "for 7 states of 3 qubits and 1 kept: you have summed 1 eigenvalues. k qubits have room for 2^k directions."
)
def k_directions(states, k):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-k:].sum()


@most_kept.mistake(
    "for 12 states of 4 qubits and 3 kept: you have summed 6 eigenvalues. Each qubit more *doubles* the "
    "directions: there are 2^k, here 8."
)
def two_for_each(states, k):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-2 * k :].sum()


@most_kept.mistake(
    "for 7 states of 3 qubits and 1 kept you say 4.888: divide by the number of states, a fidelity is at most 1."
)
def not_divided(states, k):
    return np.linalg.eigvalsh(states.T @ states.conj())[-(2**k) :].sum()


@most_kept.mistake(
    "for 7 states of 3 qubits and 1 kept: those are the smallest eigenvalues. `eigvalsh` sorts them upwards."
)
def smallest(states, k):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[: 2**k].sum()


@most_kept.mistake(
    "for 7 states of 3 qubits and 1 kept: singular values of the table are not probabilities; their *squares* "
    "over m are the eigenvalues."
)
def singular_values(states, k):
    return np.linalg.svd(states, compute_uv=False)[: 2**k].sum() / len(states)


@most_kept.mistake(
    "for 7 states of 3 qubits and 1 kept: you have subtracted the mean, as PCA of a table does. The mixture of "
    "states has no such step."
)
def centred(states, k):
    centred = states - states.mean(axis=0)
    mixture = centred.T @ centred.conj() / len(states)
    return np.linalg.eigvalsh(mixture)[-(2**k) :].sum()


@most_kept.mistake(
    "for 7 states of 3 qubits and 1 kept: 0.302 is what is lost. What is kept is one minus that."
)
def lost(states, k):
    mixture = states.T @ states.conj() / len(states)
    return 1 - np.linalg.eigvalsh(mixture)[-(2**k) :].sum()
