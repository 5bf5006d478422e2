"""Eve share."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "0.381 of the clicks came from pulses with a photon to spare, against 0.090 of all pulses: bright pulses "
        "click more, even on an honest line."
    ),
    because="""
        Only clicks become key bits, so the clicks are the whole. Here the line was honest, and more than a third of
        them is what she could have had for nothing. By choosing what passes she makes it all of them.
    """,
)
def eve_share(held, clicked):
    """Write `eve_share(held, clicked)`: two arrays, how many photons each pulse held and whether Bob's
    detector clicked. Which share of the clicks could Eve know, had she kept a photon wherever she can?
    """
    return np.mean(held[clicked] >= 2)


@eve_share.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_eve_share of the old module
    yield ()


@eve_share.mistake("that is a share of all pulses. Only those that click become key.")
def of_all_pulses(held, clicked):
    return np.mean(held >= 2)


@eve_share.mistake("one photon is not enough for Eve: she would have none left to send on.")
def single_photons_too(held, clicked):
    return np.mean(held[clicked] >= 1)


@eve_share.mistake("three photons are as good for her as two.")
def exactly_two(held, clicked):
    return np.mean(held[clicked] == 2)


@eve_share.mistake("divide by the number of clicks, not of pulses.")
def divides_by_pulses(held, clicked):
    return np.mean((held >= 2) & clicked)
