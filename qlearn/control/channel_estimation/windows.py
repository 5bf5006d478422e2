"""Windows: a series as rows of its past, for a learner that predicts the next value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count


@dataclass(frozen=True)
class Windows:
    """Rows of the past and what followed; made by :func:`sliding_windows`.

    Attributes
    ----------
    X : ndarray of float, shape (m, width)
        The last `width` values before a step, the oldest first.
    y : ndarray of float, shape (m,)
        The value at that step.
    at : ndarray of int, shape (m,)
        The step.
    dropped : ndarray of int
        Steps left out because a value in their window, or their own, is missing (NaN).
    """

    X: NDArray[np.float64]
    y: NDArray[np.float64]
    at: NDArray[np.intp]
    dropped: NDArray[np.intp]


def sliding_windows(series: ArrayLike, width: int) -> Windows:
    """Return a series of n values as windows of its past, at most n - width of them.

    Parameters
    ----------
    series : array_like of float, shape (n,)
        NaN where a value is missing.
    width : int
        Values in a window, fewer than n.

    Returns
    -------
    Windows

    Raises
    ------
    ValueError
        If the series is too short, not finite, or has no window without a gap.

    Examples
    --------
    >>> told = sliding_windows([1, 2, 3, 4, 5], width=2)
    >>> told.X.tolist(), told.y.tolist()
    ([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]], [3.0, 4.0, 5.0])
    >>> sliding_windows([1, 2, float("nan"), 4, 5, 6], width=2).at
    array([5])
    """
    x, width = np.asarray(series, float), as_count(width, "width")
    if x.ndim != 1 or len(x) <= width:
        raise ValueError(
            f"series must have one axis and more than the {width} values of a window, not shape {x.shape}"
        )
    if np.isinf(x).any():
        raise ValueError("series must be finite, or NaN where a value is missing; one of them is infinite")
    rows = np.lib.stride_tricks.sliding_window_view(x, width + 1)
    whole = ~np.isnan(rows).any(axis=1)
    if not whole.any():
        raise ValueError(f"series must have {width + 1} neighbours without a gap (NaN); it has none")
    steps = np.arange(width, len(x))
    return Windows(rows[whole, :-1].copy(), rows[whole, -1].copy(), steps[whole], steps[~whole])
