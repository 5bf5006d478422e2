"""A measurement that is learned: a circuit trained so that one shot of it tells most about which kind of state came."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import xlogy

from qlearn._checks import as_count, as_rng, as_states, same_length
from qlearn.learning.neural_networks import Ansatz
from qlearn.qubits import Circuit

# Chances of the outcomes 00, 01, 10, 11 from 1, <ZI>, <IZ>, <ZZ>.
_OUTCOMES = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / 4
_LEAST = 1e-12


@dataclass(frozen=True)
class LearnedMeasurement:
    """A circuit before a measurement of two qubits; made by :func:`learn_measurement`.

    Attributes
    ----------
    ansatz : Ansatz
        The shape of the circuit.
    angles : ndarray of float, shape (layers, 2, 2)
        Its trained angles.
    information : float
        What one shot tells of the kind on the training states, in bits.
    """

    ansatz: Ansatz
    angles: NDArray[np.float64]
    information: float

    @property
    def circuit(self) -> Circuit:
        """The circuit, after which both qubits are read in the basis Z."""
        return self.ansatz.circuit(self.angles)

    @cached_property
    def unitary(self) -> NDArray[np.complex128]:
        """Its matrix, shape (4, 4), for :func:`~qlearn.control.channel_estimation.pair_law`."""
        return self.circuit.run(np.eye(4)).T


def learn_measurement(
    states: ArrayLike, kinds: ArrayLike, *, layers: int = 2, starts: int = 4, rng: Any = None
) -> LearnedMeasurement:
    r"""Train a circuit of two qubits so that its outcome shares most information with the kind of a state.

    .. math:: I(c; b) = \sum_{c,b} \pi_c\,P(b|c) \log_2 \frac{P(b|c)}{\sum_{c'} \pi_{c'} P(b|c')}

    with the outcome b of one shot and kinds that are as frequent as each other. The chances are linear in the average
    state of each kind, so that pure samples of a noisy state may stand for it; few of them are another average, and
    `information` is theirs. What is learned is the *question*; answers are left to the likelihood of many shots. Several
    random starts climb by exact gradients (L-BFGS); the best on the training states is kept. The chances are simulated: a
    device would estimate them by shots, each of which uses up its state.

    Parameters
    ----------
    states : array_like of complex, shape (n, 4)
        Training states, for instance of :func:`~qlearn.qubits.noise.trajectory`.
    kinds : array_like of int, shape (n,)
        Their kinds, at least two of them.
    layers : int
        Layers of the circuit.
    starts : int
        Random starts.
    rng : None, int or numpy.random.Generator
        Draws them.

    Returns
    -------
    LearnedMeasurement

    Raises
    ------
    ValueError
        If only one kind is there, or the states are not of two qubits.

    Examples
    --------
    >>> S = 0.5**0.5
    >>> bell = [[S, 0, 0, S], [0, S, S, 0], [S, 0, 0, -S], [0, S, -S, 0]]
    >>> round(learn_measurement(bell, [0, 1, 2, 3], rng=1).information, 3)  # four states, told apart by one shot
    2.0

    References
    ----------
    T. M. Cover and J. A. Thomas, *Elements of Information Theory* (2006), section 2.3.
    """
    vectors = as_states(states, "states", 2)
    labels = np.asarray(kinds)
    if vectors.ndim != 2 or labels.ndim != 1:
        raise ValueError(
            f"states must have shape (n, 4) and kinds (n,), not {vectors.shape} and {labels.shape}"
        )
    same_length(vectors, labels, "states and kinds")
    names = np.unique(labels)
    if len(names) < 2:
        raise ValueError(
            f"kinds must hold at least two kinds, not only {names.tolist()}: there is nothing to tell apart"
        )
    layers, starts, rng = as_count(layers, "layers"), as_count(starts, "starts"), as_rng(rng)
    ansatz = Ansatz(2, layers, observables=("ZI", "IZ", "ZZ"))
    inputs, weights = _spectra(vectors, labels, names)

    def missing(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        angles = flat.reshape(ansatz.shape)
        z, tape = ansatz.forward(angles, inputs)
        each = np.column_stack([np.ones(len(z)), z]) @ _OUTCOMES.T
        chances = np.clip(weights @ each, _LEAST, 1.0)
        mean = chances.mean(axis=0)
        bits = (xlogy(chances, chances) - xlogy(chances, mean)).sum() / np.log(2) / len(names)
        slope = np.log2(chances / mean) / len(
            names
        )  # of the bits by each chance: the terms of the mean cancel
        dz = (weights.T @ slope) @ _OUTCOMES[:, 1:]
        return -float(bits), -ansatz.backward(tape, dz).ravel()

    fits = [
        minimize(missing, rng.uniform(-np.pi, np.pi, int(np.prod(ansatz.shape))), jac=True, method="L-BFGS-B")
        for _ in range(starts)
    ]
    found = min(fits, key=lambda fit: float(fit.fun))
    return LearnedMeasurement(ansatz, found.x.reshape(ansatz.shape), -float(found.fun))


def _spectra(
    vectors: NDArray[np.complex128], labels: NDArray, names: NDArray
) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Return eigenvectors of the average state of each kind, and how often each stands for its kind."""
    inputs, weights = [], np.zeros((len(names), 4 * len(names)))
    for k, name in enumerate(names):
        own = vectors[labels == name]
        values, basis = np.linalg.eigh(own.T @ own.conj() / len(own))
        inputs.append(basis.T)
        weights[k, 4 * k : 4 * k + 4] = np.clip(values, 0.0, 1.0)
    return np.concatenate(inputs), weights
