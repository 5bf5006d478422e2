"""Correlations of a pair: what two sides see together, and what neither can see alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits.density import as_pure_or_mixed

# 1, X, Y, Z; and all products of two of them.
PAULIS = np.array(
    [[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=np.complex128
)
_PRODUCTS = np.einsum("iab,jcd->ijacbd", PAULIS, PAULIS).reshape(4, 4, 4, 4)


def as_pairs(state: ArrayLike, name: str = "state") -> NDArray[np.complex128]:
    """Return checked density matrices of two qubits, shape (..., 4, 4), from pure or mixed ones."""
    array, mixed = as_pure_or_mixed(state, name)
    if array.shape[-1] != 4:
        raise ValueError(
            f"{name} must be of two qubits, of shape (..., 4) or (..., 4, 4), not of shape {array.shape}"
        )
    return array if mixed else array[..., :, None] * array[..., None, :].conj()


def moments(state: ArrayLike, name: str = "state") -> NDArray[np.float64]:
    """Return the mean values of all products of 1, X, Y, Z, shape (..., 4, 4): T, and each side alone."""
    return np.einsum("...ab,ijba->...ij", as_pairs(state, name), _PRODUCTS).real


def correlations(state: ArrayLike) -> NDArray[np.float64]:
    r"""Return the correlation matrix of a pair: the mean product of Pauli measurements on its two sides.

    .. math:: T_{ij} = \operatorname{tr}\bigl(\rho\;\sigma_i\otimes\sigma_j\bigr), \qquad
              E(\vec a, \vec b) = \vec a^{\,\mathsf T}\, T\, \vec b

    When the sides measure along the directions :math:`\vec a` and :math:`\vec b`, with answers +1 and -1,
    the mean product of their answers is E. :math:`\Phi^+` has T = diag(1, -1, 1).

    Parameters
    ----------
    state : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (..., 3, 3)
        Rows are X, Y, Z on wire 0, columns X, Y, Z on wire 1.

    Raises
    ------
    ValueError
        If the state is not valid or not of two qubits.

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> correlations(bell_state("phi+")).round(12).diagonal()
    array([ 1., -1.,  1.])

    References
    ----------
    Horodecki and Horodecki, Phys. Rev. A 54, 1838 (1996), arXiv:quant-ph/9607007, eq. 1.

    Taught in :doc:`/qubits/entanglement`.
    """
    return moments(state)[..., 1:, 1:]
