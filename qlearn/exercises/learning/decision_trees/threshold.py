"""The best question about one feature."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import close
from qlearn.learning.decision_trees import mixture_entropy


@exercise(
    level="core",
    same=partial(close, rel=0, abs=1e-5),  # scikit-learn's own trees halve in single precision
    right="One place fewer than rows to cut, one winner: this loop is most of what a decision tree is.",
    because="""
        The entropy before is the same for all questions, so the largest gain is the smallest expected entropy
        after. Sorting once and counting as t moves to the right makes it fast; the trees of the library do so.
    """,
)
def threshold(x, y):
    """Return the best question *is x at most t?* for a feature `x` of different numbers and classes `y` of 0
    and 1: the t, halfway between two neighbouring values, that gains most bits. Given: `np`,
    `mixture_entropy(counts)`.
    """
    values = np.sort(x)
    places = (values[1:] + values[:-1]) / 2

    def after(t):
        yes = x <= t
        return sum(part.mean() * mixture_entropy(np.bincount(y[part], minlength=2)) for part in (yes, ~yes))

    return min(places, key=after)


def _expected(classes, doubt):
    """Return what is left after each cut of classes in the order of x."""
    n = len(classes)
    return [k / n * doubt(classes[:k]) + (1 - k / n) * doubt(classes[k:]) for k in range(1, n)]


def _bits(classes):
    p = np.mean(classes)
    return 0.0 if p in (0, 1) else float(-p * np.log2(p) - (1 - p) * np.log2(1 - p))


@threshold.cases
def tables(rng):
    """Classes of which typical mistakes cut elsewhere, one alone at either end, some drawn: one cut is the best of all."""
    hard, other = rng.permutation(["0101000100", "01001011011", "010011000100", "1010111011"])[:2]
    drawn = rng.integers(0, 2, 7)
    while np.ptp(np.sort(_expected(drawn, _bits))[:2]) < 1e-3:
        drawn = rng.integers(0, 2, int(rng.integers(4, 10)))
    # In the last the gain divided by the entropy of the answer is largest where one row stands alone.
    known = ((hard, 0), (hard, 1), (other, 0), ("100000", 1), ("00001", 0), ("011010111", 0))
    for pattern, turned in (*known, (drawn, 0)):
        classes = np.array([int(bit) for bit in pattern]) ^ turned
        values = rng.uniform(-4, 1) + np.cumsum(rng.uniform(0.1, 1.0, len(classes)))
        order = rng.permutation(len(classes))
        yield values[order], classes[order]


def _slip(x, y, *, doubt=_bits, weighted=True, best=np.argmin, cuts=slice(None), at=0.5, of=None):
    """The solution with something wrong: what the mistakes are made of."""
    values, classes = np.sort(x), y[np.argsort(x)]
    if of is not None:
        left = [of(classes[:k], classes[k:]) for k in range(1, len(x))]
    elif weighted:
        left = _expected(classes, doubt)
    else:
        left = [doubt(classes[:k]) + doubt(classes[k:]) for k in range(1, len(x))]
    places = (1 - at) * values[:-1] + at * values[1:]
    return places[cuts][best(np.round(left, 9)[cuts])]


@threshold.mistake(
    "the right cut, but it sits on a row. Halfway between neighbours is farthest from both: new rows are not the old ones."
)
def on_a_row(x, y):
    return _slip(x, y, at=0.0)


@threshold.mistake(
    "the right cut, but it sits on the row above it, which then answers yes. Halfway between neighbours, please."
)
def on_the_next_row(x, y):
    return _slip(x, y, at=1.0)


@threshold.mistake(
    "you take the plain mean of the two entropies, so a single row that happens to be alone looks like a triumph."
    " Weigh each answer by its share of the rows."
)
def plain_mean(x, y):
    return _slip(x, y, weighted=False)


@threshold.mistake("that is the *worst* threshold: you took the largest entropy after the answer.")
def worst(x, y):
    return _slip(x, y, best=np.argmax)


@threshold.mistake("the median halves the rows, whatever their classes are. The labels must speak.")
def median(x, y):
    return np.median(x)


@threshold.mistake(
    "halfway between the means of the two classes: that is another rule. Try the cuts, and count bits."
)
def between_the_means(x, y):
    return (x[y == 0].mean() + x[y == 1].mean()) / 2


@threshold.mistake(
    "you count the errors of *above t means class 1*. A question is worth what it tells, whichever class lies "
    "above, and a side that is still mixed may be asked again."
)
def errors(x, y):
    return _slip(x, y, of=lambda below, above: below.sum() + (1 - above).sum())


@threshold.mistake(
    "you count errors, whichever class lies above. A question is worth what it tells: a side that is still mixed may be "
    "asked again."
)
def errors_either_way(x, y):
    return _slip(x, y, of=lambda a, b: min(a.sum() + (1 - b).sum(), (1 - a).sum() + b.sum()))


@threshold.mistake(
    "here and there the best question parts a single row from the others: try the outermost places too."
)
def not_the_outermost(x, y):
    return _slip(x, y, cuts=slice(1, -1))


@threshold.mistake(
    "that is the best question by Gini's impurity, 1 minus the sum of squared shares. Bits are asked for."
)
def gini(x, y):
    return _slip(x, y, doubt=lambda classes: np.mean(classes) * (1 - np.mean(classes)))


@threshold.mistake(
    "that is the *gain ratio*: you divided the gain by the entropy of the answer itself, which favours a row that stands "
    "alone. Bits are asked for."
)
def gain_ratio(x, y):
    def ratio(below, above):
        n = len(below) + len(above)
        after = len(below) / n * _bits(below) + len(above) / n * _bits(above)
        return (after - _bits(np.concatenate([below, above]))) / _bits(np.arange(n) < len(below))

    return _slip(x, y, of=ratio)


@threshold.mistake("you sorted x and left y as it was: now each value has the class of another row.")
def labels_left_behind(x, y):
    return _slip(np.sort(x), y)


@threshold.mistake("that is the *place* of the cut, counted from 0. Return t itself.")
def the_place(x, y):
    return int(np.argmin(np.round(_expected(y[np.argsort(x)], _bits), 9)))


@threshold.mistake("this threshold parts nothing: all rows lie on one side of it.")
def largest(x, y):
    return x.max()
