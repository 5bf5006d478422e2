"""Quantum autoencoder: states squeezed into fewer qubits, and Schumacher's limit of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import expm
from scipy.special import gammaln, logsumexp

from qlearn._checks import as_count, as_probability, as_reals, as_states, n_qubits_of
from qlearn.learning.components._training import minimise_cost
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import Circuit, partial_trace


@dataclass(frozen=True, eq=False)
class Autoencoder:
    r"""An encoder whose first wires are thrown away, and its inverse with fresh ones as the decoder.

    Parameters
    ----------
    encoder : Circuit
        On n wires, without measurements.
    n_latent : int
        Wires that are kept, k: the last ones. The first n-k are the *trash*, which the decoder replaces by 0.
    losses : tuple of float
        The training cost before each step and after the last; empty if the encoder was not trained.

    Examples
    --------
    >>> pair = np.array([1, 0, 0, 1]) / np.sqrt(2)
    >>> coder = Autoencoder(Circuit(2).cx(1, 0), n_latent=1)  # 00 + 11 becomes 0 (0 + 1)
    >>> coder.trash_fidelity([pair, [0, 1, 0, 0]])
    array([1., 0.])
    >>> coder.encode([pair])[0].real.round(3)
    array([[0.5, 0.5],
           [0.5, 0.5]])

    References
    ----------
    Romero, Olson and Aspuru-Guzik, "Quantum autoencoders for efficient compression of quantum data", 2017,
    arXiv:1612.02806.
    """

    encoder: Circuit
    n_latent: int
    losses: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _latent(self.n_latent, self.encoder.n_qubits)
        if self.encoder.bits:
            raise ValueError(
                f"encoder must have no classical bits, not {self.encoder.bits}: it is undone later"
            )

    def encode(self, states: ArrayLike) -> NDArray[np.complex128]:
        """Return density matrices of the latent wires, shape (..., 2**k, 2**k), for states of shape (..., 2**n)."""
        n = self.encoder.n_qubits
        return partial_trace(self.encoder.run(as_states(states, "states", n)), range(n - self.n_latent, n))

    def trash_fidelity(self, states: ArrayLike) -> NDArray[np.float64]:
        r"""Return the probability that all trash wires are 0: :math:`\langle 0|\rho_\text{trash}|0\rangle`, shape (...)."""
        kept = self.encoder.run(as_states(states, "states", self.encoder.n_qubits))[..., : 1 << self.n_latent]
        return np.clip((kept.real**2 + kept.imag**2).sum(axis=-1), 0, 1)

    def fidelity(self, states: ArrayLike) -> NDArray[np.float64]:
        r"""Return the fidelity of each state with what the decoder makes of its compressed form, shape (...).

        .. math:: F = \sum_t \bigl|\langle\psi|\,U^\dagger\,\bigl(|0\rangle\langle t|\otimes 1\bigr)\,U|\psi\rangle\bigr|^2
                  \;\ge\; \langle 0|\rho_\text{trash}|0\rangle^2
        """
        array = as_states(states, "states", self.encoder.n_qubits)
        parts = self.encoder.run(array).reshape(*array.shape[:-1], -1, 1 << self.n_latent)
        overlaps = np.einsum("...l,...tl->...t", parts[..., 0, :].conj(), parts)
        return np.clip((overlaps.real**2 + overlaps.imag**2).sum(axis=-1), 0, 1)


def train_autoencoder(
    states: ArrayLike,
    n_latent: int,
    *,
    layers: int = 8,
    entanglement: str = "circular",
    epochs: int = 200,
    learning_rate: float = 0.1,
    rng: Any = None,
    progress: bool = False,
) -> Autoencoder:
    r"""Return an autoencoder whose circuit is trained to leave its trash wires in 0 for all of some states.

    .. math:: C(\theta) = \frac{1}{n-k}\sum_{w\,\in\,\text{trash}} \Pr[\text{wire } w \text{ reads } 1]

    The cost looks at one wire at a time (it is *local*). It is between the chance that any trash wire reads 1
    and 1/(n-k) of that, and of all unitaries the one that makes it least also makes the trash fidelity largest.

    Parameters
    ----------
    states : array_like, shape (m, 2**n)
        The training states, all of one weight.
    n_latent : int
        Wires to keep, 1 to n-1.
    layers, entanglement
        The encoder, an :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`.
    epochs, learning_rate
        Steps of Adam with the exact gradient, and their size.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; draws the angles to start from.
    progress : bool
        Whether to show a bar. An interrupt ends the training early and keeps what was reached.

    Returns
    -------
    Autoencoder

    Examples
    --------
    >>> pairs = np.array([[1, 0, 0, 1], [1, 0, 0, -1]]) / np.sqrt(2)
    >>> coder = train_autoencoder(pairs, n_latent=1, layers=3, rng=0)
    >>> coder.fidelity(pairs).round(3)
    array([1., 1.])

    References
    ----------
    Romero, Olson and Aspuru-Guzik, 2017, arXiv:1612.02806.
    """
    array, n, k = _as_ensemble(states, n_latent)
    ansatz = Ansatz(n, layers, entanglement)
    weights = np.where(np.arange(n) < n - k, 1 / (n - k), 0)
    angles, losses = minimise_cost(
        ansatz,
        array / np.sqrt(len(array)),
        weights,
        epochs=epochs,
        learning_rate=learning_rate,
        rng=rng,
        progress=progress,
    )
    return Autoencoder(ansatz.circuit(angles), k, tuple(losses))


def _as_ensemble(states: ArrayLike, n_latent: int) -> tuple[NDArray[np.complex128], int, int]:
    """Return checked states of shape (m, 2**n), their wires n, and how many of those are kept."""
    array = as_states(states, "states")
    if array.ndim != 2 or len(array) == 0:
        raise ValueError(f"states must have shape (m, 2**n): a state a row, not {array.shape}")
    n = n_qubits_of(array, "states")
    return array, n, _latent(n_latent, n)


def _latent(n_latent: int, n: int) -> int:
    if n < 2:
        raise ValueError("states must have at least 2 qubits: one is kept, one is thrown away")
    if not 1 <= as_count(n_latent, "n_latent") < n:
        raise ValueError(
            f"n_latent must be between 1 and {n - 1} of the {n} wires, not {n_latent}: something is kept and something goes"
        )
    return int(n_latent)


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

    Examples
    --------
    >>> pairs = np.array([[1, 0, 0, 1], [1, 0, 0, -1]]) / np.sqrt(2)
    >>> principal_autoencoder(pairs, n_latent=1).fidelity(pairs).round(6)
    array([1., 1.])

    References
    ----------
    Romero, Olson and Aspuru-Guzik, 2017, arXiv:1612.02806.
    """
    array, n, k = _as_ensemble(states, n_latent)
    vectors = np.linalg.eigh(array.T @ array.conj() / len(array))[1][:, ::-1]
    return Autoencoder(Circuit(n).unitary(vectors.conj().T, *range(n)), k)


def decoded_autoencoder(states: ArrayLike, n_latent: int, *, steps: int = 300) -> Autoencoder:
    r"""Return an encoder of larger decoded fidelity, by gradient ascent over unitaries from the principal one.

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
    states, n_latent
        As in :func:`principal_autoencoder`.
    steps : int
        How many are tried.

    Returns
    -------
    Autoencoder
        Its mean decoded fidelity on the states is never below that of :func:`principal_autoencoder`, from which it
        starts; its trash fidelity may be.

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
    """
    array, n, k = _as_ensemble(states, n_latent)
    unitary = principal_autoencoder(array, k).encoder.matrix()
    step, (fidelity, gradient) = 1.0, _fidelity_and_gradient(unitary @ array.T, k)
    for _ in range(as_count(steps, "steps")):
        rotated = expm(step * (gradient - gradient.conj().T)) @ unitary
        reached, next_gradient = _fidelity_and_gradient(rotated @ array.T, k)
        if reached > fidelity:
            unitary, fidelity, gradient, step = rotated, reached, next_gradient, 1.5 * step
        else:
            step /= 2
    return Autoencoder(Circuit(n).unitary(unitary, *range(n)), k)


def _fidelity_and_gradient(columns: NDArray[np.complex128], k: int) -> tuple[float, NDArray[np.complex128]]:
    """Return the mean decoded fidelity of encoded states, one a column, and its gradient G."""
    parts = columns.reshape(-1, 1 << k, columns.shape[1])
    overlaps = np.einsum("li,tli->ti", parts[0].conj(), parts)
    gradient = overlaps[:, None] * parts[0]
    gradient[0] += np.einsum("ti,tli->li", overlaps.conj(), parts)
    fidelity = float((np.abs(overlaps) ** 2).sum() / columns.shape[1])
    return fidelity, gradient.reshape(columns.shape) @ columns.conj().T / columns.shape[1]


def best_trash_fidelity(states: ArrayLike, n_latent: int) -> float:
    r"""Return the largest mean trash fidelity that any encoder can have: a sum of eigenvalues.

    .. math:: \max_U \frac1m \sum_i \langle 0|\rho^{(i)}_\text{trash}|0\rangle = \sum_{j \le 2^k} \lambda_j

    Parameters
    ----------
    states, n_latent
        As in :func:`principal_autoencoder`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(best_trash_fidelity(np.eye(4), n_latent=1), 12)  # four directions do not fit into one qubit
    0.5

    References
    ----------
    Ky Fan's inequality, as in Nielsen and Chuang, *Quantum Computation and Quantum Information* (2010),
    section 12.2.2 (Schumacher compression).
    """
    array, _, k = _as_ensemble(states, n_latent)
    singular = np.linalg.svd(array, compute_uv=False)[: 1 << k]
    return float((singular**2).sum() / len(array))


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

    Examples
    --------
    >>> block_fidelity(0.9, 1, [0.0, 1.0])  # keep one direction: the likelier one
    array([0.9, 1. ])
    >>> [float(block_fidelity(0.9, n, 0.6).round(3)) for n in (10, 100, 1000)]  # h(0.9) = 0.469
    [0.934, 0.972, 1.0]

    References
    ----------
    Schumacher, "Quantum coding", 1995, doi:10.1103/PhysRevA.51.2738.
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
    kept_log = rates[..., None] * n * np.log(2)
    # Of group w there is room for min(all of it, what 2**(Rn) leaves after the likelier groups).
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(kept_log > before, before - kept_log, 0.0)
        left = np.where(kept_log > before, kept_log + np.log1p(-np.exp(gap)), -np.inf)
    return np.clip(np.exp(logsumexp(np.minimum(many, left) + each, axis=-1)), 0, 1)
