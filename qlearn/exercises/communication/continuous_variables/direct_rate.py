"""What is left of a key that Bob corrects to Alice's record."""

import numpy as np

from qlearn.communication import continuous_variables as cv
from qlearn.communication.continuous_variables import mode_entropy as g
from qlearn.exercises import exercise


@exercise(
    level="project",
    right=(
        "Below half of the light Eve's copy is the better one, and Alice's record is hers. Bob's is not: that is the "
        "whole point of turning the reconciliation round."
    ),
    because=r"""
        Bright light makes $g(\nu) - g(\sqrt\nu)$ approach $\tfrac12\log_2 \nu$, what Eve would know by measuring,
        and the two logarithms are equal at $T = 1 - T$: 3 dB, 15 km of fibre. For dimmer light the limit comes
        earlier. In the reverse direction there is no such limit, because Eve knows Alice's centre better than Bob's
        noise, which he alone has seen.
    """,
)
def direct_rate(transmittance, modulation_variance):
    r"""What if Alice's record is the key and Bob corrects his to it (*direct* reconciliation)? Take a line
    that only loses light, a perfect homodyne detector and a perfect code. Return $I_{AB} - \chi_{AE}$ in bits,
    negative values included, with $\chi_{AE} = S(E) - S(E|x)$. Eve holds one mode, the light that is
    lost: thermal, both variances $1 + (1-T)V_A$; if Alice's x is known, its x has variance 1 and its p
    what it had. Then look for the transmittance where it becomes negative, for brighter and brighter
    light. Given: `np`, and `g(nu)` as before.
    """
    known = np.log2(1 + transmittance * modulation_variance) / 2
    lost = 1 + (1 - transmittance) * modulation_variance
    return known - (g(lost) - g(np.sqrt(1 * lost)))


@direct_rate.cases
def lines(rng):
    """All the light arrives, almost none does, half of it; dim light and bright; rates of either sign."""
    yield from ((0.9, 4.0), (1.0, 10.0), (0.4, 10.0), (0.5, 200.0))
    for _ in range(8):
        yield float(rng.uniform(0.02, 0.98)), float(10 ** rng.uniform(-1, 2))


@direct_rate.mistake(
    "when Alice's x is known Eve's p is still uncertain: one variance falls to 1, not both. Subtract what is "
    "left."
)
def knows_both_quadratures(transmittance, modulation_variance):
    known = np.log2(1 + transmittance * modulation_variance) / 2
    return known - g(1 + (1 - transmittance) * modulation_variance)


@direct_rate.mistake("Eve gets the light that Bob does not: 1 - T of it.")
def the_share_of_bob(transmittance, modulation_variance):
    known = np.log2(1 + transmittance * modulation_variance) / 2
    nu = 1 + transmittance * modulation_variance
    return known - (g(nu) - g(np.sqrt(nu)))


@direct_rate.mistake(
    "this Eve measures each pulse by itself. One who keeps them all and measures together knows up to Holevo's "
    "bound."
)
def individual_attack(transmittance, modulation_variance):
    known = np.log2(1 + transmittance * modulation_variance) / 2
    return known - np.log2(1 + (1 - transmittance) * modulation_variance) / 2


@direct_rate.mistake("here the sign is asked for: below which transmittance is the raw difference negative?")
def clipped(transmittance, modulation_variance):
    known = np.log2(1 + transmittance * modulation_variance) / 2
    nu = 1 + (1 - transmittance) * modulation_variance
    return max(0, known - (g(nu) - g(np.sqrt(nu))))


@direct_rate.mistake("this is the reverse direction, where Bob's record is the key. Here it is Alice's.")
def reverse(transmittance, modulation_variance):
    line = {"modulation_variance": modulation_variance, "excess_noise": 0}
    return cv.mutual_information(transmittance, **line) - cv.holevo_bound(transmittance, **line)


@direct_rate.mistake(
    "a homodyne detector reads one quadrature: Alice and Bob share half the logarithm of 1 + SNR."
)
def both_quadratures_read(transmittance, modulation_variance):
    lost = 1 + (1 - transmittance) * modulation_variance
    return np.log2(1 + transmittance * modulation_variance) - (g(lost) - g(np.sqrt(lost)))


@direct_rate.mistake(
    "the eigenvalue of what is left is the *root* of the product of the two variances: take it before g."
)
def no_root(transmittance, modulation_variance):
    lost = 1 + (1 - transmittance) * modulation_variance
    return np.log2(1 + transmittance * modulation_variance) / 2 - (g(lost) - g(1 * lost))
