"""The gates: each is a small unitary matrix."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_HALF = np.sqrt(0.5)

FIXED: dict[str, NDArray[np.complex128]] = {
    "x": np.array([[0, 1], [1, 0]], dtype=np.complex128),
    "y": np.array([[0, -1j], [1j, 0]]),
    "z": np.array([[1, 0], [0, -1]], dtype=np.complex128),
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


def _stack(a: NDArray, b: NDArray, c: NDArray, d: NDArray) -> NDArray[np.complex128]:
    rows = [np.stack([a, b], axis=-1), np.stack([c, d], axis=-1)]
    return np.stack(rows, axis=-2).astype(np.complex128, copy=False)


ROTATIONS: dict[str, Callable[[ArrayLike], NDArray[np.complex128]]] = {"rx": rx, "ry": ry, "rz": rz, "p": p}

# name -> (gate on the last wire, number of controls before it)
CONTROLLED: dict[str, tuple[str, int]] = {"cx": ("x", 1), "cz": ("z", 1), "cp": ("p", 1), "ccx": ("x", 2)}

ADJOINTS: dict[str, str] = {"s": "sdg", "sdg": "s", "t": "tdg", "tdg": "t"}

PAULIS: dict[str, NDArray[np.complex128]] = {
    "I": np.eye(2, dtype=np.complex128),
    "X": FIXED["x"],
    "Y": FIXED["y"],
    "Z": FIXED["z"],
}

# The columns of each matrix are the two states that a measurement in that basis can leave behind.
BASES: dict[str, NDArray[np.complex128]] = {
    "Z": np.eye(2, dtype=np.complex128),
    "X": FIXED["h"],
    "Y": np.array([[_HALF, _HALF], [1j * _HALF, -1j * _HALF]]),
}

# They are shared by every circuit: whoever changed one would change that gate everywhere.
for _shared in (*FIXED.values(), *PAULIS.values(), *BASES.values()):
    _shared.flags.writeable = False


def matrix(name: str, angle: ArrayLike | None = None) -> NDArray[np.complex128]:
    """Return the matrix of the gate `name` on the wires it changes, without its controls.

    Of a gate without an angle it is the one shared matrix, which cannot be written to: copy it first.
    """
    base = CONTROLLED[name][0] if name in CONTROLLED else name
    if base in ROTATIONS:
        if angle is None:
            raise ValueError(f"angle must be given for the gate {name}")
        return ROTATIONS[base](angle)
    return FIXED[base]
