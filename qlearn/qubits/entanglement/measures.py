"""Measures of entanglement: Schmidt decomposition and entropy of a pure state, concurrence and tangle of a pair."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_wires, n_qubits_of
from qlearn.qubits.density_matrices import as_pairs, as_pure_or_mixed, partial_trace
from qlearn.qubits.entropies import entropy as entropy, shannon
from qlearn.qubits.paulis import pauli_matrix


class SchmidtDecomposition(NamedTuple):
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


def _as_pure(state: ArrayLike, why: str) -> tuple[NDArray[np.complex128], int]:
    """Return checked state vectors and their number of qubits; refuse density matrices and say why."""
    array, mixed = as_pure_or_mixed(state)
    if mixed:
        raise ValueError(f"state must be a state vector, of shape (..., 2**n), not a density matrix: {why}")
    return array, n_qubits_of(array)


def _cut(state: ArrayLike, wires: int | Iterable[int]) -> NDArray[np.complex128]:
    """Return amplitudes as matrices (..., 2**k, 2**(n-k)): rows the named wires, columns the others."""
    array, n = _as_pure(state, "of a mixed state neither part's disorder says how entangled it is")
    named = as_wires(wires, n)
    if len(named) == n:
        raise ValueError(f"wires must leave a second part, not name all {n} wires of the state")
    rest = [wire for wire in range(n) if wire not in named]
    batch = array.shape[:-1]
    b = len(batch)
    tensor = array.reshape(*batch, *[2] * n).transpose([*range(b), *(b + wire for wire in (*named, *rest))])
    return tensor.reshape(*batch, 1 << len(named), 1 << len(rest))


def schmidt(state: ArrayLike, wires: int | Iterable[int]) -> SchmidtDecomposition:
    r"""Return the Schmidt decomposition of a pure state: a sum of one state of the named wires beside one of the others.

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
    SchmidtDecomposition
        ``coefficients`` of shape (..., r), ``first`` and ``second``, with r the dimension of the smaller part.

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
    """
    u, c, v = np.linalg.svd(_cut(state, wires), full_matrices=False)
    return SchmidtDecomposition(c, u.mT, v)


def entanglement_entropy(state: ArrayLike, wires: int | Iterable[int]) -> NDArray[np.float64]:
    r"""Return the entanglement entropy of two parts of a pure state, in bits: the entropy that either has alone.

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

    Examples
    --------
    >>> float(entanglement_entropy([0.6, 0, 0, 0.8], wires=0).round(6))
    0.942683

    References
    ----------
    Bennett, Bernstein, Popescu and Schumacher, Phys. Rev. A 53, 2046 (1996), arXiv:quant-ph/9511030.
    """
    return shannon(np.linalg.svd(_cut(state, wires), compute_uv=False) ** 2)


# Y on both wires, as a matrix: it turns both spins round.
_YY = pauli_matrix("YY").real
_NO_WEIGHT = 1e-15  # a pure pair is one ket, not one and three of rounding


def concurrence(rho: ArrayLike) -> NDArray[np.float64]:
    r"""Return Wootters' concurrence of a pair: 0 for separable states, 1 for Bell states.

    .. math:: C(\psi) = |\langle\psi|\,Y\otimes Y\,|\psi^*\rangle|, \qquad
              C(\rho) = \max(0,\ \lambda_1 - \lambda_2 - \lambda_3 - \lambda_4)

    :math:`\lambda_i` are the roots of the eigenvalues of
    :math:`\rho\,(Y\otimes Y)\,\rho^*\,(Y\otimes Y)`, largest first. For a mixed state it is the least average
    concurrence of all mixtures that make it: zero exactly if some mixture of product states does.
    A Werner pair has :math:`\max(0, 2F - 1)`.

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (...)
        From 0 to 1.

    Examples
    --------
    >>> float(concurrence([0.6, 0, 0, 0.8]).round(6))
    0.96

    References
    ----------
    Wootters, Phys. Rev. Lett. 80, 2245 (1998), arXiv:quant-ph/9709029, eq. 13.
    """
    array, mixed = as_pairs(rho, "rho")
    if not mixed:
        return np.minimum(np.abs(np.einsum("...i,ij,...j->...", array, _YY, array)), 1)
    weights, vectors = np.linalg.eigh(array)
    kets = vectors * np.sqrt(np.where(weights > _NO_WEIGHT, weights, 0))[..., None, :]
    # rho = A A*: the roots are the singular values of A^T YY A, found without taking a root of rounding.
    roots = np.linalg.svd(kets.mT @ _YY @ kets, compute_uv=False)
    return np.clip(2 * roots[..., 0] - roots.sum(-1), 0, 1)


def tangle(rho: ArrayLike) -> NDArray[np.float64]:
    r"""Return the tangle of a pair, the square of its concurrence: what monogamy is a sum of.

    .. math:: \tau = C^2

    Parameters
    ----------
    rho : array_like, shape (..., 4) or (..., 4, 4)
        Pairs of qubits, state vectors or density matrices.

    Returns
    -------
    ndarray of float64, shape (...)
        From 0 to 1.

    Examples
    --------
    >>> float(tangle([0.6, 0, 0, 0.8]).round(6))
    0.9216
    """
    return concurrence(rho) ** 2


def residual_tangle(state: ArrayLike, wire: int = 0) -> NDArray[np.float64]:
    r"""Return the residual tangle of a qubit: its tangle with all the others, less that with each of them.

    .. math:: \tau_{\text{left}} = \tau_{A(BC\ldots)} - \tau_{AB} - \tau_{AC} - \ldots \;\ge\; 0,
              \qquad \tau_{A(BC\ldots)} = 4\det\rho_A

    That it is never negative is the *monogamy* of entanglement: a qubit that forms a Bell pair with a second
    one has nothing for a third. Of three qubits the rest is the same whichever wire is A: 1 for GHZ, 0 for W.

    Parameters
    ----------
    state : array_like, shape (..., 2**n)
        State vectors of at least two qubits.
    wire : int
        The qubit A.

    Returns
    -------
    ndarray of float64, shape (...)
        From 0 to 1.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import ghz
    >>> float(residual_tangle(ghz(3)).round(6))
    1.0

    References
    ----------
    Coffman, Kundu and Wootters, Phys. Rev. A 61, 052306 (2000), arXiv:quant-ph/9907047, eqs. 9 and 24;
    for more qubits Osborne and Verstraete, Phys. Rev. Lett. 96, 220503 (2006), arXiv:quant-ph/0502176.
    """
    array, n = _as_pure(state, "of a mixed one the whole is not 4 det of a part")
    if n < 2:
        raise ValueError("state must be of at least two qubits, not of one: it has nobody to share with")
    (one,) = as_wires(wire, n, "wire")
    whole = 4 * np.linalg.det(partial_trace(array, one)).real
    pairs = [tangle(partial_trace(array, [one, other])) for other in range(n) if other != one]
    return np.clip(whole - np.sum(pairs, axis=0), 0, 1)
