"""What Eve could know of the clicks."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right=(
        "only clicks become key, and bright pulses click more, even on an honest line: among the clicks those with a "
        "photon to spare are more common than among the pulses."
    ),
    because="""
        Only clicks become key bits, so the clicks are the whole. On an honest line of 10 dB and 0.5 photons a pulse
        more than a third of them is what she could have had for nothing. By choosing what passes she makes it all of
        them.
    """,
)
def eve_share(held, clicked):
    """From two arrays, how many photons each pulse held and whether Bob's detector clicked (it may click in the
    dark): which share of the clicks could Eve know, had she kept a photon wherever she can and let another
    one pass? Given: `np`.
    """
    return np.mean(held[clicked] >= 2)


@eve_share.cases
def sessions(rng):
    """Honest lines, bright and faint, some with many dark clicks; a sly one, on which all clicks are hers; one click."""
    for mu, seen, dark in ((0.5, 0.1, 0.0), (1.5, 0.3, 0.02), (0.2, 0.5, 0.1), (3.0, 1.0, 0.0)):
        held = rng.poisson(mu, int(rng.integers(300, 900)))
        yield held, rng.random(held.size) < 1 - (1 - dark) * (1 - seen) ** held
    held = rng.poisson(0.8, 200)
    yield held, held >= 2
    yield held, np.arange(200) == rng.integers(200)


@eve_share.mistake("that is a share of all pulses. Only those that click become key.")
def of_all_pulses(held, clicked):
    return np.mean(held >= 2)


@eve_share.mistake("one photon is not enough for Eve: she would have none left to send on.")
def single_photons_too(held, clicked):
    return np.mean(held[clicked] >= 1)


@eve_share.mistake("three photons are as good for her as two.")
def exactly_two(held, clicked):
    return np.mean(held[clicked] == 2)


@eve_share.mistake("two photons are enough for her: one to keep, one to send on.")
def three_and_more(held, clicked):
    return np.mean(held[clicked] > 2)


@eve_share.mistake("divide by the number of clicks, not of pulses.")
def divides_by_pulses(held, clicked):
    return np.mean((held >= 2) & clicked)


@eve_share.mistake("that is how many clicks she could know; the share is asked for.")
def a_number_of_clicks(held, clicked):
    return np.sum(held[clicked] >= 2)


@eve_share.mistake("dark clicks are clicks, too: Bob cannot tell them, and they become key.")
def of_the_clicks_by_light(held, clicked):
    lit = held[clicked & (held > 0)]
    return np.mean(lit >= 2) if lit.size else 0.0


@eve_share.mistake("that is the share of such pulses that click. Of the clicks, which share are they?")
def clicks_of_the_bright_ones(held, clicked):
    return np.mean(clicked[held >= 2])


@eve_share.mistake("that counts photons. A pulse makes one click, however many it holds.")
def weighted_with_photons(held, clicked):
    kept = held[clicked]
    return kept[kept >= 2].sum() / max(kept.sum(), 1)


@eve_share.mistake("that is the share which she cannot know.")
def what_she_cannot_know(held, clicked):
    return np.mean(held[clicked] < 2)
