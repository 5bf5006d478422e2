"""Which circuit a network has, and what starts it: its ansatz and its encoding, checked against the features of X."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, n_qubits_of
from qlearn.learning.encodings.encoding import Encoding
from qlearn.learning.encodings.feature_maps import as_encoding
from qlearn.learning.neural_networks._own_ansatz import OwnAnsatz, own_circuit
from qlearn.learning.neural_networks.ansatz import Ansatz, longitude_states
from qlearn.learning.neural_networks.circuit_ansatz import CircuitAnsatz
from qlearn.qubits.observables import Observables

# What the ansatz or X itself prepares; every other name is that of an encoding (feature_maps), and of its object.
OWN_ENCODINGS = ("phase", "reuploading", "state")
MOST_QUBITS = 12


class EncodedCircuit:
    """The part of a network that knows its circuit: `ansatz_`, made of the options, and `_way`, what encodes the features."""

    n_qubits: int | None
    layers: int
    encoding: str | Encoding | None
    entanglement: str | Sequence[Sequence[int]]
    observables: Observables
    readout: Any
    ansatz: OwnAnsatz | None
    n_features_in_: int
    ansatz_: Any

    def _new_ansatz(self) -> Ansatz | CircuitAnsatz:
        self._way: str | Encoding | None = "phase" if self.encoding is None else self.encoding
        if self.ansatz is None:
            own = self._way == "reuploading"
            return Ansatz(self._width(), self.layers, self.entanglement, own, self.observables, self.readout)
        if isinstance(self._way, str) and self._way == "reuploading":
            raise ValueError(
                "encoding must not be 'reuploading' with an ansatz of your own: it repeats the features between its own "
                "layers. Put x[0], x[1], ... into the circuit where you want them"
            )
        wires = self.n_features_in_ if self.encoding is None else self._needed()
        circuit = own_circuit(self.ansatz, self.n_qubits, self.layers, self.entanglement, wires)
        ansatz = CircuitAnsatz(circuit, self.observables, self.readout)
        if ansatz.n_features:
            self._check_features(ansatz.n_features)
        # A circuit that takes the features itself starts in 0, unless told otherwise.
        self._way = self._way if self.encoding is not None or not ansatz.n_features else None
        self._width(circuit.n_qubits)
        return ansatz

    def _check_features(self, inside: int) -> None:
        """Say where features of X and those of the circuit do not fit."""
        if self.encoding == "state":
            raise ValueError(
                "encoding must not be 'state' with an ansatz that takes features: X holds amplitudes, and no x[0]"
            )
        if inside != self.n_features_in_:
            raise ValueError(
                f"X must have the {inside} features that the ansatz takes, x[0] to x[{inside - 1}], not {self.n_features_in_}"
            )

    def _width(self, own: int | None = None) -> int:
        """Return the number of wires, `own` if an ansatz has them, or say why these features and this number do not fit."""
        needed = self._needed()
        n = needed if self.n_qubits is None else as_count(self.n_qubits, "n_qubits")
        n = n if own is None else own
        reduce = f"Reduce the features first, as in make_pipeline(PCA({{}}), {type(self).__name__}())"
        if n > MOST_QUBITS:
            raise ValueError(
                f"n_qubits must be at most {MOST_QUBITS}, not {n}: a simulated state doubles with each. "
                + reduce.format(8)
            )
        if self._way is None:
            return n
        if self._way == "state" and n != needed:
            raise ValueError(f"n_qubits must be {needed} or None, not {n}: X holds states of {needed} qubits")
        if self._prepared_by() is not None and n != needed:
            raise ValueError(f"n_qubits must be {needed} or None, not {n}: so many has {self.encoding!r}")
        if n < needed:
            raise ValueError(
                f"n_qubits must be at least the {needed} features of X, not {n}: each turns a qubit of its own. "
                + reduce.format(n)
                + "; or turn one qubit by several of them in an ansatz of your own, such as "
                "Circuit(1).ry(x[0], 0).rz(x[1], 0).ry(theta[0], 0)"
            )
        return n

    def _needed(self) -> int:
        """Return the number of wires that the encoding takes for the features."""
        if (encoding := self._prepared_by()) is not None:
            return encoding.n_qubits(self.n_features_in_)
        if self._way == "state":
            return n_qubits_of(np.empty((0, self.n_features_in_)), "X")
        return self.n_features_in_

    def _prepared_by(self) -> Encoding | None:
        """Return what makes states of the features, and None where the ansatz does, or X holds states."""
        if self._way is None or (isinstance(self._way, str) and self._way in OWN_ENCODINGS):
            return None
        return as_encoding(self._way, 2, "full", 1.0, besides=OWN_ENCODINGS)

    def _takes_features(self) -> bool:
        """Return whether the circuit itself turns by features: then they are its inputs."""
        return isinstance(self.ansatz_, CircuitAnsatz) and self.ansatz_.n_features > 0

    def _repeated(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        return X[..., np.arange(self.ansatz_.n_qubits) % self.n_features_in_]

    def _twice(self) -> bool:
        """Return whether features turn the circuit and an encoding prepares its start from them as well."""
        return self._takes_features() and self._way is not None

    def _states(self, X: NDArray) -> NDArray[np.complex128]:
        """Return where the circuit starts."""
        if (encoding := self._prepared_by()) is not None:
            return encoding.states(X)
        if self._way == "state":
            return X
        return longitude_states(self._repeated(X), self.ansatz_.n_qubits)
