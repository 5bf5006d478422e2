"""The best of two channels that are both seen."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="it is 0.9 x 15/16 + 0.3 x 1/16. And stay-or-switch gets it seeing only one channel.",
    because="""
        A channel is bad in a share $f/(f+r)=1/4$ of the slots, both are in 1/16. If one was good, take it: 0.9. If
        both were bad, either recovers with 0.3. Together 0.8625, against 0.75 without looking.
    """,
)
def two_links():
    """Two equal channels; a good one fades with probability 0.1 in each slot, a bad one recovers with 0.3.
    You see the last state of both before you choose. In which share of the slots do you get through, in
    the long run? By hand.
    """
    return 0.9 * (1 - (1 / 4) ** 2) + 0.3 * (1 / 4) ** 2


@two_links.mistake("0.75 is how often *one* channel is good: what a coin gets. You may choose after seeing.")
def a_coin():
    return 3 / 4


@two_links.mistake("15/16 is how often at least one of them *was* good. Until the next slot it may fade.")
def was_good_not_will_be():
    return 1 - (1 / 4) ** 2


@two_links.mistake("you forgot the slots after both were bad: a channel may recover in them.")
def no_recovery():
    return 0.9 * (1 - (1 / 4) ** 2)


@two_links.mistake("0.9 is what you get if one of them was good, which is not always.")
def always_one_good():
    return 0.9


@two_links.mistake("you took 3/4 for the share of *bad* slots. A channel is bad in f/(f+r) of them.")
def shares_exchanged():
    return 0.9 * (1 - (3 / 4) ** 2) + 0.3 * (3 / 4) ** 2


@two_links.mistake("0.51 is how often one of two bad channels recovers. You can only try one of them.")
def tries_both():
    return 0.9 * (1 - (1 / 4) ** 2) + (1 - 0.7**2) * (1 / 4) ** 2


@two_links.mistake("that is per cent: give the share, between 0 and 1.")
def per_cent():
    return 86.25
