"""What came to a detector that rests."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="warm-up",
    same=partial(close, rel=1e-4, abs=0),  # by hand
    stub="true_clicks = ...  # per second\n",
    right="50,000: the detector was blind for a fifth of the second, so it saw four fifths.",
    because="""
        It is blind for 40,000 times 5 microseconds, a fifth of each second. In the other four fifths it sees
        everything: 40,000 = 0.8 r.
    """,
)
def true_clicks():
    """A detector with a dead time of 5 microseconds (it ignores what comes meanwhile) reports 40,000
    clicks a second. How many would it report without dead time? By hand.
    """
    return 40_000 / (1 - 40_000 * 5e-6)


@true_clicks.mistake("that applies the dead time a second time. The detector has reported less than came.")
def the_wrong_way_round():
    return 40_000 / (1 + 40_000 * 5e-6)


@true_clicks.mistake(
    "nearly: that adds what came while the *seen* clicks were dead, at the seen rate. In those moments the true "
    "rate goes on."
)
def first_order():
    return 40_000 * (1 + 40_000 * 5e-6)


@true_clicks.mistake("that takes a fifth of what was seen away. More came than was seen, not less.")
def a_fifth_taken_away():
    return 40_000 * (1 - 40_000 * 5e-6)


@true_clicks.mistake("that is the most it could ever report; it has not come so far.")
def saturation():
    return 1 / 5e-6


@true_clicks.mistake("that is the share of the second in which it was blind.")
def the_share():
    return 40_000 * 5e-6


@true_clicks.mistake("that is how many were missed; those that were seen come on top.")
def the_missed_ones():
    return 10_000


@true_clicks.mistake(
    "that is what came to a *paralysable* detector, of which every photon starts the rest anew. This one ignores them."
)
def paralysable():
    rate = 40_000.0
    for _ in range(60):
        rate = 40_000 * np.exp(rate * 5e-6)
    return rate
