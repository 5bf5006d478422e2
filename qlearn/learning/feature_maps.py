"""Feature maps: how a row of numbers becomes a quantum state."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning.phases import diagonal, walsh_hadamard
from qlearn.learning.threads import one_thread
from qlearn.qubits import Circuit

Entanglement = Literal["full", "linear", "circular", "none"]
_ENTANGLEMENTS = ("full", "linear", "circular", "none")
# 2 MiB of amplitudes: a block of samples goes through all its steps without leaving the cache.
_BLOCK = 1 << 17


class FeatureMap(Protocol):
    """What a kernel asks of a feature map."""

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the states of the rows of X, shape (n, 2**n_qubits)."""

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit that prepares the state of one row, or of a batch of rows."""


@dataclass(frozen=True)
class PhaseMap:
    r"""The map of Havlicek et al.: Hadamards and phases of the features and of their products.

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
    entanglement : {"full", "linear", "circular", "none"}
        Which pairs are coupled: all; neighbours; neighbours in a ring; no pair, which leaves product states
        (the ablation that shows what entanglement adds).
    bandwidth : float
        Multiplies all features, above 0. Smaller values bring all states closer together.

    Raises
    ------
    ValueError, TypeError
        If an argument is none of these.

    Examples
    --------
    >>> PhaseMap(reps=1, entanglement="none").states([[0.0, np.pi / 2]]).real.round(2)
    array([[ 0.5, -0.5,  0.5, -0.5]])
    >>> PhaseMap(entanglement="circular").pairs(4)
    [(3, 0), (0, 1), (1, 2), (2, 3)]

    References
    ----------
    Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", 2019, arXiv:1804.11326.
    Shaydulin and Wild, "Importance of kernel bandwidth in quantum machine
    learning", 2022, arXiv:2111.05451.

    Taught in :doc:`/learning/qsvm`.
    """

    reps: int = 2
    entanglement: Entanglement = "full"
    bandwidth: float = 1.0

    def __post_init__(self) -> None:
        as_count(self.reps, "reps")
        if self.entanglement not in _ENTANGLEMENTS:
            raise ValueError(
                f"entanglement must be one of {', '.join(_ENTANGLEMENTS)}, not {self.entanglement!r}"
            )
        if as_real(self.bandwidth, "bandwidth", least=0) == 0:
            raise ValueError("bandwidth must be above 0: with 0 every row gives the same state")

    def pairs(self, n_qubits: int) -> list[tuple[int, int]]:
        """Return the coupled pairs of wires, as Qiskit names them."""
        chain = [(i, i + 1) for i in range(n_qubits - 1)]
        return {
            "full": list(combinations(range(n_qubits), 2)),
            "linear": chain,
            "circular": [(n_qubits - 1, 0), *chain] if n_qubits > 2 else chain,
            "none": [],
        }[self.entanglement]

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
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q)).

        Parameters
        ----------
        x : array_like, shape (..., q)
            Finite features.

        Returns
        -------
        Circuit
            On q wires; its batch shape is that of the rows.
        """
        single, coupled = self.angles(x)
        circuit = Circuit(len(single))
        for _ in range(self.reps):
            for wire, angle in enumerate(single):
                circuit = circuit.h(wire).p(angle, wire)
            for (a, b), angle in zip(self.pairs(len(single)), coupled, strict=True):
                circuit = circuit.cx(a, b).p(angle, b).cx(a, b)
        return circuit

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row: the fast path of ``circuit(X).run()``, equal to 1e-12.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features, one row a sample.

        Returns
        -------
        ndarray of complex128, shape (n, 2**q)
        """
        single, coupled = self.angles(as_rows(X))
        q, n = single.shape
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


def named(
    feature_map: str | FeatureMap, reps: int, entanglement: Entanglement, bandwidth: float
) -> FeatureMap:
    """Return the feature map called "z" or "zz"; an object that is one already is returned as it is.

    Parameters
    ----------
    feature_map : {"z", "zz"} or object with `states` and `circuit`
        "z" is the map without couplings: it ignores `entanglement`.
    reps, entanglement, bandwidth
        As in :class:`PhaseMap`; an object brings its own.

    Returns
    -------
    FeatureMap

    Examples
    --------
    >>> named("z", 2, "full", 1.0)
    PhaseMap(reps=2, entanglement='none', bandwidth=1.0)
    """
    if isinstance(feature_map, str) and feature_map in ("z", "zz"):
        both = PhaseMap(reps, entanglement, bandwidth)
        return both if feature_map == "zz" else PhaseMap(reps, "none", bandwidth)
    able = all(hasattr(feature_map, name) for name in ("states", "circuit"))
    if isinstance(feature_map, str | type) or not able:
        raise ValueError(
            f"feature_map must be 'z', 'zz' or an object with states and circuit, not {feature_map!r}"
        )
    return feature_map


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
