"""Entropies, in bits: Shannon's of probabilities, von Neumann's of quantum states.

Taught in :doc:`/qubits/entanglement`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits.density_matrices import as_pure_or_mixed


def shannon(p: NDArray) -> NDArray[np.float64]:
    """Return the entropy of probabilities on the last axis, shape (...); what rounding made negative counts as 0."""
    p = np.maximum(p, 0)
    return np.maximum(-(p * np.log2(np.where(p > 0, p, 1))).sum(-1), 0)


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
