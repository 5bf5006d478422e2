"""Maximum likelihood: of all states, the one that makes the observed counts most probable."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from qlearn.qubits.noise.tomography import as_frequencies, outcome_vectors

# Nats a copy by which a better state could at most be better. Counts cannot tell states apart that are this close.
_TOLERANCE = 1e-6
_ROUNDS = 50


def maximum_likelihood(counts: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the density matrix under which the counts are most probable.

    .. math:: \hat\rho = \arg\max_{\rho \ge 0,\ \operatorname{tr}\rho = 1} \sum_{so} n_{so} \ln p_{so}(\rho),
              \qquad p_{so} = \langle so|\rho|so\rangle

    It is a state, whatever the counts, and the price is a bias: a nearly pure state comes out a little too
    mixed. Where :func:`linear_inversion` has no negative eigenvalue and one qubit is measured, the two agree.

    The search runs over :math:`\rho = TT^\dagger/\operatorname{tr} TT^\dagger`, which is positive by itself,
    with L-BFGS. The result is checked: the likelihood is concave in rho, so with
    :math:`R = \sum_{so} (n_{so}/N p_{so})\,|so\rangle\langle so|` no state is better by more than
    :math:`\lambda_{\max}(R) - 1` nats a copy. Where that is too much, the eigenvector says in which direction to
    go on.

    Parameters
    ----------
    counts : array_like of int, shape (..., 3**n, 2**n)
        As from :func:`pauli_counts`.

    Returns
    -------
    ndarray of complex128, shape (..., 2**n, 2**n)

    Raises
    ------
    ValueError
        If the counts are not valid, as in :func:`linear_inversion`.
    ArithmeticError
        If the search stops further than 1e-6 nats a copy from the best.

    Examples
    --------
    >>> rho = maximum_likelihood([[510, 490], [489, 511], [1000, 0]])
    >>> bool(np.linalg.eigvalsh(rho)[0] > -1e-12)
    True

    References
    ----------
    Hradil, Phys. Rev. A 55, R1561 (1997), arXiv:quant-ph/9609012; the search over T: Banaszek, D'Ariano, Paris
    and Sacchi, Phys. Rev. A 61, 010304 (1999), arXiv:quant-ph/9909052; the check: Glancy, Knill and Girard,
    New J. Phys. 14, 095017 (2012), arXiv:1205.4043.

    Taught in :doc:`/qubits/noise`.
    """
    frequencies, n = as_frequencies(counts)
    shots = np.asarray(counts).sum(-1, keepdims=True)
    weights = frequencies * (shots / shots.sum(-2, keepdims=True))
    vectors = np.moveaxis(outcome_vectors(n), 0, 1).reshape(1 << n, -1)
    flat = weights.reshape(-1, vectors.shape[1])
    found = [_search(vectors[:, row > 0], row[row > 0]) for row in flat]
    return np.array(found).reshape(*weights.shape[:-2], 1 << n, 1 << n)


def _search(vectors: NDArray[np.complex128], seen: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Climb, check, and where the check finds a better direction, step into it and climb on."""
    d = len(vectors)
    rho, better = np.eye(d, dtype=np.complex128) / d, np.inf
    for _ in range(_ROUNDS):
        rho = _climb(rho, vectors, seen)
        p = np.einsum("ia,ij,ja->a", vectors.conj(), rho, vectors, optimize=True).real
        values, states = np.linalg.eigh((vectors * (seen / p)) @ vectors.conj().T)
        better = values[-1] - 1
        if better <= _TOLERANCE:
            return rho
        # A T without full rank may be a saddle: it cannot gain the direction that R asks for by small changes.
        direction = states[:, -1]
        toward = np.abs(direction.conj() @ vectors) ** 2
        shares = 0.5 ** np.arange(1, 40)[:, None]
        share = shares[np.argmax(np.log((1 - shares) * p + shares * toward) @ seen), 0]
        rho = (1 - share) * rho + share * np.outer(direction, direction.conj())
    raise ArithmeticError(
        f"the search ended {better:.2g} nats a copy from the most likely state, more than {_TOLERANCE:g}: "
        "measure fewer qubits at a time"
    )


def _climb(
    rho: NDArray[np.complex128], vectors: NDArray[np.complex128], seen: NDArray[np.float64]
) -> NDArray[np.complex128]:
    d = len(rho)

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        t = x.view(np.complex128).reshape(d, d)
        norm = np.vdot(t, t).real
        p = np.maximum((np.abs(t.conj().T @ vectors) ** 2).sum(0) / norm, 1e-300)
        # The difference to the likelihood of the frequencies themselves: its rounding does not grow with the counts.
        value = -np.sum(seen * np.log(p / seen))
        gradient = -2 * ((vectors * (seen / p)) @ vectors.conj().T @ t - t) / norm
        return value, gradient.ravel().view(np.float64)

    weights, states = np.linalg.eigh(rho)
    start = np.ascontiguousarray(states * np.sqrt(weights.clip(0))).ravel().view(np.float64)
    options = {"maxiter": 10_000, "maxfun": 20_000, "ftol": 0, "gtol": 1e-11, "maxcor": 30}
    t = (
        minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        .x.view(np.complex128)
        .reshape(d, d)
    )
    return t @ t.conj().T / np.vdot(t, t).real
