"""Which half should travel."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.qubits import entropy, partial_trace, random_state
from qlearn.qubits.noise import amplitude_damping, phase_flip


@exercise(
    level="stretch",
    right="the half that stays should be the even one: what it lacks in entropy, the message lacks in room.",
    because=r"""
        Both directions pay the same $S(\rho_{AB})$. Alice's turns make her half even, so the mean state has the
        entropy $1 + S(\rho_B)$: the half that *stays* counts. If it has decayed to $|0\rangle$ there is nothing to
        be correlated with. And whoever has a pair that is worth less than 1 need not use it.
    """,
)
def either_way(rho):
    """A pair with the density matrix `rho`, shape (4, 4), Alice's half first. The line is clean, and she may
    use the pair by unitary turns of her half or send a fresh qubit in its place, whichever carries more. Return
    the bits a qubit from Alice to Bob, and, if he does the same, from Bob to Alice, as a tuple. Given: `np`,
    `entropy` and `partial_trace(rho, keep=...)`.
    """
    noise = entropy(rho)
    to_bob = 1 + entropy(partial_trace(rho, keep=1)) - noise
    to_alice = 1 + entropy(partial_trace(rho, keep=0)) - noise
    return max(1, to_bob), max(1, to_alice)


@either_way.cases
def pairs(rng):
    """Halves of unequal quality, as they decay or turned; one direction or both worth using the pair, or neither."""
    phi = np.sqrt([0.5, 0, 0, 0.5])
    for gamma, side in ((rng.uniform(0.05, 0.3), 0), (rng.uniform(0.05, 0.3), 1), (rng.uniform(0.6, 0.9), 1)):
        yield (amplitude_damping(gamma).apply(phi, side),)
        yield (phase_flip(rng.uniform(0.01, 0.1)).apply(amplitude_damping(gamma).apply(phi, side), 0),)
    for gammas, turn in ((0.05, 0.15), False), ((0.2, 0.02), True):
        pair = amplitude_damping(gammas[1]).apply(amplitude_damping(gammas[0]).apply(phi, 0), 1)
        if turn:
            turns = [np.array([[a, -b.conj()], [b, a.conj()]]) for a, b in random_state(1, size=2, rng=rng)]
            pair = np.kron(*turns) @ pair @ np.kron(*turns).conj().T
        yield (pair,)
    yield (np.eye(4) / 4 + rng.uniform(0.1, 0.2) * np.diag([1, 0, 0, -1]) / 4,)


def _both(rho, *, least=1.0, halves=(1, 0)):
    noise = entropy(rho)
    return tuple(max(least, 1 + float(entropy(partial_trace(rho, keep=k)) - noise)) for k in halves)


@either_way.mistake(
    "exchanged: for a qubit from Alice to Bob the entropy of *Bob's* half counts, the one that stays."
)
def the_half_that_travels(rho):
    return _both(rho, halves=(0, 1))


@either_way.mistake("a pair that is worth less than 1 need not be used: she may send a fresh qubit, 1 bit.")
def forgets_the_fresh_qubit(rho):
    return _both(rho, least=-9.0)


@either_way.mistake("both directions come out alike: the half that stays is another one each time.")
def one_direction_for_both(rho):
    return (_both(rho)[0],) * 2


@either_way.mistake("you count the half that stays as even, 1 bit: a damped half has less.")
def takes_halves_as_even(rho):
    noise = float(entropy(rho))
    return (max(1.0, 2 - noise),) * 2


@either_way.mistake(
    "this is the information that the pair itself holds, S(A) + S(B) - S(AB). Her turns make the half that travels "
    "even: put 1 for its entropy."
)
def mutual_information(rho):
    total = float(sum(entropy(partial_trace(rho, keep=k)) for k in (0, 1)) - entropy(rho))
    return (max(1.0, total),) * 2


@either_way.mistake("1 is missing: turned by four evenly drawn turns, the half that travels adds one bit.")
def coherent_information(rho):
    noise = float(entropy(rho))
    return tuple(max(1.0, float(entropy(partial_trace(rho, keep=k))) - noise) for k in (1, 0))
