r"""The ansatz, the trainable circuit of a quantum neural network: its expectation values and their exact gradient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning.neural_networks._engine import Engine, Featured, Group, Move, Tape, Turn, permutation
from qlearn.learning.neural_networks._readout import (
    Readout,
    check_readout,
    measured,
    new_readout,
    observable_strings,
    z_signs,
)
from qlearn.learning.neural_networks._trained_turns import LongitudeTurns
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Pairs, entanglement_pairs
from qlearn.qubits.observables import Observables
from qlearn.qubits.rotation_layers import RotationLayer, product_states


@dataclass(frozen=True)
class Ansatz:
    r"""Layers of rotations and CNOTs, read out by products of Z.

    .. math:: z_k(x) = \langle s(x)|\, U^\dagger O_k\, U\,|s(x)\rangle, \qquad
              U = \prod_\ell C \bigotimes_w R_Y(\beta_{\ell w})\, R_Z(\gamma_{\ell w})

    A feature is a longitude: :math:`|s(x)\rangle = \bigotimes_w R_Z(x_w)|+\rangle`. With `reupload` the rotation
    :math:`R_Z(x_w)` is repeated before every layer, and :math:`z` becomes a Fourier series of up to `layers`
    frequencies in each feature instead of one; a feature that is given to m wires has up to m times as many.

    Parameters
    ----------
    n_qubits : int
        Number of wires, n.
    layers : int
        Number of layers.
    entanglement : {"circular", "linear", "full", "pairwise", "none"} or sequence of pairs
        CNOTs of a layer, in order (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`; the ring of "circular"
        closes last, and two wires have one CNOT); or pairs (control, target).
    reupload : bool
        Whether the features rotate the wires before every layer, or only before the first.
    observables : {"local", "global"}, str, mapping of str to float, or a list of these
        The :math:`O_k`: Z of each wire, their one product, or Pauli strings and real sums of them, such as
        ``["ZZI", {"XXI": 0.5, "IZZ": 1.0}]``.
    readout : {"expectations", "probabilities"} or callable
        What is read: the means of the observables; or, as a sampler does, the chances of all :math:`2^n` bit strings; or
        those of classes, by a function that gives the class, a whole number from 0, of each outcome, the whole number that
        the bits spell with wire 0 the most significant. The last two take no observables.

    Examples
    --------
    >>> import numpy as np
    >>> ansatz = Ansatz(n_qubits=1, layers=1)
    >>> quarter = np.array([[[0, -np.pi / 2]]])  # turns x into z, so that Z reads the cosine of the longitude
    >>> z, _ = ansatz.forward(quarter, ansatz.encode([[0.0], [np.pi / 3], [np.pi / 2]]))
    >>> z.ravel().round(6) + 0.0
    array([1. , 0.5, 0. ])

    References
    ----------
    Schuld, Sweke, Meyer, "Effect of data encoding on the expressive power of variational quantum
    machine learning models", 2021, arXiv:2008.08605.
    Perez-Salinas et al., "Data re-uploading for a universal quantum classifier", 2020, arXiv:1907.02085.
    Jones, Gacon, "Efficient calculation of gradients in classical simulations of variational quantum
    algorithms", 2020, arXiv:2009.02823 (the adjoint sweep).
    """

    n_qubits: int
    layers: int
    entanglement: str | Sequence[Sequence[int]] = "circular"
    reupload: bool = False
    observables: Observables = "local"
    readout: str | Callable[[int], int] = "expectations"

    def __post_init__(self) -> None:
        as_count(self.n_qubits, "n_qubits")
        as_count(self.layers, "layers")
        _ = self.pairs
        observable_strings(self.observables, self.n_qubits)
        check_readout(self.readout, self.observables)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of the angles: (layers, n_qubits, 2), the rotation about z first, then the one about y."""
        return self.layers, self.n_qubits, 2

    @property
    def pairs(self) -> Pairs:
        """The CNOTs of a layer, in order: pairs (control, target)."""
        return entanglement_pairs(self.entanglement, self.n_qubits, closing="last")

    @property
    def measured(self) -> list[Any]:
        """What is read, one entry an output: a Pauli string, a sum of them as a dict of weights, or the number of an outcome."""
        return measured(self._readout, self.observables, self.n_qubits)

    @property
    def states_kept(self) -> int:
        """How many states of each sample a pass holds: one for each layer, and those at both ends."""
        return self.layers + 3

    def encode(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the encoded states, shape (samples, 2**n), of features in radians, shape (samples, n)."""
        return longitude_states(X, self.n_qubits)

    def circuit(self, angles: ArrayLike, x: ArrayLike | None = None) -> Circuit:
        """Return the same model as a :class:`~qlearn.qubits.Circuit`: what the simulator shortcuts.

        Parameters
        ----------
        angles : array_like, shape (layers, n_qubits, 2)
            In radians.
        x : array_like, shape (..., n_qubits), optional
            Features in radians; a batch gives a batched circuit. None leaves the encoding out.

        Returns
        -------
        Circuit
        """
        angles, circuit = self._fitting(np.asarray(angles, float)), Circuit(self.n_qubits)
        features = None if x is None else np.asarray(x, float)
        if features is not None:
            for wire in range(self.n_qubits):
                circuit = circuit.h(wire)
        for depth, layer in enumerate(angles):
            for wire, (about_z, about_y) in enumerate(layer):
                if features is not None and (depth == 0 or self.reupload):
                    circuit = circuit.rz(features[..., wire], wire)
                circuit = circuit.rz(about_z, wire).ry(about_y, wire)
            for control, target in self.pairs:
                circuit = circuit.cx(control, target)
        return circuit

    def forward(self, angles: ArrayLike, states: NDArray[np.complex128]) -> tuple[NDArray[np.float64], Tape]:
        """Return the expectation values, shape (samples, observables), and the tape for :meth:`backward`.

        Parameters
        ----------
        angles : array_like, shape (layers, n_qubits, 2)
        states : ndarray of complex128, shape (samples, 2**n)
            Encoded features (:meth:`encode`), or, without `reupload`, any states.
        """
        # The encoded states are the rotations about z of equal amplitudes.
        phases = [states * 2 ** (self.n_qubits / 2)] if self.reupload else []
        return self._engine.forward(self._fitting(angles).ravel(), states, phases)

    def backward(self, tape: Tape, dz: NDArray[np.float64]) -> NDArray[np.float64]:
        r"""Return the gradient in the angles of a loss whose gradient in the expectation values is `dz`.

        A rotation :math:`e^{-i\theta\sigma/2}` contributes :math:`\operatorname{Im}\langle\lambda|\sigma|\psi\rangle`,
        where :math:`\psi` is the state after it and :math:`\lambda` the derivative of the loss, carried back to
        the same place.

        Parameters
        ----------
        tape : Tape
            From :meth:`forward`.
        dz : ndarray of float64, shape (samples, observables)

        Returns
        -------
        ndarray of float64, shape (layers, n_qubits, 2)
        """
        return self._engine.backward(tape, dz, features=False).angles.reshape(self.shape)

    def backward_to_features(
        self, tape: Tape, dz: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gradients in the angles and in the features, as :meth:`backward`, in one pass.

        What a trainable layer in front of the circuit needs. The states must come from :meth:`encode`.

        Parameters
        ----------
        tape : Tape
            From :meth:`forward`.
        dz : ndarray of float64, shape (samples, observables)

        Returns
        -------
        angles : ndarray of float64, shape (layers, n_qubits, 2)
        features : ndarray of float64, shape (samples, n_qubits)
        """
        slopes = self._engine.backward(tape, dz, features=True, start=True)
        signs, of_features = z_signs(self.n_qubits).T, np.zeros((len(tape.states), self.n_qubits))
        for _, of_layer in slopes.phases:
            of_features += of_layer @ signs
        of_features += (slopes.start * tape.states).imag @ signs
        return slopes.angles.reshape(self.shape), of_features

    def _fitting(self, angles: ArrayLike) -> NDArray[np.float64]:
        angles = np.asarray(angles)
        if angles.shape != self.shape:
            raise ValueError(f"angles must have shape {self.shape}, not {angles.shape}")
        return angles

    @cached_property
    def _readout(self) -> Readout:
        return new_readout(self.readout, self.observables, self.n_qubits)

    @cached_property
    def _engine(self) -> Engine:
        n, layer = self.n_qubits, RotationLayer(self.n_qubits)
        cnots = [Move(permutation(self.pairs, n))] if self.pairs else []
        groups: list[Group] = []
        for depth in range(self.layers):
            groups += [Featured(0)] if self.reupload and depth else []
            groups += [Turn(layer, depth), *cnots]
        places = np.arange(self.layers * n * 2).reshape(self.shape)
        return Engine(n, groups, LongitudeTurns(places), places.size, self._readout)


def longitude_states(X: ArrayLike, n_qubits: int) -> NDArray[np.complex128]:
    r"""Return the states :math:`\bigotimes_w R_Z(x_w)|+\rangle`, shape (..., 2**n), of features (..., n) in radians.

    Examples
    --------
    >>> longitude_states([np.pi], 1).round(3)
    array([0.-0.707j, 0.+0.707j])
    """
    features = np.asarray(X, float)
    if features.shape[-1:] != (n_qubits,):
        raise ValueError(f"X must have {n_qubits} features on its last axis, not shape {features.shape}")
    zero = np.exp(-0.5j * features) * 0.5**0.5
    return product_states(np.stack([zero, zero.conj()], axis=-1))


def longitude_circuit(X: ArrayLike) -> Circuit:
    """Return the circuit that prepares :func:`longitude_states`, a batch of circuits for a batch of rows.

    Examples
    --------
    >>> longitude_circuit([0.5, 1.0])
    Circuit(2).h(0).rz(0.5, 0).h(1).rz(1, 1)
    """
    features = np.asarray(X, float)
    circuit = Circuit(features.shape[-1])
    for wire in range(circuit.n_qubits):
        circuit = circuit.h(wire).rz(features[..., wire], wire)
    return circuit
