"""The pair: how good an imperfect one is for teleportation."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits import bell_state, fidelity
from qlearn.qubits.density import as_pure_or_mixed

# Hill and Wootters' magic basis: a maximally entangled state has real amplitudes in it, up to one phase.
_MAGIC = np.array([bell_state("phi+"), 1j * bell_state("phi-"), 1j * bell_state("psi+"), bell_state("psi-")])


def as_pair(resource: ArrayLike | None) -> tuple[NDArray[np.complex128], bool]:
    """Return a pair as kets of shape (m, 4), squared norms their weights, and whether it came as a matrix."""
    if resource is None:
        return bell_state("phi+")[None], False
    array, mixed = as_pure_or_mixed(resource, "resource")
    if array.shape[-1] != 4 or array.ndim != 1 + mixed:
        raise ValueError(
            "resource must be one pair of qubits, a state vector of shape (4,) or a density matrix of shape "
            f"(4, 4), not of shape {array.shape}"
        )
    if not mixed:
        return array[None], False
    values, vectors = np.linalg.eigh(array)
    held = values > 1e-15  # a pure pair is one ket, not one and three of rounding
    return (np.sqrt(values[held]) * vectors[:, held]).T, True


def _as_matrix(resource: ArrayLike | None) -> NDArray[np.complex128]:
    kets, _ = as_pair(resource)
    return kets.T @ kets.conj()


def process_fidelity(resource: ArrayLike | None = None) -> float:
    r"""Return the process fidelity of teleportation through a pair: its overlap with :math:`\Phi^+`.

    .. math:: F = \langle\Phi^+|\,\rho\,|\Phi^+\rangle

    Teleport half of a :math:`\Phi^+`: what comes out is again a :math:`\Phi^+` with exactly this fidelity. Averaged over
    Alice's outcomes the pair acts as Pauli noise, so no input, entangled ones included, arrives with less. What Alice's
    bits tell a listener is not in F: nothing if her half alone is :math:`\mathbb 1/2`. It is the overlap with the one Bell
    state that Bob's answers are made for, not the best over local turns (:func:`fully_entangled_fraction`):
    a perfect :math:`\Psi^-` has F = 0 here.

    Parameters
    ----------
    resource : array_like, shape (4,) or (4, 4), optional
        The pair, a state vector or a density matrix. None is :math:`\Phi^+`.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If the pair is not one valid state of two qubits.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> round(process_fidelity(werner(0.9)), 12)
    0.9
    >>> round(process_fidelity(bell_state("psi-")), 12)
    0.0

    References
    ----------
    Michael A. Nielsen, Phys. Lett. A 303, 249 (2002), arXiv:quant-ph/0205035.

    Taught in :doc:`/communication/teleportation`.
    """
    return float(fidelity(bell_state("phi+"), _as_matrix(resource)))


def average_fidelity(resource: ArrayLike | None = None) -> float:
    r"""Return the fidelity of teleportation through a pair, averaged over all pure inputs.

    .. math:: \bar f = \frac{d F + 1}{d + 1} = \frac{2F + 1}{3}, \qquad F = \langle\Phi^+|\rho|\Phi^+\rangle

    2/3 is what measuring and telling reaches without any pair, so a pair is worth having from F > 1/2 on.
    F is :func:`process_fidelity`, for the protocol as it stands, without local turns of the pair.

    Parameters
    ----------
    resource : array_like, shape (4,) or (4, 4), optional
        The pair, a state vector or a density matrix. None is :math:`\Phi^+`.

    Returns
    -------
    float
        From 1/3 to 1.

    Raises
    ------
    ValueError
        If the pair is not one valid state of two qubits.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import werner
    >>> round(average_fidelity(werner(0.5)), 6)
    0.666667
    >>> round(average_fidelity([1, 0, 0, 0]), 6)
    0.666667

    References
    ----------
    Horodecki, Horodecki and Horodecki, Phys. Rev. A 60, 1888 (1999), arXiv:quant-ph/9807091.

    Taught in :doc:`/communication/teleportation`.
    """
    return (2 * process_fidelity(resource) + 1) / 3


def fully_entangled_fraction(resource: ArrayLike) -> float:
    r"""Return the largest overlap of a pair with any maximally entangled state.

    .. math:: \max_{U, V} \langle\Phi^+|\,(U\otimes V)\,\rho\,(U\otimes V)^\dagger\,|\Phi^+\rangle
              = \lambda_{\max}(\operatorname{Re} \rho_{\text{magic}})

    The F that is left for :func:`process_fidelity` when both sides may first turn their halves.

    Parameters
    ----------
    resource : array_like, shape (4,) or (4, 4)
        The pair, a state vector or a density matrix.

    Returns
    -------
    float
        From 1/4 to 1.

    Raises
    ------
    ValueError
        If the pair is not one valid state of two qubits.

    Examples
    --------
    >>> round(fully_entangled_fraction(bell_state("psi-")), 12)
    1.0
    >>> round(fully_entangled_fraction([1, 0, 0, 0]), 12)
    0.5

    References
    ----------
    Bennett et al., Phys. Rev. A 54, 3824 (1996), arXiv:quant-ph/9604024.

    Taught in :doc:`/communication/teleportation`.
    """
    in_magic = _MAGIC.conj() @ _as_matrix(resource) @ _MAGIC.T
    return min(1.0, float(np.linalg.eigvalsh(in_magic.real)[-1]))  # rounding alone leaves 1
