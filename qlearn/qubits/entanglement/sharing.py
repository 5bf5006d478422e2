"""How much two qubits are entangled, pure or mixed, and that nobody can be so with everybody."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_wires
from qlearn.qubits.density import as_pure_or_mixed, partial_trace
from qlearn.qubits.entanglement.cuts import as_pure

# Y on both wires, as a matrix: it turns both spins round.
_YY = np.diag([-1.0, 1, 1, -1])[:, ::-1]
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

    Raises
    ------
    ValueError
        If a state is not valid or not of two qubits.

    Examples
    --------
    >>> float(concurrence([0.6, 0, 0, 0.8]).round(6))
    0.96

    References
    ----------
    Wootters, Phys. Rev. Lett. 80, 2245 (1998), arXiv:quant-ph/9709029, eq. 13.

    Taught in :doc:`/qubits/entanglement`.
    """
    array, mixed = as_pure_or_mixed(rho, "rho")
    if array.shape[-1] != 4:
        raise ValueError(
            f"rho must be of two qubits, of shape (..., 4) or (..., 4, 4), not of shape {array.shape}"
        )
    if not mixed:
        return np.minimum(np.abs(np.einsum("...i,ij,...j->...", array, _YY, array)), 1)
    weights, vectors = np.linalg.eigh(array)
    kets = vectors * np.sqrt(np.where(weights > _NO_WEIGHT, weights, 0))[..., None, :]
    # rho = A A*: the roots are the singular values of A^T YY A, found without taking a root of rounding.
    roots = np.linalg.svd(np.swapaxes(kets, -1, -2) @ _YY @ kets, compute_uv=False)
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

    Raises
    ------
    ValueError
        If a state is not valid or not of two qubits.

    Examples
    --------
    >>> float(tangle([0.6, 0, 0, 0.8]).round(6))
    0.9216

    References
    ----------
    Coffman, Kundu and Wootters, Phys. Rev. A 61, 052306 (2000), arXiv:quant-ph/9907047.

    Taught in :doc:`/qubits/entanglement`.
    """
    return concurrence(rho) ** 2


def residual_tangle(state: ArrayLike, wire: int = 0) -> NDArray[np.float64]:
    r"""Return what one qubit's entanglement with all the others has left, after that with each of them.

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

    Raises
    ------
    ValueError
        If the state is not valid or mixed, is of one qubit only, or the wire is out of range.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import ghz
    >>> float(residual_tangle(ghz(3)).round(6))
    1.0

    References
    ----------
    Coffman, Kundu and Wootters, Phys. Rev. A 61, 052306 (2000), arXiv:quant-ph/9907047, eqs. 9 and 24;
    for more qubits Osborne and Verstraete, Phys. Rev. Lett. 96, 220503 (2006), arXiv:quant-ph/0502176.

    Taught in :doc:`/qubits/entanglement`.
    """
    array, n = as_pure(state, "of a mixed one the whole is not 4 det of a part")
    if n < 2:
        raise ValueError("state must be of at least two qubits, not of one: it has nobody to share with")
    (one,) = as_wires(wire, n, "wire")
    whole = 4 * np.linalg.det(partial_trace(array, one)).real
    pairs = [tangle(partial_trace(array, [one, other])) for other in range(n) if other != one]
    return np.clip(whole - np.sum(pairs, axis=0), 0, 1)
