"""The circuit: one immutable list of gates and measurements that three engines run.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Self, cast, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_register, as_rng, as_states, as_unitary, as_wires
from qlearn.qubits import gates
from qlearn.qubits._vocabulary import Angle, Vocabulary, Where
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.gates import Operation
from qlearn.qubits.measurement import collapse
from qlearn.qubits.parameter import Parameter, ParameterExpression, as_angle
from qlearn.qubits.parameter_values import named_values, refusal
from qlearn.qubits.pennylane_adapter import to_pennylane
from qlearn.qubits.qiskit_adapter import draw, from_qiskit, read_qasm3, to_qasm3, to_qiskit

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from typing_extensions import TypeVar

    from qlearn.qubits.pennylane_adapter import QNode
    from qlearn.qubits.qiskit_adapter import QuantumCircuit

    # What a circuit gives when it runs: states, or with classical bits a Run.
    Result = TypeVar("Result", default=NDArray[np.complex128])
else:
    from typing import TypeVar

    Result = TypeVar("Result")


class Run(NamedTuple):
    """What a circuit with measurements gives: the states it leaves, and the bits it wrote."""

    state: NDArray[np.complex128]
    """State vectors after the last operation, shape (..., 2**n)."""
    bits: NDArray[np.uint8]
    """The classical bits, shape (..., bits); one that was never written is 0."""


@dataclass(frozen=True, eq=False)
class Circuit(Vocabulary, Generic[Result]):
    r"""An immutable list of gates and measurements on n wires.

    .. math:: |\psi\rangle \;\to\; U_m \cdots U_2 U_1\,|\psi\rangle

    Every method that adds an operation checks its arguments and returns a new circuit: one that stands can be run.
    Wire 0 is the leftmost, most significant one. An angle may be an array and `where` a mask: the circuit then
    describes a batch of circuits that :meth:`run` computes at once. An angle may also be a
    :class:`~qlearn.qubits.Parameter`, or a sum of them and of products of two: :meth:`bind` gives it values.

    Parameters
    ----------
    n_qubits : int
        Number of wires.
    bits : int
        Number of classical bits that measurements may write.
    operations : tuple of Operation
        The steps, first to last; usually built by the methods.

    Examples
    --------
    >>> bell = Circuit(2).h(0).cx(0, 1)
    >>> bell.run().real.round(3)
    array([0.707, 0.   , 0.   , 0.707])
    >>> Circuit(1).ry([0, np.pi], 0).run().real.round(3)
    array([[1., 0.],
           [0., 1.]])
    >>> Circuit(1, bits=1).x(0, where=[0, 1, 1]).measure(0, 0).run().bits.ravel()
    array([0, 1, 1], dtype=uint8)

    References
    ----------
    Deutsch, Proc. R. Soc. Lond. A 425, 73 (1989), doi:10.1098/rspa.1989.0099.
    """

    n_qubits: int
    bits: int = 0
    operations: tuple[Operation, ...] = ()

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "Circuit[NDArray[np.complex128]]",
            n_qubits: int,
            bits: Literal[0] = 0,
            operations: tuple[Operation, ...] = (),
        ) -> None: ...
        @overload
        def __init__(
            self: "Circuit[Run]", n_qubits: int, bits: int, operations: tuple[Operation, ...] = ()
        ) -> None: ...
        def __init__(self, n_qubits: int, bits: int = 0, operations: tuple[Operation, ...] = ()) -> None: ...

    def __post_init__(self) -> None:
        as_count(self.n_qubits, "n_qubits")
        as_count(self.bits, "bits", least=0)

    def unitary(self, matrix: ArrayLike, *wires: int, where: Where = None) -> Self:
        """Apply a unitary of shape (..., 2**k, 2**k) to k wires, the first the most significant."""
        targets = as_wires(wires, self.n_qubits)
        array = np.asarray(matrix)
        d = 1 << len(targets)
        if array.ndim < 2 or array.shape[-2:] != (d, d) or array.dtype.kind not in "buifc":
            raise ValueError(
                f"matrix must have shape (..., {d}, {d}) for {len(targets)} wires, not {array.shape}"
            )
        array = as_unitary(array, "matrix must be unitary: its conjugate transpose must be its inverse")
        return self._add(Operation("unitary", targets, where=self._where(where), unitary=array))

    def measure(self, wire: int, bit: int) -> Self:
        """Measure a wire in the Z basis and write the outcome to a classical bit."""
        if not 0 <= as_count(bit, "bit", least=0) < self.bits:
            raise ValueError(
                f"bit must be one of the circuit's {self.bits} bits, not {bit}: write Circuit(n, bits=...)"
            )
        return self._add(Operation("measure", as_wires((wire,), self.n_qubits, "wire"), bit=int(bit)))

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Batch shape: of all array angles, masks and matrices together."""
        return np.broadcast_shapes(*(operation.shape for operation in self.operations))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The free parameters, in order of first use."""
        return tuple(dict.fromkeys(free for operation in self.operations for free in operation.parameters))

    def bind(self, values: "ArrayLike | Mapping[Any, ArrayLike]") -> Self:
        r"""Return the circuit with values for its free parameters.

        Parameters
        ----------
        values : array_like, shape (..., len(parameters)), or mapping
            In the order of :attr:`parameters`; or a mapping of parameters or their names to angles in radians. The
            name of a vector binds all its elements by their index on the last axis, or the last axes: ``{"x": X}``
            with X of shape (n, q). Arrays broadcast to a batch. What a mapping does not name stays free.

        Returns
        -------
        Circuit

        Examples
        --------
        >>> from qlearn.qubits import parameters
        >>> x = parameters("x", 2)
        >>> circuit = Circuit(2).ry(x[0], 0).ry(x[0] + x[1], 1)
        >>> circuit.bind([[0, np.pi], [np.pi, 0]]).run().real.round(3)
        array([[0., 1., 0., 0.],
               [0., 0., 0., 1.]])
        >>> circuit.bind({"x[0]": np.pi})
        Circuit(2).ry(3.14159, 0).ry(x[1] + 3.14159, 1)
        """
        found = named_values(self.parameters, values)
        try:
            steps = tuple(
                replace(step, angle=step.angle.bind(found))
                if isinstance(step.angle, ParameterExpression)
                else step
                for step in self.operations
            )
            bound = replace(self, operations=steps)
            _ = bound.shape
        except ValueError:
            shapes = ", ".join(f"{name} {value.shape}" for name, value in found.items() if value.ndim)
            raise ValueError(
                f"the values must broadcast to one batch, with the circuit's {self.shape}, not: {shapes}"
            ) from None
        return bound

    def run(self, states: ArrayLike | None = None, rng: Any = None) -> Result:
        r"""Run the circuit on the NumPy engine.

        Parameters
        ----------
        states : array_like, shape (..., 2**n), optional
            Initial states; their batch broadcasts with :attr:`shape`. None is all wires in 0.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; drawn from by measurements only.

        Returns
        -------
        ndarray of complex128, shape (..., 2**n), or Run
            The states; for a circuit with classical bits a :class:`Run` of states and bits, the bits uint8
            of shape (..., bits): each element of the batch is one run of the experiment.
        """
        n = as_register(self.n_qubits)
        self._refuse_free("run")
        start = (
            np.eye(1, 1 << n, dtype=np.complex128)[0] if states is None else as_states(states, "states", n)
        )
        try:
            batch = np.broadcast_shapes(start.shape[:-1], self.shape)
        except ValueError:
            raise ValueError(
                f"states of batch shape {start.shape[:-1]} do not broadcast with the circuit's {self.shape}"
            ) from None
        tensor = as_tensor(np.broadcast_to(start, (*batch, 1 << n)).copy(), n)
        bits = np.zeros((len(tensor), self.bits), dtype=np.uint8)
        generator = as_rng(rng)
        for operation in self.operations:
            if operation.bit is not None:
                bits[:, operation.bit] = collapse(tensor, operation.wires, generator)[:, 0]
                continue
            mask = operation.where
            if isinstance(mask, np.ndarray):
                mask = np.broadcast_to(mask, batch).reshape(-1)
            elif mask is not None:
                mask = bits[:, mask] == 1
            matrix = operation.matrix
            if matrix.ndim > 2:
                matrix = np.broadcast_to(matrix, (*batch, *matrix.shape[-2:])).reshape(-1, *matrix.shape[-2:])
            apply(tensor, matrix, operation.targets, operation.controls, mask)
        result = tensor.reshape(*batch, 1 << n)
        return cast("Result", Run(result, bits.reshape(*batch, self.bits)) if self.bits else result)

    def matrix(self) -> NDArray[np.complex128]:
        """Return the unitary of the whole circuit, shape (..., 2**n, 2**n)."""
        self._refuse_measurement("has no matrix")
        self._refuse_free("have a matrix")
        d = 1 << self.n_qubits
        states = np.eye(d).reshape(d, *[1] * len(self.shape), d)
        columns = Circuit(self.n_qubits, operations=self.operations).run(states)
        return np.moveaxis(columns, 0, -1)

    def inverse(self) -> Self:
        """Return the circuit that undoes this one."""
        self._refuse_measurement("cannot be undone")
        return replace(self, operations=tuple(operation.adjoint() for operation in reversed(self.operations)))

    @overload
    def then(
        self, other: "Circuit[NDArray[np.complex128]]", wires: int | Sequence[int] | None = None
    ) -> Self: ...
    @overload
    def then(self, other: "Circuit[Run]", wires: int | Sequence[int] | None = None) -> "Circuit[Run]": ...
    def then(self, other: "Circuit[Any]", wires: int | Sequence[int] | None = None) -> "Circuit[Any]":
        """Return this circuit followed by `other`, on the same bits and the same wires, or on some of them.

        Parameters
        ----------
        other : Circuit
            With as many wires as this one, or as `wires` names.
        wires : int or sequence of int, optional
            The wires of this circuit on which those of `other` come, in order.

        Returns
        -------
        Circuit

        Examples
        --------
        >>> Circuit(3).h(2).then(Circuit(2).cx(0, 1), wires=[2, 0])
        Circuit(3).h(2).cx(2, 0)
        """
        steps = other.operations
        if wires is not None:
            places = as_wires(wires, self.n_qubits, "wires")
            if len(places) != other.n_qubits:
                raise ValueError(
                    f"wires must name {other.n_qubits} wires, one for each of other, not {len(places)}"
                )
            steps = tuple(replace(step, wires=tuple(places[w] for w in step.wires)) for step in steps)
        elif other.n_qubits != self.n_qubits:
            raise ValueError(
                f"other must have {self.n_qubits} qubits like this circuit, not {other.n_qubits}; "
                "then(other, wires=[...]) puts it on some of them"
            )
        both = replace(self, bits=max(self.bits, other.bits), operations=self.operations + steps)
        _ = both.shape  # refuses batches that do not broadcast
        return both

    def at(self, index: int | tuple[int, ...]) -> Self:
        """Return the circuit of one element of the batch, without arrays."""
        batch = self.shape
        element = index if isinstance(index, tuple) else (index,)
        if len(element) != len(batch) or not all(-n <= i < n for i, n in zip(element, batch, strict=True)):
            raise ValueError(f"index must pick one element of the batch of shape {batch}, not {index}")
        steps = []
        for operation in self.operations:
            where, angle, unitary = operation.where, operation.angle, operation.unitary
            if isinstance(where, np.ndarray):
                if not np.broadcast_to(where, batch)[element]:
                    continue
                where = None
            if isinstance(angle, ParameterExpression):
                angle = angle.with_numbers(lambda number: np.broadcast_to(number, batch)[element])
            elif angle is not None:
                angle = np.asarray(np.broadcast_to(angle, batch)[element])
            if unitary is not None:
                unitary = np.broadcast_to(unitary, (*batch, *unitary.shape[-2:]))[element]
            steps.append(replace(operation, where=where, angle=angle, unitary=unitary))
        return replace(self, operations=tuple(steps))

    def to_qiskit(self) -> "QuantumCircuit":
        """Return the same circuit for Qiskit; see :func:`qlearn.qubits.qiskit_adapter.to_qiskit`."""
        return to_qiskit(self)

    def to_pennylane(self, device: Any = None, shots: int | None = None) -> "QNode":
        """Return the same circuit for PennyLane; see :func:`qlearn.qubits.pennylane_adapter.to_pennylane`."""
        return to_pennylane(self, device, shots)

    def to_qasm3(self) -> str:
        """Return the same circuit in OpenQASM 3; see :func:`qlearn.qubits.qiskit_adapter.to_qasm3`."""
        return to_qasm3(self)

    @staticmethod
    def from_qiskit(circuit: "QuantumCircuit") -> "Circuit[Any]":
        """Return a Qiskit circuit as one of ours: what :meth:`to_qiskit` undoes.

        Qiskit's qubit 0, the least significant, becomes the last wire, so that amplitudes and counts keep their order.
        A gate that this library does not have becomes the gates that Qiskit defines it by; one without is refused. A
        global phase is dropped.

        Parameters
        ----------
        circuit : qiskit.QuantumCircuit
            Of gates, measurements, and conditions on one bit. Its parameters stay free, under their names.

        Returns
        -------
        Circuit

        Examples
        --------
        >>> from qiskit import QuantumCircuit
        >>> theirs = QuantumCircuit(2)
        >>> _ = theirs.h(0), theirs.cx(0, 1)
        >>> Circuit.from_qiskit(theirs)
        Circuit(2).h(1).cx(1, 0)
        """
        n_qubits, bits, calls = from_qiskit(circuit)
        made: Circuit[Any] = Circuit(n_qubits, bits)
        for name, arguments, where in calls:
            options = {} if where is None else {"where": where}
            made = getattr(made, name)(*arguments, **options)
        return made

    @staticmethod
    def from_qasm3(text: str) -> "Circuit[Any]":
        """Return a program in OpenQASM 3 as a circuit, through Qiskit and by the rules of :meth:`from_qiskit`.

        Parameters
        ----------
        text : str
            The program. Inputs are free parameters. Names are those that OpenQASM allows, where Qiskit spells ``x[1]`` as
            ``_x_1_``: an input of that form is read as an element of a vector, and a vector whose own name ends in a
            number (``x_1``) as one of two axes. Without the package qiskit-qasm3-import Qiskit reads a small part of the
            language: no inputs, no arithmetic, no gates of one's own.

        Returns
        -------
        Circuit

        Examples
        --------
        >>> Circuit.from_qasm3(Circuit(2).h(0).cx(0, 1).ry(0.5, 1).to_qasm3())
        Circuit(2).h(0).cx(0, 1).ry(0.5, 1)
        """
        return Circuit.from_qiskit(read_qasm3(text))

    def draw(self, output: str = "mpl", **options: Any) -> "Figure":
        """Draw the circuit, wire 0 on top: a figure, or ``"text"``; see :func:`qlearn.qubits.qiskit_adapter.draw`."""
        return draw(self, output=output, **options)

    def __repr__(self) -> str:
        head = f"Circuit({self.n_qubits}" + (f", bits={self.bits})" if self.bits else ")")
        return head + "".join(f".{operation}" for operation in self.operations)

    def _gate(
        self, name: str, wires: tuple[int, ...], angle: Angle | None = None, where: Where = None
    ) -> Self:
        wires = as_wires(wires, self.n_qubits)
        radians = None
        if name in gates.ANGLED:
            radians = as_angle(angle, f"angle of {name}")
        return self._add(Operation(name, wires, angle=radians, where=self._where(where)))

    def _where(self, where: Where) -> int | NDArray[np.bool_] | None:
        if where is None:
            return None
        mask = np.array(where)
        if mask.ndim == 0 and mask.dtype != bool:
            written = {operation.bit for operation in self.operations if operation.bit is not None}
            if where not in written:
                raise ValueError(
                    f"where={where!r} names a classical bit, and it must have been measured earlier "
                    f"(measured so far: {sorted(written) or 'none'})"
                )
            return int(mask)
        if mask.dtype.kind not in "buif" or not ((mask == 0) | (mask == 1)).all():
            raise ValueError(
                "where must be the number of a measured bit, or a mask of 0 and 1 over the batch"
            )
        return mask.astype(bool)

    def _add(self, operation: Operation) -> Self:
        try:
            shape = np.broadcast_shapes(self.shape, operation.shape)
        except ValueError:
            raise ValueError(
                f"the arrays of {operation.name} have shape {operation.shape}, "
                f"which does not broadcast with the circuit's batch {self.shape}"
            ) from None
        longer = replace(self, operations=(*self.operations, operation))
        longer.__dict__["shape"] = shape  # known: asking every step again would make long circuits quadratic
        return longer

    def _refuse_free(self, to_do: str) -> None:
        if self.parameters:
            raise ValueError(refusal(self.parameters, to_do))

    def _refuse_measurement(self, why: str) -> None:
        if any(step.bit is not None or isinstance(step.where, int) for step in self.operations):
            raise ValueError(f"a circuit with measurements {why}; take the part before the first one")
