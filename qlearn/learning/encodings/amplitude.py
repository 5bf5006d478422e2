"""Amplitude encoding: a row of features as the amplitudes of a state, and the circuit that prepares it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_states
from qlearn.learning.encodings.encoding import as_features, as_rows, room_for
from qlearn.qubits import Circuit


def prepare(state: ArrayLike) -> Circuit:
    r"""Return the circuit that prepares a state from :math:`|0\dots0\rangle`.

    .. math:: |0\dots0\rangle \;\to\; \prod_{w=q-1}^{0} \Big( \sum_{b \in \{0,1\}^w}
              |b\rangle\langle b| \otimes R_y(\alpha_{wb}) \Big) |0\dots0\rangle, \qquad
              \alpha_{wb} = 2 \arctan \frac{\lVert \psi_{b1\dots} \rVert}{\lVert \psi_{b0\dots} \rVert}

    Wire after wire divides the norm that its predecessors left it: a turn about y for each of their
    :math:`2^w` settings. Such a *uniformly controlled* turn is made of :math:`2^w` turns and as many CNOTs
    in the order of a Gray code. Phases follow in the same way, by turns about z; amplitudes that are real
    need none, their signs are in the last turns about y.

    Parameters
    ----------
    state : array_like, shape (..., 2**q)
        Normalised amplitudes; a batch gives the batch of circuits.

    Returns
    -------
    Circuit
        On q wires: :math:`2^q - 1` RY and :math:`2^q - 2` CX for real amplitudes; as many RZ and CX again,
        and one P for the global phase, for complex ones.

    Examples
    --------
    >>> prepare([0.6, -0.8]).run().real
    array([ 0.6, -0.8])
    >>> [step.name for step in prepare([0.5, 0.5, 0.5, 0.5]).operations]
    ['ry', 'ry', 'cx', 'ry', 'cx']

    References
    ----------
    Mottonen, Vartiainen, Bergholm, Salomaa, "Transformation of quantum states using uniformly controlled
    rotations", 2005, arXiv:quant-ph/0407010 (the abstract counts twice as many gates: from one state to another).
    """
    amplitudes = as_states(state, "state")
    circuit = Circuit(amplitudes.shape[-1].bit_length() - 1)
    real = not amplitudes.imag.any()
    magnitudes = amplitudes.real if real else np.abs(amplitudes)
    for wire, each in enumerate(_branching(magnitudes)):
        circuit = _uniformly_controlled(circuit, "ry", each, wire)
    if real:
        return circuit
    *angles, whole = _phase_angles(np.angle(amplitudes))
    # P(2g) RZ(-2g) is the phase g on everything: a circuit of rotations alone could not make it.
    circuit = circuit.p(2 * whole, 0)
    angles[0] = angles[0] - 2 * whole[..., None]
    for wire, each in enumerate(angles):
        circuit = _uniformly_controlled(circuit, "rz", each, wire)
    return circuit


def _branching(leaves: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the RY angles of each wire, shapes (..., 1), (..., 2), (..., 4) and so on."""
    angles: list[NDArray[np.float64]] = []
    while leaves.shape[-1] > 1:
        zero, one = leaves[..., 0::2], leaves[..., 1::2]
        angles.insert(0, 2 * np.arctan2(one, zero))
        leaves = np.hypot(zero, one)
    return angles


def _phase_angles(phases: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the RZ angles of each wire as :func:`_branching` does, and last the phase of the whole."""
    angles: list[NDArray[np.float64]] = []
    while phases.shape[-1] > 1:
        zero, one = phases[..., 0::2], phases[..., 1::2]
        angles.insert(0, one - zero)
        phases = (zero + one) / 2
    return [*angles, phases[..., 0]]


def _uniformly_controlled(circuit: Circuit, gate: str, angles: NDArray[np.float64], target: int) -> Circuit:
    """Turn `target` by angles[..., b] where the wires before it read b."""
    settings = np.arange(1 << target)
    gray = settings ^ (settings >> 1)
    # A CNOT on each side flips the sense of a turn: the signs of turn i are the parities of b and Gray code i.
    parity = np.bitwise_count(settings[:, None] & gray) & 1
    rotations = angles @ (1 - 2.0 * parity) / len(settings)
    for i in settings:
        circuit = getattr(circuit, gate)(rotations[..., i], target)
        if target:
            changes = int(gray[i] ^ gray[(i + 1) % len(gray)])
            circuit = circuit.cx(target - changes.bit_length(), target)
    return circuit


@dataclass(frozen=True)
class AmplitudeEncoding:
    r"""Amplitude encoding: a row, scaled to norm 1 and padded with zeros, is the state.

    .. math::

        |\psi(x)\rangle = \frac{1}{\lVert x \rVert} \sum_{b=0}^{d-1} x_b\, |b\rangle, \qquad
        |\langle\psi(x)|\psi(x')\rangle|^2 = \frac{(x \cdot x')^2}{\lVert x \rVert^2\, \lVert x' \rVert^2}

    Few qubits, :math:`\lceil \log_2 d \rceil`, and many gates: loading a row takes about :math:`2 \cdot 2^q` of them
    (:meth:`gate_count`). The length of a row is lost, and its sign to every measurement. The kernel is the
    squared cosine of the angle between two rows: a polynomial kernel of degree 2.

    Parameters
    ----------
    wires : int, optional
        Number of qubits. None is the fewest that hold the features, at least 1.

    Examples
    --------
    >>> AmplitudeEncoding().states([[3.0, 0.0, -4.0]]).real.round(3)
    array([[ 0.6,  0. , -0.8,  0. ]])
    >>> loaded = AmplitudeEncoding().circuit([3.0, 0.0, -4.0])
    >>> np.allclose(loaded.run(), prepare([0.6, 0.0, -0.8, 0.0]).run())
    True
    >>> AmplitudeEncoding().gate_count(1000)
    {'ry': 1023, 'cx': 1022}

    References
    ----------
    Mottonen et al., 2005, arXiv:quant-ph/0407010 (the circuit). Schuld, Fingerhuth, Petruccione,
    "Implementing a distance-based classifier with a quantum interference circuit", 2017, arXiv:1703.10793.
    """

    wires: int | None = None

    def __post_init__(self) -> None:
        if self.wires is not None:
            as_count(self.wires, "wires")

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires that rows of so many features take: `wires`, or the fewest."""
        fewest = max(1, (as_count(n_features, "n_features") - 1).bit_length())
        if self.wires is None:
            return fewest
        if fewest > self.wires:
            raise ValueError(
                f"X has {n_features} features, more than the qubits can hold: wires={self.wires} has "
                f"{1 << self.wires} amplitudes. Reduce the features, or give {fewest} wires or none"
            )
        return self.wires

    def gate_count(self, n_features: int) -> dict[str, int]:
        """Return how many gates :meth:`circuit` takes to load one row of so many features.

        Parameters
        ----------
        n_features : int
            At least 1.

        Returns
        -------
        dict of int
            By the name of the gate: 2**q - 1 turns "ry", 2**q - 2 CNOTs "cx".
        """
        size = 1 << self.n_qubits(n_features)
        return {"ry": size - 1, "cx": size - 2}

    def amplitudes(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the rows scaled to norm 1 and padded with zeros, shape (..., 2**n_qubits)."""
        features = as_features(X)
        d = features.shape[-1]
        n_qubits = self.n_qubits(d)
        room_for(features.size // d, n_qubits)
        largest = np.abs(features).max(axis=-1, keepdims=True)
        if not largest.all():
            raise ValueError(
                f"X has a row of zeros (row {np.argmin(largest.ravel())}), which has no direction and so no state: "
                "drop it, or add a feature that is 1 in every row"
            )
        # First to the order of 1, so that no square overflows or vanishes.
        scaled = features / largest
        scaled /= np.linalg.norm(scaled, axis=-1, keepdims=True)
        return np.concatenate([scaled, np.zeros((*scaled.shape[:-1], (1 << n_qubits) - d))], axis=-1)

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (d,)), or the batch of circuits of rows (shape (..., d))."""
        return prepare(self.amplitudes(x))

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): the fast path of ``circuit(X).run()``, equal to 1e-12."""
        return self.amplitudes(as_rows(X)).astype(np.complex128)
