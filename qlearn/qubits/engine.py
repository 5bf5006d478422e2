"""The NumPy engine: a gate is applied to a whole batch of states at once, in place.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray


def as_tensor(states: NDArray[np.complex128], n_qubits: int) -> NDArray[np.complex128]:
    """View states of shape (..., 2**n) as (batch, 2, ..., 2): axis ``1 + w`` is wire w."""
    return states.reshape(prod(states.shape[:-1]), *[2] * n_qubits)


def apply(
    tensor: NDArray[np.complex128],
    matrix: NDArray[np.complex128],
    wires: Sequence[int],
    controls: Sequence[int] = (),
    mask: NDArray[np.bool_] | None = None,
) -> None:
    """Apply a gate to every state of a batch, in place.

    Parameters
    ----------
    tensor : ndarray of complex128, shape (batch, 2, ..., 2)
        The states, changed in place.
    matrix : ndarray, shape (2**k, 2**k) or (batch, 2**k, 2**k)
        One gate for all, or one for each state.
    wires : sequence of k ints
        Wires that the matrix acts on, most significant first.
    controls : sequence of int
        Wires that must be 1 for the gate to act.
    mask : ndarray of bool, shape (batch,), optional
        States on which the gate acts; the others stay as they are.
    """
    if mask is not None:
        chosen = tensor[mask]
        apply(chosen, matrix if matrix.ndim == 2 else matrix[mask], wires, controls)
        tensor[mask] = chosen
        return
    where: list[int | slice] = [slice(None)] * tensor.ndim
    for control in controls:
        where[1 + control] = 1
    if len(wires) > 1:
        _apply_dense(tensor, matrix, wires)
        return

    where[1 + wires[0]] = 0
    zero = tensor[tuple(where)]
    where[1 + wires[0]] = 1
    one = tensor[tuple(where)]
    # An entry is one number for all states, or one for each state of the batch.
    a, b, c, d = matrix.reshape(-1, 4).T.reshape(4, -1, *[1] * (zero.ndim - 1))
    if not b.any() and not c.any():  # a phase: nothing mixes, so nothing to copy
        if (a != 1).any():
            zero *= a
        if (d != 1).any():
            one *= d
        return
    before = zero.copy()
    if not a.any() and not d.any():  # a flip
        zero[...] = b * one
        one[...] = c * before
    else:
        zero[...] = a * zero + b * one
        one[...] = c * before + d * one


def _apply_dense(tensor: NDArray, matrix: NDArray, wires: Sequence[int]) -> None:
    k = len(wires)
    phases = np.diagonal(matrix, axis1=-2, axis2=-1)
    if np.count_nonzero(matrix) == np.count_nonzero(phases):  # nothing mixes: multiply where a phase is
        for index in range(1 << k):
            where: list[int | slice] = [slice(None)] * tensor.ndim
            for place, wire in enumerate(wires):
                where[1 + wire] = index >> (k - 1 - place) & 1
            part = tensor[tuple(where)]
            part *= phases[..., index].reshape(-1, *[1] * (part.ndim - 1))
        return
    moved = np.moveaxis(tensor, [1 + wire for wire in wires], range(1, 1 + k))
    flat = moved.reshape(tensor.shape[0], 1 << k, 1 << (tensor.ndim - 1 - k))
    moved[...] = (matrix @ flat).reshape(moved.shape)
