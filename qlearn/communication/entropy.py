"""Entropy: how many bits of uncertainty a biased bit holds."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr

from qlearn._checks import as_probabilities


def binary_entropy(p: ArrayLike) -> NDArray[np.float64]:
    r"""Return the entropy of a bit that is 1 with probability `p`, in bits.

    .. math:: h(p) = -p \log_2 p - (1-p) \log_2 (1-p)

    0 for a bit that is certain, 1 for a fair coin, and symmetric: to know that a bit is wrong nine times in
    ten is worth as much as to know that it is right nine times in ten.

    Parameters
    ----------
    p : array_like of float, shape (...)
        Probabilities.

    Returns
    -------
    ndarray of float, shape (...)
        Bits (base 2; divide by ``log2(e)`` for nats).

    Raises
    ------
    ValueError, TypeError
        If a value is not between 0 and 1, or no number.

    Examples
    --------
    >>> binary_entropy([0, 0.11, 0.5, 1]).round(4)
    array([0.    , 0.4999, 1.    , 0.    ])

    References
    ----------
    Shannon, "A mathematical theory of communication", 1948, section 6.

    Taught in :doc:`/communication/bb84`.
    """
    p = as_probabilities(p, "p")
    return np.asarray((entr(p) + entr(1 - p)) / np.log(2))


def as_error_rates(x: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `x` as error rates from 0 to 1/2: more count as 1/2, since a bound above it vouches for nothing."""
    return np.minimum(as_probabilities(x, name, "error rates"), 0.5)
