"""Bob before."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import density

# TODO given name 'X' = array([[0.+0.j, 1.+0.j],
# TODO given name 'Z' = array([[ 1.+0.j,  0.+0.j],


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
    """Write `bob_before(state)`: the density matrix, shape (2, 2), of Bob's qubit after Alice's
    measurement, but before she calls. Build it from the four terms of the sum. Given: `np`, `X`, `Z`,
    `density`.
    """
    terms = [state, X @ state, Z @ state, X @ Z @ state]
    return sum(density(term) for term in terms) / 4


@bob_before.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_bob_before of the old module
    yield ()


@bob_before.mistake(
    "this is the state that Alice sent. Bob gets it only after the call; before, the four terms mix."
)
def the_state_itself(state):
    return density(state)


@bob_before.mistake("you mixed two terms (z). The bit x is unknown to Bob too: mix all four.")
def only_the_signs(state):
    return (density(state) + density(Z @ state)) / 2


@bob_before.mistake(
    "the diagonal is right, but beside it stands 0.056: the bit z, a sign, is unknown to Bob too."
)
def only_the_flips(state):
    return (density(state) + density(X @ state)) / 2


@bob_before.mistake("the trace is 4: weigh each of the four terms with its probability, 1/4.")
def forgets_the_probability(state):
    return sum(density(term) for term in [state, X @ state, Z @ state, X @ Z @ state])


@bob_before.mistake("this is a pure state: you added vectors. What is unknown mixes as density matrices.")
def adds_the_vectors(state):
    total = state + X @ state + Z @ state + X @ Z @ state
    return density(total / np.linalg.norm(total))
