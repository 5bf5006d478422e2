"""The encoder that keeps the most: PCA on amplitudes."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._guard import call
from qlearn.exercises.comparisons import a, as_numbers, same_state
from qlearn.qubits import random_state

_NOT_UNITARY = "the matrix is not unitary, so no circuit does that. Eigenvectors of length 1 make one"


def same_encoder(answered, due):
    """Compare unitary matrices row by row, up to a phase each."""
    got = as_numbers(answered)
    if isinstance(got, str) or got.shape != np.shape(due) or not np.isfinite(got).all():
        return same_state(answered, due)
    if np.allclose(got, due, rtol=1e-6, atol=1e-9):
        return None
    if not np.allclose(got @ got.conj().T, np.eye(len(got)), atol=1e-6):
        return _NOT_UNITARY
    return same_state(got, due)


@exercise(
    level="stretch",
    same=same_encoder,
    right="its rows are the bras of the eigenvectors. Such an encoder serves every k at once.",
    because=r"""
        $U=\sum_j|j\rangle\langle\chi_j|$: row j is the bra of eigenvector j. The first wires of the index are then
        the trash for every k, and the same matrix is the whole of classical PCA on amplitudes.
    """,
)
def best_encoder(states):
    """Return the unitary matrix that takes the eigenvectors of the mixture of `states`, shape $(m, 2^n)$, to the basis
    states 0, 1, 2, ..., the largest eigenvalue first. Of all encoders this is one whose trash reads 0 most often. The
    states are complex.
    """
    mixture = states.T @ states.conj() / len(states)
    vectors = np.linalg.eigh(mixture)[1][:, ::-1]
    return vectors.conj().T


@best_encoder.cases
def families(rng):
    """Of one qubit to four, each with more states than directions: then no two eigenvalues agree."""
    for n, m in ((3, 12), (1, 5), (2, 9), (4, 25)):
        yield (random_state(n, m, rng=rng) * np.exp(2j * np.pi * rng.random()),)


@best_encoder.grader
def of_few_states(answer, rng):
    """With fewer states than directions, and with equal ones, the matrix is unitary all the same, and in order."""
    few = random_state(3, int(rng.integers(2, 6)), rng=rng)
    for states in (few, few[[0, 0, 1]], np.eye(4, dtype=complex)[rng.permutation(4)[:3]]):
        got = call(answer, states.copy())
        matrix = as_numbers(got)
        if isinstance(matrix, str) or matrix.shape != (states.shape[1],) * 2 or not np.isfinite(matrix).all():
            return Verdict.wrong(
                f"of {len(states)} states you make {a(got)}: with fewer states than directions the matrix is still "
                "unitary, of shape $(2^n, 2^n)$; what is left of the directions goes to the outcomes that are left."
            )
        if not np.allclose(matrix @ matrix.conj().T, np.eye(len(matrix)), atol=1e-6):
            return Verdict.wrong(f"with fewer states than directions {_NOT_UNITARY}.")
        outcomes = (np.abs(states @ matrix.T) ** 2).mean(axis=0)
        values = np.linalg.eigvalsh(states.T @ states.conj() / len(states))[::-1]
        if not np.allclose(outcomes, values, atol=1e-7):
            return Verdict.wrong(
                "with fewer states than directions the order is not that of the eigenvalues."
            )
    return None


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


@best_encoder.mistake(f"{_NOT_UNITARY}. What you return is the mixture itself.")
def the_mixture(states):
    return states.T @ states.conj() / len(states)


@best_encoder.mistake(
    "`[::-1]` turns the components of each vector round, not the order of the vectors: `[:, ::-1]`."
)
def components_reversed(states):
    mixture = states.T @ states.conj() / len(states)
    return np.linalg.eigh(mixture)[1][::-1].conj().T


@best_encoder.mistake(
    "you have subtracted the mean, as PCA of a table does. The mixture of states has no such step."
)
def centred(states):
    return best_encoder(states - states.mean(axis=0))


@best_encoder.mistake()
def scaled_by_the_eigenvalues(states):
    values, vectors = np.linalg.eigh(states.T @ states.conj() / len(states))
    return (vectors * values)[:, ::-1].conj().T


@best_encoder.mistake()
def of_many_states_only(states):
    return np.linalg.svd(states, full_matrices=False)[2].conj()
