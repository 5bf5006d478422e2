"""Pauli feature map: turns about strings of Paulis, by angles that are functions of the features."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_wires
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.encoding import as_bandwidth, as_features, as_rows, room_for
from qlearn.learning.encodings.feature_maps import (
    DataMap,
    as_alpha,
    as_data_map,
    diagonal,
    mapped,
    refuse_endless,
    rows_at_once,
    walsh_hadamard,
)
from qlearn.qubits import Circuit, parameters
from qlearn.qubits.entanglement_patterns import Blocks, as_entanglement, entanglement_blocks

Wiring = str | Sequence[Sequence[int]] | Mapping[int, Sequence[Sequence[int]]]


@dataclass(frozen=True)
class PauliFeatureMap:
    r"""The Pauli feature map: Hadamards, then turns about Pauli strings by functions of the features.

    .. math::

        |\psi(x)\rangle = \prod_{\ell=1}^{r} \Big( \prod_{P} \prod_{S} e^{-i\, \alpha\, \phi_S(x)\, P_S / 2}\;
        H^{\otimes q} \Big) |0\dots0\rangle, \qquad
        \phi_{\{i\}}(x) = x_i, \quad \phi_S(x) = \prod_{i \in S} (\pi - x_i)

    up to a phase of the whole state: for each string P in turn, and each block S of as many wires. With ("Z", "ZZ") it is
    :class:`~qlearn.learning.encodings.feature_maps.ZZFeatureMap`. It takes the arguments of Qiskit's
    ``pauli_feature_map`` and makes the same states (its qubit i is wire i here). So strings are read as there, from their
    last letter: "ZY" is Y on the *first* wire of a block and Z on the second. (Everywhere else in this library the first letter
    is the first wire.)

    Parameters
    ----------
    paulis : sequence of str
        Strings of I, X, Y and Z, in the order in which the turns are made.
    reps : int
        How often Hadamards and turns are repeated.
    entanglement : str, sequence of tuples, mapping or callable
        The blocks of wires that each string acts on: a name
        (:func:`~qlearn.qubits.entanglement_patterns.entanglement_blocks`; with "none" only strings of one letter act);
        blocks such as ``[(0, 1), (2, 0)]``, of which a string takes those of its length; the same by length, ``{2: [(0, 1)],
        3: [(0, 1, 2)]}``; or a function of the number of the repetition that gives one of these. Where blocks are given and none
        is of a single wire, strings of one letter act on every wire.
    alpha : float
        Multiplies all angles, not 0.
    data_map : callable, optional
        The function :math:`\phi_S`. It takes the features of a block on the first axis, shape (k, ...), and gives an angle for
        each row, shape (...).
    bandwidth : float
        Multiplies all features, above 0.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these; by the methods, if a block does not fit the wires or there is none for a string, or
        if an angle is not finite.

    Examples
    --------
    >>> PauliFeatureMap(reps=1).states([[0.1, 0.2]]).round(3)
    array([[0.5  +0.j   , 0.425-0.264j, 0.364-0.343j, 0.413+0.282j]])
    >>> PauliFeatureMap(["ZY"], reps=1, alpha=1.0).circuit([0.0, 1.0])
    Circuit(2).h(0).h(1).rx(1.5708, 0).cx(0, 1).p(6.72801, 1).cx(0, 1).rx(-1.5708, 0)
    >>> from qlearn.learning.encodings import IQPFeatureMap
    >>> products = PauliFeatureMap(reps=1, alpha=1.0, data_map=lambda x: np.prod(x, axis=0))
    >>> bool(np.allclose(products.states([[0.1, 0.2]]), IQPFeatureMap().states([[0.1, 0.2]])))
    True
    >>> by_length = {2: [(0, 1)], 3: [(0, 1, 2)]}
    >>> PauliFeatureMap(("Z", "XX", "ZZZ"), entanglement=by_length).blocks("XX", 3)
    [(0, 1)]

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326.
    """

    paulis: Sequence[str] = ("Z", "ZZ")
    reps: int = 2
    entanglement: Wiring | Callable[[int], Wiring] = "full"
    alpha: float = 2.0
    data_map: DataMap | None = None
    bandwidth: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "paulis", _as_strings(self.paulis))
        as_count(self.reps, "reps")
        if not callable(self.entanglement):
            object.__setattr__(self, "entanglement", _as_wiring(self.entanglement))
        as_alpha(self.alpha)
        as_data_map(self.data_map)
        as_bandwidth(self.bandwidth)

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: one for each."""
        return as_count(n_features, "n_features")

    def blocks(self, pauli: str, n_qubits: int, layer: int = 0) -> Blocks:
        """Return the blocks of wires on which a string acts in a layer (a repetition), in order."""
        given = self.entanglement
        wiring = _as_wiring(given(layer) if callable(given) else given)
        size = len(pauli)
        if size > as_count(n_qubits, "n_qubits"):
            raise ValueError(
                f"paulis must have at most {n_qubits} letters for as many features, not {pauli!r}: each takes a wire"
            )
        if isinstance(wiring, str):
            return entanglement_blocks("linear" if size == 1 else wiring, n_qubits, size, layer=layer)
        found = [as_wires(block, n_qubits, "entanglement") for block in wiring if len(block) == size]
        if not found and size > 1:
            raise ValueError(
                f"entanglement must have a block of {size} wires for {pauli!r}, and has none in repetition {layer}: "
                f"{wiring!r}"
            )
        return found or entanglement_blocks("linear", n_qubits, 1)

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q))."""
        features = np.moveaxis(as_features(x), -1, 0)
        return self._layered(len(features), self._angles(features))

    def template(self, n_features: int) -> Circuit:
        """Return the circuit with free angles ``x[k]``, as a part of one's own: :meth:`columns` makes the rows that belong to it.

        Examples
        --------
        >>> PauliFeatureMap(["Z", "XX"], reps=1).template(2).parameters
        (x[0], x[1], x[2])
        """
        q = self.n_qubits(n_features)
        blocks = self._in_order(q)
        return self._layered(q, dict(zip(blocks, parameters("x", len(blocks)), strict=True)))

    def columns(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the angle of every block of wires for each row, shape (..., blocks): features for :meth:`template`.

        Examples
        --------
        >>> PauliFeatureMap(["XX", "Z"], alpha=1.0).columns([[0.5, np.pi - 1]]).round(2)
        array([[0.5 , 2.14, 2.64]])
        """
        features = np.moveaxis(as_features(X), -1, 0)
        angles = self._angles(features)
        return np.stack([angles[block] for block in self._in_order(len(features))], axis=-1)

    def _in_order(self, n_qubits: int) -> list[tuple[int, ...]]:
        """Return the blocks of all layers, the shorter ones first."""
        blocks = {turn.block for layer in self._layers(n_qubits) for turn in layer}
        return sorted(blocks, key=lambda block: (len(block), block))

    def _layered(self, n_qubits: int, angles: Mapping[tuple[int, ...], Any]) -> Circuit:
        circuit = Circuit(n_qubits)
        for layer in self._layers(n_qubits):
            for wire in range(n_qubits):
                circuit = circuit.h(wire)
            for turn in layer:
                circuit = _turned(circuit, turn, angles[turn.block])
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): the fast path of ``circuit(X).run()``, equal to 1e-12."""
        rows = as_rows(X)
        n, q = rows.shape
        room_for(n, q)
        layers, angles, size = self._layers(q), self._angles(rows.T), 1 << q
        states = np.empty((n, size), dtype=np.complex128)
        step = rows_at_once(q)
        with one_thread():
            for start in range(0, n, step):
                part = {block: angle[start : start + step] for block, angle in angles.items()}
                columns = np.ones((size, min(step, n - start)), dtype=np.complex128)
                known: dict[tuple[_Turn, ...], NDArray[np.complex128]] = {}
                for depth, layer in enumerate(layers):
                    columns = walsh_hadamard(columns) if depth else columns
                    for diagonals, turns in groupby(layer, key=lambda turn: not turn.flips):
                        group = tuple(turns)
                        if not diagonals:
                            for turn in group:
                                columns = _rotated(columns, turn, part[turn.block])
                            continue
                        if group not in known:
                            known[group] = _phases(group, part, q)
                        columns = columns * known[group]
                states[start : start + step] = columns.T
        states *= size ** (-self.reps / 2)
        return states

    def _layers(self, n_qubits: int) -> list[list["_Turn"]]:
        layers = [
            [
                _turn(pauli, block, n_qubits)
                for pauli in self.paulis
                for block in self.blocks(pauli, n_qubits, layer)
            ]
            for layer in range(self.reps)
        ]
        if not any(layers):
            raise ValueError(
                f"entanglement={self.entanglement!r} leaves {', '.join(self.paulis)} no wires to act on: every row would give "
                "the same state. Take another pattern, or a string of one letter"
            )
        return layers

    def _angles(self, features: NDArray[np.float64]) -> dict[tuple[int, ...], NDArray[np.float64]]:
        """Return the angle of every block of wires, of features of shape (q, ...)."""
        angles = {}
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = self.bandwidth * features
            for block in {turn.block for layer in self._layers(len(features)) for turn in layer}:
                angles[block] = self.alpha * mapped(self.data_map or _products, scaled[list(block)])
        refuse_endless(*angles.values())
        return angles


class _Turn(NamedTuple):
    """A turn about a Pauli string: its letters and their wires, and what it does to the bits of a basis state."""

    letters: str
    wires: tuple[int, ...]
    block: tuple[int, ...]
    flips: int
    signs: int


def _turn(pauli: str, block: tuple[int, ...], n_qubits: int) -> _Turn:
    # Qiskit reads a string from its last letter.
    acting = [(letter, wire) for letter, wire in zip(pauli[::-1], block, strict=True) if letter != "I"]
    flips = sum(1 << (n_qubits - 1 - wire) for letter, wire in acting if letter in "XY")
    signs = sum(1 << (n_qubits - 1 - wire) for letter, wire in acting if letter in "YZ")
    return _Turn(
        "".join(letter for letter, _ in acting), tuple(wire for _, wire in acting), block, flips, signs
    )


def _turned(circuit: Circuit, turn: _Turn, angle: Any) -> Circuit:
    """Return the circuit with a phase on the parity of the wires, in the bases of their letters."""
    before, after = Circuit(circuit.n_qubits), Circuit(circuit.n_qubits)
    for letter, wire in zip(turn.letters, turn.wires, strict=True):
        if letter == "X":
            before, after = before.h(wire), after.h(wire)
        elif letter == "Y":
            before, after = before.rx(np.pi / 2, wire), after.rx(-np.pi / 2, wire)
    ladder = Circuit(circuit.n_qubits)
    for control, target in zip(turn.wires, turn.wires[1:], strict=False):
        ladder = ladder.cx(control, target)
    circuit = circuit.then(before).then(ladder).p(angle, turn.wires[-1])
    return circuit.then(ladder.inverse()).then(after)


def _rotated(
    columns: NDArray[np.complex128], turn: _Turn, angle: NDArray[np.float64]
) -> NDArray[np.complex128]:
    """Return states in columns after a phase on the odd half of a string P: ((1 + e) + (1 - e) P) / 2."""
    basis = np.arange(len(columns)) ^ turn.flips
    phase = 1j ** turn.letters.count("Y") * (1 - 2.0 * (np.bitwise_count(basis & turn.signs) & 1))
    e = np.exp(1j * angle)
    return (1 + e) / 2 * columns + (1 - e) / 2 * (phase[:, None] * columns[basis])


def _phases(
    turns: tuple[_Turn, ...], angles: dict[tuple[int, ...], NDArray[np.float64]], n_qubits: int
) -> NDArray[np.complex128]:
    """Return the diagonal of turns about strings of Z alone, shape (2**n_qubits, n)."""
    n = len(angles[turns[0].block])
    single = np.zeros((n_qubits, n))
    coupled = {turn.wires: np.zeros(n) for turn in turns if len(turn.wires) == 2}
    further = np.zeros((1 << n_qubits, n)) if any(len(turn.wires) > 2 for turn in turns) else None
    for turn in turns:
        if len(turn.wires) == 1:
            single[turn.wires[0]] += angles[turn.block]
        elif len(turn.wires) == 2:
            coupled[turn.wires] += angles[turn.block]
        else:
            odd = (np.bitwise_count(np.arange(1 << n_qubits) & turn.signs) & 1).astype(bool)
            further[odd] += angles[turn.block]  # type: ignore[index]
    pairs = np.array(list(coupled.values())).reshape(-1, n)
    phases = diagonal(single, pairs, [(first, second) for first, second in coupled])
    return phases if further is None else phases * np.exp(1j * further)


def _products(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what Qiskit calls the default data map."""
    return x[0] if len(x) == 1 else np.prod(np.pi - x, axis=0)


def _as_strings(paulis: Any) -> tuple[str, ...]:
    if not isinstance(paulis, list | tuple) or not paulis:
        raise ValueError(f"paulis must be a list of Pauli strings such as ['Z', 'ZZ'], not {paulis!r}")
    for pauli in paulis:
        if not isinstance(pauli, str) or not pauli or set(pauli) - set("IXYZ"):
            raise ValueError(f"paulis must be strings of the letters I, X, Y and Z, not {pauli!r}")
        if set(pauli) == {"I"}:
            raise ValueError(
                f"paulis must turn something, and {pauli!r} is a phase of the whole state: leave it out"
            )
    return tuple(paulis)


def _as_wiring(entanglement: Any) -> str | tuple[tuple[int, ...], ...]:
    """Return the name of a pattern, or all blocks in one tuple, whatever their length."""
    if isinstance(entanglement, str):
        return entanglement if entanglement == "sca" else as_entanglement(entanglement)
    blocks = entanglement
    if isinstance(entanglement, Mapping):
        for size, given in entanglement.items():
            if not given or any(len(block) != size for block in given):
                raise ValueError(
                    f"entanglement must have blocks of {size} wires under {size}, at least one, not {given!r}: a string "
                    "that is to act nowhere is left out of paulis"
                )
        blocks = [block for given in entanglement.values() for block in given]
    if not isinstance(blocks, list | tuple) or not all(
        isinstance(b, list | tuple) and len(b) for b in blocks
    ):
        raise ValueError(
            "entanglement must be the name of a pattern, blocks of wires such as [(0, 1)], blocks by their length such as "
            f"{{2: [(0, 1)]}}, or a function of the repetition, not {entanglement!r}"
        )
    return tuple(tuple(block) for block in blocks)
