"""What noise costs in shots."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close_or_rounded_up


@exercise(
    level="core",
    same=close_or_rounded_up,
    right="half the runs lost costs four times the shots; at 99 % lost it is ten thousand times.",
    because=r"""
        The error of a share is proportional to $1/\sqrt{\text{shots}}$. To shrink it by $1-p$, as the difference
        shrank, shots must grow by $1/(1-p)^2$. With $p$ near 1, which many gates bring about quickly, this is the
        price, if the spread of one run stays as it was; for entries in the middle it falls, near 0 or 1 it rises.
    """,
)
def shots_under_noise(shots, p):
    r"""Depolarising noise turns every difference between two kernel entries, $\Delta$, into $(1-p)\Delta$. Without
    noise, `shots` runs an entry tell the two apart with some confidence. How many runs tell them apart equally well
    under noise? Take the spread of one run as unchanged. Where it is not whole, round it up, or leave it as it is.
    """
    return shots / (1 - p) ** 2


@shots_under_noise.cases
def devices(rng):
    """Without noise, with little, with half of the runs lost, and with nearly all; always many shots, few of them whole."""
    for p in (0.5, 0.0, *rng.uniform(0.05, 0.95, 4), float(rng.uniform(0.97, 0.99))):
        yield int(rng.integers(1_000, 20_000)), float(p)
    rest = 1.0
    while not 0.1 < rest < 0.4:  # to the nearest whole number is down
        shots, p = int(rng.integers(1_000, 20_000)), float(rng.uniform(0.05, 0.6))
        rest = shots / (1 - p) ** 2 % 1
    yield shots, p


@shots_under_noise.mistake(
    "the signal shrinks by 1 - p, but a statistical error falls only with the root of the shots."
)
def forgot_the_root(shots, p):
    return shots / (1 - p)


@shots_under_noise.mistake("fewer shots under noise? The factor belongs in the denominator.")
def the_wrong_way(shots, p):
    return shots * (1 - p) ** 2


@shots_under_noise.mistake(
    "p is the chance to lose the state, 1 - p the chance to keep it: the signal keeps 1 - p."
)
def loss_for_what_is_kept(shots, p):
    return shots / p**2 if p else np.inf


@shots_under_noise.mistake("a share of 1 - p is kept, and squared: that is (1 - p)^2, not 1 - p^2.")
def one_less_the_square(shots, p):
    return shots / (1 - p**2)


@shots_under_noise.mistake("(1 - p)^2 is close to 1 - 2 p for small p only.")
def to_first_order(shots, p):
    return shots / (1 - 2 * p) if p != 0.5 else np.inf


@shots_under_noise.mistake("that is the root of the price: the shots grow by its square.")
def root_of_the_price(shots, p):
    return shots / (1 - p) ** 0.5


@shots_under_noise.mistake("noise has its price: what is smaller needs more shots to be seen.")
def no_price(shots, p):
    return shots


@shots_under_noise.mistake("that is how many *more* runs there are; how many are there?")
def only_the_extra(shots, p):
    return shots / (1 - p) ** 2 - shots


@shots_under_noise.mistake(
    "where the runs are not whole you round down: then they do not tell quite as well."
)
def rounded_down(shots, p):
    return np.floor(shots / (1 - p) ** 2)


@shots_under_noise.mistake("rounded to the nearest whole number there are sometimes too few: round up.")
def rounded_to_the_nearest(shots, p):
    return np.round(shots / (1 - p) ** 2)
