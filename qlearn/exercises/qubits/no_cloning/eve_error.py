"""What Eve knows of a qubit for the errors she makes."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "at 1 % of errors with Bob her own error rate is down from 50 % to 40 %: small disturbances pay best."
    ),
    because=r"""
        Asked in the right basis, a copy of fidelity $F$ errs with $1-F$. On a circle $F_1 = \tfrac12 +
        \sqrt{F_0(1-F_0)}$ and $F_0 = 1 - D$, so her error rate is $\tfrac12 - \sqrt{D(1-D)}$.
    """,
)
def eve_error(bob_error):
    """Eve clones the four states of BB84 with the best machine and asks her copy in the right basis. Return
    the smallest error rate she can have when Bob's is `bob_error` (0 to 1/2). Given: `np`.
    """
    return 1 / 2 - np.sqrt(bob_error * (1 - bob_error))


@eve_error.cases
def disturbances(rng):
    """None, the largest, that of equal copies, small ones and large ones."""
    yield (0.0,)
    yield (0.5,)
    yield (float(0.5 - np.sqrt(1 / 8)),)
    yield (0.01,)
    yield (float(rng.uniform(0.001, 0.05)),)
    yield (float(rng.uniform(0.05, 0.25)),)
    yield (float(rng.uniform(0.25, 0.45)),)


@eve_error.mistake("that is how often she is right. Her errors, please.")
def how_often_she_is_right(bob_error):
    return 1 / 2 + np.sqrt(bob_error * (1 - bob_error))


@eve_error.mistake("that is what she gains over a coin. Take it from the coin's 1/2.")
def the_gain(bob_error):
    return np.sqrt(bob_error * (1 - bob_error))


@eve_error.mistake(
    "the cloner for all states. BB84's lie on a circle, and she knows which: the best machine for them does better."
)
def the_universal_cloner(bob_error):
    F = 1 - bob_error
    return F / 2 - np.sqrt((1 - F) * (3 * F - 1)) / 2


@eve_error.mistake("a straight line. Her gain starts like a square root, far steeper.")
def a_straight_line(bob_error):
    return max(0, 1 / 2 - bob_error)


@eve_error.mistake("only where both copies are equal, at 14.6 %, is hers as bad as his.")
def the_same_as_bob(bob_error):
    return bob_error


@eve_error.mistake("at best she errs as seldom as 1/2 less D(1-D), you say: the root is missing.")
def no_root(bob_error):
    return 1 / 2 - bob_error * (1 - bob_error)


@eve_error.mistake(
    "a qubit cannot be cloned perfectly, but it can be cloned: she does not stay at the coin's 1/2."
)
def knows_nothing(bob_error):
    return 1 / 2


@eve_error.mistake(
    "she asks her copy after the bases are announced, so no factor 1/2 for a wrong basis is left."
)
def asks_in_the_wrong_basis_half_of_the_time(bob_error):
    return 1 / 2 - np.sqrt(bob_error * (1 - bob_error)) / 2
