"""Random layered circuits, many at once: which axis and which angle each qubit of each layer has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count, as_rng
from qlearn.qubits import Circuit
from qlearn.qubits.entanglement_patterns import Entanglement, Pairs, as_entanglement, entanglement_pairs

INITS = ("random", "identity")
START = np.pi / 4
"""Every wire starts turned by RY(pi/4): a little of each Pauli operator, so that no axis is special."""

_AXES = ("rx", "ry", "rz")
_MOST_QUBITS = 16


@dataclass(frozen=True)
class LayeredCircuits:
    r"""A batch of circuits of one shape, each with axes and angles of its own.

    .. math:: U = \prod_{\ell} \Bigl(\prod_{(v,w)} CZ_{vw}\Bigr) \bigotimes_w e^{-i\theta_{\ell w} P_{\ell w}/2},
              \qquad P_{\ell w} \in \{X, Y, Z\}

    A mirrored layer applies its CZ gates first: it can undo a layer that has the same axes and the opposite
    angles.

    Parameters
    ----------
    axes : ndarray of int, shape (samples, depth, n_qubits)
        0, 1, 2 for a rotation about x, y, z.
    angles : ndarray of float64, shape (samples, depth, n_qubits)
        In radians.
    mirrored : ndarray of bool, shape (depth,)
        Layers whose CZ gates come first.
    entanglement : {"linear", "circular", "full", "pairwise", "none"}
        Which wires CZ gates couple (:func:`~qlearn.qubits.entanglement_patterns.entanglement_pairs`).

    Examples
    --------
    >>> batch = draw_circuits(2, 4, samples=3, init="identity", rng=1)
    >>> batch
    LayeredCircuits(samples=3, depth=4, n_qubits=2, entanglement='linear')
    >>> bool(np.allclose(batch.circuit(0).matrix(), np.eye(4)))
    True

    References
    ----------
    McClean et al., "Barren plateaus in quantum neural network training landscapes", 2018, arXiv:1803.11173.
    """

    axes: NDArray[np.intp]
    angles: NDArray[np.float64]
    mirrored: NDArray[np.bool_]
    entanglement: Entanglement = "linear"

    def __repr__(self) -> str:
        return (
            f"LayeredCircuits(samples={self.samples}, depth={self.depth}, n_qubits={self.n_qubits}, "
            f"entanglement={self.entanglement!r})"
        )

    @property
    def samples(self) -> int:
        """Number of circuits."""
        return self.angles.shape[0]

    @property
    def depth(self) -> int:
        """Number of layers."""
        return self.angles.shape[1]

    @property
    def n_qubits(self) -> int:
        """Number of wires."""
        return self.angles.shape[2]

    @property
    def pairs(self) -> Pairs:
        """Wires that a CZ couples in each layer."""
        return entanglement_pairs(self.entanglement, self.n_qubits)

    def circuit(self, sample: int) -> Circuit:
        """Return one of them as a :class:`~qlearn.qubits.Circuit`, without the start RY(pi/4).

        Parameters
        ----------
        sample : int
            Which one.

        Returns
        -------
        Circuit
        """
        made = Circuit(self.n_qubits)
        for axes, angles, mirrored in zip(self.axes[sample], self.angles[sample], self.mirrored, strict=True):
            if mirrored:
                made = self._couple(made)
            for wire, (axis, angle) in enumerate(zip(axes, angles, strict=True)):
                made = getattr(made, _AXES[axis])(angle, wire)
            if not mirrored:
                made = self._couple(made)
        return made

    def first(self, layers: int) -> "LayeredCircuits":
        """Return the same circuits cut off after some layers."""
        return LayeredCircuits(
            self.axes[:, :layers], self.angles[:, :layers], self.mirrored[:layers], self.entanglement
        )

    def with_angles(self, angles: NDArray[np.float64]) -> "LayeredCircuits":
        """Return circuits of the same shape and axes with other angles."""
        return LayeredCircuits(self.axes, angles, self.mirrored, self.entanglement)

    def _couple(self, circuit: Circuit) -> Circuit:
        for pair in self.pairs:
            circuit = circuit.cz(*pair)
        return circuit


def draw_circuits(
    n_qubits: int,
    depth: int,
    *,
    samples: int,
    init: str = "random",
    block: int = 10,
    entanglement: str = "linear",
    rng: Any = None,
) -> LayeredCircuits:
    r"""Draw circuits with random axes, and with random angles or in blocks that cancel to the identity.

    .. math:: U_\text{block} = U(\theta)^\dagger\, U(\theta) = \mathbb{1}

    Parameters
    ----------
    n_qubits : int
        Wires, 2 to 16.
    depth : int
        Layers; even for ``"identity"``.
    samples : int
        Number of circuits.
    init : {"random", "identity"}
        Angles uniform in 0 to 2 pi; ``"identity"`` draws the first half of each block and makes the second
        half undo it. The angles of both halves are free parameters all the same.
    block : int
        Layers in a block, even; the last block takes what is left.
    entanglement : {"linear", "circular", "full", "pairwise", "none"}
        Which wires CZ gates couple after each layer; "none" is the ablation.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    LayeredCircuits

    Examples
    --------
    >>> draw_circuits(3, 2, samples=1, rng=0).circuit(0).n_qubits
    3

    References
    ----------
    Grant et al., "An initialization strategy for addressing barren plateaus in parametrized quantum
    circuits", 2019, arXiv:1903.05076.
    """
    n, depth = as_count(n_qubits, "n_qubits", least=2), as_count(depth, "depth")
    samples, block = as_count(samples, "samples"), as_count(block, "block", least=2)
    if n > _MOST_QUBITS:
        raise ValueError(f"n_qubits must be 2 to {_MOST_QUBITS}, not {n}: each state holds 2**n amplitudes")
    if init not in list(INITS):
        raise ValueError(f"init must be one of {', '.join(INITS)}, not {init!r}")
    entanglement = as_entanglement(entanglement)
    if init == "identity" and (depth % 2 or block % 2):
        raise ValueError(
            f"depth and block must be even for identity blocks, not {depth} and {block}: "
            "the second half of each block undoes the first"
        )
    generator = as_rng(rng)
    axes = generator.integers(0, 3, (samples, depth, n))
    angles = generator.uniform(0, 2 * np.pi, (samples, depth, n))
    mirrored = np.zeros(depth, dtype=bool)
    for begin in range(0, depth if init == "identity" else 0, block):
        end = min(begin + block, depth)
        half = (begin + end) // 2
        mirrored[half:end] = True
        axes[:, half:end] = axes[:, begin:half][:, ::-1]
        angles[:, half:end] = -angles[:, begin:half][:, ::-1]
    return LayeredCircuits(axes, angles, mirrored, entanglement)
