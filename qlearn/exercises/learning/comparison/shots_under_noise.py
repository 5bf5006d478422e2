"""Shots under noise."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Half the runs lost costs four times the shots; at 99 % lost it is ten thousand times.",
    because=r"""
        The error of a share is proportional to $1/\sqrt{\text{shots}}$. To shrink it by $1-p$, as the difference
        shrank, shots must grow by $1/(1-p)^2$. With $p$ near 1, which many gates bring about quickly, this is the
        price, if the spread of one run stays as it was; for entries in the middle it falls, near 0 or 1 it rises.
    """,
)
def shots_under_noise(shots, p):
    r"""Depolarising noise turns every difference between two kernel entries, $\Delta$, into $(1-p)\Delta$.
    Without noise, `shots` runs an entry tell the two apart with some confidence. Write
    `shots_under_noise(shots, p)`: how many runs tell them apart equally well under noise? Take the
    spread of one run as unchanged.
    """
    return shots / (1 - p) ** 2


@shots_under_noise.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_shots_under_noise of the old module
    yield ()


@shots_under_noise.mistake(
    "The signal shrinks by 1 - p, but a statistical error falls only with the root of the shots."
)
def forgot_the_root(shots, p):
    return shots / (1 - p)


@shots_under_noise.mistake("Fewer shots under noise? The factor belongs in the denominator.")
def the_wrong_way(shots, p):
    return shots * (1 - p) ** 2


@shots_under_noise.mistake(
    "p is the chance to lose the state, 1 - p the chance to keep it: the signal keeps 1 - p."
)
def p_for_1_p(shots, p):
    return shots / p**2 if p else np.inf


@shots_under_noise.mistake("1000 shots at p = 0.5 should become 4000; yours become 1000.")
def no_price(shots, p):
    return shots
