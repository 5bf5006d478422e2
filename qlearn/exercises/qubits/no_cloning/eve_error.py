"""Eve error."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "At 1 % of errors with Bob her own error rate is down from 50 % to 40 %: small disturbances pay best."
    ),
    because=r"""
        Asked in the right basis, a copy of fidelity $F$ errs with $1-F$. On a circle $F_1 = \tfrac12 +
        \sqrt{F_0(1-F_0)}$ and $F_0 = 1 - D$, so her error rate is $\tfrac12 - \sqrt{D(1-D)}$.
    """,
)
def eve_error(bob_error):
    """Eve clones the four states of BB84 with the best machine and asks her copy in the right basis. Write
    `eve_error(bob_error)`: the smallest error rate she can have when Bob's is `bob_error` (0 to 1/2).
    Given: `np`.
    """
    return 1 / 2 - np.sqrt(bob_error * (1 - bob_error))


@eve_error.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_eve_error of the old module
    yield ()


@eve_error.mistake(
    "for Bob's error rate 0.100 you give Eve 0.800: that is how often she is right. Her errors, please."
)
def how_often_she_is_right(bob_error):
    return 1 / 2 + np.sqrt(bob_error * (1 - bob_error))


@eve_error.mistake(
    "for Bob's error rate 0.100 you give Eve 0.300: that is what she gains over a coin. Take it from the coin's "
    "1/2."
)
def the_gain(bob_error):
    return np.sqrt(bob_error * (1 - bob_error))


@eve_error.mistake(
    "for Bob's error rate 0.100 you give Eve 0.244: the cloner for all states. BB84's lie on a circle, and she "
    "knows which."
)
def the_universal_cloner(bob_error):
    F = 1 - bob_error
    return F / 2 - np.sqrt((1 - F) * (3 * F - 1)) / 2


@eve_error.mistake(
    "for Bob's error rate 0.100 you give Eve 0.400: a straight line. Her gain starts like a square root, far "
    "steeper."
)
def a_straight_line(bob_error):
    return max(0, 1 / 2 - bob_error)


@eve_error.mistake(
    "for Bob's error rate 0.100 you give Eve 0.100: only where both copies are equal, at 14.6 %, is hers as bad "
    "as his."
)
def the_same_as_bob(bob_error):
    return bob_error


@eve_error.mistake("for Bob's error rate 0.100 you give Eve 0.410; 0.200 is what she can reach.")
def no_root(bob_error):
    return 1 / 2 - bob_error * (1 - bob_error)
