"""Pauli matrices I, X, Y, Z and Pauli words: their products, one letter a qubit, the leftmost for qubit 0.

Taught in :doc:`/qubits/measurement`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

PAULIS: dict[str, NDArray[np.complex128]] = {
    "I": np.eye(2, dtype=np.complex128),
    "X": np.array([[0, 1], [1, 0]], dtype=np.complex128),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.array([[1, 0], [0, -1]], dtype=np.complex128),
}
# The four in one array, in the order of their name.
IXYZ: NDArray[np.complex128] = np.stack(list(PAULIS.values()))
for _shared in (*PAULIS.values(), IXYZ):
    _shared.flags.writeable = False


def as_pauli_word(word: Any, n_qubits: int, name: str) -> str:
    """Return `word` if it has one letter of I, X, Y, Z for each of `n_qubits` qubits."""
    if not isinstance(word, str) or len(word) != n_qubits or set(word) - set(PAULIS):
        raise ValueError(
            f"{name} must have one letter of I, X, Y, Z for each qubit, such as {'IXYZ'[:n_qubits]:Z<{n_qubits}}, "
            f"not {word!r}"
        )
    return word


def pauli_action(word: str) -> tuple[int, NDArray[np.complex128]]:
    r"""Return (flip, phase), phase of shape (2**n,): how a word acts on a state, without its matrix.

    .. math:: P |j\rangle = \mathrm{phase}_j\, |j \oplus \mathrm{flip}\rangle

    Examples
    --------
    >>> flip, phase = pauli_action("XZ")
    >>> flip, phase.real
    (2, array([ 1., -1.,  1., -1.]))
    """
    n = len(word)
    j = np.arange(1 << n)
    flip, phase = 0, np.ones(1 << n, dtype=np.complex128)
    for wire, letter in enumerate(word):
        bit = 1 << (n - 1 - wire)
        flip |= bit if letter in "XY" else 0
        if letter in "YZ":
            phase *= np.where(j & bit, -1, 1) * (1j if letter == "Y" else 1)
    return flip, phase


def pauli_matrix(word: str) -> NDArray[np.complex128]:
    """Return the matrix of a word, shape (2**n, 2**n).

    Examples
    --------
    >>> pauli_matrix("ZZ").diagonal().real
    array([ 1., -1., -1.,  1.])
    """
    flip, phase = pauli_action(word)
    j = np.arange(phase.size)
    matrix = np.zeros((phase.size, phase.size), dtype=np.complex128)
    matrix[j ^ flip, j] = phase
    return matrix


def anticommute(a: str, b: str) -> bool:
    """Return whether two words of one length change sign when they change places.

    Examples
    --------
    >>> anticommute("XI", "ZI"), anticommute("XX", "ZZ")
    (True, False)
    """
    return sum("I" not in pair and pair[0] != pair[1] for pair in zip(a, b, strict=True)) % 2 == 1
