"""Left out."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="More than a third of the rows never meet a given tree, so they can judge it for free.",
    because=r"""
        One draw misses the row with probability $1-1/n$, and the n draws are independent. The limit is
        $1/e\approx0.368$. These rows are *out of bag*: what the trees that did not see them say about them is an
        honest estimate, and that is how the chapter chooses bandwidths.
    """,
)
def left_out(n):
    """Each tree of a forest draws n of n rows with replacement. Write `left_out(n)`: the probability that
    a given row is not among them.
    """
    return (1 - 1 / n) ** n


@left_out.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_left_out of the old module
    yield ()


@left_out.mistake("for n = 10 that is the probability that the row *is* drawn.")
def drawn(n):
    return 1 - (1 - 1 / n) ** n


@left_out.mistake("1/e is the limit for many rows. For n = 10 it is 0.348678.")
def limit(n):
    return np.exp(-1)


@left_out.mistake("that is n - 1 draws; each tree makes n.")
def a_draw_too_few(n):
    return (1 - 1 / n) ** (n - 1)


@left_out.mistake("that is the chance to miss the row in *one* draw; there are n of them.")
def one_draw(n):
    return 1 - 1 / n


@left_out.mistake("for n = 10 the answer is 0.348678, not 0.5.")
def half(n):
    return 0.5
