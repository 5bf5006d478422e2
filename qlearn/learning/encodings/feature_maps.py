"""Feature maps: the Z, ZZ and IQP feature maps, their fast path, and the names of all encodings."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.amplitude import AmplitudeEncoding
from qlearn.learning.encodings.angle import AngleEncoding
from qlearn.learning.encodings.basis import BasisEncoding
from qlearn.learning.encodings.encoding import Encoding, as_bandwidth, as_features, as_rows, room_for
from qlearn.qubits import Circuit, parameters
from qlearn.qubits.entanglement_patterns import (
    Entanglement,
    Pairs,
    as_entanglement,
    as_pairs,
    entanglement_pairs,
)

# 2 MiB of amplitudes: a block of samples goes through all its steps without leaving the cache.
_BLOCK = 1 << 17
_MANY_COLUMNS = 16


# Takes the features of a block of wires on the first axis, shape (k, ...), to an angle, shape (...).
DataMap = Callable[[NDArray[np.float64]], ArrayLike]


@dataclass(frozen=True)
class PhaseMap(ABC):
    """Layers of Hadamards and of phases on wires and on parities of two: what the ZZ map and the IQP map share.

    A subclass says by :meth:`phases` which angles the features give.
    """

    reps: int = 2
    entanglement: Entanglement | Sequence[Sequence[int]] = "full"
    bandwidth: float = 1.0

    def __post_init__(self) -> None:
        _check(self.reps, self.entanglement, self.bandwidth)
        if not isinstance(self.entanglement, str):  # a list would have no hash
            object.__setattr__(self, "entanglement", tuple(tuple(pair) for pair in self.entanglement))

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: one for each."""
        return as_count(n_features, "n_features")

    def pairs(self, n_qubits: int) -> list[tuple[int, int]]:
        """Return the coupled pairs of wires, as Qiskit names them; phases commute, so that all layers have one order."""
        return entanglement_pairs(self.entanglement, n_qubits, layer=0)

    @abstractmethod
    def phases(
        self, features: NDArray[np.float64], first: NDArray[np.intp], second: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the angles of wires and of the pairs (first, second), of features of shape (q, ...) times bandwidth."""

    def angles(self, X: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the phase angles of wires and of pairs, shapes (q, ...) and (len(pairs), ...)."""
        rows = np.moveaxis(as_features(X), -1, 0)
        first, second = np.array(self.pairs(len(rows)), dtype=int).reshape(-1, 2).T
        with np.errstate(over="ignore"):
            single, coupled = self.phases(self.bandwidth * rows, first, second)
        refuse_endless(single, coupled)
        return single, coupled

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q))."""
        return self._layered(*self.angles(x))

    def template(self, n_features: int) -> Circuit:
        r"""Return the circuit with free angles, as a part of a circuit of one's own.

        The angle of a circuit holds no more than products of two features, and a `data_map` may be any function. So each phase
        is a parameter here, ``x[k]``, and :meth:`columns` makes the rows that belong to it.

        Examples
        --------
        >>> from qlearn.qubits import Parameter
        >>> zz, turn = ZZFeatureMap(reps=1), Parameter("turn")
        >>> zz.template(2)
        Circuit(2).h(0).p(x[0], 0).h(1).p(x[1], 1).cx(0, 1).p(x[2], 1).cx(0, 1)
        >>> Circuit(2).ry(turn, 0).ry(turn, 1).then(zz.template(2)).parameters
        (turn, x[0], x[1], x[2])
        """
        q = self.n_qubits(n_features)
        x = parameters("x", q + len(self.pairs(q)))
        return self._layered(x[:q], x[q:])

    def columns(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the phases of rows, shape (..., q + number of pairs), those of wires first: features for :meth:`template`.

        Examples
        --------
        >>> ZZFeatureMap(alpha=1.0).columns([[0.5, np.pi], [0.5, np.pi - 1]]).round(2)
        array([[0.5 , 3.14, 0.  ],
               [0.5 , 2.14, 2.64]])
        """
        return np.moveaxis(np.concatenate(self.angles(X)), 0, -1)

    def _layered(self, single: NDArray[Any], coupled: NDArray[Any]) -> Circuit:
        circuit = Circuit(len(single))
        for _ in range(self.reps):
            for wire, angle in enumerate(single):
                circuit = circuit.h(wire).p(angle, wire)
            for (a, b), angle in zip(self.pairs(len(single)), coupled, strict=True):
                circuit = circuit.cx(a, b).p(angle, b).cx(a, b)
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): the fast path of ``circuit(X).run()``, equal to 1e-12."""
        rows = as_rows(X)
        n, q = rows.shape
        room_for(n, q)
        single, coupled = self.angles(rows)
        pairs, size = self.pairs(q), 1 << q
        states = np.empty((n, size), dtype=np.complex128)
        step = rows_at_once(q)
        with one_thread():
            for start in range(0, n, step):
                block = slice(start, start + step)
                layer = diagonal(single[:, block], coupled[:, block], pairs)
                columns = layer
                for _ in range(self.reps - 1):
                    columns = walsh_hadamard(columns)
                    columns *= layer
                np.multiply(columns.T, size ** (-self.reps / 2), out=states[block])
        return states


@dataclass(frozen=True)
class ZZFeatureMap(PhaseMap):
    r"""The ZZ feature map of Havlicek et al.: Hadamards and phases of the features and of their products.

    .. math::

        |\psi(x)\rangle = \big( D(x)\, H^{\otimes q} \big)^r |0\dots0\rangle, \qquad
        D(x)_b = \exp\, i \Big( \sum_i \alpha x_i b_i + \sum_{(i,j)} \alpha (\pi - x_i)(\pi - x_j)\, (b_i \oplus b_j) \Big)

    with :math:`\alpha = 2`. One qubit for each feature. The phases :math:`2 x_i` repeat with period :math:`\pi`, so
    features should be scaled to the order of 1 first. Qiskit calls it ``zz_feature_map``, and without entanglement
    ``z_feature_map``; the conventions are the same.

    Parameters
    ----------
    reps : int
        How often the layer of Hadamards and phases is repeated. With 1, all overlaps are those of phases
        alone; from 2 on they are believed hard to compute classically in general.
    entanglement : {"full", "linear", "circular", "pairwise", "reverse_linear", "sca", "none"} or pairs
        Which pairs are coupled (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`), or the pairs themselves,
        such as ``[(0, 1), (2, 0)]``. "none", which leaves product states, is the Z feature map: the ablation that shows
        what entanglement adds.
    bandwidth : float
        Multiplies all features, above 0. Smaller values bring all states closer together.
    alpha : float
        Multiplies all angles, not 0.
    data_map : callable, optional
        What stands in place of :math:`x_i` and :math:`(\pi - x_i)(\pi - x_j)`. It takes the features of a wire or of a
        pair on the first axis, shape (1, ...) or (2, ...), and gives an angle for each row, shape (...).

    Examples
    --------
    >>> ZZFeatureMap(reps=1, entanglement="none").states([[0.0, np.pi / 2]]).real.round(2)
    array([[ 0.5, -0.5,  0.5, -0.5]])
    >>> ZZFeatureMap(entanglement="circular").pairs(4)
    [(3, 0), (0, 1), (1, 2), (2, 3)]
    >>> products = ZZFeatureMap(alpha=1.0, data_map=lambda x: np.prod(x, axis=0))
    >>> products.angles([0.5, 3.0])
    (array([0.5, 3. ]), array([1.5]))

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326.
    Shaydulin and Wild, "Importance of kernel bandwidth in quantum machine
    learning", 2022, arXiv:2111.05451.
    """

    alpha: float = field(default=2.0, kw_only=True)
    data_map: DataMap | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        as_alpha(self.alpha)
        as_data_map(self.data_map)

    def phases(
        self, features: NDArray[np.float64], first: NDArray[np.intp], second: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the angles of wires and of the pairs (first, second), of features of shape (q, ...) times bandwidth."""
        if self.data_map is None:
            return self.alpha * features, self.alpha * (np.pi - features[first]) * (np.pi - features[second])
        coupled = np.empty((len(first), *features.shape[1:]))
        for k, pair in enumerate(zip(first, second, strict=True)):
            coupled[k] = mapped(self.data_map, features[list(pair)])
        single = np.stack([mapped(self.data_map, features[[w]]) for w in range(len(features))])
        return self.alpha * single, self.alpha * coupled


@dataclass(frozen=True)
class IQPFeatureMap(PhaseMap):
    r"""The IQP feature map: Hadamards, turns about z by the features, and turns about ZZ by their products.

    .. math::

        |\psi(x)\rangle = \Big( \prod_{(i,j)} e^{-i\, x_i x_j\, Z_i Z_j / 2} \prod_i R_Z(x_i)\; H^{\otimes q}
        \Big)^r |0\dots0\rangle

    up to a phase of the whole state. It is PennyLane's ``IQPEmbedding``, with ``n_repeats`` and ``pattern``. (IQP: instantaneous
    quantum polynomial time, circuits whose gates all commute: so it is with one layer.) The ZZ feature map couples by
    :math:`(\pi - x_i)(\pi - x_j)`, which is far from 0 for small features; here small features leave the wires uncoupled.

    Parameters
    ----------
    reps : int
        How often the layer is repeated.
    entanglement : {"full", "linear", "circular", "pairwise", "reverse_linear", "sca", "none"} or pairs
        Which pairs are coupled, as in :class:`ZZFeatureMap`.
    bandwidth : float
        Multiplies all features, above 0.

    Examples
    --------
    >>> IQPFeatureMap().states([[0.0, 0.0]]).real.round(2)
    array([[0.5, 0.5, 0.5, 0.5]])
    >>> IQPFeatureMap(entanglement=[(0, 2)]).angles([0.5, 3.0, 2.0])
    (array([0.5, 3. , 2. ]), array([1.]))

    References
    ----------
    Havlicek et al., 2019, arXiv:1804.11326. Bremner, Montanaro, Shepherd, "Average-case complexity versus approximate
    simulation of commuting quantum computations", 2016, arXiv:1504.07999 (IQP).
    """

    reps: int = 1

    def phases(
        self, features: NDArray[np.float64], first: NDArray[np.intp], second: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the angles of wires and of the pairs (first, second), of features of shape (q, ...) times bandwidth."""
        return features, features[first] * features[second]


def rows_at_once(n_qubits: int) -> int:
    """Return how many rows go through a map together."""
    return max(1, _BLOCK >> n_qubits)


def mapped(data_map: DataMap, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angle that a data map makes of the features of a block, shape (k, ...): shape (...)."""
    angle = np.asarray(data_map(features))
    if angle.dtype.kind not in "buif":
        raise TypeError(f"data_map must give angles, real numbers, not an array of {angle.dtype}")
    if angle.shape != features.shape[1:]:
        raise ValueError(
            f"data_map must give an angle for each row, shape {features.shape[1:]}, not shape {angle.shape}: it takes the "
            f"features of a block on the first axis, here {features.shape}; say np.prod(x, axis=0), not np.prod(x)"
        )
    return angle.astype(np.float64)


def refuse_endless(*angles: NDArray[np.float64]) -> None:
    """Refuse angles that are not finite."""
    if not all(np.isfinite(each).all() for each in angles):
        raise ValueError(
            "X times bandwidth is too large for an angle: scale the features to the order of 1, and let data_map give "
            "finite numbers"
        )


def as_alpha(alpha: Any) -> float:
    """Return `alpha` as a factor on angles, not 0."""
    if (factor := as_real(alpha, "alpha")) == 0:
        raise ValueError("alpha must not be 0: every row would give the same state")
    return factor


def as_data_map(data_map: Any) -> DataMap | None:
    """Return `data_map` if it can be called, or None."""
    if data_map is not None and not callable(data_map):
        raise TypeError(f"data_map must be a function of the features of a block, or None, not {data_map!r}")
    return data_map


def diagonal(
    single: NDArray[np.float64], coupled: NDArray[np.float64], pairs: Pairs
) -> NDArray[np.complex128]:
    r"""Return the diagonal of a layer of phase gates on wires and on parities of two, shape (2**n_qubits, n): a column a sample.

    .. math:: D_b = \exp\, i \Big( \sum_w \theta_w b_w + \sum_{(v,w)} \varphi_{vw}\, (b_v \oplus b_w) \Big)

    With :math:`b_v \oplus b_w = b_v + b_w - 2 b_v b_w` the exponent is quadratic, so the half where a wire
    is 1 is the half where it is 0 times a product of one factor for each wire after it. Both double
    from wire to wire: two multiplications an amplitude, and an exponential only for each angle.

    Examples
    --------
    >>> import numpy as np
    >>> diagonal(np.zeros((2, 1)), np.array([[np.pi]]), [(0, 1)]).ravel().real.round(1)
    array([ 1., -1., -1.,  1.])

    References
    ----------
    Havlicek et al., 2019, arXiv:1804.11326, the diagonal gates of the feature map (with Boolean phases
    in place of Z).
    """
    n_qubits, n = single.shape
    flipped = single.copy()
    for (first, second), angle in zip(pairs, coupled, strict=True):
        flipped[first] += angle
        flipped[second] += angle
    flip = unit_phases(flipped)
    correction: dict[tuple[int, int], NDArray[np.complex128]] = {}
    for (first, second), angle in zip(pairs, unit_phases(-2 * coupled), strict=True):
        key = (min(first, second), max(first, second))
        correction[key] = correction[key] * angle if key in correction else angle

    phases = np.empty((1 << n_qubits, n), dtype=np.complex128)
    factor = np.empty((1 << (n_qubits - 1), n), dtype=np.complex128)
    phases[0] = 1
    for wire in reversed(range(n_qubits)):
        factor[0], size = flip[wire], 1
        for later in reversed(range(wire + 1, n_qubits)):
            if (wire, later) in correction:
                np.multiply(factor[:size], correction[wire, later], out=factor[size : 2 * size])
            else:
                factor[size : 2 * size] = factor[:size]
            size *= 2
        np.multiply(phases[:size], factor[:size], out=phases[size : 2 * size])
    return phases


def unit_phases(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return exp(i angle): a cosine and a sine, which NumPy has faster than the exponential of complex numbers."""
    phases = np.empty(angles.shape, np.complex128)
    np.cos(angles, out=phases.real)
    np.sin(angles, out=phases.imag)
    return phases


def walsh_hadamard(columns: NDArray[np.complex128]) -> NDArray[np.complex128]:
    r"""Apply an unnormalised Hadamard to every wire of states that stand in columns, shape (2**n_qubits, n).

    .. math:: (W\psi)_b = \sum_c (-1)^{b \cdot c}\, \psi_c, \qquad W = H_{2^a} \otimes H_{2^b} \otimes \dots

    A real matrix product on a few wires at a time replaces as many passes over the memory.

    Examples
    --------
    >>> import numpy as np
    >>> walsh_hadamard(np.array([[1.0], [0.0], [0.0], [1.0]], dtype=complex)).ravel().real
    array([2., 0., 0., 2.])

    References
    ----------
    Fino and Algazi, "Unified matrix treatment of the fast Walsh-Hadamard transform", 1976,
    doi:10.1109/TC.1976.1674569.
    """
    size, n = columns.shape
    n_qubits = size.bit_length() - 1
    # Three wires at a time are the least work; where columns are few, larger products are the better use of it.
    together = 3 if n >= _MANY_COLUMNS else -(-n_qubits // 2)
    # A complex column is two real ones: real products cost half of complex ones.
    left, real = 1, columns.view(np.float64)
    for wires in _shares(n_qubits, together):
        real = _signs(wires) @ real.reshape(left, 1 << wires, -1)
        left <<= wires
    return real.reshape(size, 2 * n).view(np.complex128)


def _shares(n_qubits: int, together: int) -> list[int]:
    """Return the wires in as few shares as hold at most so many, the larger ones first."""
    parts = max(1, -(-n_qubits // max(1, together)))
    return [n_qubits // parts + (k < n_qubits % parts) for k in range(parts)]


def _signs(n_qubits: int) -> NDArray[np.float64]:
    signs = np.ones((1, 1))
    for _ in range(n_qubits):
        signs = np.block([[signs, signs], [signs, -signs]])
    return signs


# Each named encoding, and what it takes of the parameters of ZZFeatureMap: the others change nothing.
_NAMED: dict[str, tuple[Callable[..., Encoding], tuple[str, ...]]] = {
    "z": (partial(ZZFeatureMap, entanglement="none"), ("reps", "bandwidth")),
    "zz": (ZZFeatureMap, ("reps", "entanglement", "bandwidth")),
    "iqp": (IQPFeatureMap, ("reps", "entanglement", "bandwidth")),
    "angle": (AngleEncoding, ("bandwidth",)),
    "phase": (partial(AngleEncoding, "z"), ("bandwidth",)),
    "amplitude": (AmplitudeEncoding, ()),
    "basis": (BasisEncoding, ()),
}


def parameters_of(encoding: Any) -> tuple[str, ...]:
    """Return which of `reps`, `entanglement` and `bandwidth` an encoding takes: an object brings its own.

    Examples
    --------
    >>> parameters_of("z")
    ('reps', 'bandwidth')
    """
    return _NAMED[encoding][1] if isinstance(encoding, str) and encoding in _NAMED else ()


# What is no name here, for whoever brings it from elsewhere: why, and what to give instead.
_NO_NAMES = {
    "pauli": "a map of Pauli strings must be told them: give PauliFeatureMap(paulis=['Z', 'ZZ'])",
    "state": "a kernel of states needs no encoding: give abs(A @ B.conj().T) ** 2 to a machine with "
    'kernel="precomputed", as qlearn.learning.qsvm.overlap(A, B) makes it',
    "reuploading": "a network trains its layers, a kernel must be told them: give ReuploadingEncoding(layers=2)",
}


def as_encoding(
    encoding: str | Encoding,
    reps: int,
    entanglement: Entanglement | Sequence[Sequence[int]],
    bandwidth: float,
    *,
    besides: tuple[str, ...] = (),
) -> Encoding:
    """Return the encoding of a name; an object that is one already is returned as it is, and brings its own parameters.

    They are checked as in :class:`ZZFeatureMap` whatever the name. Names that the caller takes `besides` are named, too,
    when one is refused.

    Examples
    --------
    >>> as_encoding("z", 2, "full", 1.0)
    ZZFeatureMap(reps=2, entanglement='none', bandwidth=1.0, alpha=2.0, data_map=None)
    >>> as_encoding("angle", 2, "full", 0.5)
    AngleEncoding(axis='y', bandwidth=0.5, wires=None, wrap=False)
    """
    if isinstance(encoding, str) and encoding in _NAMED:
        _check(reps, entanglement, bandwidth)
        make, takes = _NAMED[encoding]
        given = {"reps": reps, "entanglement": entanglement, "bandwidth": bandwidth}
        return make(**{name: given[name] for name in takes})
    if isinstance(encoding, str | type) or not isinstance(encoding, Encoding):
        names = ", ".join(repr(name) for name in dict.fromkeys([*besides, *_NAMED]))
        why = _NO_NAMES.get(encoding) if isinstance(encoding, str) else None
        raise ValueError(
            f"encoding must be {names} or an object with n_qubits, circuit and states, not {encoding!r}"
            + (f": {why}" if why else "")
        )
    return encoding


def _check(reps: Any, entanglement: Any, bandwidth: Any) -> None:
    """Refuse parameters of a feature map that are out of range."""
    as_count(reps, "reps")
    if not isinstance(entanglement, str):
        as_pairs(entanglement)
    elif entanglement != "sca":
        as_entanglement(entanglement)
    as_bandwidth(bandwidth)
