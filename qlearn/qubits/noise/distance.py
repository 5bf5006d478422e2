"""Distance: how well noise lets two states be told apart, and how well a channel keeps one."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.qubits.density import as_comparable, density
from qlearn.qubits.noise.channel import Channel


def trace_distance(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    r"""Return how far apart two states are: 0 for the same, 1 for perfectly distinguishable ones.

    .. math:: D(\rho, \sigma) = \tfrac12 \lVert \rho - \sigma \rVert_1 = \tfrac12\sum_i |\lambda_i|

    The best measurement tells two equally likely states apart with probability :math:`(1 + D)/2`
    (:func:`~qlearn.qubits.helstrom`): a coin throw for D = 0, certainty for D = 1. No channel makes it larger. On the Bloch
    ball it is half the distance between the two points.

    Parameters
    ----------
    a, b : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices, with batches that broadcast.

    Returns
    -------
    ndarray of float64, shape (...)
        Values in [0, 1].

    Raises
    ------
    ValueError
        If a state is not valid, the two differ in size, or their batches do not broadcast.

    Examples
    --------
    >>> float(trace_distance([1, 0], [0.6, 0.8]).round(12))
    0.8

    References
    ----------
    Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010), section 9.2.1.

    Taught in :doc:`/qubits/noise`.
    """
    first, second = (density(state) for state, _ in as_comparable(a, b))
    half = np.abs(np.linalg.eigvalsh(first - second)).sum(-1) / 2
    return np.clip(half, 0, 1)  # rounding alone leaves [0, 1]


def entanglement_fidelity(channel: Channel) -> NDArray[np.float64]:
    r"""Return how well a channel keeps half of a maximally entangled pair.

    .. math:: F = \langle\Phi^+|(\mathbb 1\otimes\mathcal E)(\Phi^+)|\Phi^+\rangle
              = \frac{1}{d^2}\sum_k |\operatorname{tr} K_k|^2

    It is 1 for no noise only. The fidelity of the output with the input, averaged over all pure inputs,
    follows as :math:`(dF+1)/(d+1)`. For Pauli noise no input, entangled or not, is kept worse than with F. For other
    noise some are: in amplitude damping a plain 1 is.

    Parameters
    ----------
    channel : Channel
        On k qubits, d = 2**k.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> from qlearn.qubits.noise import depolarising
    >>> float(entanglement_fidelity(depolarising(0.1)).round(12))
    0.925

    References
    ----------
    Schumacher, Phys. Rev. A 54, 2614 (1996), arXiv:quant-ph/9604023; Nielsen, Phys. Lett. A 303, 249 (2002),
    arXiv:quant-ph/0205035.

    Taught in :doc:`/qubits/noise`.
    """
    traces = np.trace(channel.kraus, axis1=-2, axis2=-1)
    return (np.abs(traces) ** 2).sum(-1) / channel.kraus.shape[-1] ** 2
