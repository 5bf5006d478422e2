"""Copies for."""

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
    """`copies` copies let a state act for some time with some error. Write `copies_for(copies, longer,
    sharper)`: how many it takes for `longer` times that time and an error `sharper` times smaller.
    """
    return copies * longer**2 * sharper


@copies_for.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_copies_for of the old module
    yield ()


@copies_for.mistake(
    "from 100 copies, for 2 times the time and an error 3 times smaller, you need 1200, not 600: each step is "
    "twice as long *and* its error four times as large when the time doubles."
)
def linear_in_time(copies, longer, sharper):
    return copies * longer * sharper


@copies_for.mistake(
    "from 100 copies, for 2 times the time and an error 3 times smaller, you need 1200, not 3600: the error falls"
    " as one over the copies, not as one over their root. Nothing is estimated here."
)
def shot_noise(copies, longer, sharper):
    return copies * longer**2 * sharper**2


@copies_for.mistake(
    "from 100 copies, for 2 times the time and an error 3 times smaller, you need 1200, not 1800: you have "
    "exchanged the two laws. The square belongs to the time."
)
def exchanged(copies, longer, sharper):
    return copies * longer * sharper**2


@copies_for.mistake(
    "from 100 copies, for 2 times the time and an error 3 times smaller, you say 133.333: the time is right, but "
    "a smaller error costs *more* copies."
)
def sharper_is_cheaper(copies, longer, sharper):
    return copies * longer**2 / sharper


@copies_for.mistake(
    "from 100 copies, for 2 times the time and an error 3 times smaller, you say 8.33333, fewer than before. Both"
    " wishes cost copies."
)
def fewer(copies, longer, sharper):
    return copies / (longer**2 * sharper)
