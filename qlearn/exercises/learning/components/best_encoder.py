"""Best encoder."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="Its rows are the bras of the eigenvectors. Such an encoder serves every k at once.",
    because=r"""
        $U=\sum_j|j\rangle\langle\chi_j|$: row j is the bra of eigenvector j. The first wires of the index are then
        the trash for every k, and the same matrix is the whole of classical PCA on amplitudes.
    """,
)
def best_encoder(states):
    """Write `best_encoder(states)`: the unitary matrix that takes the eigenvectors of the mixture of
    `states`, shape $(m, 2^n)$, to the basis states 0, 1, 2, ..., the largest eigenvalue first. Of all
    encoders this is one whose trash reads 0 most often. The states are complex.
    """
    mixture = states.T @ states.conj() / len(states)
    vectors = np.linalg.eigh(mixture)[1][:, ::-1]
    return vectors.conj().T


@best_encoder.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_best_encoder of the old module
    yield ()


@best_encoder.mistake(
    "your matrix takes basis states to eigenvectors: that is the decoder. The encoder undoes it."
)
def decoder(states):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigh(mixture)[1][:, ::-1]


@best_encoder.mistake(
    "the order is upside down: the *largest* eigenvalue must land on outcome 0. `eigh` sorts upwards."
)
def upside_down(states):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigh(mixture)[1].conj().T


@best_encoder.mistake(
    "the rows must be bras: conjugate the eigenvectors. For real states nobody would notice."
)
def not_conjugated(states):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigh(mixture)[1][:, ::-1].T


@best_encoder.mistake(
    "the matrix is not unitary, so no circuit does that. Eigenvectors of length 1 make one."
)
def not_unitary(states):
    return states.T @ states.conj() / len(states)
