"""Basis encoding: the bits of a row are the bits of the register."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning.encodings.encoding import as_features, as_rows, as_wire_count, room_for
from qlearn.qubits import Circuit


@dataclass(frozen=True)
class BasisEncoding:
    r"""Basis encoding: whole numbers in binary, one wire a bit.

    .. math::

        |\psi(x)\rangle = |x_0\, x_1 \dots x_{d-1}\rangle, \qquad
        |\langle\psi(x)|\psi(x')\rangle|^2 = \delta_{xx'}

    What a classical register holds, and no more: a flip for every 1, no superposition. Two different rows are
    orthogonal however close they are, so as a kernel it only asks whether rows are equal. It is the input of
    quantum *algorithms*, which bring the superposition themselves.

    Parameters
    ----------
    bits : int
        Bits of each feature, most significant first: features are whole numbers from 0 to 2**bits - 1. At
        most 53, since a float holds no larger whole numbers exactly.
    wires : int, optional
        Number of qubits; those without a bit stay 0. None is `bits` for each feature.

    Examples
    --------
    >>> BasisEncoding().states([[1, 0]]).real
    array([[0., 0., 1., 0.]])
    >>> BasisEncoding(bits=2).circuit([3, 1])
    Circuit(4).x(0).x(1).x(3)

    References
    ----------
    Deutsch, Proc. R. Soc. Lond. A 425, 73 (1989), doi:10.1098/rspa.1989.0099 (the computational basis).
    """

    bits: int = 1
    wires: int | None = None

    def __post_init__(self) -> None:
        if as_count(self.bits, "bits") > 53:
            raise ValueError(
                f"bits must be at most 53, not {self.bits}: a float holds no larger whole numbers exactly. "
                "Split the number into several features"
            )
        if self.wires is not None:
            as_wire_count(1, self.wires, self.bits)

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: `wires`, or `bits` for each."""
        return as_wire_count(n_features, self.wires, self.bits)

    def binary(self, X: ArrayLike) -> NDArray[np.bool_]:
        """Return the bits of every row, shape (..., n_qubits); refuse what is no whole number of `bits` bits."""
        features = as_features(X)
        wires = self.n_qubits(features.shape[-1])
        wrong = features[(features != np.floor(features)) | (features < 0) | (features >= 2.0**self.bits)]
        if wrong.size:
            raise ValueError(
                f"X has values out of range for the encoding: {wrong.flat[0]:g} is no whole number from 0 to "
                f"{2**self.bits - 1}. Make bits of it first, as with Binarizer() or "
                f'KBinsDiscretizer({2**self.bits}, encode="ordinal")'
            )
        # Powers of two divide a float exactly, so this reads off the bits of any size of number.
        places = 2.0 ** np.arange(self.bits)[::-1]
        read = (np.floor(features[..., None] / places) % 2 == 1).reshape(*features.shape[:-1], -1)
        spare = np.zeros((*read.shape[:-1], wires - read.shape[-1]), dtype=bool)
        return np.concatenate([read, spare], axis=-1)

    def largest_scales(self, X: ArrayLike) -> NDArray[np.float64]:
        """Refuse: features are whole numbers, and no factor leaves them so."""
        raise ValueError(
            "kernel must have an encoding whose features may be multiplied by any factor, not 'basis': its features "
            "are whole numbers"
        )

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (d,)), or the batch of circuits of rows (shape (..., d))."""
        binary = self.binary(x)
        circuit = Circuit(binary.shape[-1])
        for wire in range(circuit.n_qubits):
            ones = binary[..., wire]
            if ones.ndim:
                circuit = circuit.x(wire, where=ones)
            elif ones:
                circuit = circuit.x(wire)
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): the fast path of ``circuit(X).run()``, equal to 1e-12."""
        binary = self.binary(as_rows(X))
        n, wires = binary.shape
        room_for(n, wires)
        states = np.zeros((n, 1 << wires), dtype=np.complex128)
        states[np.arange(n), binary @ (1 << np.arange(wires)[::-1])] = 1
        return states
