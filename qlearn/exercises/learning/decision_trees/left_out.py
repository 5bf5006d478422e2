"""The chance that a tree never meets a row."""

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
    """Each tree of a forest draws n of n rows with replacement. Return the probability that a given row is
    not among them.
    """
    return (1 - 1 / n) ** n


@left_out.cases
def forests(rng):
    """One row, two, a few, many."""
    yield from ((10,), (2,), (1000,), (1,))
    for _ in range(4):
        yield (int(rng.integers(3, 300)),)


@left_out.mistake("that is the probability that the row *is* drawn.")
def drawn(n):
    return 1 - (1 - 1 / n) ** n


@left_out.mistake("1/e is the limit for many rows. For a few it is less.")
def limit(n):
    return np.exp(-1)


@left_out.mistake("that is n - 1 draws; each tree makes n.")
def a_draw_too_few(n):
    return (1 - 1 / n) ** (n - 1)


@left_out.mistake("that is the chance to miss the row in *one* draw; there are n of them.")
def one_draw(n):
    return 1 - 1 / n


@left_out.mistake("drawn or not drawn: that these are two does not make them equally likely.")
def half(n):
    return 0.5


@left_out.mistake("that is the chance that *one* draw takes the row. Miss it n times.")
def the_row_in_one_draw(n):
    return 1 / n


@left_out.mistake("*with* replacement: a row may be drawn twice, and so another not at all.")
def without_replacement(n):
    return 0.0


@left_out.mistake(
    "near, for many rows: exp(-1/n) is not 1 - 1/n, and not at all for n = 1. Here the exact share is asked for."
)
def second_order(n):
    return np.exp(-1) * (1 - 1 / (2 * n))
