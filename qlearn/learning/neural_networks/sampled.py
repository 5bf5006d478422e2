"""Expectation values of a trained circuit as they are measured, and their gradient from measurements alone."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_probability, as_rng, as_states
from qlearn.learning.neural_networks._products import Products, products_of
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.circuit_ansatz import CircuitAnsatz, CircuitTape
from qlearn.learning.neural_networks.parameter_shift_rule import angle_places, shift_rule
from qlearn.qubits import Circuit
from qlearn.qubits.devices import expectations, frequencies, measured_expectations, measured_frequencies

# 64 MiB of amplitudes: shifted circuits are run so many at a time.
_AMPLITUDES = 1 << 22

#: Features (real), states (complex), or circuits that prepare the states: a row for each sample.
Inputs = NDArray[Any] | Circuit


class SampledTape(NamedTuple):
    """Where the values were measured: what the gradient needs to measure around it."""

    angles: NDArray[np.float64]
    inputs: Inputs


@dataclass(frozen=True)
class SampledExpectations:
    r"""The outputs of a trained circuit from counted runs, and their gradient by the parameter-shift rule.

    .. math:: \hat z_k = \frac1s \sum_{r=1}^{s} o_{kr}, \qquad
              \widehat{\frac{\partial z_k}{\partial\theta}} =
              \tfrac12\bigl[\hat z_k(\theta + \tfrac\pi2) - \hat z_k(\theta - \tfrac\pi2)\bigr]

    It stands in for the exact outputs: :meth:`forward` and :meth:`backward` are those of
    :class:`~qlearn.learning.neural_networks.Ansatz`. Nothing but runs of circuits is needed, so a quantum computer can do it;
    the gradient takes two runs of the whole batch for each gate that has a trained angle (four for a controlled turn), all
    in as few jobs as memory allows. It is unbiased: its mean is the exact gradient of the outputs (times 1 - `noise`).

    Parameters
    ----------
    ansatz : Ansatz
        Whose outputs are measured.
    shots : int or None
        Runs for each sample and basis. None is exact, or what the device takes by itself.
    device : optional
        As in :func:`~qlearn.qubits.expectations`: None is NumPy, else a primitive of Qiskit or a device of PennyLane.
    noise : float
        Probability that a run ends in the maximally mixed state; of NumPy only.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; draws all outcomes on NumPy, call after call.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import Ansatz
    >>> ansatz = Ansatz(n_qubits=1, layers=1)
    >>> quarter, x = np.array([[[0, -np.pi / 2]]]), np.array([[np.pi / 3]])
    >>> counted = SampledExpectations(ansatz, shots=1000, rng=0)
    >>> z, tape = counted.forward(quarter, x)
    >>> z, counted.backward(tape, np.ones((1, 1)))  # exact: 0.5, and -0.866 about z, 0 about y
    (array([[0.462]]), array([[[-0.855,  0.034]]]))

    References
    ----------
    Schuld, Bergholm, Gogolin, Izaac, Killoran, 2019, arXiv:1811.11184. Sweke et al., "Stochastic gradient descent for hybrid
    quantum-classical optimization", 2020, arXiv:1910.01155 (gradients from few shots are unbiased).
    """

    ansatz: Any
    shots: int | None = 1000
    device: Any = field(default=None, kw_only=True)
    noise: float = field(default=0.0, kw_only=True)
    rng: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.ansatz, type) or not all(
            hasattr(self.ansatz, name) for name in ("n_qubits", "circuit", "measured")
        ):
            raise TypeError(
                f"ansatz must be an Ansatz: n_qubits, circuit and measured are asked of it, not {self.ansatz!r}"
            )
        if self.shots is not None:
            as_count(self.shots, "shots")
        if as_probability(self.noise, "noise") and self.device is not None:
            raise ValueError(
                f"noise must be 0 with a device, not {self.noise:g}: the device brings its own noise"
            )

    def forward(self, angles: NDArray[np.float64], inputs: Inputs) -> tuple[NDArray[np.float64], SampledTape]:
        """Return the measured outputs, shape (samples, outputs), and the tape for :meth:`backward`.

        Parameters
        ----------
        angles : ndarray of float64
            As the ansatz takes them.
        inputs : ndarray, or Circuit
            Real features in radians, shape (samples, n_features), as `x` of the ansatz's circuit; or complex states, shape
            (samples, 2**n), on NumPy alone; or a batch of circuits, shape (samples,), that prepare the states.
        """
        given = inputs if isinstance(inputs, Circuit) else np.asarray(inputs)
        tape = SampledTape(np.asarray(angles, float), given)
        if isinstance(given, np.ndarray) and np.iscomplexobj(given):
            as_states(given, "states", self.ansatz.n_qubits)
            if self.device is not None:
                raise ValueError(
                    "inputs must be features or circuits with a device, not states: nobody can load amplitudes into it as "
                    "numbers. Give the rows of features, or encoding.circuit(X)"
                )
        if not _is_features(given) and (
            getattr(self.ansatz, "reupload", False) or getattr(self.ansatz, "n_features", 0)
        ):
            raise ValueError(
                "inputs must be features where the circuit itself turns by them, not states or circuits"
            )
        if self._is_compiled(given):
            return self._read(self._final(tape.angles, self._encoded(given))), tape
        return self._measure(self._circuit(tape), given), tape

    def backward(self, tape: SampledTape, dz: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the measured gradient in the angles of a loss whose gradient in the outputs is `dz`.

        Parameters
        ----------
        tape : SampledTape
            From :meth:`forward`.
        dz : ndarray of float64, shape (samples, outputs)

        Returns
        -------
        ndarray of float64
            Of the shape of the angles.
        """
        return self._slopes(tape, dz, features=False)[0]

    def backward_to_features(
        self, tape: SampledTape, dz: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the measured gradients in the angles and in the features, the latter of shape (samples, n_features)."""
        if not _is_features(tape.inputs):
            raise ValueError("inputs must be features for a gradient in them, not states or circuits")
        return self._slopes(tape, dz, features=True)

    def _slopes(
        self, tape: SampledTape, dz: NDArray[np.float64], *, features: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Measure f on both sides of every gate that counts, and carry the differences to angles and features."""
        circuit, (of_angles, of_features) = self._circuit(tape), self._jacobians(tape)
        places, products = angle_places(circuit), self._products
        # an angle may turn gates through what it is multiplied with
        through = slice(None) if features else slice(0) if products is None else products.mixed
        counts = np.any(np.hstack([of_angles, of_features[:, through]]), axis=1)
        places = places[len(places) - len(of_angles) :]  # what prepares the states comes before
        shifts = [
            (row, place, sign * shift, sign * weight)
            for row, place in enumerate(places)
            if counts[row]
            for shift, weight in shift_rule(circuit.operations[place].name)
            for sign in (1, -1)
        ]
        slopes = np.zeros((len(of_angles), len(dz)))
        step = max(1, (_AMPLITUDES >> circuit.n_qubits) // max(1, len(dz)))
        compiled = (
            not features and products is None and self._is_compiled(tape.inputs) and _is_one_to_one(of_angles)
        )
        start = self._encoded(tape.inputs) if compiled else np.empty(0)
        for first in range(0, len(shifts), step):
            some = shifts[first : first + step]
            if compiled:  # a gate turns further where its angle does
                further = [shift * of_angles[row].reshape(tape.angles.shape) for row, _, shift, _ in some]
                ends = [self._final(tape.angles + turn, start) for turn in further]
                moved = self._read(np.array(ends))
            else:
                moved = self._measure(_shifted(circuit, some), tape.inputs)
            for (row, _, _, weight), values in zip(some, moved, strict=True):
                slopes[row] += weight * np.einsum("sk,sk->s", values, dz)
        of_rows = slopes.T @ of_features if features or products else np.zeros((len(dz), 0))
        of_all = slopes.sum(axis=1) @ of_angles
        if products is None:
            return of_all.reshape(tape.angles.shape), of_rows
        inputs: Any = tape.inputs if self.ansatz.n_features else None
        of_all, back = products.pull_back(
            products.table(tape.angles, inputs), of_all, None if inputs is None else of_rows
        )
        return of_all, of_rows if inputs is None else back

    def _circuit(self, tape: SampledTape) -> Circuit:
        """Return the circuit of all samples, or for states that are given the one that follows them."""
        if isinstance(tape.inputs, Circuit):
            return tape.inputs.then(self.ansatz.circuit(tape.angles))
        if np.iscomplexobj(tape.inputs):
            return self.ansatz.circuit(tape.angles)
        return self.ansatz.circuit(tape.angles, tape.inputs)

    def _is_compiled(self, inputs: Inputs) -> bool:
        """Return whether the states at the end can be had from the ansatz's own engine, many times as fast as gate by gate."""
        on_numpy = self.device is None and not isinstance(inputs, Circuit)
        return on_numpy and isinstance(self.ansatz, Ansatz | CircuitAnsatz)

    def _encoded(self, inputs: Any) -> NDArray[Any]:
        """Return what the engine of the ansatz starts from."""
        return self.ansatz.encode(inputs) if _is_features(inputs) else inputs

    def _final(self, angles: NDArray[np.float64], start: NDArray[Any]) -> NDArray[np.complex128]:
        """Return the states at the end, shape (samples, 2**n)."""
        tape = self.ansatz.forward(angles, start)[1]
        return (tape.engine if isinstance(tape, CircuitTape) else tape).final

    def _measure(self, circuit: Circuit, inputs: Inputs) -> NDArray[np.float64]:
        """Return the outputs of circuits, shape (..., samples, outputs)."""
        if isinstance(inputs, np.ndarray) and np.iscomplexobj(inputs):
            return self._read(circuit.run(inputs))
        run: Any = expectations if self._by_means else frequencies
        found = [self.ansatz.measured] if self._by_means else []
        values = run(circuit, *found, device=self.device, **self._options)
        samples = inputs.shape[-1:] if isinstance(inputs, Circuit) else inputs.shape[:1]
        batch = np.broadcast_shapes(values.shape[:-1], samples)
        return self._interpreted(np.broadcast_to(values, (*batch, values.shape[-1])))

    def _read(self, states: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Return the outputs of states, shape (..., outputs)."""
        if self._by_means:
            return measured_expectations(states, self.ansatz.measured, **self._options)
        return self._interpreted(measured_frequencies(states, **self._options))

    def _interpreted(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the shares of outcomes as those of classes, where the readout is a function that names them."""
        if not callable(readout := getattr(self.ansatz, "readout", None)):
            return values
        classes = np.array([int(readout(outcome)) for outcome in range(values.shape[-1])])
        return values @ (classes[:, None] == np.arange(len(self.ansatz.measured)))

    @property
    def _by_means(self) -> bool:
        readout = getattr(self.ansatz, "readout", "expectations")
        return isinstance(readout, str) and readout == "expectations"

    @property
    def _options(self) -> dict[str, Any]:
        return {"shots": self.shots, "noise": self.noise, "rng": self._generator}

    def _jacobians(self, tape: SampledTape) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return how the angle of each gate grows with each angle and each feature, from circuits at 0 and at 1."""
        features, ansatz, shape = _is_features(tape.inputs), self.ansatz, tape.angles.shape
        width = tape.inputs.shape[1] if features else 0
        if self._products is not None:  # of the inner angles and features
            ansatz = CircuitAnsatz(self._products.circuit)
            shape, width = ansatz.shape, ansatz.n_features or width
        key = shape, width if features else None
        if key not in self._known:
            zero, units = np.zeros(shape).ravel(), np.eye(int(np.prod(shape)))
            blank = np.zeros(width) if features else None
            first = _turns(ansatz.circuit(zero.reshape(shape), blank))
            moved = [_turns(ansatz.circuit(unit.reshape(shape), blank)) for unit in units]
            of_angles = np.array(moved).reshape(len(units), len(first)).T - first[:, None]
            of_features = np.zeros((len(first), width))
            for column, row in enumerate(np.eye(width)):
                turned = _turns(ansatz.circuit(zero.reshape(shape), row))
                of_features[:, column] = turned - first
            idle = 0 if self._products is None else self._products.idle
            self._known[key] = of_angles[idle:], of_features[idle:]
        return self._known[key]

    @cached_property
    def _products(self) -> Products | None:
        return products_of(self.ansatz.ansatz) if isinstance(self.ansatz, CircuitAnsatz) else None

    @cached_property
    def _known(self) -> dict[Any, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        return {}

    @cached_property
    def _generator(self) -> np.random.Generator:
        return as_rng(self.rng)


def _is_features(inputs: Inputs) -> bool:
    return not isinstance(inputs, Circuit) and not np.iscomplexobj(inputs)


def _is_one_to_one(of_angles: NDArray[np.float64]) -> bool:
    """Return whether each trained gate turns by one angle, as it is or reversed, and each angle turns one gate."""
    counts = of_angles != 0
    rows = counts.sum(axis=1)
    return bool(
        (np.abs(of_angles[counts]) == 1).all() and (rows <= 1).all() and (counts.sum(axis=0) == 1).all()
    )


def _turns(circuit: Circuit) -> NDArray[np.float64]:
    """Return the angles of the gates of a single circuit, in order."""
    turns: list[Any] = [circuit.operations[place].angle for place in angle_places(circuit)]
    return np.array(turns, dtype=np.float64)


def _shifted(circuit: Circuit, shifts: list[tuple[int, int, float, float]]) -> Circuit:
    """Return circuits of batch shape (len(shifts), samples): in each one gate is turned further."""
    further: dict[int, NDArray[np.float64]] = {}
    for index, (_, place, shift, _) in enumerate(shifts):
        further.setdefault(place, np.zeros((len(shifts), 1)))[index] = shift
    steps = list(circuit.operations)
    for place, extra in further.items():
        angle: Any = steps[place].angle
        steps[place] = replace(steps[place], angle=angle + extra)
    return replace(circuit, operations=tuple(steps))
