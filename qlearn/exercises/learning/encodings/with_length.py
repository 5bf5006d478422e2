"""With length."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
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
    """Amplitude encoding forgets the length of a row. Write `with_length(X, longest)`: X with one more
    column, such that every row has the norm `longest` (no row is longer). Then the encoding divides all
    rows by the same number.
    """
    missing = longest**2 - np.sum(X**2, axis=1)
    missing = np.sqrt(missing.clip(min=0))  # the longest row: 0, or by rounding a bit less
    return np.column_stack([X, missing])


@with_length.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_with_length of the old module
    yield ()


@with_length.mistake(
    "there is no new column. With two features scaled to norm 1, (0.3, 0.4) and (0.6, 0.8) are one state."
)
def nothing_added(X, longest):
    return X / longest


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
    "the longest row has NaN in the new column: by rounding, what is missing there may come out a bit below 0, "
    "and that has no root. Clip it at 0."
)
def no_clip(X, longest):
    return np.column_stack([X, np.sqrt(longest**2 - np.sum(X**2, axis=1))])


@with_length.mistake("right for rows of norm 2 only; here `longest` is 3.156.")
def m_2_for_longest(X, longest):
    return np.column_stack([X, np.sqrt((4 - np.sum(X**2, axis=1)).clip(min=0))])


@with_length.mistake(
    "the new column has both signs. Every norm is right, but two equal rows could get two states: one sign for "
    "all."
)
def signs(X, longest):
    missing = np.sqrt((longest**2 - np.sum(X**2, axis=1)).clip(min=0))
    return np.column_stack([X, missing * (-1) ** np.arange(len(X))])


@with_length.mistake("row 1 has norm 1.414; all must have 2. Mind Pythagoras: squares add.")
def no_squares(X, longest):
    return np.column_stack([X, longest - np.linalg.norm(X, axis=1)])
