"""How many of the lit pulses hold several photons."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="warm-up",
    same=partial(close, rel=1.3e-3, abs=0),  # three digits are asked for
    right=(
        "0.0902 of all pulses, 0.3935 are lit: 0.2293. More than every fifth lit pulse has a photon to spare."
    ),
    because=r"""
        $P(0) = e^{-\mu}$ and $P(1) = \mu e^{-\mu}$, so two or more have $1 - (1+\mu)e^{-\mu} = 0.0902$ of all
        pulses, and 0.3935 are lit. For faint light the ratio is $\mu/2$; here it is 0.2293.
    """,
)
def several():
    """A pulse has 0.5 photons on average. Of the pulses that are not empty, which share holds two photons
    or more? To three digits, as a share between 0 and 1.
    """
    return (1 - 1.5 * np.exp(-0.5)) / (1 - np.exp(-0.5))


@several.mistake("that is the share of all pulses; most pulses are empty. Of those that hold any photon?")
def of_all_pulses():
    return 1 - 1.5 * np.exp(-0.5)


@several.mistake(
    "half of mu is the first term of the series, good for faint pulses. At 0.5 it is 10 % off: divide the two "
    "sums."
)
def first_term():
    return 0.25


@several.mistake("that is the share of pulses with exactly one photon.")
def exactly_one():
    return 0.5 * np.exp(-0.5)


@several.mistake(
    "that is the share of pulses with exactly two photons. Three are as good for Eve, and divide by the lit."
)
def exactly_two():
    return 0.125 * np.exp(-0.5)


@several.mistake(
    "that is the share of exactly two among the lit pulses. Three photons are more than two, too."
)
def exactly_two_of_the_lit():
    return 0.125 * np.exp(-0.5) / (1 - np.exp(-0.5))


@several.mistake("that is the share of single photons among the lit pulses. Eve asks for the others.")
def the_single_ones():
    return 0.5 * np.exp(-0.5) / (1 - np.exp(-0.5))


@several.mistake("that is the share of pulses that hold any photon at all.")
def the_lit_ones():
    return 1 - np.exp(-0.5)


@several.mistake("as a share, please: 1 is all of them.")
def per_cent():
    return 100 * several()
