"""The circuit: one immutable list of operations that three engines run."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_register, as_rng, as_states
from qlearn.qubits.builder import Builder
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.measurement import collapse

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pennylane import QNode
    from qiskit import QuantumCircuit


class Run(NamedTuple):
    """What a circuit with measurements gives: the states it leaves, and the bits it wrote."""

    state: NDArray[np.complex128]
    """State vectors after the last operation, shape (..., 2**n)."""
    bits: NDArray[np.uint8]
    """The classical bits, shape (..., bits); one that was never written is 0."""


@dataclass(frozen=True, eq=False)
class Circuit(Builder):
    r"""An immutable list of gates and measurements on n wires.

    .. math:: |\psi\rangle \;\to\; U_m \cdots U_2 U_1\,|\psi\rangle

    Every method that adds an operation returns a new circuit. Wire 0 is the leftmost, most significant one.
    An angle may be an array and `where` a mask: the circuit then describes a batch of circuits that
    :meth:`run` computes at once.

    Parameters
    ----------
    n_qubits : int
        Number of wires.
    bits : int
        Number of classical bits that measurements may write.
    operations : tuple of Operation
        The steps, first to last; usually built by the methods.

    Raises
    ------
    ValueError, TypeError
        As soon as a wire, bit, angle, mask or matrix does not fit.

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

    Taught in :doc:`/qubits/superposition`.
    """

    def run(self, states: ArrayLike | None = None, rng: Any = None) -> Any:
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

        Raises
        ------
        ValueError
            If the states are not valid or do not broadcast with the circuit's batch, or the circuit has more qubits
            than a memory has room for.
        """
        n = as_register(self.n_qubits)
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
        return Run(result, bits.reshape(*batch, self.bits)) if self.bits else result

    def matrix(self) -> NDArray[np.complex128]:
        """Return the unitary of the whole circuit, shape (..., 2**n, 2**n)."""
        self._refuse_measurement("has no matrix")
        d = 1 << self.n_qubits
        columns = replace(self, bits=0).run(np.eye(d).reshape(d, *[1] * len(self.shape), d))
        return np.moveaxis(columns, 0, -1)

    def inverse(self) -> "Circuit":
        """Return the circuit that undoes this one."""
        self._refuse_measurement("cannot be undone")
        return replace(self, operations=tuple(operation.adjoint() for operation in reversed(self.operations)))

    def then(self, other: "Circuit") -> "Circuit":
        """Return this circuit followed by `other`, on the same wires and bits."""
        if other.n_qubits != self.n_qubits:
            raise ValueError(
                f"other must have {self.n_qubits} qubits like this circuit, not {other.n_qubits}"
            )
        both = replace(self, bits=max(self.bits, other.bits), operations=self.operations + other.operations)
        _ = both.shape  # refuses batches that do not broadcast
        return both

    def at(self, index: int | tuple[int, ...]) -> "Circuit":
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
            if angle is not None:
                angle = np.asarray(np.broadcast_to(angle, batch)[element])
            if unitary is not None:
                unitary = np.broadcast_to(unitary, (*batch, *unitary.shape[-2:]))[element]
            steps.append(replace(operation, where=where, angle=angle, unitary=unitary))
        return replace(self, operations=tuple(steps))

    def to_qiskit(self) -> "QuantumCircuit":
        """Return the same circuit for Qiskit; see :func:`qlearn.qubits.qiskit_adapter.to_qiskit`."""
        from qlearn.qubits.qiskit_adapter import to_qiskit

        return to_qiskit(self)

    def to_pennylane(self, device: Any = None, shots: int | None = None) -> "QNode":
        """Return the same circuit for PennyLane; see :func:`qlearn.qubits.pennylane_adapter.to_pennylane`."""
        from qlearn.qubits.pennylane_adapter import to_pennylane

        return to_pennylane(self, device, shots)

    def draw(self, **options: Any) -> "Figure":
        """Draw the circuit, wire 0 on top; see :func:`qlearn.qubits.qiskit_adapter.draw`."""
        from qlearn.qubits.qiskit_adapter import draw

        return draw(self, **options)

    def __repr__(self) -> str:
        head = f"Circuit({self.n_qubits}" + (f", bits={self.bits})" if self.bits else ")")
        return head + "".join(f".{operation}" for operation in self.operations)

    def _refuse_measurement(self, why: str) -> None:
        if any(step.bit is not None or isinstance(step.where, int) for step in self.operations):
            raise ValueError(f"a circuit with measurements {why}; take the part before the first one")
