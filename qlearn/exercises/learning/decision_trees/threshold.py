"""Threshold."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.learning.decision_trees import mixture_entropy


@exercise(
    level="core",
    right="One place fewer than rows to cut, one winner: this loop is most of what a decision tree is.",
    because="""
        The entropy before is the same for all questions, so the largest gain is the smallest expected entropy
        after. Sorting once and counting as t moves to the right makes it fast; the trees of the library do so.
    """,
)
def threshold(x, y):
    """Write `threshold(x, y)`: the best question *is x at most t?* for a feature `x` of different numbers
    and classes `y` of 0 and 1. Return t, halfway between two neighbouring values.
    `mixture_entropy(counts)` is at hand.
    """
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2

    def after(t):
        yes = x <= t
        return sum(part.mean() * mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))

    return min(places, key=after)


@threshold.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_threshold of the old module
    yield ()


@threshold.mistake(
    "0.672 parts the rows well, but it sits on a row, or near one. Halfway between neighbours is farthest from "
    "both: new rows are not the old ones."
)
def on_a_row(x, y):
    values = np.sort(x)
    places = values[:-1]

    def after(t):
        yes = x <= t
        return sum(part.mean() * mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))

    return min(places, key=after)


@threshold.mistake(
    "you take the plain mean of the two entropies, so a single row that happens to be alone looks like a triumph."
    " Weigh each answer by its share of the rows."
)
def plain_mean(x, y):
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2

    def after(t):
        yes = x <= t
        return sum(mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))

    return min(places, key=after)


@threshold.mistake("that is the *worst* threshold: you took the largest entropy after the answer.")
def worst(x, y):
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2

    def after(t):
        yes = x <= t
        return sum(part.mean() * mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))

    return max(places, key=after)


@threshold.mistake("the median halves the rows, whatever their classes are. The labels must speak.")
def median(x, y):
    return np.median(x)


@threshold.mistake(
    "you count the errors of *above t means class 1*. A question is worth what it tells, whichever class lies "
    "above, and a side that is still mixed may be asked again."
)
def errors(x, y):
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2
    return min(places, key=lambda t: np.sum((x > t) != y))


@threshold.mistake("here the best question parts a single row from the others: try the outermost places too.")
def not_the_outermost(x, y):
    values = np.sort(x)
    places = ((values[1:] + values[:-1]) / 2)[1:-1]

    def after(t):
        yes = x <= t
        return sum(part.mean() * mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))

    return min(places, key=after)


@threshold.mistake(
    "that is the best question by Gini's impurity, 1 minus the sum of squared shares. Bits are asked for."
)
def gini(x, y):
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2

    def after(t):
        parts = y[x <= t], y[x > t]
        return sum(len(part) * part.mean() * (1 - part.mean()) for part in parts)

    return min(places, key=after)


@threshold.mistake("the threshold 0.983 parts nothing: all rows lie on one side of it.")
def largest(x, y):
    return x.max()
