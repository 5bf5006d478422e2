"""Entanglement of."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Reshape, singular values, entropy of their squares: the whole of it in three lines.",
    because="""
        Write the amplitudes as a matrix, rows Alice's bit and columns Bob's. Its singular values are the Schmidt
        coefficients, their squares the eigenvalues of either half, and the entropy of these is what either half
        lacks alone.
    """,
)
def entanglement_of(state):
    """Without the library: write `entanglement_of(state)`, which takes the four amplitudes of a pure pair
    and returns its entanglement entropy in bits. Given: `np`.
    """
    c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)
    p = (c**2)[c > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_entanglement_of of the old module
    yield ()


@entanglement_of.mistake("that is in nats: take the logarithm to base 2.")
def natural_logarithm(state):
    c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)
    p = (c**2)[c > 1e-12]
    return -np.sum(p * np.log(p))


@entanglement_of.mistake("the probabilities are the *squares* of the Schmidt coefficients.")
def not_squared(state):
    c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)
    p = c[c > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.mistake(
    "for [0.48, 0.36, 0.64, 0.48] you give 1.8854, the entropy of four outcomes. Products have that, too, and are"
    " not entangled: reshape the amplitudes to (2, 2) and take singular values."
)
def entropy_of_the_outcomes(state):
    p = np.abs(state) ** 2
    p = p[p > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.mistake(
    "for [0j, (0.71+0j), (-0.71+0j), 0j] you give 0, the entropy of the pair as a whole. Look at one half."
)
def of_the_whole(state):
    p = np.linalg.eigvalsh(np.outer(state, state.conj()))
    p = p[p > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.mistake("0.9600 is the concurrence, 2 c1 c2. The entropy is asked for, in bits.")
def the_concurrence(state):
    return 2 * abs(state[0] * state[3] - state[1] * state[2])


@entanglement_of.mistake(
    "for [0.48, 0.36, 0.64, 0.48] you give nan: 0 log 0 counts as 0. Drop the zeros first."
)
def zeros_kept(state):
    p = np.linalg.svd(state.reshape(2, 2), compute_uv=False).round(9) ** 2
    with np.errstate(all="ignore"):
        return -np.sum(p * np.log2(p))
