"""Entanglement patterns (circular, linear, full): which wires of a layer a CNOT couples, and where it moves amplitudes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_wires

Pairs = list[tuple[int, int]]

ENTANGLEMENTS: dict[str, Callable[[int], Pairs]] = {
    "circular": lambda n: [(w, (w + 1) % n) for w in range(n if n > 1 else 0)],
    "linear": lambda n: [(w, w + 1) for w in range(n - 1)],
    "full": lambda n: [(v, w) for v in range(n) for w in range(v + 1, n)],
    "none": lambda n: [],
}


def couplings(entanglement: str | Sequence[Sequence[int]], n_qubits: int) -> Pairs:
    """Return the CNOTs of a layer, in order, as pairs (control, target).

    Parameters
    ----------
    entanglement : {"circular", "linear", "full", "none"} or sequence of pairs
        A name, or the pairs themselves. "circular" is "linear" and then the last wire on the first: for two wires
        one CNOT each way. (The couplings of :class:`~qlearn.learning.ZZFeatureMap` have no direction: for two wires it has
        one pair, and its ring closes first. There the order changes nothing, as all its gates are diagonal.)
    n_qubits : int
        Number of wires.

    Returns
    -------
    list of (int, int)

    Examples
    --------
    >>> couplings("circular", 3)
    [(0, 1), (1, 2), (2, 0)]
    >>> couplings([(2, 0)], 3)
    [(2, 0)]
    """
    n = as_count(n_qubits, "n_qubits")
    if isinstance(entanglement, str) and entanglement in ENTANGLEMENTS:
        return ENTANGLEMENTS[entanglement](n)
    given: Any = entanglement
    if not isinstance(given, list | tuple) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in given
    ):
        raise ValueError(
            f"entanglement must be one of {', '.join(ENTANGLEMENTS)}, or pairs of wires such as [(0, 1)], "
            f"not {entanglement!r}"
        )
    pairs = [as_wires(pair, n, "entanglement") for pair in given]
    return [(control, target) for control, target in pairs]


def moves(pairs: Pairs, n_qubits: int) -> NDArray[np.intp]:
    """Return from where each amplitude comes when CNOTs, in order, move it: shape (2**n,).

    Examples
    --------
    >>> moves([(0, 1)], 2)
    array([0, 1, 3, 2])
    """
    index = np.arange(1 << n_qubits)
    for control, target in reversed(pairs):
        index = index ^ ((index >> (n_qubits - 1 - control) & 1) << (n_qubits - 1 - target))
    return index
