"""Trace distance: how well two states can be told apart."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits.density import as_comparable, density


def trace_distance(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    r"""Return how far apart two states are: 0 for the same, 1 for perfectly distinguishable ones.

    .. math:: D(\rho, \sigma) = \tfrac12 \lVert \rho - \sigma \rVert_1 = \tfrac12\sum_i |\lambda_i|

    Over a coin throw, D is the gain of the best measurement: it tells two equally likely states apart with
    probability :math:`(1 + D)/2` (:func:`~qlearn.qubits.helstrom`). No channel makes it larger. On the Bloch
    ball it is half the distance between the two points.

    Parameters
    ----------
    a, b : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices, with batches that broadcast.

    Returns
    -------
    ndarray of float64, shape (...)
        Values in [0, 1].

    Raises
    ------
    ValueError
        If a state is not valid, the two differ in size, or their batches do not broadcast.

    Examples
    --------
    >>> float(trace_distance([1, 0], [0.6, 0.8]).round(12))
    0.8

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 9.2.1.

    Taught in :doc:`/qubits/noise`.
    """
    first, second = (density(state) for state, _ in as_comparable(a, b))
    return np.clip(
        np.abs(np.linalg.eigvalsh(first - second)).sum(-1) / 2, 0, 1
    )  # rounding alone leaves [0, 1]
