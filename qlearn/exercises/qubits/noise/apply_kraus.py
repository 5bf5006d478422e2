"""A channel, applied by its Kraus operators."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import density, random_state
from qlearn.qubits.noise import amplitude_damping


@exercise(
    level="core",
    right="A sum of what may have happened, each with its chance in the length of K.",
    because=r"""
        $\mathcal E(\rho) = \sum_k K_k \rho K_k^\dagger$, word by word.
    """,
)
def apply_kraus(kraus, rho):
    """Return the density matrix after a channel: its operators `kraus`, shape (m, d, d), and a density
    matrix `rho` go in. One line of NumPy is enough; `channel.apply` is not allowed.
    """
    return sum(k @ rho @ k.conj().T for k in kraus)


@apply_kraus.cases
def channels(rng):
    """One to six operators on one, two or three qubits, or on three levels; and one operator of several."""
    for n_operators, d in ((2, 2), (1, 4), (3, 4), (6, 2), (4, 3), (2, 8)):
        kraus, rho = _channel(n_operators, d, rng), _mixed(d, rng)
        yield kraus, rho
    yield _channel(4, 2, rng)[:1], _mixed(2, rng)  # the trace falls
    yield amplitude_damping(rng.uniform(0.1, 0.9)).kraus, density(random_state(1, rng=rng))


def _channel(n_operators, d, rng):
    """Return the operators of a random channel, shape (m, d, d)."""
    columns = rng.normal(size=(n_operators * d, d)) + 1j * rng.normal(size=(n_operators * d, d))
    return np.linalg.qr(columns)[0].reshape(n_operators, d, d)


def _mixed(d, rng):
    """Return a random density matrix of full rank, shape (d, d)."""
    root = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    rho = root @ root.conj().T
    return rho / np.trace(rho).real


@apply_kraus.mistake("you multiply K rho K. The second factor is the conjugate transpose, K.conj().T.")
def no_dagger(kraus, rho):
    return sum(k @ rho @ k for k in kraus)


@apply_kraus.mistake("you transpose and do not conjugate: Y has imaginary entries. K.conj().T.")
def transposed_only(kraus, rho):
    return sum(k @ rho @ k.T for k in kraus)


@apply_kraus.mistake(
    "the dagger stands on the wrong side: K rho K^dagger, not K^dagger rho K. Flips do not care, a fall does."
)
def dagger_on_the_wrong_side(kraus, rho):
    return sum(k.conj().T @ rho @ k for k in kraus)


@apply_kraus.mistake(
    "that is the first operator only, one of the things that may have happened: sum over all."
)
def first_only(kraus, rho):
    return kraus[0] @ rho @ kraus[0].conj().T


@apply_kraus.mistake(
    "you add the operators and then apply the sum. The stories do not interfere: somebody could know which "
    "happened."
)
def amplitudes_added(kraus, rho):
    k = kraus.sum(0)
    return k @ rho @ k.conj().T


@apply_kraus.mistake(
    "that is one matrix for each operator. What may have happened is added up: return their sum."
)
def not_summed(kraus, rho):
    return np.array([k @ rho @ k.conj().T for k in kraus])


@apply_kraus.mistake("you weigh all terms alike. The chance of each stands already in the length of its K.")
def weighs_all_terms_alike(kraus, rho):
    terms = [k @ rho @ k.conj().T for k in kraus]
    return sum(term / np.trace(term) for term in terms) / len(kraus)


@apply_kraus.mistake("K† is the conjugate *transpose*: you conjugate only.")
def conjugated_only(kraus, rho):
    return sum(k @ rho @ k.conj() for k in kraus)


@apply_kraus.mistake(
    "you apply one operator after the other. They are what may have happened instead of each other: add."
)
def one_after_the_other(kraus, rho):
    for k in kraus:
        rho = k @ rho @ k.conj().T
    return rho


@apply_kraus.mistake(
    "you divide by the trace. Where only some operators are given it is below 1, and rightly: it is the chance that "
    "one of these happened."
)
def divides_by_the_trace(kraus, rho):
    after = sum(k @ rho @ k.conj().T for k in kraus)
    return after / np.trace(after)
