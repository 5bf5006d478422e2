r"""The ansatz, the trainable circuit of a quantum neural network: its expectation values and their exact gradient."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning.neural_networks._engine import AnsatzSimulator, Tape, observable_strings
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Pairs, entanglement_pairs
from qlearn.qubits.rotation_layers import product_states


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
    observables : {"local", "global"} or sequence of str
        The :math:`O_k`: Z of each wire, their one product, or strings of I and Z.

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
    observables: str | Sequence[str] = "local"

    def __post_init__(self) -> None:
        as_count(self.n_qubits, "n_qubits")
        as_count(self.layers, "layers")
        _ = self.pairs
        observable_strings(self.observables, self.n_qubits)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of the angles: (layers, n_qubits, 2), the rotation about z first, then the one about y."""
        return self.layers, self.n_qubits, 2

    @property
    def pairs(self) -> Pairs:
        """The CNOTs of a layer, in order: pairs (control, target)."""
        return entanglement_pairs(self.entanglement, self.n_qubits, closing="last")

    @property
    def measured(self) -> list[str]:
        """The observables, one letter I or Z for each wire."""
        return observable_strings(self.observables, self.n_qubits)

    def encode(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the encoded states, shape (samples, 2**n), of features in radians, shape (samples, n)."""
        features = np.asarray(X, float)
        if features.shape[-1:] != (self.n_qubits,):
            raise ValueError(
                f"X must have {self.n_qubits} features on its last axis, not shape {features.shape}"
            )
        zero = np.exp(-0.5j * features) * 0.5**0.5
        return product_states(np.stack([zero, zero.conj()], axis=-1))

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

    def forward(
        self, angles: NDArray[np.float64], states: NDArray[np.complex128]
    ) -> tuple[NDArray[np.float64], Tape]:
        """Return the expectation values, shape (samples, observables), and the tape for :meth:`backward`.

        Parameters
        ----------
        angles : ndarray of float64, shape (layers, n_qubits, 2)
        states : ndarray of complex128, shape (samples, 2**n)
            Encoded features (:meth:`encode`), or, without `reupload`, any states.
        """
        return self._simulator.forward(self._fitting(angles), states)

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
        return self._simulator.backward(tape, dz, features=False)[0]

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
        return self._simulator.backward(tape, dz, features=True)

    def _fitting(self, angles: NDArray[np.float64]) -> NDArray[np.float64]:
        if angles.shape != self.shape:
            raise ValueError(f"angles must have shape {self.shape}, not {angles.shape}")
        return angles

    @cached_property
    def _simulator(self) -> AnsatzSimulator:
        return AnsatzSimulator(self.n_qubits, self.pairs, self.measured, self.reupload)
