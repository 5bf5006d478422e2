"""What is left of a key whose bits were chosen by their errors."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="errors vanish as ones get rare, and so does the key: what everybody expects is no secret.",
    because=r"""
        Bob finds a 1 with $q(1-\gamma)$; knowing the bit, he is unsure by $q\,h(\gamma)$, so $I(A{:}B) = h(q(1-\gamma)) -
        q\,h(\gamma)$. Eve finds the lost photon with $q\gamma$, and knowing the bit she is unsure by the same:
        $I(A{:}E) = h(q\gamma) - q\,h(\gamma)$. The difference is $h(q(1-\gamma)) - h(q\gamma)$. A learner who is paid for few
        errors sends no ones: no errors, no secret.
    """,
)
def leaking_choice(q, gamma):
    """A state of Alice's errs more often than the other, so a model sends it less: a 1 with probability `q`, which
    everybody knows. A 1 becomes a 0 with probability `gamma`, and then, and only then, Eve holds the photon that was
    lost; a 0 arrives as it is. Return the error rate, and the secret bits per bit sent, I(A:B) - I(A:E), never below 0:
    a tuple of two numbers. Given: `np`.
    """

    def h(p):
        return 0.0 if p in (0, 1) else -p * np.log2(p) - (1 - p) * np.log2(1 - p)

    return q * gamma, max(0.0, h(q * (1 - gamma)) - h(q * gamma))


@leaking_choice.cases
def choices(rng):
    """Fair coins, rare ones, rare zeros; small damping, half of it, more than half; the edges."""
    for q in (0.5, 0.1, 0.9, float(rng.uniform(0, 1))):
        for gamma in (0.05, float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.5, 1))):
            yield q, gamma
    yield 0.0, 0.2
    yield 1.0, 0.2
    yield 0.5, 0.0
    yield 0.3, 1.0


def _h(p):
    return 0.0 if p in (0, 1) else -p * np.log2(p) - (1 - p) * np.log2(1 - p)


@leaking_choice.mistake(
    "this is the formula of a fair coin and errors of both kinds, 1 - 2h(e). Bits that are not fair hold less than 1 bit each."
)
def as_if_fair(q, gamma):
    e = q * gamma
    return e, max(0.0, 1 - 2 * _h(e))


@leaking_choice.mistake("you pay for the errors and forget Eve, who holds each photon that was lost.")
def without_eve(q, gamma):
    return q * gamma, max(0.0, _h(q * (1 - gamma)) - q * _h(gamma))


@leaking_choice.mistake(
    "Bob's information: from the entropy of what he finds take what he is unsure of, and Eve's from hers."
)
def entropy_of_alice(q, gamma):
    return q * gamma, max(0.0, _h(q) - _h(q * gamma))


@leaking_choice.mistake("only ones can be lost: the error rate is that of the ones, times their share.")
def errors_of_ones(q, gamma):
    return gamma, max(0.0, _h(q * (1 - gamma)) - _h(q * gamma))


@leaking_choice.mistake("below zero there is no key: 0, not less.")
def below_zero(q, gamma):
    return q * gamma, _h(q * (1 - gamma)) - _h(q * gamma)


@leaking_choice.mistake("these are nats: bits take the logarithm to base 2.")
def nats(q, gamma):
    return q * gamma, max(0.0, _h(q * (1 - gamma)) - _h(q * gamma)) * np.log(2)


@leaking_choice.mistake("the two numbers are exchanged: the error rate comes first.")
def exchanged(q, gamma):
    return max(0.0, _h(q * (1 - gamma)) - _h(q * gamma)), q * gamma


@leaking_choice.mistake("q is the share of ones, which err. You took it for that of the zeros.")
def zeros_for_ones(q, gamma):
    q = 1 - q
    return q * gamma, max(0.0, _h(q * (1 - gamma)) - _h(q * gamma))
