"""Entropies, in bits: Shannon's of probabilities and of one bit, von Neumann's of quantum states.

Taught in :doc:`/qubits/entanglement`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr

from qlearn._checks import as_probabilities
from qlearn.qubits.density_matrices import as_pure_or_mixed


def shannon(p: NDArray) -> NDArray[np.float64]:
    """Return the entropy of probabilities on the last axis, shape (...); what rounding made negative counts as 0."""
    p = np.maximum(p, 0)
    return np.maximum(-(p * np.log2(np.where(p > 0, p, 1))).sum(-1), 0)


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

    Examples
    --------
    >>> binary_entropy([0, 0.11, 0.5, 1]).round(4)
    array([0.    , 0.4999, 1.    , 0.    ])

    References
    ----------
    Shannon, "A mathematical theory of communication", 1948, section 6.
    """
    p = as_probabilities(p, "p")
    return np.asarray((entr(p) + entr(1 - p)) / np.log(2))


def entropy(state: ArrayLike) -> NDArray[np.float64]:
    r"""Return the von Neumann entropy of a state, in bits.

    .. math:: S(\rho) = -\operatorname{tr}\rho\log_2\rho = -\sum_i p_i \log_2 p_i

    with :math:`p_i` the eigenvalues. 0 for every pure state, n for n qubits of pure noise.

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (...)
        In bits.

    Examples
    --------
    >>> float(entropy([[0.5, 0], [0, 0.5]]))
    1.0

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), eq. 11.52.
    """
    array, mixed = as_pure_or_mixed(state)
    return shannon(np.linalg.eigvalsh(array)) if mixed else np.zeros(array.shape[:-1])
