"""The engine of trained circuits: groups of gates, followed forward and back for all samples at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlearn.learning.neural_networks._readout import Readout
from qlearn.learning.neural_networks._trained_turns import LongitudeTurns, TrainedTurns
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.entanglement_patterns import Pairs
from qlearn.qubits.rotation_layers import Factors, RotationLayer


def permutation(pairs: Pairs, n_qubits: int) -> NDArray[np.intp]:
    """Return from where each amplitude comes when CNOTs, in order, move it: shape (2**n,).

    Examples
    --------
    >>> permutation([(0, 1)], 2)
    array([0, 1, 3, 2])
    """
    index = np.arange(1 << n_qubits)
    for control, target in reversed(pairs):
        index = index ^ ((index >> (n_qubits - 1 - control) & 1) << (n_qubits - 1 - target))
    return index


class Numbers(NamedTuple):
    """What the angles and the features make of the groups in one pass."""

    turns: list[Factors]
    diagonals: list[NDArray[np.complex128]]
    phases: Sequence[NDArray[np.complex128]]


class Group:
    """A group of gates: how it moves states, and how it takes bras back, rows of <bra|. This one leaves them as they are."""

    trained = False
    featured = False
    number = 0
    """Which of its kind it is: place of its matrices, or of its phases, in :class:`Numbers`."""
    generators: NDArray[np.float64]

    def forward(self, rows: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the states behind the group."""
        return rows

    def pull(self, bras: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the bras before it, <bra| U."""
        return bras


class Turn(Group):
    """A gate of one qubit on every wire: those of the trained layer `number`, or fixed ones."""

    def __init__(
        self, layer: RotationLayer, number: int, fixed: NDArray[np.complex128] | None = None
    ) -> None:
        self.layer, self.number, self.trained = layer, number, fixed is None
        self._fixed = None if fixed is None else layer.factors(fixed)

    def forward(self, rows: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the states behind the layer."""
        return self.layer.apply(rows, numbers.turns[self.number] if self._fixed is None else self._fixed)

    def of_basis(self, numbers: Numbers) -> NDArray[np.complex128] | None:
        """Return the basis states behind the layer where one matrix turns all wires: it holds them. None for more wires."""
        factors = numbers.turns[self.number] if self._fixed is None else self._fixed
        return np.ascontiguousarray(factors[0].mT) if len(factors) == 1 else None

    def pull(self, bras: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the bras before it."""
        return self.layer.pull(bras, numbers.turns[self.number] if self._fixed is None else self._fixed)


class Move(Group):
    """Fixed gates that move amplitudes and change their phases: CNOT, CZ, SWAP, Toffoli and what they make together."""

    def __init__(self, source: NDArray[np.intp], phase: NDArray[np.complex128] | None = None) -> None:
        self._source, self._phase = source, phase
        self._inverse = np.argsort(source)

    def forward(self, rows: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the states behind the gates."""
        moved = rows.take(self._source, axis=1)
        return moved if self._phase is None else moved * self._phase

    def pull(self, bras: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the bras before them."""
        moved = bras if self._phase is None else bras * self._phase
        return moved.take(self._inverse, axis=1)


class Dense(Group):
    """A fixed unitary on some wires."""

    def __init__(self, matrix: NDArray[np.complex128], wires: Sequence[int], n_qubits: int) -> None:
        self._matrix, self._wires, self._n = matrix, wires, n_qubits

    def forward(self, rows: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the states behind the unitary."""
        return self._applied(rows, self._matrix)

    def pull(self, bras: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the bras before it."""
        return self._applied(bras, self._matrix.T)

    def _applied(self, rows: NDArray, matrix: NDArray) -> NDArray[np.complex128]:
        moved = rows.copy()
        apply(as_tensor(moved, self._n), matrix, self._wires)
        return moved


class Diagonal(Group):
    r"""Trained gates that are diagonal: :math:`e^{-\frac{i}{2}\sum_j\theta_j D_j}`, :math:`D_j` of shape (2**n,)."""

    trained = True

    def __init__(self, number: int, places: Sequence[int], generators: NDArray[np.float64]) -> None:
        self.number, self.places, self.generators = number, np.array(places), generators

    def forward(self, rows: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the states behind the gates."""
        return rows * numbers.diagonals[self.number]

    def pull(self, bras: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the bras before them."""
        return bras * numbers.diagonals[self.number]


class Featured(Group):
    """Gates that the features turn: phases of each sample's own, shape (samples, 2**n)."""

    featured = True

    def __init__(self, number: int) -> None:
        self.number = number

    def forward(self, rows: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the states behind the gates, a row for each sample."""
        return rows * numbers.phases[self.number]

    def pull(self, bras: NDArray[np.complex128], numbers: Numbers) -> NDArray[np.complex128]:
        """Return the bras before them."""
        return bras * numbers.phases[self.number]


class Tape(NamedTuple):
    """What the forward pass keeps for the backward pass."""

    states: NDArray[np.complex128]
    final: NDArray[np.complex128]
    kets: list[Any]
    angles: NDArray[np.float64]
    numbers: Numbers
    entering: NDArray[np.complex128]
    whole: NDArray[np.complex128] | None


class Slopes(NamedTuple):
    """What the backward pass finds."""

    angles: NDArray[np.float64]
    phases: list[tuple[int, NDArray[np.float64]]]
    """For each feature group, last to first, its number and Im of bra times ket, shape (samples, 2**n)."""
    start: Any
    """The bras <bra| of the states at the start, where they were asked for."""


class Engine:
    r"""Values read from a circuit of groups, and their gradient in all angles and features, in one pass back.

    Behind the last feature the circuit is one linear map U for all samples, so it is followed on whichever is fewer: the
    samples, or the :math:`2^n` basis states. In the second case a step costs two more products however deep it is. Before
    the first feature one state stands for all samples.

    Parameters
    ----------
    n_qubits : int
    groups : sequence of Group
        First to last.
    turns : TrainedTurns or LongitudeTurns, optional
        The gates of all trained layers; None without any.
    n_angles : int
        Number of angles.
    readout : Readout

    References
    ----------
    Jones, Gacon, 2020, arXiv:2009.02823 (the adjoint sweep).
    """

    def __init__(
        self,
        n_qubits: int,
        groups: Sequence[Group],
        turns: TrainedTurns | LongitudeTurns | None,
        n_angles: int,
        readout: Readout,
    ) -> None:
        self._groups, self._turns, self._readout = list(groups), turns, readout
        self._layer = RotationLayer(n_qubits)
        self._diagonals = [group for group in groups if isinstance(group, Diagonal)]
        places = np.arange(len(groups))
        featured = places[[group.featured for group in groups]]
        trained = places[[group.trained for group in groups]]
        self._tail = int(featured[-1]) + 1 if len(featured) else 0
        self._head, self._behind = self._groups[: self._tail], self._groups[self._tail :]
        self._first_feature = int(featured[0]) if len(featured) else len(groups)
        self._first_trained = int(trained[0])
        behind = int((trained >= self._tail).sum())
        # One layer behind features that trained gates surround is done for the samples as soon as for the basis states.
        self._contractible = behind > (1 if self._first_trained < self._tail else 0)
        found = [] if turns is None else [turns.places.ravel()]
        found += [group.places for group in self._diagonals]
        every = np.concatenate(found)
        order = np.empty(n_angles, dtype=np.intp)
        order[every[every >= 0]] = np.flatnonzero(every >= 0)
        self._order = None if np.array_equal(order, np.arange(every.size)) else order

    def forward(
        self,
        angles: NDArray[np.float64],
        states: NDArray[np.complex128],
        phases: Sequence[NDArray[np.complex128]] = (),
    ) -> tuple[NDArray[np.float64], Tape]:
        """Return the values, shape (samples, outputs), and the tape for :meth:`backward`.

        Parameters
        ----------
        angles : ndarray of float64, shape (n_angles,)
        states : ndarray of complex128, shape (samples, 2**n)
            Where the circuit starts; one row stands for all samples that features part later.
        phases : sequence of ndarray, each of shape (samples, 2**n)
            Of the groups that features turn, by number.
        """
        numbers, kets, rows = self._numbers(angles, phases), [], states
        for group in self._head:
            rows = group.forward(rows, numbers)
            kets.append(rows if group.trained else None)
        entering = rows
        contracts, behind = self._contractible and len(rows) > rows.shape[1], self._behind
        if contracts:
            rows, behind = self._whole(behind, numbers, kets, rows.shape[1])
        for group in behind:
            rows = group.forward(rows, numbers)
            kets.append(rows if group.trained else None)
        final = entering @ rows if contracts else rows
        tape = Tape(states, final, kets, angles, numbers, entering, rows if contracts else None)
        return self._readout.forward(final), tape

    @staticmethod
    def _whole(
        groups: list[Group], numbers: Numbers, kets: list[Any], size: int
    ) -> tuple[NDArray[np.complex128], list[Group]]:
        """Return where the basis states are followed from, and the groups that are left."""
        first = groups[0]
        if isinstance(first, Turn) and (rows := first.of_basis(numbers)) is not None:
            kets.append(rows if first.trained else None)
            return rows, groups[1:]
        return np.eye(size, dtype=np.complex128), groups

    def backward(self, tape: Tape, dz: NDArray[np.float64], *, features: bool, start: bool = False) -> Slopes:
        """Return the slopes in the angles; those of the feature groups and the bras at the start, where asked for."""
        angles, numbers = tape.angles, tape.numbers
        back = self._readout.backward(tape.final, dz).conj()
        last = (
            0 if start else min(self._first_trained, self._first_feature if features else self._first_trained)
        )
        of_turns: list[Factors] = []
        found: list[NDArray[np.float64]] = []
        of_phases: list[tuple[int, NDArray[np.float64]]] = []
        enters = None
        if tape.whole is not None:
            enters = back @ tape.whole.T if last < self._tail or start else None
            back = tape.entering.T @ back
        for place in range(len(self._groups) - 1, last - 1, -1):
            group = self._groups[place]
            if enters is not None and place == self._tail - 1:
                back, enters = enters, None
            if group.trained:
                if isinstance(group, Turn):
                    of_turns.append(self._layer.reduced(back, tape.kets[place]))
                else:
                    found.append(group.generators @ (back * tape.kets[place]).imag.sum(axis=0))
            elif features and group.featured:
                of_phases.append((group.number, (back * self._ket(tape, place)).imag))
            if place > last or (start and enters is None):
                back = group.pull(back, numbers)
                if place == self._first_feature and len(tape.states) == 1:
                    back = back.sum(axis=0, keepdims=True)
        if self._turns is not None:
            overlaps = self._layer.overlaps_of_layers(of_turns[::-1])
            found.append(self._turns.slopes(angles, overlaps).ravel())
        every = found[0] if len(found) == 1 else np.concatenate(found[::-1])
        whole_way = (back if enters is None else enters) if start else None
        return Slopes(every if self._order is None else every[self._order], of_phases, whole_way)

    def _ket(self, tape: Tape, place: int) -> NDArray[np.complex128]:
        """Return the states behind a group that kept none: from those before it, for few ask for them."""
        first = place
        while first >= 0 and tape.kets[first] is None:
            first -= 1
        rows = tape.states if first < 0 else tape.kets[first]
        for group in self._groups[first + 1 : place + 1]:
            rows = group.forward(rows, tape.numbers)
        return rows

    def _numbers(self, angles: NDArray[np.float64], phases: Sequence[NDArray[np.complex128]]) -> Numbers:
        turns: list[Factors] = []
        if self._turns is not None:
            turns = list(zip(*self._layer.factors(self._turns.gates(angles)), strict=True))
        diagonals = [np.exp(-0.5j * (angles[group.places] @ group.generators)) for group in self._diagonals]
        return Numbers(turns, diagonals, phases)
