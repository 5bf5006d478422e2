"""How far a better detector reaches."""

from dataclasses import replace
from functools import partial

from qlearn.communication import photons
from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close


@exercise(
    level="core",
    same=partial(close, rel=0, abs=0.5),  # half a kilometre is asked for
    stub="longest = ...  # km\n",
    right=(
        "189.8 km instead of 142.2: ten times less background is worth 10 dB of fibre, 10/0.21 = 47.6 km, and nearly "
        "all of it arrives."
    ),
    because="""
        The key ends where the background makes too many of the clicks. Ten times less of it allows ten times fewer
        photons: 10 dB, at 0.21 dB/km another 47.6 km.
    """,
)
def longest():
    """Detectors improve: the background of the link `photons.LINKS["gys"]` falls to a tenth. How far does it
    reach now, with infinitely many decoys? In km, to half a kilometre. (Guess before you compute.) Given:
    `replace` of dataclasses, `photons`.
    """
    gys = photons.LINKS["gys"]
    return photons.longest_distance(link=replace(gys, background=gys.background / 10))


# The mistakes say what comes out, to a tenth of a kilometre: to search for it would take a while at every start.


@longest.mistake("that is the distance with the background as it is. `replace` makes a new link.")
def as_it_is():
    return 142.2


@longest.mistake("you made the background ten times larger: the reach shrinks.")
def the_wrong_way():
    return 94.6


@longest.mistake("that is what is gained; the question asks how far the link reaches then.")
def the_difference():
    return 47.6


@longest.mistake("that is the reach without decoys, and with the background as it is.")
def no_decoys():
    return 40.2


@longest.mistake("that is the reach without decoys.")
def no_decoys_and_a_tenth():
    return 64.0


@longest.mistake("3 dB are a factor of two; a factor of ten is worth 10 dB.")
def three_decibels():
    return 142.2 + 3 / 0.21


@longest.mistake(
    "ten times less background is not ten times the reach. The key ends where the background makes too large a share "
    "of the clicks. With a tenth of the background, how many dB more may the fibre lose?"
)
def ten_times():
    return 1422.0
