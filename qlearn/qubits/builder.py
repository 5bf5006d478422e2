"""The vocabulary of circuits: one method for each gate, each returning a longer circuit."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_unitary, as_wires
from qlearn.qubits import gates
from qlearn.qubits.operation import Operation

Where = int | ArrayLike | None


@dataclass(frozen=True, eq=False)
class Builder:
    """What a :class:`Circuit` is made of, and the methods that add to it.

    Every check of an argument happens here, when the operation is added, so that a circuit that stands
    can be run.
    """

    n_qubits: int
    bits: int = 0
    operations: tuple[Operation, ...] = ()

    def __post_init__(self) -> None:
        as_count(self.n_qubits, "n_qubits")
        as_count(self.bits, "bits", least=0)

    def x(self, wire: int, where: Where = None) -> Self:
        """Flip: exchange the amplitudes of 0 and 1."""
        return self._gate("x", (wire,), where=where)

    def y(self, wire: int, where: Where = None) -> Self:
        """Flip and sign: Y = iXZ."""
        return self._gate("y", (wire,), where=where)

    def z(self, wire: int, where: Where = None) -> Self:
        """Sign: change the sign of the amplitude of 1."""
        return self._gate("z", (wire,), where=where)

    def h(self, wire: int, where: Where = None) -> Self:
        """Hadamard: exchange the Z and the X basis."""
        return self._gate("h", (wire,), where=where)

    def s(self, wire: int, where: Where = None) -> Self:
        """Quarter turn of the phase: diag(1, i)."""
        return self._gate("s", (wire,), where=where)

    def sdg(self, wire: int, where: Where = None) -> Self:
        """Undo :meth:`s`: diag(1, -i)."""
        return self._gate("sdg", (wire,), where=where)

    def t(self, wire: int, where: Where = None) -> Self:
        """Eighth turn of the phase: diag(1, exp(i pi/4))."""
        return self._gate("t", (wire,), where=where)

    def tdg(self, wire: int, where: Where = None) -> Self:
        """Undo :meth:`t`: diag(1, exp(-i pi/4))."""
        return self._gate("tdg", (wire,), where=where)

    def rx(self, angle: ArrayLike, wire: int, where: Where = None) -> Self:
        """Turn about the x axis: exp(-i angle X / 2)."""
        return self._gate("rx", (wire,), angle, where)

    def ry(self, angle: ArrayLike, wire: int, where: Where = None) -> Self:
        """Turn about the y axis: exp(-i angle Y / 2)."""
        return self._gate("ry", (wire,), angle, where)

    def rz(self, angle: ArrayLike, wire: int, where: Where = None) -> Self:
        """Turn about the z axis: exp(-i angle Z / 2)."""
        return self._gate("rz", (wire,), angle, where)

    def p(self, angle: ArrayLike, wire: int, where: Where = None) -> Self:
        """Phase: diag(1, exp(i angle))."""
        return self._gate("p", (wire,), angle, where)

    def cx(self, control: int, target: int, where: Where = None) -> Self:
        """Flip the target where the control is 1 (CNOT)."""
        return self._gate("cx", (control, target), where=where)

    def cz(self, control: int, target: int, where: Where = None) -> Self:
        """Change the sign where both wires are 1."""
        return self._gate("cz", (control, target), where=where)

    def cp(self, angle: ArrayLike, control: int, target: int, where: Where = None) -> Self:
        """Multiply by exp(i angle) where both wires are 1."""
        return self._gate("cp", (control, target), angle, where)

    def ccx(self, first: int, second: int, target: int, where: Where = None) -> Self:
        """Flip the target where both controls are 1 (Toffoli)."""
        return self._gate("ccx", (first, second, target), where=where)

    def swap(self, first: int, second: int, where: Where = None) -> Self:
        """Exchange two wires."""
        return self._gate("swap", (first, second), where=where)

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

    def _gate(
        self, name: str, wires: tuple[int, ...], angle: ArrayLike | None = None, where: Where = None
    ) -> Self:
        wires = as_wires(wires, self.n_qubits)
        turn = None
        if gates.CONTROLLED.get(name, (name, 0))[0] in gates.ROTATIONS:
            given = np.asarray(angle)
            if given.dtype.kind not in "buif":
                raise TypeError(
                    f"angle of {name} must be radians, a number or an array of them, not {angle!r}"
                )
            turn = given.astype(np.float64)
            if not np.isfinite(turn).all():
                raise ValueError(f"angle of {name} must be finite radians; it holds NaN or infinity")
        return self._add(Operation(name, wires, angle=turn, where=self._where(where)))

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
