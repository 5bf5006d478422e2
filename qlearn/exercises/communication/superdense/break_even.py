"""From which noise on the pair is worse than no pair."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=1e-5, abs=0),  # six digits are asked for
    right="the 11 % at which the key rate 1 - 2h of BB84 ends, too. It is the same entropy that both run out of.",
    because=r"""
        The flips are independent, so the pair's four weights are products and their entropy is $2h(e)$, where $h$ is
        the entropy of one bit. $C = 2 - 2h(e)$ is 1 where $h(e) = 1/2$: $e = 0.110028$. The key rate of BB84 with such
        errors, $1 - 2h(e)$, is $C - 1$. (Two-way steps, or noise that Alice adds, take a key a little further.)
    """,
)
def break_even():
    """Each pair phi+ suffers a bit flip (X) with chance e and, independently, a phase flip (Z) with chance e. Up
    to which e does superdense coding with it carry more than the 1 bit of a bare qubit on the same clean line?
    To six digits or more. Given: `np`.
    """
    low, high = 0.0, 0.5
    for _ in range(60):
        e = (low + high) / 2
        entropy = -2 * (e * np.log2(e) + (1 - e) * np.log2(1 - e))
        low, high = (e, high) if 2 - entropy > 1 else (low, e)
    return low


def _where(noise):
    """Find the e at which this entropy of the noise is 1, or whatever it is asked to be."""
    low, high = 1e-12, 0.5
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if noise(middle) < 1 else (low, middle)
    return low


def _entropy(*weights):
    p = np.array(weights)
    return -(p * np.log2(p)).sum()


@break_even.mistake("that is where *nothing* is left, 2 - 2h(e) = 0. The rival carries 1 bit.")
def until_nothing_is_left():
    return 0.5


@break_even.mistake(
    "0.189 is the 1 - F at which a Werner pair breaks even; here the two flips are independent."
)
def of_a_werner_pair():
    return _where(lambda e: _entropy(1 - e, e / 3, e / 3, e / 3))


@break_even.mistake(
    "you took three errors, each with chance e. Both flips at once have the chance e squared, no flip (1 - e) squared."
)
def three_times_e():
    return _where(lambda e: _entropy(1 - 3 * e, e, e, e) if e < 1 / 3 else 2)


@break_even.mistake(
    "you left out that both flips may happen at once, with e squared: the four weights are products."
)
def two_errors():
    return _where(lambda e: _entropy(1 - 2 * e, e, e) if e < 0.5 - 1e-9 else 2)


@break_even.mistake(
    "there the pair is no longer entangled, (1 - e) squared = 1/2; its entropy passes 1 bit earlier."
)
def until_no_entanglement():
    return 1 - np.sqrt(0.5)


@break_even.mistake("you solved h(e) = 1/4: the rate 2 - 2h(e) has to fall from 2 to 1, so h(e) = 1/2.")
def a_quarter():
    return _where(lambda e: 4 * _entropy(1 - e, e))
