"""True clicks."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
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


@true_clicks.mistake("that is the most it could ever report; it has not come so far.")
def saturation():
    return 1 / 5e-6


@true_clicks.mistake("that is the share of the second in which it was blind.")
def the_share():
    return 40_000 * 5e-6
