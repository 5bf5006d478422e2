"""Entanglement patterns: linear, circular, full, pairwise, sca and none, which wires a layer of gates couples.

Taught in :doc:`/learning/encodings`.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, Literal

from qlearn._checks import as_count, as_wires

Entanglement = Literal["circular", "linear", "full", "pairwise", "reverse_linear", "sca", "none"]
Pairs = list[tuple[int, int]]
Blocks = list[tuple[int, ...]]


def _linear(n: int, size: int = 2) -> Blocks:
    return [tuple(range(w, w + size)) for w in range(n - size + 1)]


def _circular(n: int, size: int = 2) -> Blocks:
    around = range(n - size + 1, n) if size < n else []
    return [*(tuple((w + k) % n for k in range(size)) for w in around), *_linear(n, size)]


def _pairwise(n: int, size: int = 2) -> Blocks:
    if size > 2:
        raise ValueError(
            f"entanglement='pairwise' couples two wires at a time, not blocks of {size}: take 'linear', or give the blocks"
        )
    return _linear(n, 1) if size == 1 else _linear(n)[::2] + _linear(n)[1::2]


_PATTERNS: dict[str, Callable[[int, int], Blocks]] = {
    "circular": _circular,
    "linear": _linear,
    "full": lambda n, size: list(combinations(range(n), size)),
    "pairwise": _pairwise,
    "reverse_linear": lambda n, size: _linear(n, size)[::-1],
    "none": lambda n, size: [],
}
ENTANGLEMENTS = tuple(_PATTERNS)
"""Names of the patterns that are the same in every layer; "sca" is not."""
# Shifted, circular, alternating: a ring that begins one block earlier in each layer, every other layer turned round.
_LAYERED = "sca"
_LAYERS_ALIKE = (
    "entanglement='sca' differs from layer to layer, and here all layers are alike: "
    "take 'circular', the ring that it shifts"
)


def as_entanglement(entanglement: Any) -> Entanglement:
    """Return `entanglement` if it is the name of a pattern that every layer can have."""
    if isinstance(entanglement, str) and entanglement == _LAYERED:
        raise ValueError(_LAYERS_ALIKE)
    if not isinstance(entanglement, str) or entanglement not in ENTANGLEMENTS:
        raise ValueError(f"entanglement must be one of {', '.join(ENTANGLEMENTS)}, not {entanglement!r}")
    return entanglement  # type: ignore[return-value]


def entanglement_pairs(
    entanglement: str | Sequence[Sequence[int]],
    n_qubits: int,
    *,
    closing: Literal["first", "last"] = "first",
    layer: int | None = None,
) -> Pairs:
    """Return the coupled pairs of wires of a layer, in order, as pairs (control, target).

    Parameters
    ----------
    entanglement : {"circular", "linear", "full", "pairwise", "reverse_linear", "sca", "none"} or sequence of pairs
        A name, with the meaning that it has in Qiskit, or the pairs themselves. "linear": each wire and the next (a
        ladder), "reverse_linear" from its other end. "circular": these and the last with wire 0; on two wires there is no
        ring, and it is "linear". "full": every pair. "pairwise": "linear" in two steps, even wires with the next, then odd
        ones. "sca": "circular", begun one pair earlier in each `layer`, in every other one with control and target
        exchanged. "none": no pair.
    n_qubits : int
        Number of wires.
    closing : {"first", "last"}
        Where (n - 1, 0) of "circular" stands: before the others, as in Qiskit, or after them. Gates that commute (phases
        of parities, CZ) ask for neither; CNOTs make another circuit.
    layer : int, optional
        Which layer, from 0: for "sca", which is refused where none is said. The others are the same in all.

    Returns
    -------
    list of (int, int)

    Examples
    --------
    >>> entanglement_pairs("circular", 4)
    [(3, 0), (0, 1), (1, 2), (2, 3)]
    >>> entanglement_pairs("circular", 4, closing="last")
    [(0, 1), (1, 2), (2, 3), (3, 0)]
    >>> entanglement_pairs("sca", 4, layer=1)
    [(3, 2), (0, 3), (1, 0), (2, 1)]
    >>> entanglement_pairs("pairwise", 4)
    [(0, 1), (2, 3), (1, 2)]
    >>> entanglement_pairs([(2, 0)], 3)
    [(2, 0)]

    References
    ----------
    Sim, Johnson, Aspuru-Guzik, "Expressibility and entangling capability of parameterized quantum circuits for hybrid
    quantum-classical algorithms", 2019, arXiv:1905.10876 (the shifted ring).
    """
    n = as_count(n_qubits, "n_qubits")
    if closing not in ("first", "last"):
        raise ValueError(f"closing must be 'first' or 'last', not {closing!r}")
    if isinstance(entanglement, str) and entanglement in (*ENTANGLEMENTS, _LAYERED):
        pairs = entanglement_blocks(entanglement, n, 2, layer=layer)
        if entanglement == "circular" and closing == "last" and n > 2:
            pairs = pairs[1:] + pairs[:1]
    else:
        pairs = [as_wires(pair, n, "entanglement") for pair in as_pairs(entanglement)]
    return [(first, second) for first, second in pairs]


def as_pairs(entanglement: Any) -> list[Sequence[int]]:
    """Return `entanglement` as a list of pairs, whatever their wires; refuse what is neither pairs nor the name of a pattern."""
    if not isinstance(entanglement, list | tuple) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in entanglement
    ):
        raise ValueError(
            f"entanglement must be one of {', '.join(ENTANGLEMENTS)}, or pairs of wires such as [(0, 1)], "
            f"not {entanglement!r}"
        )
    return list(entanglement)


def entanglement_blocks(entanglement: str, n_qubits: int, size: int, *, layer: int | None = None) -> Blocks:
    """Return the blocks of wires that a named pattern couples, `size` wires in each, in order.

    Parameters
    ----------
    entanglement : {"circular", "linear", "full", "pairwise", "reverse_linear", "sca", "none"}
        As in :func:`entanglement_pairs`, and as Qiskit continues it to blocks: "full" has every choice of wires, "linear"
        every run of neighbours, "circular" those around the ring, too. "pairwise" has no blocks of three.
    n_qubits : int
        Number of wires.
    size : int
        Wires in a block, at least 1. More than there are wires make no block.
    layer : int, optional
        As in :func:`entanglement_pairs`.

    Returns
    -------
    list of tuple of int

    Examples
    --------
    >>> entanglement_blocks("circular", 4, 3)
    [(2, 3, 0), (3, 0, 1), (0, 1, 2), (1, 2, 3)]
    >>> entanglement_blocks("linear", 3, 1)
    [(0,), (1,), (2,)]
    """
    n, size = as_count(n_qubits, "n_qubits"), as_count(size, "size")
    if entanglement != _LAYERED:
        return _PATTERNS[as_entanglement(entanglement)](n, size)
    if layer is None:
        raise ValueError(_LAYERS_ALIKE)
    ring = _circular(n, size)
    shift = as_count(layer, "layer", least=0) % max(1, len(ring))
    ring = ring[len(ring) - shift :] + ring[: len(ring) - shift]
    return [block[::-1] for block in ring] if layer % 2 else ring
