"""How well a noise can be known: Fisher information, by a measurement and by any, and the Cramer-Rao bound."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_probabilities, as_trials, broadcast
from qlearn.qubits.density_matrices import density

Probe = Literal["qubit", "bell"]

SHARES = {"qubit": 1 / 2, "bell": 3 / 4}
"""Of the lost states, the share that is seen as an error: a qubit comes out wrong in half, a pair in 3 of 4 cases."""

# Eigenvalues whose sum is below this belong to the part that the state does not reach.
_EMPTY = 1e-12


def error_chance(p: ArrayLike, probe: Probe = "qubit") -> NDArray[np.float64]:
    r"""Return the chance that a probe comes out of the depolarising channel with an error, shape (...).

    .. math:: e = \frac p2 \ \text{(qubit)}, \qquad e = \frac{3p}4 \ \text{(half of a Bell pair)}

    for :math:`\rho \to (1-p)\rho + p\,\mathbb 1/2`. A pure qubit is read in the basis that it was prepared in; of a
    pair one half is sent, and both are read in the Bell basis.

    Parameters
    ----------
    p : array_like of float, shape (...)
        Chance to lose the state.
    probe : {"qubit", "bell"}
        What is sent.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> float(error_chance(0.1)), float(error_chance(0.1, "bell").round(3))
    (0.05, 0.075)
    """
    as_choice(probe, SHARES, "probe")
    return np.asarray(SHARES[probe] * as_probabilities(p, "p", "the chance to lose the state"))


def fisher_information(p: ArrayLike, probe: Probe = "qubit") -> NDArray[np.float64]:
    r"""Return what one probe tells of the strength of depolarising noise: its Fisher information, shape (...).

    .. math:: F = \frac{1}{p(2-p)} \ \text{(qubit)}, \qquad F = \frac{3}{p(4-3p)} \ \text{(half of a Bell pair)}

    An error happens with chance :math:`e = sp`, and a coin tells :math:`s^2/e(1-e)`. For both probes this is also the
    quantum Fisher information: with that probe, sent once, no other measurement tells more. The pair tells 1.5 times as
    much where p is small, and 3 times as much at p = 1.

    Parameters
    ----------
    p : array_like of float, shape (...)
        Chance to lose the state, 0 to 1.
    probe : {"qubit", "bell"}
        A pure qubit, or half of a Bell pair whose other half is kept.

    Returns
    -------
    ndarray of float, shape (...)
        Per probe, in units of 1/p squared; infinite at p = 0, where one error settles that p is not 0.

    Examples
    --------
    >>> float(fisher_information(0.1).round(6)), float(fisher_information(0.1, "bell").round(6))
    (5.263158, 8.108108)

    References
    ----------
    A. Fujiwara, Phys. Rev. A 63, 042304 (2001), doi:10.1103/PhysRevA.63.042304.
    """
    error = error_chance(p, probe)
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(SHARES[probe] ** 2 / (error * (1 - error)))


def quantum_fisher_information(state: ArrayLike, derivative: ArrayLike) -> NDArray[np.float64]:
    r"""Return the most that any measurement of a state tells of its parameter: the quantum Fisher information, shape (...).

    .. math:: F_Q = \sum_{jk:\,\lambda_j+\lambda_k>0} \frac{2\,|\langle j|\partial\rho|k\rangle|^2}{\lambda_j+\lambda_k}

    with :math:`\rho = \sum_j \lambda_j |j\rangle\langle j|`. It is :math:`\operatorname{tr}\rho L^2` of the symmetric
    logarithmic derivative L, which solves :math:`2\,\partial\rho = L\rho + \rho L`. Where the rank of the state changes
    at the very point, the sum is not the limit from beside it. Sums of eigenvalues up to 1e-12 are taken for 0, since
    rounding alone makes such: a noise as weak as that is not seen here, and :func:`fisher_information` sees it.

    Parameters
    ----------
    state : array_like, shape (..., d, d)
        Density matrices.
    derivative : array_like, shape (..., d, d)
        Their derivatives by the parameter: Hermitian, of trace 0.

    Returns
    -------
    ndarray of float, shape (...)
        In units of one over the parameter squared.

    Raises
    ------
    ValueError
        If the derivative is none of a state, or not finite.

    Examples
    --------
    >>> half_lost = np.diag([0.95, 0.05])  # |0> after depolarising noise of p = 0.1
    >>> float(quantum_fisher_information(half_lost, np.diag([-0.5, 0.5])).round(6))
    5.263158

    References
    ----------
    S. L. Braunstein and C. M. Caves, Phys. Rev. Lett. 72, 3439 (1994), doi:10.1103/PhysRevLett.72.3439.
    """
    rho, slope = np.asarray(state, complex), np.asarray(derivative, complex)
    if rho.ndim < 2 or rho.shape[-1] != rho.shape[-2] or rho.shape[-2:] != slope.shape[-2:]:
        raise ValueError(
            f"state and derivative must be square and of one size, not {rho.shape} and {slope.shape}"
        )
    rho = density(rho)
    if not np.isfinite(slope).all():
        raise ValueError("derivative must be finite; it holds NaN or infinity")
    crooked = np.abs(slope - slope.mT.conj()).max() > 1e-8
    if crooked or np.abs(np.trace(slope, axis1=-2, axis2=-1)).max() > 1e-8:
        raise ValueError(
            "derivative must be Hermitian and of trace 0: a state stays one when its parameter moves"
        )
    values, vectors = np.linalg.eigh(rho)
    moved = np.abs(vectors.mT.conj() @ slope @ vectors) ** 2
    sums = values[..., :, None] + values[..., None, :]
    reached = sums > _EMPTY
    return np.asarray((2 * moved * reached / np.where(reached, sums, 1.0)).sum((-2, -1)))


def cramer_rao(p: ArrayLike, n: ArrayLike, probe: Probe = "qubit") -> NDArray[np.float64]:
    r"""Return the least variance of an unbiased estimate of depolarising noise from n probes, shape (...).

    .. math:: \operatorname{Var}(\hat p) \;\ge\; \frac{1}{n F(p)}

    The share of errors over s reaches it for every n, as its estimate is linear in a binomial count. A biased estimate
    may lie below it: whoever always answers 0.1 has no variance.

    Parameters
    ----------
    p : array_like of float, shape (...)
        Chance to lose the state.
    n : array_like of int, shape (...)
        Probes, sent one by one.
    probe : {"qubit", "bell"}
        As for :func:`fisher_information`.

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> float(cramer_rao(0.1, 1000).round(8)), float(cramer_rao(0.1, 1000, "bell").round(8))
    (0.00019, 0.00012333)

    References
    ----------
    H. Cramer, *Mathematical Methods of Statistics* (1946), section 32.3.
    """
    information = fisher_information(p, probe)
    information, trials = broadcast(p=information, n=as_trials(n).astype(float))
    return np.asarray(1 / trials / information)  # their product may be beyond numbers
