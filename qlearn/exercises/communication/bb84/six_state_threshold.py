"""The error rate at which the six-state protocol ends."""

import numpy as np
from scipy.optimize import brentq

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="12.6 %: a third basis buys the parties one and a half points of noise.",
    because=r"""
        The rate is 1 minus the entropy of the four Bell states with weights $1-\tfrac{3e}{2}$ and three times
        $\tfrac e2$. BB84 knows two bases only and must fear the worst for the third: $1-2h(e)$ reaches 0 at 11.0 %;
        here the third is measured, and the root is 12.6 %. Both are roots of this way of paying: structured codes
        and added noise go further.
    """,
)
def six_state_threshold():
    r"""In the six-state protocol the errors of all three bases are known, and the rate is $r = 1 +
    \tfrac{3e}{2}\log_2\tfrac{e}{2} + (1-\tfrac{3e}{2})\log_2(1-\tfrac{3e}{2})$. At which error rate
    does it reach zero? Given: `np`, `brentq` (a root finder: `brentq(f, a, b)`).
    """

    def rate(e):
        return 1 + 1.5 * e * np.log2(e / 2) + (1 - 1.5 * e) * np.log2(1 - 1.5 * e)

    return brentq(rate, 0.01, 0.3)


@six_state_threshold.mistake("as a share, please, not in per cent.")
def per_cent():
    return 12.6193


@six_state_threshold.mistake("this is the threshold of BB84. Put the rate of the six-state protocol to zero.")
def bb84():
    return 0.110028


@six_state_threshold.mistake(
    "you solved for 3e/2, the weight of the three errors together; e is two thirds of it."
)
def the_three_errors_together():
    return 1.5 * 0.126193


@six_state_threshold.mistake(
    "at an end of the interval the logarithm stops, not the key: bracket the root inside."
)
def an_end_of_the_interval():
    return 2 / 3
