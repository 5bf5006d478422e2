"""Cutting a pure state in two: the Schmidt decomposition, and the entropy that each part has alone."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_wires, n_qubits_of
from qlearn.qubits.density import as_pure_or_mixed


class Schmidt(NamedTuple):
    """A pure state as a sum of paired product states; see :func:`schmidt`.

    Attributes
    ----------
    coefficients : ndarray of float64, shape (..., r)
        From the largest to the smallest, none negative; their squares sum to 1.
    first : ndarray of complex128, shape (..., r, 2**k)
        Orthonormal states of the named wires, in the order in which they were named.
    second : ndarray of complex128, shape (..., r, 2**(n-k))
        Orthonormal states of the other wires, in ascending order.
    """

    coefficients: NDArray[np.float64]
    first: NDArray[np.complex128]
    second: NDArray[np.complex128]


def as_pure(state: ArrayLike, why: str) -> tuple[NDArray[np.complex128], int]:
    """Return checked state vectors and their number of qubits; refuse density matrices and say why."""
    array, mixed = as_pure_or_mixed(state)
    if mixed:
        raise ValueError(f"state must be a state vector, of shape (..., 2**n), not a density matrix: {why}")
    return array, n_qubits_of(array)


def _cut(state: ArrayLike, wires: int | Iterable[int]) -> NDArray[np.complex128]:
    """Return amplitudes as matrices (..., 2**k, 2**(n-k)): rows the named wires, columns the others."""
    array, n = as_pure(state, "of a mixed state neither part's disorder says how entangled it is")
    named = as_wires(wires, n)
    if len(named) == n:
        raise ValueError(f"wires must leave a second part, not name all {n} wires of the state")
    rest = [wire for wire in range(n) if wire not in named]
    batch = array.shape[:-1]
    b = len(batch)
    tensor = array.reshape(*batch, *[2] * n).transpose([*range(b), *(b + wire for wire in (*named, *rest))])
    return tensor.reshape(*batch, 1 << len(named), 1 << len(rest))


def schmidt(state: ArrayLike, wires: int | Iterable[int]) -> Schmidt:
    r"""Write a pure state as a sum of pairs: one state of the named wires beside one of the others.

    .. math:: |\psi\rangle = \sum_{i=1}^{r} c_i\, |u_i\rangle_A \otimes |v_i\rangle_B, \qquad
              c_i \ge 0, \quad \sum_i c_i^2 = 1

    with orthonormal :math:`u_i` and orthonormal :math:`v_i`. It is the singular value decomposition of the
    amplitudes, written as a matrix. One coefficient other than zero: a product state. All of them equal:
    as entangled as the smaller part can be.

    Parameters
    ----------
    state : array_like, shape (..., 2**n)
        State vectors of at least two qubits.
    wires : int or iterable of int
        The wires of the first part; at least one must be left.

    Returns
    -------
    Schmidt
        ``coefficients`` of shape (..., r), ``first`` and ``second``, with r the dimension of the smaller part.

    Raises
    ------
    ValueError
        If the state is not valid or mixed, or the wires do not cut it in two.

    Examples
    --------
    >>> parts = schmidt([0.6, 0, 0, 0.8], wires=0)
    >>> parts.coefficients
    array([0.8, 0.6])
    >>> abs(parts.first)
    array([[0., 1.],
           [1., 0.]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), theorem 2.7.

    Taught in :doc:`/qubits/entanglement`.
    """
    u, c, v = np.linalg.svd(_cut(state, wires), full_matrices=False)
    return Schmidt(c, np.swapaxes(u, -1, -2), v)


def entropy(state: ArrayLike) -> NDArray[np.float64]:
    r"""Return how many bits are missing to know a state fully (von Neumann).

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

    Raises
    ------
    ValueError
        If the state is not valid.

    Examples
    --------
    >>> float(entropy([[0.5, 0], [0, 0.5]]))
    1.0

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), eq. 11.52.

    Taught in :doc:`/qubits/entanglement`.
    """
    array, mixed = as_pure_or_mixed(state)
    return _bits(np.linalg.eigvalsh(array)) if mixed else np.zeros(array.shape[:-1])


def entanglement_entropy(state: ArrayLike, wires: int | Iterable[int]) -> NDArray[np.float64]:
    r"""Return how entangled two parts of a pure state are: the entropy that either has alone.

    .. math:: E(\psi) = S(\rho_A) = S(\rho_B) = -\sum_i c_i^2 \log_2 c_i^2

    Many copies of a state can be turned, by local acts and talk, into E Bell pairs a copy and back. For mixed
    states this measure does not hold: a part may lack bits because the whole does.

    Parameters
    ----------
    state : array_like, shape (..., 2**n)
        State vectors of at least two qubits.
    wires : int or iterable of int
        The wires of one part.

    Returns
    -------
    ndarray of float64, shape (...)
        In bits, from 0 to the number of qubits of the smaller part.

    Raises
    ------
    ValueError
        If the state is not valid or mixed, or the wires do not cut it in two.

    Examples
    --------
    >>> float(entanglement_entropy([0.6, 0, 0, 0.8], wires=0).round(6))
    0.942683

    References
    ----------
    Bennett, Bernstein, Popescu and Schumacher, Phys. Rev. A 53, 2046 (1996), arXiv:quant-ph/9511030.

    Taught in :doc:`/qubits/entanglement`.
    """
    return _bits(np.linalg.svd(_cut(state, wires), compute_uv=False) ** 2)


def _bits(p: NDArray) -> NDArray[np.float64]:
    """Return the entropy of probabilities on the last axis; what rounding made negative counts as 0."""
    p = np.maximum(p, 0)
    return np.maximum(-(p * np.log2(np.where(p > 0, p, 1))).sum(-1), 0)
