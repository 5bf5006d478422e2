"""Single shots: a circuit that learns a measurement, and is judged by one outcome a pulse, as there is one pulse."""

from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_bits, as_count, as_real, as_rng, as_states, n_qubits_of, same_length
from qlearn._types import Array, Bits
from qlearn.learning.neural_networks.ansatz import Ansatz


class SingleShotClassifier(ClassifierMixin, BaseEstimator):
    r"""Name a bit from one copy of a state, by a trained circuit and one measurement of its first qubit.

    .. math:: P(\text{right}) = \frac12 + \frac{1}{2n}\sum_i (-1)^{s_i}\,\langle\psi_i|\,U^\dagger Z_1 U\,|\psi_i\rangle

    is what it climbs. Helstrom's measurement is the highest point for any circuit; there is no weight and no offset behind the
    qubit. A :class:`~qlearn.learning.QNNClassifier` on the same states reads expectation values to all digits. That takes
    endless copies of every pulse, tells any two different states apart, and says 100 % of a leak that one pulse hardly shows.

    Parameters
    ----------
    layers : int
        Layers of the :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`.
    entanglement : str
        Its CNOTs; "none" for the ablation.
    epochs : int
        Steps of gradient ascent, each on all rows.
    learning_rate : float
        Size of a step.
    random_state : None, int or numpy.random.Generator
        First angles, and the outcomes that `predict` draws.

    Attributes
    ----------
    angles_ : ndarray, shape (layers, n_qubits, 2)
        Of the circuit.
    classes_ : ndarray
        0 and 1.
    curve_ : list of float
        Chance of a right outcome over the training rows, before each step.

    Examples
    --------
    >>> from qlearn.control.side_channels import FrequencyLeak
    >>> leak = FrequencyLeak(shift=1.0)
    >>> bits = np.random.default_rng(1).integers(0, 2, 4000)
    >>> model = SingleShotClassifier(random_state=1).fit(leak.states(bits), bits)
    >>> round(model.chance(leak.states(bits), bits), 4), round(leak.guess, 4)
    (0.7352, 0.7352)

    References
    ----------
    Helstrom, "Quantum Detection and Estimation Theory", 1976, chapter IV. Patterson, Chen, Wossnig, Severini, Browne and Rungger,
    Phys. Rev. Research 3, 013063 (2021), arXiv:1911.00352: circuits that learn to discriminate states.
    """

    def __init__(
        self,
        layers: int = 2,
        entanglement: str = "circular",
        epochs: int = 150,
        learning_rate: float = 0.1,
        random_state: Any = None,
    ) -> None:
        self.layers = layers
        self.entanglement = entanglement
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn the angles from states, shape (n, 2**n_qubits), and their bits, shape (n,); return itself."""
        from qlearn.learning.neural_networks.optimizers import Adam

        states, bits = as_states(X, "X"), as_bits(y, "y")
        if states.ndim != 2:
            raise ValueError(f"X must be states of shape (n, 2**n_qubits), not {states.shape}")
        same_length(states, bits, "X and y")
        if bits.min() == bits.max():
            raise ValueError(f"y must hold both 0 and 1, not {bits[0]} alone")
        epochs, layers = as_count(self.epochs, "epochs"), as_count(self.layers, "layers")
        rng = as_rng(self.random_state)
        ansatz = self._ansatz(n_qubits_of(states, "X"), layers)
        # Gradients add over rows: each different state is simulated once, weighed by how often and with which bit it came.
        kinds, place = np.unique(states.round(12), axis=0, return_inverse=True)
        weight = np.bincount(place.ravel(), weights=1 - 2.0 * bits, minlength=len(kinds)) / bits.size
        angles = rng.uniform(-np.pi, np.pi, ansatz.shape)
        adam, parameters = Adam(as_real(self.learning_rate, "learning_rate", above=0)), [angles]
        self.curve_ = []
        for _ in range(epochs):
            z, tape = ansatz.forward(parameters[0], kinds)
            self.curve_.append(float(0.5 + 0.5 * weight @ z[:, 0]))
            parameters = adam.step(parameters, [ansatz.backward(tape, -weight[:, None] / 2)])
        self.angles_, self.classes_, self.n_features_in_ = parameters[0], np.array([0, 1]), states.shape[1]
        return self

    def outcome_chances(self, X: ArrayLike) -> Array:
        """Return the chances of the outcomes 0 and 1 for one copy of each state, shape (n, 2).

        They are the law of the coin that nature throws, and not what somebody knows after one throw: so there is no
        `predict_proba`, whose scores would prove more bits than one pulse holds.
        """
        check_is_fitted(self)
        states = as_states(X, "X", n_qubits_of(np.empty((0, self.n_features_in_))))
        z, _ = self._ansatz(n_qubits_of(states, "X"), len(self.angles_)).forward(self.angles_, states)
        return np.asarray(np.stack([1 + z[:, 0], 1 - z[:, 0]], axis=1) / 2)

    def predict(self, X: ArrayLike, *, rng: Any = None) -> Bits:
        """Measure one copy of each state and return the outcomes, shape (n,): another run gives others."""
        generator = self._dice() if rng is None else as_rng(rng)
        return (generator.random(len(np.asarray(X))) < self.outcome_chances(X)[:, 1]).astype(np.uint8)

    def chance(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the mean chance of a right outcome over these states, one copy each: `score` without the dice."""
        bits = as_bits(y, "y")
        return float(self.outcome_chances(X)[np.arange(bits.size), bits].mean())

    def _dice(self) -> np.random.Generator:
        # A seed may also have made the secret bits: outcomes from the same stream would know them.
        if isinstance(self.random_state, Integral):
            return np.random.default_rng(np.random.SeedSequence(int(self.random_state), spawn_key=(1,)))
        return as_rng(self.random_state)

    def _ansatz(self, n_qubits: int, layers: int) -> Ansatz:
        first = "Z" + "I" * (n_qubits - 1)
        return Ansatz(n_qubits, layers, self.entanglement, observables=(first,))
