"""The entanglement entropy of a pure pair."""

import sys

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.qubits import bell_state, entropy, partial_trace, random_state


@exercise(
    level="core",
    right="reshape, singular values, entropy of their squares: the whole of it in three lines.",
    because="""
        Write the amplitudes as a matrix, rows Alice's bit and columns Bob's. Its singular values are the Schmidt
        coefficients, their squares the eigenvalues of either half, and the entropy of these is what either half
        lacks alone.
    """,
)
def entanglement_of(state):
    """Without the library: the four amplitudes of a pure pair go in. Return its entanglement entropy in bits.
    Given: `np`.
    """
    c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)
    p = (c**2)[c > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.cases
def pairs(rng):
    """Bell pairs, pairs less entangled, products, in any bases and in the plain one; amplitudes of 0 among them."""
    yield (bell_state(str(rng.choice(["phi+", "phi-", "psi+", "psi-"]))),)
    yield (rng.permutation([0, 0, 0, 1.0 + 0j]),)
    t = rng.uniform(0.2, 0.6)
    yield (np.array([np.cos(t), 0, 0, 1j * np.sin(t)]),)
    yield (np.kron(*random_state(1, size=2, rng=rng)),)
    yield (np.kron([0.6, 0.8], [np.cos(t), np.sin(t)]),)
    yield from random_state(2, size=(2, 1), rng=rng)


@entanglement_of.grader
def without_help(answer, rng):
    """See to it that the library is not called."""
    state, called = random_state(2, rng=rng), set()

    def watch(frame, event, argument):
        if event == "call":
            called.add(str(frame.f_globals.get("__name__", "")))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        answer(state)
    finally:
        sys.setprofile(before)
    if any(module.startswith("qlearn.qubits") for module in called):
        return Verdict.wrong(
            "right, and the library has done it for you: with `np` alone, from the matrix of the four amplitudes."
        )
    return None


@entanglement_of.mistake()
def the_library(state):
    return entropy(partial_trace(state, 0))


@entanglement_of.mistake("that is in nats: take the logarithm to base 2.")
def natural_logarithm(state):
    return entanglement_of(state) * np.log(2)


@entanglement_of.mistake("the probabilities are the *squares* of the Schmidt coefficients.")
def not_squared(state):
    c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)
    p = c[c > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.mistake(
    "you give the entropy of the four outcomes. Products have that, too, and are not entangled: reshape the amplitudes to "
    "(2, 2) and take singular values."
)
def entropy_of_the_outcomes(state):
    p = np.abs(state) ** 2
    p = p[p > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.mistake(
    "you give the entropy of what one half says when it is asked Z. That depends on the basis: a product may say either, "
    "and is not entangled. Take the eigenvalues of the half."
)
def entropy_of_one_outcome(state):
    p = (np.abs(state.reshape(2, 2)) ** 2).sum(1)
    p = p[p > 1e-12]
    return -np.sum(p * np.log2(p))


@entanglement_of.mistake("you give 0, the entropy of the pair as a whole. Look at one half.")
def of_the_whole(state):
    return 0.0


@entanglement_of.mistake(
    "that is both halves together, 2 bits for a Bell pair. One half is what is asked for."
)
def of_both_halves(state):
    return 2 * entanglement_of(state)


@entanglement_of.mistake("that is the concurrence, 2 c1 c2. The entropy is asked for, in bits.")
def the_concurrence(state):
    return 2 * abs(state[0] * state[3] - state[1] * state[2])


@entanglement_of.mistake("that is the concurrence, squared: the tangle. The entropy is asked for, in bits.")
def the_tangle(state):
    return 4 * abs(state[0] * state[3] - state[1] * state[2]) ** 2


@entanglement_of.mistake("the sign: a logarithm of a chance is negative, an entropy is not.")
def without_the_minus(state):
    return -entanglement_of(state)


@entanglement_of.mistake("you give nan for a product: 0 log 0 counts as 0. Drop the zeros first.")
def zeros_kept(state):
    p = np.linalg.svd(state.reshape(2, 2), compute_uv=False) ** 2
    with np.errstate(all="ignore"):
        return -np.sum(p * np.log2(p))
