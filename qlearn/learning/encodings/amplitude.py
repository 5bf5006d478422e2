"""Amplitude encoding: a row of 2**q features is the vector of amplitudes of q qubits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count
from qlearn.learning.encodings.encoding import as_features, as_rows, room_for
from qlearn.learning.encodings.state_preparation import prepare
from qlearn.qubits import Circuit


@dataclass(frozen=True)
class AmplitudeEncoding:
    r"""A row, scaled to norm 1 and filled up with zeros, is the state.

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

    Raises
    ------
    ValueError, TypeError
        If `wires` is no count; by the methods, if features are not finite, are more than 2**wires, or if all
        features of a row are zero.

    Examples
    --------
    >>> AmplitudeEncoding().states([[3.0, 0.0, -4.0]]).real.round(3)
    array([[ 0.6,  0. , -0.8,  0. ]])
    >>> AmplitudeEncoding().gate_count(1000)
    {'ry': 1023, 'cx': 1022}

    References
    ----------
    Mottonen et al., 2005, arXiv:quant-ph/0407010 (the circuit). Schuld, Fingerhuth, Petruccione,
    "Implementing a distance-based classifier with a quantum interference circuit", 2017, arXiv:1703.10793.

    Taught in :doc:`/learning/encodings`.
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
        """Return the circuit of one row (shape (d,)), or the batch of circuits of rows (shape (..., d)).

        Parameters
        ----------
        x : array_like, shape (..., d)
            Finite features, not all zero.

        Returns
        -------
        Circuit
            Its batch shape is that of the rows; see :func:`qlearn.learning.encodings.prepare`.
        """
        return prepare(self.amplitudes(x))

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row: the fast path of ``circuit(X).run()``, equal to 1e-12.

        Parameters
        ----------
        X : array_like, shape (n, d)
            Finite features, one row a sample, none all zero.

        Returns
        -------
        ndarray of complex128, shape (n, 2**n_qubits)
        """
        return self.amplitudes(as_rows(X)).astype(np.complex128)
