"""Density matrices: of pure states, of mixtures, and of a part of the wires.

Taught in :doc:`/qubits/measurement`.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_states, as_wires, is_coarse, n_qubits_of, norm_tolerance


def as_pure_or_mixed(x: ArrayLike, name: str = "state") -> tuple[NDArray[np.complex128], bool]:
    """Return a checked array and whether it holds density matrices (True) or state vectors (False).

    An array of shape (..., d, d) could be either. No valid input is both: d normalised rows have squares
    that sum to d, a density matrix's sum to its purity, at most 1. Where there is nothing to sum, an empty
    batch, it is taken for density matrices. What came in single precision is forgiven
    its rounding and leaves as a state in double precision.
    """
    array = np.asarray(x)
    if array.ndim < 2 or array.shape[-1] != array.shape[-2] or array.dtype.kind not in "buifc":
        return as_states(array, name), False
    if not array.size:
        n_qubits_of(array, name)
        return array.astype(np.complex128), True
    tolerance, coarse = norm_tolerance(array.dtype), is_coarse(array.dtype)
    norms = np.linalg.norm(array.astype(np.complex128, copy=False), axis=-1)
    if np.allclose(norms, 1, atol=tolerance):
        return as_states(array, name), False
    array = array.astype(np.complex128, copy=False)
    n_qubits_of(array, name)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; it holds NaN or infinity")
    traces = np.trace(array, axis1=-2, axis2=-1)
    # A square array may be either, so a refusal says what is wrong with both.
    as_vectors = f"; read as state vectors, one a row, their lengths are {_some(norms)}, not all 1"
    if np.abs(traces - 1).max() > tolerance:
        worst = traces.flat[np.abs(traces - 1).argmax()]
        raise ValueError(
            f"{name} must be normalised: as a density matrix its trace is {worst:.6g}, not 1{as_vectors}"
        )
    if np.abs(array - array.mT.conj()).max() > tolerance:
        raise ValueError(
            f"{name} must be Hermitian as a density matrix (equal to its conjugate transpose){as_vectors}"
        )
    lowest = np.linalg.eigvalsh(array).min()
    if lowest < -tolerance:
        raise ValueError(
            f"{name} must have no negative probability; as a density matrix its lowest eigenvalue is {lowest:.3g}"
            f"{as_vectors}"
        )
    return (refined(array) if coarse else array), True


def as_pairs(x: ArrayLike, name: str = "state") -> tuple[NDArray[np.complex128], bool]:
    """Return what :func:`as_pure_or_mixed` does, of two qubits."""
    array, mixed = as_pure_or_mixed(x, name)
    if array.shape[-1] != 4:
        raise ValueError(
            f"{name} must be of two qubits, of shape (..., 4) or (..., 4, 4), not of shape {array.shape}"
        )
    return array, mixed


def as_matrices(states: NDArray[np.complex128], mixed: bool) -> NDArray[np.complex128]:
    """Return the density matrices of state vectors; if `mixed`, they are density matrices already."""
    return states if mixed else states[..., :, None] * states[..., None, :].conj()


def refined(rho: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Make a density matrix of single precision one in double: Hermitian, positive, of trace 1."""
    values, vectors = np.linalg.eigh((rho + rho.mT.conj()) / 2)
    weights = values.clip(0)
    weights /= weights.sum(-1, keepdims=True)
    return np.asarray((vectors * weights[..., None, :]) @ vectors.mT.conj(), dtype=np.complex128)


def _some(values: NDArray, most: int = 4) -> str:
    shown = ", ".join(f"{value:.4g}" for value in values.flat[:most])
    return shown + ", ..." * (values.size > most)


def density(state: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the density matrix of a state vector.

    .. math:: \rho = |\psi\rangle\langle\psi|

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors; density matrices are checked and returned as they are.

    Returns
    -------
    ndarray of complex128, shape (..., 2**n, 2**n)

    Examples
    --------
    >>> density([1, 0]).real
    array([[1., 0.],
           [0., 0.]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), eq. 2.138.
    """
    return as_matrices(*as_pure_or_mixed(state))


def partial_trace(state: ArrayLike, keep: int | Iterable[int]) -> NDArray[np.complex128]:
    r"""Return the reduced density matrix of some wires of a state.

    .. math:: \rho_A = \operatorname{tr}_B \rho, \qquad
              (\rho_A)_{a a'} = \sum_b \rho_{ab,\,a'b}

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    keep : int or iterable of int
        Wires to keep, in the order that the result shall have.

    Returns
    -------
    ndarray of complex128, shape (..., 2**k, 2**k)

    Examples
    --------
    >>> pair = np.array([1, 0, 0, 1]) / np.sqrt(2)
    >>> partial_trace(pair, keep=0).real.round(3)
    array([[0.5, 0. ],
           [0. , 0.5]])

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), eq. 2.178.
    """
    array, mixed = as_pure_or_mixed(state)
    n = n_qubits_of(array)
    kept = as_wires(keep, n, "keep")
    order = (*kept, *(wire for wire in range(n) if wire not in kept))
    d, rest = 1 << len(kept), 1 << (n - len(kept))
    batch = array.shape[: array.ndim - (2 if mixed else 1)]
    b = len(batch)
    if mixed:
        axes = [*range(b), *(b + w for w in order), *(b + n + w for w in order)]
        blocks = array.reshape(*batch, *[2] * (2 * n)).transpose(axes).reshape(*batch, d, rest, d, rest)
        return np.einsum("...abcb->...ac", blocks)
    psi = (
        array.reshape(*batch, *[2] * n)
        .transpose([*range(b), *(b + w for w in order)])
        .reshape(*batch, d, rest)
    )
    return psi @ psi.mT.conj()
