"""Teleportation with one of the two bits lost."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="2/3: with one bit of the two, the pair is worth no more than measuring and telling.",
    because=r"""
        Half of the time z = 0 and nothing is missing. Otherwise Bob holds $Z|\psi\rangle$, and
        $|\langle\psi|Z|\psi\rangle|^2 = \cos^2\theta$ averages to 1/3 over the sphere, because $\cos^2$ of the
        three axes sums to 1. In short: process fidelity 1/2, and $(2\cdot\tfrac12+1)/3 = 2/3$.
    """,
)
def missing_bit():
    r"""The bit z is lost on the way; Bob applies $X^x$ and never Z. What is his fidelity, averaged over all
    states $\psi$ of the Bloch sphere? Compute it by hand, exactly: $\langle\psi|Z|\psi\rangle =
    \cos\theta$.
    """
    return 1 / 2 + 1 / 2 * 1 / 3


@missing_bit.mistake(
    "3/4 takes a wrong sign for a fidelity of 1/2. Average cos²θ over the sphere, not over the circle: 1/3."
)
def averages_over_a_circle():
    return 1 / 2 + 1 / 2 * 1 / 2


@missing_bit.mistake(
    "1/2 takes a wrong sign for a lost state. Z moves some states not at all: average over all."
)
def calls_it_lost():
    return 1 / 2


@missing_bit.mistake(
    "1 would need both bits: half of the time Bob should have applied Z and does not know it."
)
def forgets_the_loss():
    return 1.0


@missing_bit.mistake("1/3 is what he has where z was 1. Half of the time it was 0, and nothing is missing.")
def only_where_it_is_missing():
    return 1 / 3


@missing_bit.mistake(
    "1/6 is the part with z = 1 alone: add the half of the time in which nothing is missing."
)
def half_of_the_missing_part():
    return 1 / 2 * 1 / 3


@missing_bit.mistake(
    "5/6 counts a wrong sign for half of the time that it happens: z is 1 every second time."
)
def a_sign_every_fourth_time():
    return 3 / 4 + 1 / 4 * 1 / 3
