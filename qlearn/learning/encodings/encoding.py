"""What an encoding is, from a row of numbers to a quantum state, and what it costs to load a row."""

from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_states
from qlearn.qubits import Circuit

# 64 GiB of amplitudes: what no call of this library should ask for by mistake.
_MOST_AMPLITUDES = 1 << 32


@runtime_checkable
class Encoding(Protocol):
    """What kernels and networks ask of an encoding; any object with these three methods is one.

    One more is asked if it is there. ``largest_scales(X)``: the factor by which each feature of the rows may still be
    multiplied, for encodings with a limited range.
    """

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take; refuse what cannot be encoded."""
        ...

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit that prepares the state of one row (q,), or of a batch of rows (..., q)."""
        ...

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the states of the rows of X, shape (n, 2**n_qubits), equal to what the circuits prepare."""
        ...


def as_features(X: Any, name: str = "X") -> NDArray[np.float64]:
    """Return `X` as finite float64 features on the last axis, at least one."""
    array = np.asarray(X)
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must be an array of real numbers, not of {array.dtype}")
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(
            f"{name} must have its features on the last axis, at least one, not shape {array.shape}"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; it holds NaN or infinity: drop or impute those rows")
    return array.astype(np.float64, copy=False)


def as_rows(X: Any, name: str = "X") -> NDArray[np.float64]:
    """Return `X` as finite float64 features of shape (n, q), both at least 1."""
    array = as_features(X, name)
    if array.ndim != 2 or len(array) == 0:
        raise ValueError(f"{name} must have shape (n, q): a row for each sample, not {array.shape}")
    return array


def as_wire_count(n_features: int, wires: int | None, each: int = 1) -> int:
    """Return `wires`, or `each` for every feature where it is None; refuse more features than they hold."""
    needed = each * as_count(n_features, "n_features")
    if wires is None:
        return needed
    if needed > as_count(wires, "wires"):
        raise ValueError(
            f"X has {n_features} features, more than the qubits can hold: wires={wires}, and each feature takes "
            f"{each}. Reduce the features, as with PCA({max(1, wires // each)}), or leave wires out"
        )
    return wires


def as_bandwidth(bandwidth: Any) -> float:
    """Return `bandwidth` as a factor on features, above 0."""
    if (factor := as_real(bandwidth, "bandwidth", least=0)) == 0:
        raise ValueError("bandwidth must be above 0: with 0 every row gives the same state")
    return factor


def largest_scales(encoding: Encoding, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest factor on each feature of some rows that an encoding should be given, shape (q,).

    Infinity where features of any size will do. An encoding of angles that must not wrap leaves room for rows twice as far
    out: no feature turns by more than a quarter turn.
    """
    if not hasattr(encoding, "largest_scales"):
        return np.full(rows.shape[1], np.inf)
    return encoding.largest_scales(rows)


def checked_states(encoding: Encoding, rows: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return the states of rows, shape (n, 2**n_qubits); those of an encoding that is not of this package are checked."""
    if type(encoding).__module__.startswith("qlearn."):
        return encoding.states(rows)
    states = as_states(encoding.states(rows), "states of encoding")
    if states.ndim != 2 or len(states) != len(rows):
        raise ValueError(
            f"encoding must make one state of each of the {len(rows)} rows, not shape {states.shape}"
        )
    return states


def room_for(rows: int, n_qubits: int) -> None:
    """Refuse states that no memory holds, before any is made."""
    if rows * 2.0 ** min(n_qubits, 999) > _MOST_AMPLITUDES:
        raise ValueError(
            f"X would make {rows} states of {n_qubits} qubits, 2**{n_qubits} amplitudes each: more than memory holds. "
            "Reduce the features, as with PCA(10), or encode fewer rows at a time"
        )


class LoadingCost(NamedTuple):
    """What the circuit of one row takes."""

    qubits: int
    """Wires."""
    gates: int
    """Gates in all."""
    coupling: int
    """Those of them on two wires: the slow and noisy ones on every device of today."""
    depth: int
    """Steps, if gates on different wires are done at once."""


def loading_cost(encoding: Encoding, n_features: int) -> LoadingCost:
    r"""Count what an encoding takes to load one row.

    .. math:: \text{depth} = \max_w t_w, \qquad t_w \leftarrow 1 + \max_{v \in \text{gate}} t_v
              \;\text{ for the wires } w \text{ of each gate, in order}

    The row of ones stands for all: of the encodings of this package it takes as many gates as any.

    Parameters
    ----------
    encoding : Encoding
        Any object with ``circuit``.
    n_features : int
        Features of the row, at least 1.

    Returns
    -------
    LoadingCost
        qubits, gates, coupling gates, depth.

    Examples
    --------
    >>> from qlearn.learning.encodings import AmplitudeEncoding, AngleEncoding
    >>> loading_cost(AngleEncoding(), 8)
    LoadingCost(qubits=8, gates=8, coupling=0, depth=1)
    >>> loading_cost(AmplitudeEncoding(), 8)
    LoadingCost(qubits=3, gates=13, coupling=6, depth=11)

    References
    ----------
    Plesch and Brukner, "Quantum-state preparation with universal gate decompositions", 2011,
    arXiv:1003.5760.
    """
    circuit = encoding.circuit(np.ones(as_count(n_features, "n_features")))
    busy = np.zeros(circuit.n_qubits, dtype=int)
    for step in circuit.operations:
        wires = list(step.wires)
        busy[wires] = busy[wires].max() + 1
    coupling = sum(len(step.wires) > 1 for step in circuit.operations)
    return LoadingCost(circuit.n_qubits, len(circuit.operations), coupling, int(busy.max()))
