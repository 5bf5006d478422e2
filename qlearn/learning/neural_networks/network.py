r"""What the quantum network is, whether it classifies or regresses: a circuit, and a linear readout."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_states, n_qubits_of
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.descent import Arrays
from qlearn.learning.neural_networks.gradient_model import GradientModel, Pullback, level_of_caller
from qlearn.qubits import Circuit

ENCODINGS = ("angle", "reuploading", "state")
MOST_QUBITS = 12


class QuantumNetwork(GradientModel):
    r"""Scores by a trained circuit and a linear readout.

    .. math:: s_k(x) = b_k + \sum_j W_{jk} \langle O_j \rangle_{\gamma\beta}(x)

    The expectation values come from :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`. What the scores mean
    is the business of :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier` and
    :class:`~qlearn.learning.neural_networks.qnn.QNNRegressor`, which store its options.

    Taught in :doc:`/learning/neural_networks`.
    """

    n_qubits: int | None
    layers: int
    encoding: str | Encoding
    entanglement: str | Sequence[Sequence[int]]
    observables: str | Sequence[str]

    def circuit(self, x: ArrayLike | None = None, parameters: Sequence[ArrayLike] | None = None) -> Circuit:
        """Return the model's circuit, up to the measurement of its observables.

        Parameters
        ----------
        x : array_like, shape (..., n_features), optional
            Features; a batch gives a batched circuit. None leaves the encoding out.
        parameters : list of ndarray, optional
            Only the angles are used; None takes the trained ones.

        Returns
        -------
        Circuit
        """
        angles = (self.get_parameters() if parameters is None else parameters)[0]
        if x is None:
            return self.ansatz_.circuit(angles)
        if self.encoding == "state":
            raise ValueError(
                'x must be None with encoding="state": give the states to the run of this circuit'
            )
        features = np.asarray(x, float)
        if features.shape[-1:] != (self.n_features_in_,):
            raise ValueError(
                f"x must have {self.n_features_in_} features on its last axis, not shape {features.shape}"
            )
        if not isinstance(self.encoding, str):
            return self.encoding.circuit(features).then(self.ansatz_.circuit(angles))
        return self.ansatz_.circuit(angles, self._repeated(features))

    def _rows(self, X: ArrayLike, *, reset: bool = False) -> NDArray:
        if self.encoding != "state":
            return super()._rows(X, reset=reset)
        states = as_states(X, "X", None if reset else self.ansatz_.n_qubits)
        if states.ndim != 2 or not len(states):
            raise ValueError(f"X must be states of shape (n_samples, 2**n_qubits), not {states.shape}")
        return states

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
        if self.encoding != "state":
            return super()._validated(X, y)
        states = self._rows(X, reset=True)
        # scikit-learn refuses complex numbers; their real parts stand in while it checks the targets.
        return states, super()._validated(states.real, y)[1]

    def _start(self, rng: np.random.Generator) -> Arrays:
        self.ansatz_ = Ansatz(
            self._width(), self.layers, self.entanglement, self.encoding == "reuploading", self.observables
        )
        angles = rng.uniform(-np.pi, np.pi, self.ansatz_.shape)
        weights = rng.normal(size=(len(self.ansatz_.measured), self.n_scores_))
        return [angles, weights, np.zeros(self.n_scores_)]

    def _width(self) -> int:
        """Return the number of wires, or say why these features and this number do not fit."""
        needed = self._needed()
        n = needed if self.n_qubits is None else as_count(self.n_qubits, "n_qubits")
        reduce = f"Reduce the features first, as in make_pipeline(PCA({{}}), {type(self).__name__}())"
        if n > MOST_QUBITS:
            raise ValueError(
                f"n_qubits must be at most {MOST_QUBITS}, not {n}: a simulated state doubles with each. "
                + reduce.format(8)
            )
        if self.encoding == "state" and n != needed:
            raise ValueError(f"n_qubits must be {needed} or None, not {n}: X holds states of {needed} qubits")
        if not isinstance(self.encoding, str) and n != needed:
            raise ValueError(f"n_qubits must be {needed} or None, not {n}: so many has {self.encoding!r}")
        if n < needed:
            raise ValueError(
                f"n_qubits must be at least the {needed} features of X, not {n}: each turns a qubit of its own. "
                + reduce.format(n)
            )
        return n

    def _needed(self) -> int:
        """Return the number of wires that the encoding takes for the features."""
        if isinstance(self.encoding, Encoding) and not isinstance(self.encoding, type):
            return self.encoding.n_qubits(self.n_features_in_)
        if not isinstance(self.encoding, str) or self.encoding not in ENCODINGS:
            raise ValueError(
                f"encoding must be one of {', '.join(ENCODINGS)}, or an object with n_qubits, circuit and "
                f"states, not {self.encoding!r}"
            )
        if self.encoding == "state":
            return n_qubits_of(np.empty((0, self.n_features_in_)), "X")
        return self.n_features_in_

    def _repeated(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        return X[..., np.arange(self.ansatz_.n_qubits) % self.n_features_in_]

    def _numbers_a_row(self) -> int:
        # The states before and after the circuit, and one for each layer that the way back would need.
        return int(2**self.ansatz_.n_qubits) * (self.layers + 3)

    def _look_at(self, X: NDArray) -> None:
        if not isinstance(self.encoding, str) or self.encoding == "state":
            return
        spans = X.max(axis=0, initial=0.0) - X.min(axis=0, initial=0.0)
        if (widest := float(spans.max())) > 2 * np.pi * (1 + 1e-12):
            warnings.warn(
                f"X holds angles that span {widest:.3g} radians, more than a whole turn: {self.encoding!r} has the period "
                "2 pi, so one value is taken for another and rows far apart may look alike. Scale the features first, as in "
                f"make_pipeline(MinMaxScaler((-1.5, 1.5), clip=True), {type(self).__name__}())",
                stacklevel=level_of_caller(),
            )

    def _inputs(self, X: NDArray) -> NDArray[np.complex128]:
        if not isinstance(self.encoding, str):
            return self.encoding.states(X)
        if self.encoding == "state":
            return X
        return self.ansatz_.encode(self._repeated(X))

    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]:
        angles, weights, offset = parameters
        z, tape = self.ansatz_.forward(angles, inputs)

        def pull_back(gradient: NDArray[np.float64]) -> Arrays:
            return [self.ansatz_.backward(tape, gradient @ weights.T), z.T @ gradient, gradient.sum(axis=0)]

        return z @ weights + offset, pull_back
