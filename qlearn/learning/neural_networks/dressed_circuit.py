"""A dressed circuit: dense layers choose its angles, and a linear readout weighs what it measures."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn._types import Arrays
from qlearn.learning.neural_networks._counted_outputs import CountedOutputs
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.layers import DenseLayers, Pullback, linear
from qlearn.learning.neural_networks.optimizers import Optimizer
from qlearn.qubits import Circuit

# The largest angle: a rotation by more would come back on the other side.
LARGEST = np.pi / 2


class DressedCircuitClassifier(CountedOutputs, GradientClassifier):
    r"""A circuit between dense layers of tanh, whose units choose its angles, and a linear readout.

    A model says which dense layers there are and which columns each sees (`_dense_layers`), and between which wires
    the circuit has CNOTs (`_entanglement`).

    References
    ----------
    Mari, Bromley, Izaac, Schuld, Killoran, "Transfer learning in hybrid classical-quantum neural networks",
    2020, arXiv:1912.08278 (dressed quantum circuits).
    """

    def __init__(
        self,
        hidden: Sequence[int] = (),
        layers: int = 2,
        reupload: bool = False,
        entanglement: str | Sequence[Sequence[int]] = "circular",
        observables: str | Sequence[str] = "local",
        optimizer: str | Optimizer | LBFGS = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        with_circuit: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        tol: float = 1e-4,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        callback: Callable[[Any, int, float], object] | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        shots: int | None = None,
        noise: float = 0.0,
        device: Any = None,
        gradient: str = "auto",
    ) -> None:
        super().__init__(
            optimizer,
            learning_rate,
            epochs,
            batch_size,
            initial,
            random_state,
            progress,
            early_stopping,
            validation_fraction,
            tol,
            n_iter_no_change,
            warm_start,
            callback,
            class_weight,
        )
        self.hidden = hidden
        self.layers = layers
        self.reupload = reupload
        self.entanglement = entanglement
        self.observables = observables
        self.with_circuit = with_circuit
        self.shots = shots
        self.noise = noise
        self.device = device
        self.gradient = gradient

    @abstractmethod
    def _dense_layers(self) -> list[tuple[slice, DenseLayers]]:
        """Return the dense layers, each with the columns of X that it sees."""

    def _entanglement(self) -> str | Sequence[Sequence[int]]:
        return self.entanglement

    def angles(self, X: ArrayLike) -> NDArray[np.float64]:
        r"""Return the angles by which the rows of X turn the qubits, within :math:`\pm\pi/2`.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)

        Returns
        -------
        ndarray of float64, shape (n_samples, n_qubits)
        """
        parameters = self.get_parameters()
        return self._dense_angles(parameters, self._rows(X))[0]

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row, shape (n_features,), or of a batch of rows, with its trained angles."""
        if not self.with_circuit:
            raise ValueError("with_circuit=False: this model is the ablation, it has no circuit to return")
        rows = np.atleast_2d(np.asarray(x, float))
        angles = self.angles(rows)
        return self.ansatz_.circuit(self.get_parameters()[-3], angles if np.ndim(x) > 1 else angles[0])

    def _bytes_an_input(self) -> int:
        return 16 * self._numbers_a_row() if self.with_circuit else 0

    def _numbers_a_row(self) -> int:
        return int(2**self.ansatz_.n_qubits) * (self.layers + 3) + self.n_features_in_

    def _hidden(self) -> list[int]:
        hidden: Any = self.hidden
        if not isinstance(hidden, list | tuple):
            raise TypeError(f"hidden must be a list of numbers of units such as [8], not {hidden!r}")
        return [as_count(units, "hidden") for units in hidden]

    def _start(self, rng: np.random.Generator) -> Arrays:
        self._dense = self._dense_layers()
        wires = sum(dense.sizes[-1] for _, dense in self._dense)
        self.ansatz_ = Ansatz(wires, self.layers, self._entanglement(), self.reupload, self.observables)
        if not isinstance(self.with_circuit, bool | np.bool_):
            raise TypeError(f"with_circuit must be True or False, not {self.with_circuit!r}")
        if not self.with_circuit and self._is_counted():
            raise ValueError(
                "shots, noise, device and gradient must be None, 0, None and 'auto' with with_circuit=False: there is no "
                "circuit to run"
            )
        if not self.with_circuit and self.observables != "local":
            raise ValueError(
                'with_circuit=False needs observables="local", one mean of Z a qubit for which its unit of tanh can '
                f"stand in, not {self.observables!r}"
            )
        first = [p for _, dense in self._dense for p in dense.start(rng)]
        weights = rng.normal(size=(len(self.ansatz_.measured), self.n_scores_))
        # last: how many layers there are must not change what the readout starts from
        angles = rng.uniform(-np.pi, np.pi, self.ansatz_.shape)
        return [*first, angles, weights, np.zeros(self.n_scores_)]

    def _dense_angles(self, parameters: Arrays, X: NDArray) -> tuple[NDArray[np.float64], list[Any]]:
        """Return the angles of all dense layers side by side, and the tape of each."""
        ends = accumulate((dense.n_arrays for _, dense in self._dense), initial=0)
        parts, tapes = [], []
        for (columns, dense), (start, stop) in zip(self._dense, pairwise(ends), strict=True):
            units, tape = dense.forward(parameters[start:stop], X[:, columns])
            parts.append(LARGEST * units)
            tapes.append((dense, parameters[start:stop], tape))
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1), tapes

    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]:
        *_, angles, weights, offset = parameters
        features, tapes = self._dense_angles(parameters, inputs)
        z, back = self._outputs(angles, features)
        scores, of_readout = linear(z, weights, offset)

        # Annotations of inner functions are evaluated at each call: plain names cost nothing.
        def pull_back(gradient: Any) -> Any:
            of_angles, of_features = back(gradient @ weights.T)
            first, stop = [], 0
            for dense, own, seen in tapes:
                start, stop = stop, stop + dense.sizes[-1]
                first += dense.backward(own, seen, LARGEST * of_features[:, start:stop])
            return [*first, of_angles, *of_readout(gradient)]

        return scores, pull_back

    def _outputs(self, angles: NDArray[np.float64], features: NDArray[np.float64]) -> tuple[NDArray, Any]:
        """Return what the readout weighs, and the map from its gradient to those in the angles and in the features."""
        if self.with_circuit:
            read = self._read_by()
            z, tape = read.forward(angles, features if self._is_counted() else self.ansatz_.encode(features))
            return z, lambda dz: read.backward_to_features(tape, dz)
        return features / LARGEST, lambda dz: (np.zeros_like(angles), dz / LARGEST)
