"""What Bob holds before the call."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import density, random_state


@exercise(
    level="core",
    right="The four terms average to 1/2 times the identity for every state: the pair alone says nothing.",
    because=r"""
        The four outcomes are equally likely and Bob does not know which one came, so he mixes *density matrices*,
        with $\tau$ for the state that was sent: $\tfrac14(\tau + X\tau X + Z\tau Z + XZ\tau ZX) = \tfrac12\mathbb
        1$. On the Bloch sphere: four arrows that add up to zero.
    """,
)
def bob_before(state):
    """Return the density matrix, shape (2, 2), of Bob's qubit after Alice's measurement of `state`, two
    amplitudes, but before she calls. Build it from the four terms of the sum. Given: `np`, `density`
    (and the matrices: X is `np.array([[0, 1], [1, 0]])`, Z is `np.diag([1, -1])`).
    """
    X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    terms = [state, X @ state, Z @ state, X @ Z @ state]
    return sum(density(term) for term in terms) / 4


@bob_before.cases
def states(rng):
    """Any state, and some on the axes, where two of the terms are the same."""
    for state in random_state(1, size=4, rng=rng):
        yield (state,)
    phase = np.exp(2j * np.pi * rng.random())
    yield (phase * np.array([0, 1]),)
    yield (phase * np.array([1, -1]) / np.sqrt(2),)
    yield (phase * np.array([1, 1j]) / np.sqrt(2),)


def _terms(state):
    X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    return np.array([state, X @ state, Z @ state, X @ Z @ state])


@bob_before.mistake(
    "this is the state that Alice sent. Bob gets it only after the call; before, the four terms mix."
)
def the_state_itself(state):
    return density(state)


@bob_before.mistake("you mixed two terms (z). The bit x is unknown to Bob too: mix all four.")
def only_the_signs(state):
    return density(_terms(state)[[0, 2]]).mean(0)


@bob_before.mistake(
    "the diagonal is right, but beside it something is left: the bit z, a sign, is unknown to Bob too."
)
def only_the_flips(state):
    return density(_terms(state)[[0, 1]]).mean(0)


@bob_before.mistake("you mixed three terms: z and x may both be 1.")
def without_the_last_term(state):
    return density(_terms(state)[:3]).mean(0)


@bob_before.mistake("the trace is 4: weigh each of the four terms with its probability, 1/4.")
def forgets_the_probability(state):
    return density(_terms(state)).sum(0)


@bob_before.mistake("the trace is 2: 1/2 is the *amplitude* of a term; its probability is the square, 1/4.")
def amplitudes_for_probabilities(state):
    return density(_terms(state)).sum(0) / 2


@bob_before.mistake("this is a pure state: you added vectors. What is unknown mixes as density matrices.")
def adds_the_vectors(state):
    total = _terms(state).sum(0)
    return np.outer(total, total.conj()) / np.vdot(total, total).real


@bob_before.mistake(
    "you added vectors and divided by 4. What is unknown mixes as density matrices, each of them a state."
)
def averages_the_vectors(state):
    mean = _terms(state).mean(0)
    return np.outer(mean, mean.conj())


@bob_before.mistake(
    "the second vector of each product has to be conjugated: density(term), or np.outer(term, term.conj())."
)
def forgets_the_conjugate(state):
    return np.mean([np.outer(term, term) for term in _terms(state)], axis=0)


@bob_before.mistake(
    "a density matrix is asked for, shape (2, 2): these are its eigenvalues, or its diagonal."
)
def the_diagonal(state):
    return np.array([0.5, 0.5])
