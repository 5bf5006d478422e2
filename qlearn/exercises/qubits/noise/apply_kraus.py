"""Apply kraus."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="A sum of what may have happened, each with its chance in the length of K.",
    because=r"""
        $\mathcal E(\rho) = \sum_k K_k \rho K_k^\dagger$, word by word.
    """,
)
def apply_kraus(kraus, rho):
    """Write `apply_kraus(kraus, rho)`: the operators, shape (m, d, d), and a density matrix go in, the
    density matrix after the channel comes out. One line of NumPy is enough; `channel.apply` is not
    allowed.
    """
    return sum(k @ rho @ k.conj().T for k in kraus)


@apply_kraus.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_apply_kraus of the old module
    yield ()


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
    "that is the first operator only: one of the things that may have happened. Sum over all."
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


@apply_kraus.mistake("return one matrix of shape (2, 2), not (2, 2, 2): add the terms up.")
def not_summed(kraus, rho):
    return np.array([k @ rho @ k.conj().T for k in kraus])
