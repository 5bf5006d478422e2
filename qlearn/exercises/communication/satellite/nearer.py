"""What half the distance is worth."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="warm-up",
    same=partial(close, rel=0, abs=0.05),  # by hand: 6 dB
    stub="nearer = ...  # dB\n",
    right="6 dB: four times as many photons. In fibre 600 km less would be 120 dB, a factor of 10^12.",
    because="""
        The spot's diameter is proportional to the distance, its area to the square. A telescope of fixed size
        catches four times as much at half the distance: 6.02 dB.
    """,
)
def nearer():
    """A satellite comes from 1200 km to 600 km. Its beam is far wider than the telescope at either
    distance. How many decibel does the spreading of the beam cost less? By hand.
    """
    return 10 * np.log10(2**2)


@nearer.mistake(
    "3 dB are a factor of 2. The beam is half as wide in *two* directions: a factor of 4 in area."
)
def one_direction_only():
    return 10 * np.log10(2)


@nearer.mistake("nearer is brighter: say it as a gain, a positive number.")
def sign():
    return -20 * np.log10(2)


@nearer.mistake("that is fibre, 0.2 dB for each km. Empty space absorbs nothing; the beam only spreads.")
def fibre():
    return 600 * 0.2


@nearer.mistake("a factor of 4, yes; in decibel that is 10 log10 of it.")
def a_factor_not_decibel():
    return 4


@nearer.mistake("12 dB are a factor of 16. The width halves, the area quarters: 10 log10(4).")
def fourth_power():
    return 40 * np.log10(2)


@nearer.mistake("decibels are 10 times the logarithm to base *ten*.")
def natural_logarithm():
    return 10 * np.log(4)


@nearer.mistake("that is log10 of the factor, in bel; a decibel is a tenth of it.")
def bel():
    return np.log10(4)
