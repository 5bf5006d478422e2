"""Checks of graphs that come as matrices of weights, with one number for each node."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals


def as_graphs(
    x: ArrayLike, weights: ArrayLike, name: str = "x"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return node values (..., n) and symmetric weights (..., n, n) without loops, or say what is wrong with them.

    Examples
    --------
    >>> as_graphs([0.1, 0.2], [[0, 1], [2, 0]])
    Traceback (most recent call last):
        ...
    ValueError: weights must be symmetric: an edge has one weight, whichever end it is read from
    """
    values, matrix = as_reals(x, name), as_reals(weights, "weights")
    if values.ndim < 1 or matrix.ndim < 2 or matrix.shape[-2:] != (values.shape[-1], values.shape[-1]):
        raise ValueError(
            f"weights must be one n x n matrix for the n node values on the last axis of {name}, not shape "
            f"{matrix.shape} for {name} of shape {values.shape}"
        )
    if (matrix != matrix.mT).any():
        raise ValueError("weights must be symmetric: an edge has one weight, whichever end it is read from")
    if np.diagonal(matrix, axis1=-2, axis2=-1).any():
        raise ValueError("weights must be 0 on the diagonal: no node is its own neighbour")
    return values, matrix
