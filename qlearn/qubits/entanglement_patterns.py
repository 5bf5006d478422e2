"""Entanglement patterns: linear, circular, full, pairwise and none, which wires a layer of gates couples.

Taught in :doc:`/learning/encodings`.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, Literal

from qlearn._checks import as_count, as_wires

Entanglement = Literal["circular", "linear", "full", "pairwise", "none"]
Pairs = list[tuple[int, int]]


def _linear(n: int) -> Pairs:
    return [(w, w + 1) for w in range(n - 1)]


ENTANGLEMENTS: dict[str, Callable[[int], Pairs]] = {
    "circular": lambda n: [*([(n - 1, 0)] if n > 2 else []), *_linear(n)],
    "linear": _linear,
    "full": lambda n: list(combinations(range(n), 2)),
    "pairwise": lambda n: _linear(n)[::2] + _linear(n)[1::2],
    "none": lambda n: [],
}


def as_entanglement(entanglement: Any) -> Entanglement:
    """Return `entanglement` if it is the name of a pattern."""
    if not isinstance(entanglement, str) or entanglement not in ENTANGLEMENTS:
        raise ValueError(f"entanglement must be one of {', '.join(ENTANGLEMENTS)}, not {entanglement!r}")
    return entanglement  # type: ignore[return-value]


def entanglement_pairs(
    entanglement: str | Sequence[Sequence[int]], n_qubits: int, *, closing: Literal["first", "last"] = "first"
) -> Pairs:
    """Return the coupled pairs of wires of a layer, in order, as pairs (control, target).

    Parameters
    ----------
    entanglement : {"circular", "linear", "full", "pairwise", "none"} or sequence of pairs
        A name, with the meaning that it has in Qiskit, or the pairs themselves. "linear": each wire and the next (a
        ladder). "circular": these and the last with wire 0; on two wires there is no ring, and it is "linear". "full":
        every pair. "pairwise": "linear" in two steps, even wires with the next, then odd ones. "none": no pair.
    n_qubits : int
        Number of wires.
    closing : {"first", "last"}
        Where (n - 1, 0) of "circular" stands: before the others, as in Qiskit, or after them. Gates that commute (phases
        of parities, CZ) ask for neither; CNOTs make another circuit.

    Returns
    -------
    list of (int, int)

    Examples
    --------
    >>> entanglement_pairs("circular", 4)
    [(3, 0), (0, 1), (1, 2), (2, 3)]
    >>> entanglement_pairs("circular", 4, closing="last")
    [(0, 1), (1, 2), (2, 3), (3, 0)]
    >>> entanglement_pairs("pairwise", 4)
    [(0, 1), (2, 3), (1, 2)]
    >>> entanglement_pairs([(2, 0)], 3)
    [(2, 0)]
    """
    n = as_count(n_qubits, "n_qubits")
    if closing not in ("first", "last"):
        raise ValueError(f"closing must be 'first' or 'last', not {closing!r}")
    if isinstance(entanglement, str) and entanglement in ENTANGLEMENTS:
        pairs = ENTANGLEMENTS[entanglement](n)
        return pairs[1:] + pairs[:1] if entanglement == "circular" and closing == "last" and n > 2 else pairs
    given: Any = entanglement
    if not isinstance(given, list | tuple) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in given
    ):
        raise ValueError(
            f"entanglement must be one of {', '.join(ENTANGLEMENTS)}, or pairs of wires such as [(0, 1)], "
            f"not {entanglement!r}"
        )
    return [(first, second) for first, second in (as_wires(pair, n, "entanglement") for pair in given)]
