"""Re-uploading: the row enters the circuit again before every layer, and frequencies add up."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning.encodings.angle import angle_scales, scaled_angles
from qlearn.learning.encodings.encoding import as_bandwidth, as_features, as_rows, as_wire_count, room_for
from qlearn.learning.encodings.feature_maps import diagonal
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Entanglement, as_entanglement, entanglement_pairs

# Up to 64 x 64 one matrix for a whole layer is cheaper than its gates in turn.
_WIRES_TOGETHER = 6


@dataclass(frozen=True)
class ReuploadingEncoding:
    r"""Data re-uploading: rotations by the features before every layer, and fixed random layers between.

    .. math::

        |\psi(x)\rangle = \prod_{\ell=L}^{1} \Big( C \bigotimes_w R_y(\beta_{\ell w})\, R_z(\gamma_{\ell w})\,
        R_z(s_\ell\, x_w) \Big) |{+}\dots{+}\rangle

    With C the CNOTs of a layer. A mean value of this state is a Fourier series in each feature whose
    frequencies are the differences of sums of the :math:`s_\ell`
    (:func:`~qlearn.learning.encodings.accessible_frequencies`). Where a feature turns *one* wire: 1 with one
    layer, up to L with L equal ones, up to :math:`(3^L-1)/2` with scales 1, 3, 9 and so on. Where it turns m
    wires (more `wires` than features), frequencies can add, up to m times as high: if the wires are coupled or read
    together, and the two do not undo each other.
    The angles :math:`\beta, \gamma` are drawn
    once from `seed`, so that every row meets the same circuit; they decide which *coefficients* the
    frequencies get. :class:`~qlearn.learning.QNNClassifier` trains the same circuit.

    Not every accessible frequency need occur. On the equator, where :math:`|+\rangle` is, the first turn adds
    or subtracts :math:`s_1` and never 0: one wire with scales 1 and 3 has the frequencies 1, 2 and 4 only.
    With `prelude` the start is a random state instead, and all occur.

    Parameters
    ----------
    layers : int
        How often the row enters, L.
    entanglement : {"circular", "linear", "full", "pairwise", "none"}
        CNOTs of a layer, in order (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`, the closing pair
        last); with "none" the states are product states.
    scales : tuple of float, optional
        A factor on the features for each layer; None is 1 for all.
    bandwidth : float
        A factor on the features for all layers, above 0.
    wires : int, optional
        Number of qubits. None is one for each feature; with more, features are repeated in order.
    wrap : bool
        Take angles of any size; without it, features times bandwidth beyond :math:`\pm\pi` are refused.
    prelude : bool
        Start with a random layer on 0...0, instead of with Hadamards.
    seed : int
        Draws the layers between.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these; by the methods, if features are not finite, are more than the
        wires, or are out of range without `wrap`.

    Examples
    --------
    >>> encoding = ReuploadingEncoding(layers=3)
    >>> encoding.states([[0.1, 0.2], [0.3, 0.4]]).shape
    (2, 4)
    >>> encoding.angles(2).shape
    (3, 2, 2)

    References
    ----------
    Perez-Salinas et al., "Data re-uploading for a universal quantum classifier", 2020, arXiv:1907.02085.
    Schuld, Sweke, Meyer, 2021, arXiv:2008.08605. Shin, Teo, Jeong, 2023, arXiv:2206.12105 (scales).
    """

    layers: int = 2
    entanglement: Entanglement = "circular"
    scales: tuple[float, ...] | None = None
    bandwidth: float = 1.0
    wires: int | None = None
    wrap: bool = False
    prelude: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        as_count(self.layers, "layers")
        as_entanglement(self.entanglement)
        if self.scales is not None:
            object.__setattr__(self, "scales", tuple(self.scales))  # a list would have no hash
            if len(self.scales) != self.layers:
                raise ValueError(
                    f"scales must have one factor for each of the {self.layers} layers, not {len(self.scales)}"
                )
            for scale in self.scales:
                as_real(scale, "scales")
        as_bandwidth(self.bandwidth)
        if self.wires is not None:
            as_count(self.wires, "wires")
        as_count(self.seed, "seed", least=0)

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: `wires`, or one for each."""
        return as_wire_count(n_features, self.wires)

    def angles(self, n_qubits: int) -> NDArray[np.float64]:
        """Return the fixed angles, shape (layers, n_qubits, 2): about z first, then about y, in radians.

        With `prelude` there is one layer more: it is the first.
        """
        rng = np.random.default_rng(self.seed)
        layers = self.layers + self.prelude
        return rng.uniform(-np.pi, np.pi, (layers, as_count(n_qubits, "n_qubits"), 2))

    def largest_scales(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the factor on each feature that makes its largest angle a quarter turn, shape (q,); inf with `wrap`."""
        return angle_scales(as_rows(X), self.bandwidth, self.wrap)

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q))."""
        angles = self._angles(as_features(x))
        circuit, *layers = _layers(self, angles.shape[-1])
        for scale, between in zip(self._scales, layers, strict=True):
            for wire in range(circuit.n_qubits):
                circuit = circuit.rz(scale * angles[..., wire], wire)
            circuit = circuit.then(between)
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): the fast path of ``circuit(X).run()``, equal to 1e-12."""
        features = as_rows(X)
        wires = self.n_qubits(features.shape[1])
        room_for(len(features), wires)
        angles = self._angles(features).T
        start, *layers = _layers(self, wires)
        states = np.tile(start.run(), (len(features), 1))
        for scale, between in zip(self._scales, layers, strict=True):
            # All rotations about z of a layer at once: phases of the basis states, RZ up to the last factor.
            states *= diagonal(scale * angles, np.empty((0, angles.shape[1])), []).T
            states *= np.exp(-0.5j * scale * angles.sum(axis=0))[:, None]
            states = states @ _matrix(between).T if wires <= _WIRES_TOGETHER else between.run(states)
        return states

    @property
    def _scales(self) -> tuple[float, ...]:
        return (1.0,) * self.layers if self.scales is None else self.scales

    def _angles(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the angle of each wire before its scale, shape (..., n_qubits)."""
        d = features.shape[-1]
        wires = self.n_qubits(d)
        return scaled_angles(features, self.bandwidth, self.wrap)[..., np.arange(wires) % d]


@lru_cache(maxsize=32)
def _layers(encoding: ReuploadingEncoding, n_qubits: int) -> tuple[Circuit, ...]:
    """Return what stands before, between and after the uploads: the same for every row."""
    pairs = entanglement_pairs(encoding.entanglement, n_qubits, closing="last")
    hadamards = Circuit(n_qubits)
    for wire in range(n_qubits):
        hadamards = hadamards.h(wire)
    layers = [] if encoding.prelude else [hadamards]
    for layer in encoding.angles(n_qubits):
        circuit = Circuit(n_qubits)
        for wire, (about_z, about_y) in enumerate(layer):
            circuit = circuit.rz(about_z, wire).ry(about_y, wire)
        for control, target in pairs:
            circuit = circuit.cx(control, target)
        layers.append(circuit)
    return tuple(layers)


@lru_cache(maxsize=64)
def _matrix(layer: Circuit) -> NDArray[np.complex128]:
    return layer.matrix()
