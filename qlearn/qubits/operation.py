"""An operation: one step of a circuit, as data."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import read_only
from qlearn.qubits.gates import ADJOINTS, CONTROLLED, matrix


@dataclass(frozen=True, eq=False)
class Operation:
    """One step of a circuit: a gate on wires, or a measurement that writes a bit.

    Parameters
    ----------
    name : str
        Gate name as in :mod:`qlearn.qubits.gates`, ``"unitary"`` or ``"measure"``.
    wires : tuple of int
        Controls first, as in the name.
    angle : ndarray of float64, optional
        Angle in radians, of any batch shape.
    where : int or ndarray of bool, optional
        The classical bit that must be 1, or a mask over the batch.
    bit : int, optional
        The classical bit that a measurement writes.
    unitary : ndarray of complex128, optional
        The matrix, for ``"unitary"``: kept read-only, for all circuits that grow from one share it.
    """

    name: str
    wires: tuple[int, ...]
    angle: NDArray[np.float64] | None = None
    where: int | NDArray[np.bool_] | None = None
    bit: int | None = None
    unitary: NDArray[np.complex128] | None = None

    def __post_init__(self) -> None:
        for name in ("angle", "where", "unitary"):
            if isinstance(array := getattr(self, name), np.ndarray):
                object.__setattr__(self, name, read_only(array))

    @property
    def shape(self) -> tuple[int, ...]:
        """Batch shape of the angle, the mask and the matrix together."""
        parts = [() if self.angle is None else self.angle.shape]
        if isinstance(self.where, np.ndarray):
            parts.append(self.where.shape)
        if self.unitary is not None:
            parts.append(self.unitary.shape[:-2])
        return np.broadcast_shapes(*parts)

    @property
    def controls(self) -> tuple[int, ...]:
        """Wires that must be 1 for the gate to act."""
        return self.wires[: CONTROLLED[self.name][1]] if self.name in CONTROLLED else ()

    @property
    def targets(self) -> tuple[int, ...]:
        """Wires that :attr:`matrix` acts on."""
        return self.wires[len(self.controls) :]

    @property
    def matrix(self) -> NDArray[np.complex128]:
        """Matrix on the targets, shape (..., 2**k, 2**k)."""
        return self.unitary if self.unitary is not None else matrix(self.name, self.angle)

    def adjoint(self) -> "Operation":
        """Return the operation that undoes this one."""
        if self.unitary is not None:
            return replace(self, unitary=np.swapaxes(self.unitary, -1, -2).conj())
        if self.angle is not None:
            return replace(self, angle=-self.angle)
        return replace(self, name=ADJOINTS.get(self.name, self.name))

    def __repr__(self) -> str:
        arguments = [] if self.angle is None else [_short(self.angle)]
        arguments += ["..."] if self.unitary is not None else []
        arguments += [str(wire) for wire in self.wires]
        arguments += [] if self.bit is None else [str(self.bit)]
        arguments += [] if self.where is None else [f"where={_short(self.where)}"]
        return f"{self.name}({', '.join(arguments)})"


def _short(value: Any) -> str:
    array = np.asarray(value)
    return f"{array.item():.6g}" if array.ndim == 0 else f"<array {array.shape}>"
