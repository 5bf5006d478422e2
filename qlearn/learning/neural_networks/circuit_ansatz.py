r"""A circuit of one's own as an ansatz: its readout and the exact gradient in its free angles and in the features."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.learning.neural_networks._compile import FEATURES, Compiled, checked_ansatz, n_features
from qlearn.learning.neural_networks._engine import Engine, Numbers, Tape
from qlearn.learning.neural_networks._products import Products, products_of
from qlearn.learning.neural_networks._readout import (
    Readout,
    check_readout,
    measured,
    new_readout,
    observable_strings,
    z_signs,
)
from qlearn.learning.neural_networks.ansatz import longitude_circuit, longitude_states
from qlearn.qubits import Circuit, Parameter
from qlearn.qubits.observables import Observables

_MOST_PHASES = 2
"""Up to so many ways to turn by the features are computed ahead: each is a state's worth of memory a row."""


class CircuitTape(NamedTuple):
    """What :meth:`CircuitAnsatz.forward` keeps for the way back."""

    engine: Tape
    inputs: NDArray
    table: NDArray[np.float64] | None = None
    """Angles and features of each row, where the ansatz holds products of them."""


@dataclass(frozen=True)
class CircuitAnsatz:
    r"""Any circuit with free angles, read out by sums of Pauli strings or by counting outcomes.

    .. math:: z_k(x) = \langle s|\, U(\theta, x)^\dagger\, O_k\, U(\theta, x)\,|s\rangle

    Parameters named ``x[0]``, ``x[1]``, ... are features, wherever they stand; all others are trained, in the order of
    ``circuit.parameters``. A circuit with features starts with all wires in 0; one without starts in the encoded states that
    :meth:`forward` is given. An angle may hold a trained factor on a feature, ``w * x[0]``, and other products of two
    parameters. The circuit is compiled once: gates of one qubit are layers, gates that move amplitudes are one
    permutation, and every other gate with an angle is a diagonal one between fixed turns.

    Parameters
    ----------
    ansatz : Circuit
        With at least one free angle that is no feature, without measurements, masks or arrays.
    observables : {"local", "global"}, str, mapping of str to float, or a list of these
        The :math:`O_k`, as in :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`.
    readout : {"expectations", "probabilities"} or callable
        As in :class:`~qlearn.learning.neural_networks.ansatz.Ansatz`.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.qubits import Circuit, Parameter, parameters
    >>> x = parameters("x", 1)
    >>> ansatz = CircuitAnsatz(Circuit(1).ry(x[0], 0).ry(Parameter("theta"), 0), {"Z": 2.0})
    >>> z, tape = ansatz.forward(np.array([np.pi / 3]), ansatz.encode([[0.0], [np.pi / 6]]))
    >>> z.round(12)
    array([[1.],
           [0.]])
    >>> ansatz.backward(tape, np.ones((2, 1))).round(6)  # -2 sin 60 - 2 sin 90
    array([-3.732051])

    References
    ----------
    Jones, Gacon, "Efficient calculation of gradients in classical simulations of variational quantum
    algorithms", 2020, arXiv:2009.02823 (the adjoint sweep).
    Schuld, Sweke, Meyer, 2021, arXiv:2008.08605 (features in several places).
    """

    ansatz: Circuit
    observables: Observables = "local"
    readout: str | Callable[[int], int] = "expectations"

    def __post_init__(self) -> None:
        checked_ansatz(self.ansatz)
        check_readout(self.readout, self.observables)
        observable_strings(self.observables, self.n_qubits)

    @property
    def n_qubits(self) -> int:
        """Number of wires."""
        return self.ansatz.n_qubits

    @property
    def n_features(self) -> int:
        """Number of features that the circuit takes itself; 0 if it starts in encoded states."""
        return self._n_features

    @property
    def shape(self) -> tuple[int]:
        """Shape of the angles: one for each parameter that is no feature."""
        return (len(self._parameters),)

    @property
    def measured(self) -> list[Any]:
        """What is read, one entry an output: an observable, or the number of an outcome or a class."""
        return measured(self._readout, self.observables, self.n_qubits)

    @property
    def states_kept(self) -> int:
        """How many states of each sample a pass holds: one for each group that is trained or featured, and those at both ends."""
        kept = sum(group.trained or group.featured for group in self._compiled.groups)
        return kept + len(self._compiled.phases) + 3

    @property
    def phases_kept(self) -> int:
        """How many states' worth of phases :meth:`encode` gives a row; 0 where it leaves the features as they are."""
        if self._products is not None:  # its phases may change with the angles
            return 0
        several = len(self._compiled.phases)
        return several if several <= _MOST_PHASES else 0

    def encode(self, X: ArrayLike) -> NDArray[Any]:
        """Return what :meth:`forward` takes, computed once for many passes.

        Of a circuit with features these are the phases by which they turn it, shape (samples, 2**n) or side by side twice as
        wide; where it turns by them in more than two ways, the features themselves. Of a circuit without features they are
        the states of "phase".

        Parameters
        ----------
        X : array_like, shape (samples, n_features)
            In radians; one for each wire if the circuit takes none itself.
        """
        if not self.n_features:
            return longitude_states(X, self.n_qubits)
        features, phases = self._features(X), self._compiled.phases
        if not self.phases_kept:
            return features
        return np.concatenate([phase.forward(features) for phase in phases], axis=-1)

    def _features(self, X: ArrayLike) -> NDArray[np.float64]:
        features = np.asarray(X, float)
        if features.shape[-1:] != (self.n_features,):
            raise ValueError(
                f"X must have the {self.n_features} features {FEATURES}[0] to {FEATURES}[{self.n_features - 1}] that the ansatz "
                f"uses on its last axis, not shape {features.shape}"
            )
        return features

    def circuit(self, angles: ArrayLike, x: ArrayLike | None = None) -> Circuit:
        """Return the circuit with values for its angles.

        Parameters
        ----------
        angles : array_like, shape (n_angles,)
            In radians, in the order of the parameters.
        x : array_like, shape (..., n_features), optional
            Features in radians; a batch gives a batched circuit. None leaves features free, and the encoding out.

        Returns
        -------
        Circuit
        """
        values = self._fitting(np.asarray(angles, float))
        bound = self.ansatz.bind(dict(zip(self._parameters, values, strict=True)))
        if x is None:
            return bound
        if self.n_features:
            return bound.bind({FEATURES: self._features(x)})
        return longitude_circuit(x).then(bound)

    def forward(
        self, angles: ArrayLike, inputs: NDArray[Any], states: NDArray[np.complex128] | None = None
    ) -> tuple[NDArray[np.float64], CircuitTape]:
        """Return the values that are read, shape (samples, outputs), and the tape for :meth:`backward`.

        Parameters
        ----------
        angles : array_like, shape (n_angles,)
        inputs : ndarray, shape (samples, ...)
            From :meth:`encode`; or features, shape (samples, n_features), or where the circuit takes none, any states.
        states : ndarray of complex128, shape (samples, 2**n), optional
            Where a circuit with features starts; None is all wires in 0.
        """
        compiled, engine = self._compiled, self._engine
        values, features, table = self._fitting(angles), inputs, None
        if self._products is not None:
            table = self._products.table(values, self._features(inputs) if self.n_features else None)
            values = self._products.angles(table)
            features = self._products.features(table) if self.n_features else inputs
        if self._plain is None:
            values = compiled.weights @ values + compiled.offsets
        elif self._plain is not True:
            values = values[self._plain]
        if not compiled.phases:
            states = inputs
        elif states is None:
            states = self._zero
        else:
            states = self._prepared(states)
        z, tape = engine.forward(values, states, self._phases(features))
        return z, CircuitTape(tape, inputs, table)

    def _phases(self, inputs: NDArray[Any]) -> list[NDArray[np.complex128]]:
        phases = self._compiled.phases
        if not phases or inputs.dtype.kind != "c":
            return [phase.forward(inputs) for phase in phases]
        return [inputs] if len(phases) == 1 else np.split(inputs, len(phases), axis=1)

    def _prepared(self, states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return states behind the fixed gates at the start."""
        for group in self._compiled.groups[: self._n_fixed]:
            states = group.forward(states, Numbers([], [], []))
        return states

    def backward(self, tape: CircuitTape, dz: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient, shape (n_angles,), in the angles of a loss whose gradient in the values is `dz`.

        Parameters
        ----------
        tape : CircuitTape
            From :meth:`forward`.
        dz : ndarray of float64, shape (samples, outputs)
        """
        if tape.table is not None and self._products is not None:
            if self._products.mixed.any():
                return self.backward_to_features(tape, dz)[0]
            slopes = self._of_parameters(self._engine.backward(tape.engine, dz, features=False).angles)
            return self._products.pull_back(tape.table, slopes, None)[0]
        return self._of_parameters(self._engine.backward(tape.engine, dz, features=False).angles)

    def backward_to_features(
        self, tape: CircuitTape, dz: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gradients in the angles and in the features, as :meth:`backward`, in one pass.

        Where the circuit takes no features itself, the states must come from :meth:`encode`.

        Parameters
        ----------
        tape : CircuitTape
            From :meth:`forward`.
        dz : ndarray of float64, shape (samples, outputs)

        Returns
        -------
        angles : ndarray of float64, shape (n_angles,)
        features : ndarray of float64, shape (samples, n_features)
        """
        inside = bool(self.n_features)
        slopes = self._engine.backward(tape.engine, dz, features=True, start=not inside)
        if slopes.start is None:
            of_features = np.zeros((len(tape.inputs), self._compiled.n_features))
            for number, overlaps in slopes.phases:
                of_features += self._compiled.phases[number].backward(overlaps)
        else:
            of_features = (slopes.start * tape.inputs).imag @ z_signs(self.n_qubits).T
        of_angles = self._of_parameters(slopes.angles)
        if tape.table is None or self._products is None:
            return of_angles, of_features
        of_angles, of_rows = self._products.pull_back(tape.table, of_angles, of_features if inside else None)
        return of_angles, of_rows if inside else of_features

    def _of_parameters(self, slopes: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._plain is True:
            return slopes
        return self._compiled.weights.T @ slopes

    def _fitting(self, angles: ArrayLike) -> NDArray[np.float64]:
        angles = np.asarray(angles)
        if angles.shape != self.shape:
            raise ValueError(
                f"angles must have shape {self.shape}, one for each parameter of the ansatz, not {angles.shape}"
            )
        return angles

    @cached_property
    def _products(self) -> Products | None:
        return products_of(self.ansatz)

    @cached_property
    def _n_features(self) -> int:
        return n_features(self.ansatz)

    @cached_property
    def _parameters(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.ansatz.parameters if parameter.vector != FEATURES)

    @cached_property
    def _compiled(self) -> Compiled:
        """The circuit; where its angles hold products, that with inner parameters for them."""
        return Compiled(self.ansatz if self._products is None else self._products.circuit)

    @cached_property
    def _plain(self) -> Any:
        """True where the angles of the gates are the parameters in order; their places where each is one; otherwise None."""
        weights, offsets = self._compiled.weights, self._compiled.offsets
        if offsets.any() or ((weights != 0) & (weights != 1)).any() or (weights.sum(axis=1) != 1).any():
            return None
        places = weights.argmax(axis=1)
        return True if np.array_equal(places, np.arange(weights.shape[1])) else places

    @cached_property
    def _readout(self) -> Readout:
        return new_readout(self.readout, self.observables, self.n_qubits)

    @cached_property
    def _zero(self) -> NDArray[np.complex128]:
        return self._prepared(np.eye(1, 1 << self.n_qubits, dtype=np.complex128))

    @cached_property
    def _n_fixed(self) -> int:
        """How many groups with no angle stand at the start of a circuit with features: they are done once."""
        turned = [group.trained or group.featured for group in self._compiled.groups]
        return turned.index(True) if self.n_features else 0

    @cached_property
    def _engine(self) -> Engine:
        compiled = self._compiled
        return Engine(
            self.n_qubits,
            compiled.groups[self._n_fixed :],
            compiled.turns,
            len(compiled.offsets),
            self._readout,
        )
