"""The error rate at which a key without trust ends."""

from functools import partial

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import binary_entropy as h
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="stretch",
    same=partial(close, rel=0, abs=5e-6),  # five decimals are asked for
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
    h\bigl((1+\sqrt{(S/2)^2-1})/2\bigr)$, when no device is trusted. At which Q does it reach zero? As a
    share, five decimals. Given: `np`, `h`, `brentq` (`brentq(f, a, b)`); mind that $\chi$ needs S above 2.
    """

    def rate(q):
        s = 2 * np.sqrt(2) * (1 - 2 * q)
        return 1 - h(q) - h((1 + np.sqrt((s / 2) ** 2 - 1)) / 2)

    return brentq(rate, 0.001, 0.14)


def _eve(s):
    return h((1 + np.sqrt((s / 2) ** 2 - 1)) / 2)


@untrusted_threshold.mistake("as a share, please, not in per cent.")
def per_cent():
    return round(100 * untrusted_threshold(), 3)


@untrusted_threshold.mistake(
    "11.0 % is where trusted detectors stop: there Eve is charged h(Q). Charge her chi(S)."
)
def with_trust():
    return brentq(lambda q: 1 - 2 * h(q), 0.001, 0.4)


@untrusted_threshold.mistake("at 14.6 % S reaches 2, and Eve may know all; but the rate is gone long before.")
def where_s_is_2():
    return (1 - np.sqrt(0.5)) / 2


@untrusted_threshold.mistake("that is 1 - V, twice the error rate: S = 2 sqrt2 (1 - 2Q).")
def the_noise_not_the_errors():
    return 2 * untrusted_threshold()


@untrusted_threshold.mistake(
    "you took S = 2 sqrt2 (1 - Q): an error turns a right answer into a wrong one, 1 - 2Q."
)
def half_the_price_of_an_error():
    return brentq(lambda q: 1 - h(q) - _eve(2 * np.sqrt(2) * (1 - q)), 0.001, 0.29)


@untrusted_threshold.mistake("Eve knows half a bit there; the correction must be paid as well: h(Q).")
def forgets_the_correction():
    return brentq(lambda q: 0.5 - _eve(2 * np.sqrt(2) * (1 - 2 * q)), 0.001, 0.14)


@untrusted_threshold.mistake(
    "that is the visibility at which it ends; the error rate is asked for, (1 - V)/2."
)
def the_visibility():
    return 1 - 2 * untrusted_threshold()
