"""How many arriving pulses are asked in their own basis."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="the bases are chosen without knowing of each other, so chances multiply; then they are summed over the bases.",
    because=r"""
        Both choose basis $b$ with the chance $p^A_b\,p^B_b$, and the ways to agree exclude each other. Three bases, equally
        often, keep a third; two keep half; nine tenths in Z keep more than four fifths. What stays is not all key: the rarer
        basis only tests.
    """,
)
def sifted_share(alice, bob):
    """`alice` and `bob` are arrays: how often each of them chooses each basis, in the same order, as shares that sum
    to 1. They choose independently. Return the share of the arriving pulses in which the two bases agree. Given: `np`.
    """
    return np.sum(alice * bob)


@sifted_share.cases
def choices(rng):
    """Two and three bases, equal and unequal choices, one basis alone, and choices that never meet."""
    yield np.array([0.5, 0.5]), np.array([0.5, 0.5])
    yield np.array([0.9, 0.1]), np.array([0.9, 0.1])
    yield np.array([1.0]), np.array([1.0])
    yield np.array([1.0, 0.0]), np.array([0.0, 1.0])
    for bases in (2, 3, 3, 4):
        yield rng.dirichlet(np.ones(bases)), rng.dirichlet(np.ones(bases))


@sifted_share.mistake("you square Alice's choice: Bob has a choice of his own.")
def squares_alice(alice, bob):
    return np.sum(alice**2)


@sifted_share.mistake("you square Bob's choice: Alice has a choice of her own.")
def squares_bob(alice, bob):
    return np.sum(bob**2)


@sifted_share.mistake("this takes all bases as equally often: their shares are given.")
def equal_choices(alice, bob):
    return 1 / len(alice)


@sifted_share.mistake("one basis alone: add up all in which they can meet.")
def first_basis_alone(alice, bob):
    return alice[0] * bob[0]


@sifted_share.mistake("this is the share that is thrown away.")
def thrown_away(alice, bob):
    return 1 - np.sum(alice * bob)


@sifted_share.mistake("an array of one share a basis: add them up.")
def not_summed(alice, bob):
    return alice * bob


@sifted_share.mistake(
    "chances of two things that must both happen multiply; the smaller of the two is too much."
)
def the_smaller(alice, bob):
    return np.sum(np.minimum(alice, bob))
