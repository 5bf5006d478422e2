r"""What an encoder can reach: Ky Fan's bound on the trash, the eigenvectors that meet it, and more for the decoded state."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import expm

from qlearn._checks import as_count
from qlearn.learning.components.autoencoder import Autoencoder, as_family
from qlearn.qubits import Circuit


def principal_autoencoder(states: ArrayLike, n_latent: int) -> Autoencoder:
    r"""Return an encoder of the largest trash fidelity, from the eigenvectors of the mixture: PCA on amplitudes.

    .. math:: U = \sum_j |j\rangle\langle\chi_j|, \qquad
              \bar\rho = \frac1m \sum_i |\psi_i\rangle\langle\psi_i| = \sum_j \lambda_j |\chi_j\rangle\langle\chi_j|

    It is best in how often the trash reads 0. The fidelity of what is *decoded* also counts the runs in which it reads
    something else, and what those leave in the latent wires; so another encoder may be ahead there:
    :func:`decoded_autoencoder` looks for one.

    Parameters
    ----------
    states : array_like, shape (m, 2**n)
        The states, written down: what a simulator has and a laboratory does not.
    n_latent : int
        Wires to keep, 1 to n-1.

    Returns
    -------
    Autoencoder
        With a mean trash fidelity of :func:`best_trash_fidelity`.

    Raises
    ------
    ValueError, TypeError
        If the states are not valid or `n_latent` is not between 1 and n-1.

    Examples
    --------
    >>> pairs = np.array([[1, 0, 0, 1], [1, 0, 0, -1]]) / np.sqrt(2)
    >>> principal_autoencoder(pairs, n_latent=1).fidelity(pairs).round(6)
    array([1., 1.])

    References
    ----------
    Romero, Olson and Aspuru-Guzik, 2017, arXiv:1612.02806.

    Taught in :doc:`/learning/components`.
    """
    array, n, k = as_family(states, n_latent)
    vectors = np.linalg.eigh(array.T @ array.conj() / len(array))[1][:, ::-1]
    return Autoencoder(Circuit(n).unitary(vectors.conj().T, *range(n)), k)


def decoded_autoencoder(states: ArrayLike, n_latent: int, *, steps: int = 300) -> Autoencoder:
    r"""Climb from the principal encoder to one whose decoded states are closer, by turns of all wires together.

    .. math:: U \leftarrow e^{\eta\,(G - G^\dagger)}\,U, \qquad
              F = \frac1m \sum_{i,t} |a_{it}|^2, \qquad
              a_{it} = \langle\varphi_i|\bigl(|0\rangle\langle t|\otimes 1\bigr)|\varphi_i\rangle, \qquad
              |\varphi_i\rangle = U|\psi_i\rangle

    with :math:`G = \frac1m\sum_{i,t} \bigl(\bar a_{it}\,(|0\rangle\langle t|\otimes 1)
    + a_{it}\,(|t\rangle\langle 0|\otimes 1)\bigr)|\varphi_i\rangle\langle\varphi_i|`, the gradient of the mean
    :meth:`~qlearn.learning.components.autoencoder.Autoencoder.fidelity`. Steps that do not climb are halved. It ends at an
    encoder that small turns hardly improve; that no other is better is not proved.

    Parameters
    ----------
    states : array_like, shape (m, 2**n)
        The states, written down.
    n_latent : int
        Wires to keep, k, 1 to n-1.
    steps : int
        How many are tried.

    Returns
    -------
    Autoencoder
        Its mean decoded fidelity on the states is never below that of :func:`principal_autoencoder`, from which it
        starts; its trash fidelity may be.

    Raises
    ------
    ValueError, TypeError
        If the states are not valid, `n_latent` is not between 1 and n-1, or `steps` is no count.

    Examples
    --------
    >>> from qlearn.qubits import random_state
    >>> states = random_state(2, 5, rng=1)  # five directions of four do not fit into one qubit
    >>> for make in (principal_autoencoder, decoded_autoencoder):
    ...     coder = make(states, 1)
    ...     print(coder.trash_fidelity(states).mean().round(3), coder.fidelity(states).mean().round(3))
    0.742 0.599
    0.741 0.729

    References
    ----------
    Abrudan, Eriksson and Koivunen, "Steepest descent algorithms for optimization under unitary matrix constraint", 2008,
    doi:10.1109/TSP.2007.908999: steps that stay unitary. Romero, Olson and Aspuru-Guzik, 2017, arXiv:1612.02806, for
    both fidelities.

    Taught in :doc:`/learning/components`.
    """
    array, n, k = as_family(states, n_latent)
    unitary = principal_autoencoder(array, k).encoder.matrix()
    step, (fidelity, slope) = 1.0, _climb(unitary @ array.T, k)
    for _ in range(as_count(steps, "steps")):
        turned = expm(step * (slope - slope.conj().T)) @ unitary
        reached, next_slope = _climb(turned @ array.T, k)
        if reached > fidelity:
            unitary, fidelity, slope, step = turned, reached, next_slope, 1.5 * step
        else:
            step /= 2
    return Autoencoder(Circuit(n).unitary(unitary, *range(n)), k)


def _climb(columns: NDArray[np.complex128], k: int) -> tuple[float, NDArray[np.complex128]]:
    """Return the mean decoded fidelity of encoded states, one a column, and its gradient G."""
    parts = columns.reshape(-1, 1 << k, columns.shape[1])
    overlaps = np.einsum("li,tli->ti", parts[0].conj(), parts)
    slope = overlaps[:, None] * parts[0]
    slope[0] += np.einsum("ti,tli->li", overlaps.conj(), parts)
    fidelity = float((np.abs(overlaps) ** 2).sum() / columns.shape[1])
    return fidelity, slope.reshape(columns.shape) @ columns.conj().T / columns.shape[1]


def best_trash_fidelity(states: ArrayLike, n_latent: int) -> float:
    r"""Return the largest mean trash fidelity that any encoder can have: a sum of eigenvalues.

    .. math:: \max_U \frac1m \sum_i \langle 0|\rho^{(i)}_\text{trash}|0\rangle = \sum_{j \le 2^k} \lambda_j

    Parameters
    ----------
    states : array_like, shape (m, 2**n)
        The states.
    n_latent : int
        Wires to keep, k, 1 to n-1.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If the states are not valid or `n_latent` is not between 1 and n-1.

    Examples
    --------
    >>> round(best_trash_fidelity(np.eye(4), n_latent=1), 12)  # four directions do not fit into one qubit
    0.5

    References
    ----------
    Ky Fan's inequality, as in Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010),
    section 12.2.2 (Schumacher compression).

    Taught in :doc:`/learning/components`.
    """
    array, _, k = as_family(states, n_latent)
    singular = np.linalg.svd(array, compute_uv=False)[: 1 << k]
    return float((singular**2).sum() / len(array))
