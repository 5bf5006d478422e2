"""Bell-diagonal pairs: four probabilities in the place of a density matrix."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, is_coarse, norm_tolerance
from qlearn.qubits.density_matrices import as_matrices, as_pairs
from qlearn.qubits.entanglement import bell_state

BELL_ORDER = ("phi+", "psi-", "psi+", "phi-")
"""The Bell states in the order of the vectors of this package: that of Deutsch et al. (1996), not of ``BELL_NAMES``."""

_BELL = np.array([bell_state(name) for name in BELL_ORDER])


def as_bell_vectors(p: ArrayLike, name: str = "p") -> NDArray[np.float64]:
    """Return `p` as probabilities of the four Bell states on the last axis, shape (..., 4)."""
    array = as_probabilities(p, name, "probabilities of the four Bell states")
    if not array.ndim or array.shape[-1] != 4:
        raise ValueError(
            f"{name} must hold four probabilities on its last axis, of {', '.join(BELL_ORDER)}, not shape {array.shape}. "
            "For a fidelity alone use werner_vector(f)"
        )
    dtype = np.asarray(p).dtype
    total = array.sum(-1)
    off = np.abs(total - 1)
    if off.size and off.max() > norm_tolerance(dtype):
        raise ValueError(f"{name} must sum to 1, not {total.flat[off.argmax()]:.10g}: divide it by its sum")
    if is_coarse(dtype):  # what comes after is double, and strict
        array = array / total[..., None]
    return array


def bell_diagonal(p: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the density matrix of a pair that is in each Bell state with a given probability.

    .. math:: \rho = A\,\Phi^+ + B\,\Psi^- + C\,\Psi^+ + D\,\Phi^-

    with :math:`\Phi^+` short for :math:`|\Phi^+\rangle\langle\Phi^+|`, and so on.

    Parameters
    ----------
    p : array_like of float, shape (..., 4)
        A, B, C, D, in the order ``BELL_ORDER``. A is the fidelity.

    Returns
    -------
    ndarray of complex128, shape (..., 4, 4)

    Examples
    --------
    >>> bell_diagonal([0.5, 0, 0, 0.5]).real
    array([[0.5, 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0.5]])

    References
    ----------
    Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024.
    """
    weights = as_bell_vectors(p)
    return np.asarray(np.einsum("...k,ki,kj->...ij", weights, _BELL, _BELL.conj()))


def bell_vector(state: ArrayLike) -> NDArray[np.float64]:
    r"""Return the weights of the four Bell states in a pair, shape (..., 4): what is left of it after a twirl.

    .. math:: p_k = \langle B_k|\,\rho\,|B_k\rangle

    Where both sides apply the same Pauli gate, thrown by a coin that both see, the pair becomes Bell-diagonal with
    these weights. Terms between two Bell states are lost by that; the weights, and so the fidelity, are not.

    Parameters
    ----------
    state : array_like, shape (..., 4) or (..., 4, 4)
        State vectors or density matrices of two qubits.

    Returns
    -------
    ndarray of float64, shape (..., 4)
        Probabilities, in the order ``BELL_ORDER``.

    Examples
    --------
    >>> bell_vector([1, 0, 0, 0])
    array([0.5, 0. , 0. , 0.5])
    >>> from qlearn.qubits.entanglement import werner
    >>> bell_vector(werner(0.7)).round(12)
    array([0.7, 0.1, 0.1, 0.1])

    References
    ----------
    Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024.
    """
    rho = as_matrices(*as_pairs(state))
    weights = np.einsum("ki,...ij,kj->...k", _BELL.conj(), rho, _BELL).real
    return np.asarray(weights.clip(0, 1))


def werner_vector(f: ArrayLike) -> NDArray[np.float64]:
    r"""Return the weights of the four Bell states in a Werner pair, shape (..., 4).

    .. math:: p = \bigl(F,\; \tfrac{1-F}{3},\; \tfrac{1-F}{3},\; \tfrac{1-F}{3}\bigr)

    Parameters
    ----------
    f : array_like of float, shape (...)
        The fidelity F with :math:`\Phi^+`.

    Returns
    -------
    ndarray of float64, shape (..., 4)
        In the order ``BELL_ORDER``.

    Examples
    --------
    >>> werner_vector(0.7).round(12)
    array([0.7, 0.1, 0.1, 0.1])

    References
    ----------
    Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024.
    """
    fidelity = as_probabilities(f, "f", "fidelities")[..., None]
    return np.concatenate([fidelity, *[(1 - fidelity) / 3] * 3], axis=-1)


def error_rates(p: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return how often the two halves of a pair disagree when both are measured in Z, and when both in X.

    .. math:: e_Z = B + C, \qquad e_X = B + D

    :math:`\Psi^\pm` disagree in Z, :math:`\Phi^-` and :math:`\Psi^-` in X. They are the two error rates that
    :func:`~qlearn.communication.key_rate.asymptotic_rate` asks for.

    Parameters
    ----------
    p : array_like of float, shape (..., 4)
        The pair, in the order ``BELL_ORDER``.

    Returns
    -------
    tuple of two ndarrays of float64, shape (...)

    Examples
    --------
    >>> z, x = error_rates([0.8, 0.02, 0.05, 0.13])
    >>> float(z.round(12)), float(x.round(12))
    (0.07, 0.15)

    References
    ----------
    Bennett, Brassard and Mermin, Phys. Rev. Lett. 68, 557 (1992), doi:10.1103/PhysRevLett.68.557.
    """
    weights = as_bell_vectors(p)
    return np.minimum(weights[..., 1] + weights[..., 2], 1), np.minimum(weights[..., 1] + weights[..., 3], 1)
