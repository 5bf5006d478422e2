"""Longest."""

from dataclasses import replace

from qlearn.communication import photons
from qlearn.exercises import exercise


@exercise(
    level="core",
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
    """Detectors improve: the background of the link `LINKS["gys"]` falls to a tenth. How far does it reach
    now, with infinitely many decoys? In km, to half a kilometre. (Guess before you compute.)
    """
    better = replace(photons.LINKS["gys"], background=1.7e-7)
    return photons.longest_distance(link=better)


@longest.mistake("that is the distance with the background as it is. dataclasses.replace makes a new link.")
def as_it_is():
    return photons.longest_distance(link=photons.LINKS["gys"])


@longest.mistake("you made the background ten times larger: the reach shrinks.")
def the_wrong_way():
    return photons.longest_distance(link=replace(photons.LINKS["gys"], background=1.7e-5))


@longest.mistake("that is what is gained; the question asks how far the link reaches then.")
def the_difference():
    return 47.6


@longest.mistake("that is the reach without decoys.")
def no_decoys():
    return 40.2


@longest.mistake(
    "1422.0 km is not it. The key ends where the background makes too large a share of the clicks. With a tenth "
    "of the background, how many dB more may the fibre lose?"
)
def ten_times():
    return 1422.0
