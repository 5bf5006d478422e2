"""Weights of samples: what a row counts, by itself and by its class."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import _check_sample_weight

from qlearn._checks import as_real

Weights = NDArray[np.float64] | None


def as_sample_weight(sample_weight: ArrayLike | None, rows: NDArray) -> Weights:
    """Return a weight for each row, None where none are given; refuse negative ones, and zeros alone.

    Examples
    --------
    >>> as_sample_weight([0, 2], np.ones((2, 3)))
    array([0., 2.])
    >>> as_sample_weight([1, -2], np.ones((2, 3)))
    Traceback (most recent call last):
    ValueError: sample_weight must not be negative; it holds -2: a row may count nothing, never less than nothing
    """
    if sample_weight is None:
        return None
    given = np.asarray(sample_weight)
    if given.size and given.dtype.kind in "buif" and not given.any():
        raise ValueError("sample_weight must not be zero for every row: nothing would be left to learn from")
    weights: NDArray[np.float64] = _check_sample_weight(sample_weight, rows, dtype=np.float64)
    if (least := weights.min(initial=0.0)) < 0:
        raise ValueError(
            f"sample_weight must not be negative; it holds {least:g}: a row may count nothing, never less than nothing"
        )
    return weights


def as_class_weight(class_weight: Any, classes: NDArray) -> dict[int, float] | str | None:
    """Return the weight of each class by its index, "balanced" or None; refuse classes that there are not.

    Examples
    --------
    >>> as_class_weight({"b": 3}, np.array(["a", "b"]))
    {1: 3.0}
    >>> as_class_weight({"c": 3}, np.array(["a", "b"]))
    Traceback (most recent call last):
    ValueError: class_weight must be for the classes ['a', 'b'], not for 'c'
    """
    if class_weight is None or (isinstance(class_weight, str) and class_weight == "balanced"):
        return class_weight
    if not isinstance(class_weight, Mapping):
        raise ValueError(
            f"class_weight must be None, 'balanced' or a dict of classes and weights, not {class_weight!r}"
        )
    known = classes.tolist()
    if unknown := [label for label in class_weight if label not in known]:
        raise ValueError(f"class_weight must be for the classes {known}, not for {unknown[0]!r}")
    found = {
        known.index(label): as_real(weight, f"the class_weight of {label!r}", least=0)
        for label, weight in class_weight.items()
    }
    if not any(found.get(k, 1.0) for k in range(len(known))):
        raise ValueError("class_weight must not be zero for every class: nothing would be left to learn from")
    return found


def weighted_by_class(weights: Weights, class_weight: dict[int, float] | str | None, y: NDArray) -> Weights:
    r"""Return the weights of rows times those of their classes; "balanced" gives each class the same sum.

    .. math:: w_i \leftarrow w_i\, \frac{\sum_j w_j}{K \sum_{j:\, y_j = y_i} w_j}

    Examples
    --------
    >>> weighted_by_class(None, "balanced", np.array([0, 0, 0, 1])).round(3)
    array([0.667, 0.667, 0.667, 2.   ])
    """
    if class_weight is None:
        return weights
    own = np.ones(len(y)) if weights is None else _summable(weights)
    if not isinstance(class_weight, dict):
        totals = np.bincount(y, own)
        return own * (own.sum() / (np.count_nonzero(totals) * totals[y]))
    return own * _summable(np.array([class_weight.get(k, 1.0) for k in range(y.max(initial=0) + 1)]))[y]


def _summable(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights, in a unit of their own where they are so large that sums and products would be none."""
    most = weights.max(initial=0.0)
    return weights / most if most > 1e100 else weights


def normalised(weights: Weights) -> Weights:
    """Return weights of mean one, so that the step of an optimizer does not depend on their unit; None if all are one.

    Examples
    --------
    >>> normalised(np.array([1.0, 3.0]))
    array([0.5, 1.5])
    """
    if weights is None:
        return None
    weights = weights / weights.max()  # the sum of the largest numbers is none
    weights = weights / weights.mean()
    return None if (weights == 1).all() else weights
