"""Tomography: the state of many equal qubits from counts, by linear inversion or by maximum likelihood."""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from qlearn._checks import as_count, as_rng, n_qubits_of
from qlearn.qubits.density_matrices import density
from qlearn.qubits.gates import BASES


def pauli_settings(n_qubits: int) -> tuple[str, ...]:
    """Return the 3**n Pauli settings of n qubits, one letter of X, Y, Z for each wire, in the order of the counts.

    Parameters
    ----------
    n_qubits : int
        Number of wires.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> pauli_settings(2)
    ('XX', 'XY', 'XZ', 'YX', 'YY', 'YZ', 'ZX', 'ZY', 'ZZ')
    """
    return tuple("".join(word) for word in product("XYZ", repeat=as_count(n_qubits, "n_qubits")))


def pauli_counts(state: ArrayLike, shots: int, rng: Any = None) -> NDArray[np.int64]:
    r"""Return the counts of all Pauli settings, each measured on `shots` copies of a state.

    Parameters
    ----------
    state : array_like, shape (..., 2**n) or (..., 2**n, 2**n)
        State vectors or density matrices.
    shots : int
        Copies for each of the 3**n settings.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of int64, shape (..., 3**n, 2**n)
        Row s counts the outcomes of ``pauli_settings(n)[s]``, by the outcome's bits, wire 0 first.

    Examples
    --------
    >>> pauli_counts([1, 0], shots=1000, rng=1)
    array([[ 493,  507],
           [ 476,  524],
           [1000,    0]])

    References
    ----------
    James, Kwiat, Munro and White, Phys. Rev. A 64, 052312 (2001), arXiv:quant-ph/0103121.
    """
    shots = as_count(shots, "shots")
    rho = density(state)
    vectors = outcome_vectors(n_qubits_of(rho))
    chances = np.einsum("sio,...ij,sjo->...so", vectors.conj(), rho, vectors, optimize=True).real.clip(0)
    return as_rng(rng).multinomial(shots, chances / chances.sum(-1, keepdims=True))


def linear_inversion(counts: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the linear inversion of counts: the matrix of least squares, unbiased, and perhaps no state.

    .. math:: \hat\rho = \frac{1}{3^n}\sum_{s}\sum_{o} f_{so} \bigotimes_{w}
              \bigl(3\,|s_w o_w\rangle\langle s_w o_w| - \mathbb 1\bigr)

    It is Hermitian with trace 1 and right on average. Of one qubit it would give exactly the observed frequencies;
    of more no matrix would, since several settings ask the same of some wires and chance answers differently. And nothing
    in it knows that probabilities are positive: of a nearly pure state it often has a negative eigenvalue.

    Parameters
    ----------
    counts : array_like of int, shape (..., 3**n, 2**n)
        As from :func:`pauli_counts`; settings may have different numbers of shots, each at least one.

    Returns
    -------
    ndarray of complex128, shape (..., 2**n, 2**n)

    Examples
    --------
    >>> rho = linear_inversion([[510, 490], [489, 511], [1000, 0]])
    >>> rho.round(3)
    array([[1.  +0.j   , 0.01+0.011j],
           [0.01-0.011j, 0.  +0.j   ]])
    >>> bool(np.linalg.eigvalsh(rho)[0] < 0)
    True

    References
    ----------
    James, Kwiat, Munro and White, Phys. Rev. A 64, 052312 (2001), arXiv:quant-ph/0103121; the sum over
    outcomes: Guta, Kahn, Kueng and Tropp, J. Phys. A 53, 204001 (2020), arXiv:1809.11162.
    """
    frequencies, n = _as_frequencies(counts)
    batch = frequencies.shape[:-2]
    b = len(batch)
    # Each wire has six answers, three letters with two outcomes; each answer votes for one 2 x 2 matrix.
    pairs = [axis for wire in range(n) for axis in (b + wire, b + n + wire)]
    votes = frequencies.reshape(*batch, *[3] * n, *[2] * n).transpose(*range(b), *pairs)
    total = votes.reshape(*batch, *[6] * n).astype(np.complex128)
    vectors = outcome_vectors(1)
    ballots = np.einsum("sio,sjo->soij", vectors, vectors.conj()) - np.eye(2) / 3
    for _ in range(n):
        total = np.tensordot(total, ballots.reshape(6, 2, 2), axes=(b, 0))
    rows, columns = range(b, b + 2 * n, 2), range(b + 1, b + 2 * n, 2)
    return total.transpose(*range(b), *rows, *columns).reshape(*batch, 1 << n, 1 << n)


def outcome_vectors(n_qubits: int) -> NDArray[np.complex128]:
    """Return the state that each outcome of each Pauli setting names.

    Parameters
    ----------
    n_qubits : int
        Number of wires.

    Returns
    -------
    ndarray of complex128, shape (3**n, 2**n, 2**n)
        ``[s, :, o]`` is the state vector of outcome o of ``pauli_settings(n)[s]``.

    Examples
    --------
    >>> outcome_vectors(1)[2].real  # of Z: 0 and 1
    array([[1., 0.],
           [0., 1.]])
    """
    single = np.stack([BASES[letter] for letter in "XYZ"])
    vectors = np.ones((1, 1, 1), dtype=np.complex128)
    for _ in range(n_qubits):
        k, d = vectors.shape[:2]
        vectors = np.einsum("sio,tjp->stijop", vectors, single).reshape(3 * k, 2 * d, 2 * d)
    return vectors


def _as_frequencies(counts: ArrayLike) -> tuple[NDArray[np.float64], int]:
    """Return counts as frequencies of each setting, and the number of qubits they speak of."""
    array = np.asarray(counts)
    n = max(array.shape[-1].bit_length() - 1, 1) if array.ndim >= 2 else 1
    if array.dtype.kind not in "uif" or array.shape[-2:] != (3**n, 1 << n):
        raise ValueError(
            "counts must have shape (..., 3**n, 2**n): a row for each word of pauli_settings(n), a column for "
            f"each outcome; not shape {array.shape} of {array.dtype}"
        )
    if not ((array >= 0) & (array == np.floor(array)) & np.isfinite(array)).all():
        raise ValueError("counts must be whole numbers, 0 or more: how often each outcome was seen")
    shots = array.sum(-1, keepdims=True)
    if not shots.all():
        setting = pauli_settings(n)[np.argwhere(shots[..., 0] == 0)[0][-1]]
        raise ValueError(
            f"counts must hold a shot of every setting, and {setting} has none: its answers are missing"
        )
    return array / shots, n


# Nats a copy by which a better state could at most be better. Counts cannot tell states apart that are this close.
_TOLERANCE = 1e-6
_ROUNDS = 50


def maximum_likelihood(counts: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the maximum-likelihood state: the density matrix under which the counts are most probable.

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
    """
    frequencies, n = _as_frequencies(counts)
    shots = np.asarray(counts).sum(-1, keepdims=True)
    weights = frequencies * (shots / shots.sum(-2, keepdims=True))
    vectors = np.moveaxis(outcome_vectors(n), 0, 1).reshape(1 << n, -1)
    flat = weights.reshape(-1, vectors.shape[1])
    found = [_search(vectors[:, row > 0], row[row > 0]) for row in flat]
    return np.array(found).reshape(*weights.shape[:-2], 1 << n, 1 << n)


def _search(vectors: NDArray[np.complex128], frequencies: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Climb, check, and where the check finds a better direction, step into it and climb on."""
    d = len(vectors)
    rho, better = np.eye(d, dtype=np.complex128) / d, np.inf
    for _ in range(_ROUNDS):
        rho = _climb(rho, vectors, frequencies)
        p = np.einsum("ia,ij,ja->a", vectors.conj(), rho, vectors, optimize=True).real
        values, states = np.linalg.eigh((vectors * (frequencies / p)) @ vectors.conj().T)
        better = values[-1] - 1
        if better <= _TOLERANCE:
            return rho
        # A T without full rank may be a saddle: it cannot gain the direction that R asks for by small changes.
        direction = states[:, -1]
        toward = np.abs(direction.conj() @ vectors) ** 2
        steps = 0.5 ** np.arange(1, 40)[:, None]
        step = steps[np.argmax(np.log((1 - steps) * p + steps * toward) @ frequencies), 0]
        rho = (1 - step) * rho + step * np.outer(direction, direction.conj())
    raise ArithmeticError(
        f"the search ended {better:.2g} nats a copy from the most likely state, more than {_TOLERANCE:g}: "
        "measure fewer qubits at a time"
    )


def _climb(
    rho: NDArray[np.complex128], vectors: NDArray[np.complex128], frequencies: NDArray[np.float64]
) -> NDArray[np.complex128]:
    d = len(rho)

    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        t = x.view(np.complex128).reshape(d, d)
        norm = np.vdot(t, t).real
        p = np.maximum((np.abs(t.conj().T @ vectors) ** 2).sum(0) / norm, 1e-300)
        # The difference to the likelihood of the frequencies themselves: its rounding does not grow with the counts.
        value = -np.sum(frequencies * np.log(p / frequencies))
        gradient = -2 * ((vectors * (frequencies / p)) @ vectors.conj().T @ t - t) / norm
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
