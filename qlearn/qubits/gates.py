"""Gates: their matrices, a gate on given qubits (an operation), and the list of them that an engine runs.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import read_only
from qlearn.qubits.parameter import Parameter, ParameterExpression
from qlearn.qubits.paulis import PAULIS

_HALF = np.sqrt(0.5)

FIXED: dict[str, NDArray[np.complex128]] = {
    "x": PAULIS["X"],
    "y": PAULIS["Y"],
    "z": PAULIS["Z"],
    "h": np.array([[_HALF, _HALF], [_HALF, -_HALF]], dtype=np.complex128),
    "s": np.array([[1, 0], [0, 1j]]),
    "sdg": np.array([[1, 0], [0, -1j]]),
    "t": np.array([[1, 0], [0, np.exp(0.25j * np.pi)]]),
    "tdg": np.array([[1, 0], [0, np.exp(-0.25j * np.pi)]]),
    "swap": np.eye(4, dtype=np.complex128)[[0, 2, 1, 3]],
}


def rx(theta: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`e^{-i\theta X/2}`, shape (..., 2, 2): a turn about the x axis by theta radians."""
    half = np.asarray(theta, float) / 2
    return _stack(np.cos(half), -1j * np.sin(half), -1j * np.sin(half), np.cos(half))


def ry(theta: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`e^{-i\theta Y/2}`, shape (..., 2, 2): a turn about the y axis by theta radians."""
    half = np.asarray(theta, float) / 2
    return _stack(np.cos(half), -np.sin(half), np.sin(half), np.cos(half))


def rz(theta: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`e^{-i\theta Z/2}`, shape (..., 2, 2): a turn about the z axis by theta radians."""
    phase = np.exp(-0.5j * np.asarray(theta, float))
    return _stack(phase, 0 * phase, 0 * phase, phase.conj())


def p(phi: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`\mathrm{diag}(1, e^{i\phi})`, shape (..., 2, 2): RZ up to a global phase."""
    phase = np.exp(1j * np.asarray(phi, float))
    return _stack(np.ones_like(phase), 0 * phase, 0 * phase, phase)


def rxx(theta: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`e^{-i\theta XX/2}`, shape (..., 4, 4): two wires turned together about XX by theta radians."""
    return _pair_turn("X", theta)


def ryy(theta: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`e^{-i\theta YY/2}`, shape (..., 4, 4): two wires turned together about YY by theta radians."""
    return _pair_turn("Y", theta)


def rzz(theta: ArrayLike) -> NDArray[np.complex128]:
    r"""Return :math:`e^{-i\theta ZZ/2}`, shape (..., 4, 4): a phase by the parity of two wires."""
    return _pair_turn("Z", theta)


def _pair_turn(letter: str, theta: ArrayLike) -> NDArray[np.complex128]:
    half = np.asarray(theta, float)[..., None, None] / 2
    both = np.kron(PAULIS[letter], PAULIS[letter])
    return (np.cos(half) * np.eye(4) - 1j * np.sin(half) * both).astype(np.complex128, copy=False)


def _stack(a: NDArray, b: NDArray, c: NDArray, d: NDArray) -> NDArray[np.complex128]:
    rows = [np.stack([a, b], axis=-1), np.stack([c, d], axis=-1)]
    return np.stack(rows, axis=-2).astype(np.complex128, copy=False)


ROTATIONS: dict[str, Callable[[ArrayLike], NDArray[np.complex128]]] = {"rx": rx, "ry": ry, "rz": rz, "p": p}

PAIR_ROTATIONS: dict[str, Callable[[ArrayLike], NDArray[np.complex128]]] = {
    "rxx": rxx,
    "ryy": ryy,
    "rzz": rzz,
}

# name -> (gate on the last wire, number of controls before it)
CONTROLLED: dict[str, tuple[str, int]] = {
    "cx": ("x", 1), "cz": ("z", 1), "cp": ("p", 1), "crx": ("rx", 1), "cry": ("ry", 1), "crz": ("rz", 1),
    "ccx": ("x", 2),
}  # fmt: skip

# The gates that take an angle.
ANGLED = (*ROTATIONS, *PAIR_ROTATIONS, "cp", "crx", "cry", "crz")

ADJOINTS: dict[str, str] = {"s": "sdg", "sdg": "s", "t": "tdg", "tdg": "t"}

# The columns of each matrix are the two states that a measurement in that basis can leave behind.
BASES: dict[str, NDArray[np.complex128]] = {
    "Z": np.eye(2, dtype=np.complex128),
    "X": FIXED["h"],
    "Y": np.array([[_HALF, _HALF], [1j * _HALF, -1j * _HALF]]),
}

# They are shared by every circuit: whoever changed one would change that gate everywhere.
for _shared in (*FIXED.values(), *BASES.values()):
    _shared.flags.writeable = False


def matrix(name: str, angle: ArrayLike | ParameterExpression | None = None) -> NDArray[np.complex128]:
    """Return the matrix of the gate `name` on the wires it changes, without its controls.

    Of a gate without an angle it is the one shared matrix, which cannot be written to: copy it first.
    """
    base = CONTROLLED[name][0] if name in CONTROLLED else name
    if name in ANGLED:
        if angle is None:
            raise ValueError(f"angle must be given for the gate {name}")
        if isinstance(angle, ParameterExpression):
            raise ValueError(
                f"angle of {name} must have a value for a matrix, and {angle} has none: bind it first"
            )
        return (ROTATIONS | PAIR_ROTATIONS)[base](angle)
    return FIXED[base]


@dataclass(frozen=True, eq=False)
class Operation:
    """One step of a circuit: a gate on wires, or a measurement that writes a bit.

    Parameters
    ----------
    name : str
        Gate name as in :mod:`qlearn.qubits.gates`, ``"unitary"`` or ``"measure"``.
    wires : tuple of int
        Controls first, as in the name.
    angle : ndarray of float64 or ParameterExpression, optional
        Angle in radians, of any batch shape, or one that waits for values.
    where : int or ndarray of bool, optional
        The classical bit that must be 1, or a mask over the batch.
    bit : int, optional
        The classical bit that a measurement writes.
    unitary : ndarray of complex128, optional
        The matrix, for ``"unitary"``: kept read-only, for all circuits that grow from one share it.
    """

    name: str
    wires: tuple[int, ...]
    angle: NDArray[np.float64] | ParameterExpression | None = None
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

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that the angle waits for, in order of first use."""
        return self.angle.parameters if isinstance(self.angle, ParameterExpression) else ()

    def adjoint(self) -> "Operation":
        """Return the operation that undoes this one."""
        if self.unitary is not None:
            return replace(self, unitary=self.unitary.mT.conj())
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


class Steps(Protocol):
    """What an engine needs of a circuit: how many wires and bits it has, and its steps."""

    @property
    def n_qubits(self) -> int:
        """Number of wires."""
        ...

    @property
    def bits(self) -> int:
        """Number of classical bits."""
        ...

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The steps, first to last."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Batch shape."""
        ...

    def at(self, index: int | tuple[int, ...]) -> "Steps":
        """Return the circuit of one element of the batch."""
        ...


def _short(value: Any) -> str:
    if isinstance(value, ParameterExpression):
        return repr(value)
    array = np.asarray(value)
    return f"{array.item():.6g}" if array.ndim == 0 else f"<array {array.shape}>"
