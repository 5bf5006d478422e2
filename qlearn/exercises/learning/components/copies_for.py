"""What a longer time and a smaller error cost in copies."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="n must grow as t^2/error. One more bit of an eigenvalue doubles t: four times the copies.",
    because=r"""
        One step of angle $\theta=t/n$ is off by $\theta^2$ times a constant, and there are n of them:
        $n\,(t/n)^2=t^2/n$. No other way of using the copies is better than that in order of magnitude (Kimmel et
        al. 2017).
    """,
)
def copies_for(copies, longer, sharper):
    """`copies` copies let a state act for some time with some error. How many does it take for `longer` times that
    time and an error `sharper` times smaller?
    """
    return copies * longer**2 * sharper


@copies_for.cases
def wishes(rng):
    """One of the two alone, and both; whole numbers, so that nobody needs to round."""
    yield from ((100, 2, 1), (100, 1, 3))
    for _ in range(6):
        longer, sharper = rng.permutation(np.arange(2, 12))[:2]
        yield int(rng.integers(10, 5000)), int(longer), int(sharper)


@copies_for.mistake(
    "for twice the time twice the copies are not enough: each step's error is of the *second* order in its angle, "
    "t/n, so that n of them make t^2/n."
)
def linear_in_time(copies, longer, sharper):
    return copies * longer * sharper


@copies_for.mistake(
    "the error falls as one over the copies, not as one over their root. Nothing is estimated here."
)
def shot_noise(copies, longer, sharper):
    return copies * longer**2 * sharper**2


@copies_for.mistake("you have exchanged the two laws. The square belongs to the time.")
def exchanged(copies, longer, sharper):
    return copies * longer * sharper**2


@copies_for.mistake("the time is right, but a smaller error costs *more* copies.")
def sharper_is_cheaper(copies, longer, sharper):
    return copies * longer**2 / sharper


@copies_for.mistake("that is fewer than before. Both wishes cost copies.")
def fewer(copies, longer, sharper):
    return copies / (longer**2 * sharper)


@copies_for.mistake("that pays for the time alone: the error is to be smaller, too.")
def the_time_alone(copies, longer, sharper):
    return copies * longer**2


@copies_for.mistake("that pays for the error alone: the time is to be longer, too.")
def the_error_alone(copies, longer, sharper):
    return copies * sharper


@copies_for.mistake("you add the prices; both wishes together cost the product of the two.")
def added(copies, longer, sharper):
    return copies * (longer**2 + sharper)
