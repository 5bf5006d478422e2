"""Hold-out: the rows and seeds that settle a choice and those that judge it, kept apart by name.

Taught in :doc:`/learning/comparison`.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_real, as_rng

Part = Literal["settle", "judge"]
_FIRST: dict[Part, int] = {"settle": 0, "judge": 1_000_000}


class Holdout(NamedTuple):
    """Rows in two parts: with one settings are chosen, with the other they are judged, once.

    Parameters
    ----------
    settle, judge : ndarray of int
        Row numbers; no row is in both.
    """

    settle: NDArray[np.intp]
    judge: NDArray[np.intp]


def seeds(part: Part, how_many: int, *, skip: int = 0) -> range:
    """Return seeds of a generator: those that settle are never those that judge.

    Parameters
    ----------
    part : {"settle", "judge"}
        What they are for.
    how_many : int
        At least 1.
    skip : int
        Leave out the first ones, for a second judgement that shall be as fresh.

    Returns
    -------
    range
        0, 1, ... or 1000000, 1000001, ...

    Examples
    --------
    >>> list(seeds("settle", 3)), list(seeds("judge", 3))
    ([0, 1, 2], [1000000, 1000001, 1000002])
    """
    first, skip = _FIRST[as_choice(part, _FIRST, "part")], as_count(skip, "skip", least=0)
    last = skip + as_count(how_many, "how_many")
    if last > _FIRST["judge"]:
        raise ValueError(f"skip + how_many must be at most {_FIRST['judge']:,}, not {last:,}")
    return range(first + skip, first + last)


def holdout_split(y: ArrayLike, *, fraction: float = 0.5, rng: Any = None) -> Holdout:
    """Split rows into two parts, every class in the same proportion.

    Parameters
    ----------
    y : array_like, shape (n,)
        The class of each row; rows of one class are dealt as evenly as whole rows allow.
    fraction : float
        Of the rows, those that settle; above 0 and below 1.
    rng : None, int or numpy.random.Generator
        Deals.

    Returns
    -------
    Holdout

    Examples
    --------
    >>> y = np.repeat(["cat", "dog"], [6, 4])
    >>> parts = holdout_split(y, rng=1)
    >>> y[parts.settle].tolist(), y[parts.judge].tolist()
    (['cat', 'cat', 'cat', 'dog', 'dog'], ['cat', 'cat', 'cat', 'dog', 'dog'])
    """
    classes, rng = np.asarray(y), as_rng(rng)
    if classes.ndim != 1:
        raise ValueError(f"y must have one axis, one class a row, not the shape {classes.shape}")
    if not 0 < as_real(fraction, "fraction") < 1:
        raise ValueError(f"fraction must lie between 0 and 1, not {fraction:g}")
    settle = np.zeros(classes.size, dtype=bool)
    for each in np.unique(classes):
        rows = rng.permutation(np.flatnonzero(classes == each))
        settle[rows[: round(fraction * rows.size)]] = True
    if settle.all() or not settle.any():
        raise ValueError(
            f"y must have enough rows for two parts; with fraction={fraction:g}, {classes.size} leave one empty"
        )
    return Holdout(np.flatnonzero(settle), np.flatnonzero(~settle))
