"""A column that keeps the lengths of rows."""

from functools import partial

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import as_numbers, close


def completes(answered, due):
    """Compare tables whose last column may stand anywhere, and may be negative as a whole."""
    got = as_numbers(answered)
    if isinstance(got, str) or got.shape != due.shape or got.ndim != 2 or got.dtype.kind == "c":
        return close(answered, due)
    near = partial(np.allclose, rtol=1e-6, atol=1e-6, equal_nan=True)  # the root of a rounding is 1e-8
    if near(got, due):
        return None
    for place in range(got.shape[1]):
        column = got[:, place]
        if (near(column, due[:, -1]) or near(-column, due[:, -1])) and near(
            np.delete(got, place, axis=1), due[:, :-1]
        ):
            return None
    if not np.isfinite(got).all():
        return "there is a `nan` or an infinity in it"
    if near(np.linalg.norm(got, axis=1), np.linalg.norm(due, axis=1)):
        return "every norm is right; the features have changed, or the new column has more than one sign"
    return "not every row has the norm `longest`, or the features have changed"


@exercise(
    level="core",
    same=completes,
    right=(
        "Now one factor for all rows, so nothing is lost. Even the row of zeros has a state: all its norm is in the "
        "new column."
    ),
    because=r"""
        By Pythagoras the new feature is $\sqrt{\ell^2-\|x\|^2}$. The kernel becomes $(x\cdot x' + m\,m')^2/\ell^4$
        with the missing parts $m, m'$: it depends on the lengths. Price: one more feature, at most one more qubit.
    """,
)
def with_length(X, longest):
    """Amplitude encoding forgets the length of a row. Return X with one more column, such that every row has
    the norm `longest` (no row is longer). Then the encoding divides all rows by the same number. Given:
    `np`.
    """
    missing = longest**2 - np.sum(X**2, axis=1)
    missing = np.sqrt(missing.clip(min=0))  # the longest row: 0, or by rounding a bit less
    return np.column_stack([X, missing])


@with_length.cases
def tables(rng):
    """One feature and five, one row and many, a row of zeros; with room to spare, and where the longest has none."""
    for n, d in ((4, 2), (6, 3), (1, 5), (5, 1)):
        X = rng.normal(size=(n, d))
        X[-1] *= n == 1
        yield X, float(np.linalg.norm(X, axis=1).max() * rng.uniform(1.0, 3.0))
    for d in (3, 4):
        for _ in range(200):
            X = rng.normal(size=(30, d))
            longest = float(np.linalg.norm(X, axis=1).max())
            if longest**2 < np.sum(X**2, axis=1).max():  # the root of less than nothing
                break
        yield X, longest


@with_length.mistake(
    "there is no new column. With two features scaled to norm 1, (0.3, 0.4) and (0.6, 0.8) are one state."
)
def nothing_added(X, longest):
    return X / longest


@with_length.mistake("there is no new column: you give X back as it came.")
def untouched(X, longest):
    return X


@with_length.mistake(
    "a constant column tells lengths apart, but the rows still have different norms, and AmplitudeEncoding scales"
    " each by its own. Choose the column so that all norms are `longest`."
)
def a_column_of_ones(X, longest):
    return np.column_stack([X, np.ones(len(X))])


@with_length.mistake(
    "the length as a feature grows with the row, and scaling to norm 1 takes it away again. It must be what is "
    "*missing* to `longest`."
)
def the_length(X, longest):
    return np.column_stack([X, np.linalg.norm(X, axis=1)])


@with_length.mistake(
    "this column holds a constant, `longest` itself, and adds it to every row. What is *missing* to it?"
)
def the_longest(X, longest):
    return np.column_stack([X, np.full(len(X), longest)])


@with_length.mistake(
    "the longest row has NaN in the new column: by rounding, what is missing there may come out a bit below 0, "
    "and that has no root. Clip it at 0."
)
def no_clip(X, longest):
    return np.column_stack([X, np.sqrt(longest**2 - np.sum(X**2, axis=1))])


@with_length.mistake("right for rows of norm 2 only: use the `longest` that you are given.")
def two_for_longest(X, longest):
    return np.column_stack([X, np.sqrt((4 - np.sum(X**2, axis=1)).clip(min=0))])


@with_length.mistake("right for rows of norm 1 only: use the `longest` that you are given.")
def one_for_longest(X, longest):
    return np.column_stack([X, np.sqrt((1 - np.sum(X**2, axis=1)).clip(min=0))])


@with_length.mistake("you count two features only: a row has as many as X has columns.")
def two_features(X, longest):
    return np.column_stack([X, np.sqrt((longest**2 - np.sum(X[:, :2] ** 2, axis=1)).clip(min=0))])


@with_length.mistake(
    "the new column has both signs. Every norm is right, but two equal rows could get two states: one sign for "
    "all."
)
def signs(X, longest):
    missing = np.sqrt((longest**2 - np.sum(X**2, axis=1)).clip(min=0))
    return np.column_stack([X, missing * (-1) ** np.arange(len(X))])


@with_length.mistake("what is missing is no difference of lengths. Mind Pythagoras: squares add.")
def no_squares(X, longest):
    return np.column_stack([X, longest - np.linalg.norm(X, axis=1)])


@with_length.mistake("this is the square of what is missing: take its root.")
def no_root(X, longest):
    return np.column_stack([X, longest**2 - np.sum(X**2, axis=1)])


@with_length.mistake("you scaled the features. Leave them as they are: the new column alone does it.")
def scaled(X, longest):
    return with_length(X, longest) / longest
