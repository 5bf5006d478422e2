"""Surrogate."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="One linear solve, no random start, and everything that the network could have said at best.",
    because="""
        The series is linear in its $2K+1$ coefficients, so its best fit is one linear solve. The network searches
        in the same set of functions, or in a part of it, by hundreds of steps from a random start.
    """,
)
def surrogate(x, y, K):
    """Everything that a re-uploading network of $K$ turns by one feature can say is a Fourier series of
    frequencies 1 to $K$ and a constant. Write `surrogate(x, y, K)`: fit that series to data of shape
    $(n,)$ by least squares and return the fitted function, which takes an array of new $x$.
    """

    def columns(x):
        waves = [f(k * x) for k in range(1, K + 1) for f in (np.cos, np.sin)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_surrogate of the old module
    yield ()


@surrogate.mistake("your series has no constant: it cannot follow a mean that is not zero.")
def no_constant(x, y, K):
    def columns(x):
        waves = [f(k * x) for k in range(1, K + 1) for f in (np.cos, np.sin)]
        return np.stack(waves, axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake("cosines alone are symmetric about 0. Each frequency has a sine as well.")
def cosines_only(x, y, K):
    def columns(x):
        waves = [f(k * x) for k in range(1, K + 1) for f in (np.cos,)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake(
    "the highest frequency K is missing: range(1, K) ends before it. K turns make frequencies 1 to K."
)
def one_too_few(x, y, K):
    def columns(x):
        waves = [f(k * x) for k in range(1, K) for f in (np.cos, np.sin)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake(
    "your series goes beyond K: with K = 3 it followed a fourth frequency. A network of K turns cannot."
)
def too_many(x, y, K):
    def columns(x):
        waves = [f(k * x) for k in range(1, K + 3) for f in (np.cos, np.sin)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake("you were given K = 2 and fitted frequencies up to 3: heed K.")
def k_not_heeded(x, y, K):
    def columns(x):
        waves = [f(k * x) for k in range(1, 4) for f in (np.cos, np.sin)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake(
    "right where the data are such a series. With noise and K = 2 yours is not the series of least squares (it is"
    " off by up to 38): use all rows, and the 2K + 1 columns alone."
)
def as_many_rows_as_columns(x, y, K):
    def columns(x):
        waves = [f(k * x) for k in range(1, K + 1) for f in (np.cos, np.sin)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x[: 2 * K + 1]), y[: 2 * K + 1], rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake("surrogate returns a *function* of new x; yours returns ndarray.")
def coefficients(x, y, K):
    return np.linalg.lstsq(np.stack([x], axis=1), y, rcond=None)[0]


@surrogate.mistake(
    "your fit does not follow a series of frequencies 1 to 3. Columns: 1, cos kx and sin kx for k = 1 to K; then "
    "np.linalg.lstsq."
)
def powers(x, y, K):
    def columns(x):
        return np.stack([x**k for k in range(K + 1)], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found
