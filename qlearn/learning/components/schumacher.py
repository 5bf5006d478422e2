r"""Schumacher compression: how many qubits a long message of quantum states needs."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, logsumexp

from qlearn._checks import as_count, as_probability, as_reals


def block_fidelity(p: float, block: int, rate: ArrayLike) -> NDArray[np.float64]:
    r"""Return how well a block of n qubits fits into R n: the weight of the likeliest :math:`2^{Rn}` directions.

    .. math:: P(R) = \sum_{j \le 2^{Rn}} \lambda_j\bigl(\rho^{\otimes n}\bigr), \qquad
              \rho = \mathrm{diag}(p,\,1-p) \text{ in its eigenbasis}

    The eigenvalues of the block are :math:`p^{n-w}(1-p)^w`, each :math:`\binom nw` times, so the sum has n+1
    terms. For long blocks it jumps from 0 to 1 at the entropy :math:`R = S(\rho) = h(p)`: the compressed
    message needs S qubits for each of the source, and no encoder does better.

    Parameters
    ----------
    p : float
        The larger or the smaller eigenvalue of the source's state, 0 to 1.
    block : int
        Qubits in a block, n.
    rate : array_like of float
        Qubits kept for each of the source, R, 0 to 1. Of the :math:`2^{Rn}` directions, not a whole number,
        the last is counted in part.

    Returns
    -------
    ndarray of float64, shape of `rate`
        The trash fidelity of the best encoder of the block.

    Raises
    ------
    ValueError, TypeError
        If p or a rate is not between 0 and 1, or the block is not a count.

    Examples
    --------
    >>> block_fidelity(0.9, 1, [0.0, 1.0])  # keep one direction: the likelier one
    array([0.9, 1. ])
    >>> [float(block_fidelity(0.9, n, 0.6).round(3)) for n in (10, 100, 1000)]  # h(0.9) = 0.469
    [0.934, 0.972, 1.0]

    References
    ----------
    Schumacher, "Quantum coding", 1995, doi:10.1103/PhysRevA.51.2738.

    Taught in :doc:`/learning/components`.
    """
    likely = as_probability(p, "p")
    likely = max(likely, 1 - likely)
    n = as_count(block, "block")
    rates = as_reals(rate, "rate", least=0, most=1)
    w = np.arange(n + 1)
    many = gammaln(n + 1) - gammaln(w + 1) - gammaln(n - w + 1)
    with np.errstate(divide="ignore"):
        rare = w * np.log(1 - likely) if likely < 1 else np.where(w == 0, 0.0, -np.inf)
    each = (n - w) * np.log(likely) + rare
    before = np.array([-np.inf, *np.logaddexp.accumulate(many)[:-1]])
    room = rates[..., None] * n * np.log(2)
    # Of group w there is room for min(all of it, what 2**(Rn) leaves after the likelier groups).
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(room > before, before - room, 0.0)
        left = np.where(room > before, room + np.log1p(-np.exp(gap)), -np.inf)
    return np.clip(np.exp(logsumexp(np.minimum(many, left) + each, axis=-1)), 0, 1)
