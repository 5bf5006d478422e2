"""The classical twin of a network: a Fourier series by least squares."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises._guard import Stopped, call
from qlearn.exercises.comparisons import a, close


def alike_on_new_x(answered, due):
    """Compare functions, on one period and beyond it."""
    if not callable(answered):
        return f"return a *function* of new x, and not {a(answered)}"
    new = np.linspace(-7.1, 8.3, 31)
    try:
        values = call(answered, new.copy())
    except Stopped as stop:
        return f"the function that you return, at {new.size} new x: {stop}"
    if values is None:
        return "the function that you return has no `return` of its own: it gives None"
    off = close(values, due(new), rel=0, abs=1e-6)
    return off and f"at {new.size} new x, on both sides of the data: {off}"


@exercise(
    level="stretch",
    same=alike_on_new_x,
    right="one linear solve, no random start, and everything that the network could have said at best.",
    because="""
        The series is linear in its $2K+1$ coefficients, so its best fit is one linear solve. The network searches
        in the same set of functions, or in a part of it, by hundreds of steps from a random start.
    """,
)
def surrogate(x, y, K):
    """Everything that a re-uploading network of $K$ turns by one feature can say is a Fourier series of
    frequencies 1 to $K$ and a constant. Fit that series to data of shape
    $(n,)$ by least squares and return the fitted function, which takes an array of new $x$, also beyond the data.
    Given: `np`.
    """

    def columns(x):
        waves = [f(k * x) for k in range(1, K + 1) for f in (np.cos, np.sin)]
        return np.stack([np.ones_like(x), *waves], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.cases
def data(rng):
    """Series of frequencies up to K, below it and beyond it, with noise and without: so K and all rows count."""
    for K, highest, noise in ((3, 3, 0.0), (1, 3, 0.1), (2, 2, 1.0), (4, 3, 0.5), (3, 6, 0.0), (5, 2, 0.3)):
        n = int(rng.integers(8 * K + 20, 8 * K + 40))
        x = rng.uniform(-np.pi, np.pi, n)
        k = np.arange(1, highest + 1)
        y = 1 + rng.normal() + np.cos(np.outer(x, k)) @ rng.normal(size=highest)
        yield x, y + np.sin(np.outer(x, k)) @ rng.normal(size=highest) + noise * rng.normal(size=n), K


def _fit(x, y, K, *, rows=slice(None), constant=True, waves=(np.cos, np.sin), first=1, ridge=0.0, step=1):
    """The solution with something wrong: what the mistakes are made of."""

    def columns(x):
        found = [f(k * x) for k in range(first, K + 1, step) for f in waves]
        return np.stack([np.ones_like(x), *found] if constant else found, axis=1)

    M, y = columns(x[rows]), y[rows]
    if ridge:
        found = np.linalg.solve(M.T @ M + ridge * np.eye(M.shape[1]), M.T @ y)
    else:
        found, *_ = np.linalg.lstsq(M, y, rcond=None)
    return lambda new: columns(new) @ found


@surrogate.mistake("your series has no constant: it cannot follow a mean that is not zero.")
def no_constant(x, y, K):
    return _fit(x, y, K, constant=False)


@surrogate.mistake("cosines alone are symmetric about 0. Each frequency has a sine as well.")
def cosines_only(x, y, K):
    return _fit(x, y, K, waves=(np.cos,))


@surrogate.mistake("sines alone are odd about 0. Each frequency has a cosine as well.")
def sines_only(x, y, K):
    return _fit(x, y, K, waves=(np.sin,))


@surrogate.mistake(
    "the highest frequency K is missing: range(1, K) ends before it. K turns make frequencies 1 to K."
)
def one_too_few(x, y, K):
    return _fit(x, y, K - 1)


@surrogate.mistake("your series goes beyond K: it follows a frequency K + 1. A network of K turns cannot.")
def too_many(x, y, K):
    return _fit(x, y, K + 1)


@surrogate.mistake("you fitted frequencies up to 3, whatever K is: heed K.")
def k_not_heeded(x, y, K):
    return _fit(x, y, 3)


@surrogate.mistake("only the highest frequency is there. K turns make all of 1 to K.")
def highest_only(x, y, K):
    return _fit(x, y, K, first=K)


@surrogate.mistake(
    "right where the data are such a series. With noise, or with frequencies beyond K, yours is not the series of least "
    "squares: use all rows, not as many as there are columns."
)
def as_many_rows_as_columns(x, y, K):
    return _fit(x, y, K, rows=slice(2 * K + 1))


@surrogate.mistake("you pull the coefficients towards zero by a ridge. Plain least squares was asked for.")
def a_ridge(x, y, K):
    return _fit(x, y, K, ridge=1.0)


@surrogate.mistake()
def coefficients(x, y, K):
    k = np.arange(1, K + 1)
    M = np.hstack([np.ones((len(x), 1)), np.cos(np.outer(x, k)), np.sin(np.outer(x, k))])
    return np.linalg.lstsq(M, y, rcond=None)[0]


@surrogate.mistake(
    "those are powers of x. Columns: 1, cos kx and sin kx for k = 1 to K; then `np.linalg.lstsq`."
)
def powers(x, y, K):
    def columns(x):
        return np.stack([x**k for k in range(K + 1)], axis=1)

    found, *_ = np.linalg.lstsq(columns(x), y, rcond=None)
    return lambda new: columns(new) @ found
