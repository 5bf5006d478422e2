"""Bounds on copying: what the second copy costs the first, and why nobody beats it."""

from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_states
from qlearn.qubits.density_matrices import density


def as_copy_fidelity(x: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `x` as a float array of fidelities between 1/2 and 1."""
    array = np.asarray(x)
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must be fidelities, numbers between 1/2 and 1, not {x!r}")
    outside = array[~((array >= 0.5) & (array <= 1))]
    if outside.size:
        raise ValueError(
            f"{name} must be between 1/2 (a coin would do as well) and 1 (nothing is copied), not {outside.flat[0]}"
        )
    return array.astype(np.float64)


def second_fidelity(first: ArrayLike, states: Literal["all", "circle"] = "all") -> NDArray[np.float64]:
    r"""Return the best fidelity of the second copy when the first is to have the given one.

    .. math:: F_1 = 1 - \tfrac12 F_0 + \tfrac12\sqrt{(1-F_0)(3F_0-1)} \ \text{(all states)}, \qquad
              F_1 = \tfrac12 + \sqrt{F_0(1-F_0)} \ \text{(a circle)}

    With an error :math:`D = 1 - F_0` in the first copy the second gains like :math:`\sqrt D`: a small
    disturbance buys a lot.

    Parameters
    ----------
    first : array_like of float, 1/2 to 1, shape (...)
        Fidelity of the first copy.
    states : {"all", "circle"}
        What may have to be copied: any qubit, or one from a known great circle of the Bloch sphere.

    Returns
    -------
    ndarray of float, shape (...)
        What :func:`universal_cloner` and :func:`phase_covariant_cloner` reach.

    Raises
    ------
    ValueError, TypeError
        If a fidelity is not between 1/2 and 1, or `states` is neither.

    Examples
    --------
    >>> second_fidelity([1, 5 / 6, 1 / 2]).round(6)
    array([0.5     , 0.833333, 1.      ])
    >>> float(second_fidelity(0.9, "circle").round(6))
    0.8

    References
    ----------
    Cerf, Phys. Rev. Lett. 84, 4497 (2000), arXiv:quant-ph/9803058 (all states);
    Niu and Griffiths, Phys. Rev. A 60, 2764 (1999), arXiv:quant-ph/9810008 (a circle).

    Taught in :doc:`/qubits/no_cloning`.
    """
    f = as_copy_fidelity(first, "first")
    if states == "all":
        return np.asarray(1 - f / 2 + np.sqrt((1 - f) * (3 * f - 1)) / 2)
    if states == "circle":
        return np.asarray(0.5 + np.sqrt(f * (1 - f)))
    raise ValueError(f'states must be "all" or "circle", not {states!r}')


def cloning_bound(states: ArrayLike, weights: ArrayLike = (0.5, 0.5)) -> float:
    r"""Return a bound on how well any machine whatever copies the given states, on average.

    A machine from one qubit to M is a matrix :math:`C \ge 0` on input and outputs with trace 2 (Choi's), and
    the weighted mean fidelity of its copies is :math:`\operatorname{tr} RC` with

    .. math:: R = \frac1N \sum_{i=1}^N \psi_i^{\mathsf T} \otimes \sum_{k=1}^{M} w_k\, \psi_i^{(k)},
              \qquad \sum_k w_k F_k = \operatorname{tr} R C \;\le\; 2\,\lambda_{\max}(R),

    :math:`\psi^{(k)}` being the projector on copy k. So one eigenvalue proves a limit for all machines. It is
    reached where the states prefer no direction: 5/6 for the six ends of the axes, :math:`1/2+1/\sqrt8` for
    the four states of BB84. For a few states in one corner it is true, but loose.

    Parameters
    ----------
    states : array_like, shape (N, 2)
        The qubits that may come, each as likely as the others.
    weights : array_like of float, shape (M,)
        What each of the M copies counts, at least 0, 1 in all; M from 1 to 8.

    Returns
    -------
    float
        At most 1.

    Raises
    ------
    ValueError
        If the states are no list of qubits, or the weights no such numbers.

    Examples
    --------
    >>> from qlearn.qubits import ket
    >>> round(cloning_bound([ket(x) for x in "01+-ij"]), 6), round(cloning_bound([ket(x) for x in "01+-"]), 6)
    (0.833333, 0.853553)

    References
    ----------
    Weak duality of semidefinite programs as in Audenaert and De Moor, Phys. Rev. A 65, 030302 (2002),
    arXiv:quant-ph/0109155.

    Taught in :doc:`/qubits/no_cloning`.
    """
    psi = as_states(states, "states", n_qubits=1)
    shares = np.asarray(weights, dtype=np.float64)
    if psi.ndim != 2:
        raise ValueError(f"states must be a list of qubits, of shape (N, 2), not {psi.shape}")
    if shares.ndim != 1 or not 1 <= shares.size <= 8:
        raise ValueError(f"weights must be one number for each of 1 to 8 copies, not {weights!r}")
    if not (shares >= 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"weights must be at least 0 and add to 1, not {weights!r}")
    projectors, one = density(psi), np.eye(2)
    total = np.zeros((2 << shares.size, 2 << shares.size), dtype=np.complex128)
    for projector in projectors:
        for k, share in enumerate(shares):
            parts = [projector.T] + [projector if j == k else one for j in range(shares.size)]
            total += share * reduce(np.kron, parts)
    return min(1.0, 2 * float(np.linalg.eigvalsh(total / len(projectors))[-1]))
