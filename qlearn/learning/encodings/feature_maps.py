"""Feature maps: the Z and ZZ feature maps of Havlicek et al., their fast path, and the names of all encodings."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.amplitude import AmplitudeEncoding
from qlearn.learning.encodings.angle import AngleEncoding
from qlearn.learning.encodings.basis import BasisEncoding
from qlearn.learning.encodings.encoding import Encoding, as_bandwidth, as_features, as_rows, room_for
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Entanglement, Pairs, as_entanglement, entanglement_pairs

# 2 MiB of amplitudes: a block of samples goes through all its steps without leaving the cache.
_BLOCK = 1 << 17


@dataclass(frozen=True)
class ZZFeatureMap:
    r"""The ZZ feature map of Havlicek et al.: Hadamards and phases of the features and of their products.

    .. math::

        |\psi(x)\rangle = \big( D(x)\, H^{\otimes q} \big)^r |0\dots0\rangle, \qquad
        D(x)_b = \exp\, i \Big( \sum_i 2 x_i b_i + \sum_{(i,j)} 2 (\pi - x_i)(\pi - x_j)\, (b_i \oplus b_j) \Big)

    One qubit for each feature. The phases :math:`2 x_i` repeat with period :math:`\pi`, so features should
    be scaled to the order of 1 first. Qiskit calls it ``zz_feature_map``, and without entanglement
    ``z_feature_map``; the conventions are the same.

    Parameters
    ----------
    reps : int
        How often the layer of Hadamards and phases is repeated. With 1, all overlaps are those of phases
        alone; from 2 on they are believed hard to compute classically in general.
    entanglement : {"full", "linear", "circular", "pairwise", "none"}
        Which pairs are coupled (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`). "none", which leaves
        product states, is the Z feature map: the ablation that shows what entanglement adds.
    bandwidth : float
        Multiplies all features, above 0. Smaller values bring all states closer together.

    Examples
    --------
    >>> ZZFeatureMap(reps=1, entanglement="none").states([[0.0, np.pi / 2]]).real.round(2)
    array([[ 0.5, -0.5,  0.5, -0.5]])
    >>> ZZFeatureMap(entanglement="circular").pairs(4)
    [(3, 0), (0, 1), (1, 2), (2, 3)]

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326.
    Shaydulin and Wild, "Importance of kernel bandwidth in quantum machine
    learning", 2022, arXiv:2111.05451.
    """

    reps: int = 2
    entanglement: Entanglement = "full"
    bandwidth: float = 1.0

    def __post_init__(self) -> None:
        _check(self.reps, self.entanglement, self.bandwidth)

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: one for each."""
        return as_count(n_features, "n_features")

    def pairs(self, n_qubits: int) -> list[tuple[int, int]]:
        """Return the coupled pairs of wires, as Qiskit names them."""
        return entanglement_pairs(self.entanglement, n_qubits)

    def angles(self, X: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the phase angles of wires and of pairs, shapes (q, ...) and (len(pairs), ...)."""
        rows = np.moveaxis(as_features(X), -1, 0)
        first, second = np.array(self.pairs(len(rows)), dtype=int).reshape(-1, 2).T
        with np.errstate(over="ignore"):
            features = self.bandwidth * rows
            single, coupled = 2 * features, 2 * (np.pi - features[first]) * (np.pi - features[second])
        if not (np.isfinite(single).all() and np.isfinite(coupled).all()):
            raise ValueError(
                "X times bandwidth is too large for an angle: scale the features to the order of 1"
            )
        return single, coupled

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q))."""
        single, coupled = self.angles(x)
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
        step = max(1, _BLOCK >> q)
        with one_thread():
            for start in range(0, n, step):
                block = slice(start, start + step)
                layer = diagonal(single[:, block], coupled[:, block], pairs)
                columns = layer
                for _ in range(self.reps - 1):
                    columns = walsh_hadamard(columns)
                    columns *= layer
                states[block] = columns.T
        states *= size ** (-self.reps / 2)
        return states


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
    flip = np.exp(1j * flipped)
    correction: dict[tuple[int, int], NDArray[np.complex128]] = {}
    for (first, second), angle in zip(pairs, np.exp(-2j * coupled), strict=True):
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


def walsh_hadamard(columns: NDArray[np.complex128]) -> NDArray[np.complex128]:
    r"""Apply an unnormalised Hadamard to every wire of states that stand in columns, shape (2**n_qubits, n).

    .. math:: (W\psi)_b = \sum_c (-1)^{b \cdot c}\, \psi_c, \qquad W = H_{2^a} \otimes H_{2^{n-a}}

    Two real matrix products, one on each half of the wires, replace n passes over the memory.

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
    left, right = _signs(n_qubits // 2), _signs(n_qubits - n_qubits // 2)
    # A complex column is two real ones: real products cost half of complex ones.
    half = (left @ columns.view(np.float64).reshape(len(left), -1)).reshape(len(left), len(right), 2 * n)
    return (right @ half).reshape(size, 2 * n).view(np.complex128)


def _signs(n_qubits: int) -> NDArray[np.float64]:
    signs = np.ones((1, 1))
    for _ in range(n_qubits):
        signs = np.block([[signs, signs], [signs, -signs]])
    return signs


# Each named encoding, and what it takes of the parameters of ZZFeatureMap: the others change nothing.
_NAMED: dict[str, tuple[Callable[..., Encoding], tuple[str, ...]]] = {
    "z": (partial(ZZFeatureMap, entanglement="none"), ("reps", "bandwidth")),
    "zz": (ZZFeatureMap, ("reps", "entanglement", "bandwidth")),
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


# What networks take by name and kernels do not: why, and what to give instead.
_NETWORKS_ALONE = {
    "state": "a kernel of states needs no encoding: give abs(A @ B.conj().T) ** 2 to a machine with "
    'kernel="precomputed", as qlearn.learning.qsvm.overlap(A, B) makes it',
    "reuploading": "a network trains its layers, a kernel must be told them: give ReuploadingEncoding(layers=2)",
}


def as_encoding(
    encoding: str | Encoding,
    reps: int,
    entanglement: Entanglement,
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
    ZZFeatureMap(reps=2, entanglement='none', bandwidth=1.0)
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
        why = _NETWORKS_ALONE.get(encoding) if isinstance(encoding, str) else None
        raise ValueError(
            f"encoding must be {names} or an object with n_qubits, circuit and states, not {encoding!r}"
            + (f": {why}" if why else "")
        )
    return encoding


def _check(reps: Any, entanglement: Any, bandwidth: Any) -> None:
    """Refuse parameters of a feature map that are out of range."""
    as_count(reps, "reps")
    as_entanglement(entanglement)
    as_bandwidth(bandwidth)
