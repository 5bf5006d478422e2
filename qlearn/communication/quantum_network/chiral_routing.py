r"""Chiral routing: phases of the couplings decide to which output an excitation goes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_count, as_real, as_reals
from qlearn._types import Array

TRIANGLE_TIME: float = 2 * np.pi / (3 * np.sqrt(3))
r"""When the triangle with the phase :math:`\pm\pi/6` has moved its excitation by one vertex, for couplings of 1."""


def chiral_triangle(phase: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the Hamiltonian of one excitation on a triangle with a phase on each edge, shape (..., 3, 3).

    .. math:: H = \sum_{j=0}^{2} e^{i\varphi}\,|j+1\rangle\langle j| + e^{-i\varphi}\,|j\rangle\langle j+1|,
              \qquad j \text{ modulo } 3

    For the probabilities only the *flux* :math:`3\varphi` counts, the sum round the triangle; phases that sum to 0 can be
    absorbed in the names of the sites. At the flux :math:`\pi/2` the three energies are :math:`0, \pm\sqrt3`, and the excitation
    goes round one way, one vertex in :data:`TRIANGLE_TIME`, with certainty; the opposite flux turns it round. Without
    flux :math:`|f|^2 = \tfrac29(1-\cos 3t)` for *both* neighbours: never above 4/9.

    Parameters
    ----------
    phase : array_like of float, shape (...)
        :math:`\varphi`, in radians.

    Returns
    -------
    ndarray of complex128, shape (..., 3, 3)

    Examples
    --------
    >>> from qlearn.communication.quantum_network import transfer_amplitude
    >>> for phase in (np.pi / 6, 0, -np.pi / 6):
    ...     f = [transfer_amplitude(chiral_triangle(phase), TRIANGLE_TIME, 0, j) for j in range(3)]
    ...     print((abs(np.array(f)) ** 2).round(4))
    [0. 0. 1.]
    [0.1626 0.4187 0.4187]
    [0. 1. 0.]

    References
    ----------
    Z. Zimboras et al., Sci. Rep. 3, 2361 (2013), arXiv:1208.4049: walks with such phases, on other graphs too.
    """
    hop = np.exp(1j * as_angles(phase, "phase"))
    matrix = np.zeros((*hop.shape, 3, 3), dtype=np.complex128)
    for j in range(3):
        matrix[..., (j + 1) % 3, j], matrix[..., j, (j + 1) % 3] = hop, hop.conj()
    return matrix


def routing_time(coupling: float = 1.0) -> float:
    r"""Return when the excitation of :func:`router` arrives: the same for any number of outputs.

    .. math:: t = \frac{\pi}{\sqrt2\,J}

    Parameters
    ----------
    coupling : float
        J, above 0.

    Returns
    -------
    float
        In units of 1 / coupling's unit.

    Examples
    --------
    >>> round(routing_time(), 6)
    2.221441
    """
    return float(np.pi / (np.sqrt(2) * as_real(coupling, "coupling", above=0)))


def router(
    n_outputs: int, output: int, *, coupling: float = 1.0, phase_errors: ArrayLike = 0.0
) -> NDArray[np.complex128]:
    r"""Return the Hamiltonian of a router on 2n + 1 sites: one input, n middle sites, n outputs.

    .. math::
        \langle m_j|H|\text{in}\rangle = \tfrac{J}{\sqrt n}\,e^{2\pi i jk/n + i\delta_j}, \qquad
        \langle \text{out}_l|H|m_j\rangle = \tfrac{J}{\sqrt n}\,e^{-2\pi i jl/n}

    Only the n phases at the input depend on the output k that is wanted. They make the input talk to one wave on the
    middle sites, and that wave to output k alone: a chain of three sites with equal couplings J, which transfers
    perfectly, with the amplitude -1, at :func:`routing_time`.

    Parameters
    ----------
    n_outputs : int
        n, at least 1.
    output : int
        k, from 0 to n - 1.
    coupling : float
        J, above 0.
    phase_errors : array_like of float, shape (..., n), or (..., 1) or a number for the same error in all
        :math:`\delta_j`, in radians. Default 0. Leading axes are a batch.

    Returns
    -------
    ndarray of complex128, shape (..., 2n + 1, 2n + 1)
        Site 0 is the input, 1 to n the middle, n + 1 to 2n the outputs.

    Examples
    --------
    >>> from qlearn.communication.quantum_network import transfer_amplitude
    >>> f = [transfer_amplitude(router(3, 2), routing_time(), 0, 4 + k) for k in range(3)]
    >>> (abs(np.array(f)) ** 2).round(12)
    array([0., 0., 1.])

    References
    ----------
    Cavazzoni, Ragazzi, Bordone and Paris, Phys. Rev. A 111, 032439 (2025), arXiv:2406.11834, for the idea: phases that
    route with fidelity one in a time that does not depend on n. The graph and the couplings here are not taken from there.
    """
    n, k = as_count(n_outputs, "n_outputs"), as_count(output, "output", 0)
    if k >= n:
        raise ValueError(f"output must be 0 to {n - 1} for {n} outputs, not {k}")
    strength = as_real(coupling, "coupling", above=0) / np.sqrt(n)
    errors = as_angles(phase_errors, "phase_errors")
    if errors.ndim and errors.shape[-1] not in (1, n):
        raise ValueError(
            f"phase_errors must have one entry for each of the {n} middle sites, not shape {errors.shape}"
        )
    j = np.arange(n)
    first = strength * np.exp(1j * (2 * np.pi * j * k / n + errors))
    matrix = np.zeros((*first.shape[:-1], 2 * n + 1, 2 * n + 1), dtype=np.complex128)
    matrix[..., 1 : n + 1, 0] = first
    matrix[..., n + 1 :, 1 : n + 1] = strength * np.exp(-2j * np.pi * np.outer(j, j) / n)
    return matrix + matrix.mT.conj()


def phase_noise_fidelity(n_outputs: int, sigma: ArrayLike) -> Array:
    r"""Return the mean probability that :func:`router` delivers, under random errors of its input phases.

    .. math:: \mathbb E\,\Bigl|\frac1n\sum_j e^{i\delta_j}\Bigr|^2 = \frac{1 + (n-1)\,e^{-\sigma^2}}{n},
              \qquad \delta_j \sim \mathcal N(0, \sigma^2) \text{ independent}

    Parameters
    ----------
    n_outputs : int
        n, at least 1.
    sigma : array_like of float, shape (...)
        Standard deviation of each of the n phases, in radians, at least 0.

    Returns
    -------
    ndarray of float64, shape (...)
        From 1/n, with no phase known at all, to 1.

    Examples
    --------
    >>> phase_noise_fidelity(4, [0, 0.1, 0.2]).round(5)
    array([1.     , 0.99254, 0.97059])
    """
    n, sigma = as_count(n_outputs, "n_outputs"), as_reals(sigma, "sigma", least=0)
    decay = np.exp(-(np.minimum(sigma, 100) ** 2))  # beyond it is 0 in any case, and the square stays finite
    return np.asarray((1 + (n - 1) * decay) / n)[()]
