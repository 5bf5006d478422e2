"""Untrusted threshold."""

import numpy as np
from scipy.optimize import brentq

from qlearn.exercises import exercise

# TODO given name 'h' = <function binary_entropy at 0x7fbb6dea22a0>


@exercise(
    level="stretch",
    right=(
        "7.149 %: four points below the 11.0 % of trusted detectors, at rates that add no noise. Trust has its price."
    ),
    because="""
        Both prices rise steeply: at 7.149 % correction takes 0.37 bits and Eve may have 0.63. With trusted
        detectors she is charged $h(Q)$ alone, and the root is 11.0 %: whoever trusts nobody pays nearly twice for
        Eve.
    """,
)
def untrusted_threshold():
    r"""On a line with $S = 2\sqrt2\,(1-2Q)$ a key bit is worth $1 - h(Q) - \chi(S)$, with $\chi(S) =
    h\bigl((1+\sqrt{(S/2)^2-1})/2\bigr)$, when no device is trusted. At which Q does it reach zero? Five
    decimals. Given: `np`, `h`, `brentq` (`brentq(f, a, b)`); mind that $\chi$ needs S above 2.
    """

    def rate(q):
        s = 2 * np.sqrt(2) * (1 - 2 * q)
        return 1 - h(q) - h((1 + np.sqrt((s / 2) ** 2 - 1)) / 2)

    return brentq(rate, 0.001, 0.14)


@untrusted_threshold.mistake("as a share, please, not in per cent.")
def per_cent():
    return 7.14918


@untrusted_threshold.mistake(
    "11.0 % is where trusted detectors stop: there Eve is charged h(Q). Charge her chi(S)."
)
def with_trust():
    return brentq(lambda q: 1 - 2 * h(q), 0.001, 0.4)


@untrusted_threshold.mistake("at 14.6 % S reaches 2, and Eve may know all; but the rate is gone long before.")
def where_s_is_2():
    return (1 - np.sqrt(0.5)) / 2


@untrusted_threshold.mistake("1 - V is twice the error rate: S = 2 sqrt2 (1 - 2Q).")
def v_is_1_q():
    def rate(v):
        s = 2 * np.sqrt(2) * (1 - v)
        return 1 - h(v / 2) - h((1 + np.sqrt((s / 2) ** 2 - 1)) / 2)

    return brentq(rate, 0.001, 0.29)


@untrusted_threshold.mistake("Eve knows half a bit there; the correction must be paid as well: h(Q).")
def forgets_the_correction():
    def rate(q):
        s = 2 * np.sqrt(2) * (1 - 2 * q)
        return 0.5 - h((1 + np.sqrt((s / 2) ** 2 - 1)) / 2)

    return brentq(rate, 0.001, 0.14)
