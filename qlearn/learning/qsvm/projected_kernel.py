"""The projected kernel: what small parts of the states look like, compared classically."""

from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.encoding import Encoding, as_rows
from qlearn.learning.encodings.feature_maps import Entanglement, as_encoding
from qlearn.learning.qsvm._blocks import Entries
from qlearn.learning.qsvm.fidelity_kernel import trusted_states
from qlearn.learning.qsvm.gram_matrix import GramMatrix
from qlearn.qubits import Circuit

# 2 MiB of amplitudes: a block of states is read once for each part while it is in the cache.
_BLOCK = 1 << 17
_PAULIS = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@dataclass(frozen=True)
class ProjectedKernel(GramMatrix):
    r"""The kernel that looks at one wire (or a few) of each state at a time, and compares what it sees.

    .. math:: k(x, y) = \exp\Big( -\gamma \sum_S \big\| \rho_S(x) - \rho_S(y) \big\|_F^2 \Big), \qquad
              \rho_S(x) = \operatorname{tr}_{\bar S} |\psi(x)\rangle\langle\psi(x)|

    S runs over the wires, or over all sets of `locality` wires. For single wires the squared distance is half
    of that of the Bloch vectors, so this is an RBF kernel on 3q measured numbers: the quantum computer
    makes features, and n rows take n preparations instead of n(n-1)/2 pairs. Positive semidefinite, like every
    RBF kernel; nothing here must be resolved against :math:`2^{-q}`. But where a state is so entangled
    that each wire alone looks random, the features vanish (Thanasilp et al. 2024).

    Parameters
    ----------
    encoding : {"zz", "z", "angle", "amplitude", "basis"} or Encoding
        As for :class:`~qlearn.learning.FidelityKernel`, also the next three.
    reps : int
        Layers of the map.
    entanglement : {"full", "linear", "circular", "none"}
        Which pairs "zz" couples.
    bandwidth : float
        Multiplies the features, above 0.
    gamma : float
        How fast likeness falls with distance, above 0.
    locality : int
        Wires that are seen together, at least 1; more than the states have are all of them.
    max_gib : float
        A call whose states and matrix would take more GiB than this is refused before it begins.

    Examples
    --------
    >>> kernel = ProjectedKernel("z", reps=1, gamma=1.0)
    >>> kernel.features([[0.0], [np.pi / 4]]).round(3) + 0  # arrows along X and Y, over the root of 2
    array([[0.707, 0.   , 0.   ],
           [0.   , 0.707, 0.   ]])
    >>> kernel.gram([[0.0], [np.pi / 4]]).round(4)  # exp(-1)
    array([[1.    , 0.3679],
           [0.3679, 1.    ]])

    References
    ----------
    Huang et al., "Power of data in quantum machine learning", 2021, arXiv:2011.01938, section on projected
    quantum kernels. Thanasilp et al., 2024, arXiv:2208.11060.
    """

    encoding: str | Encoding = "zz"
    reps: int = 2
    entanglement: Entanglement = "full"
    bandwidth: float = field(default=1.0, kw_only=True)
    gamma: float = field(default=1.0, kw_only=True)
    locality: int = field(default=1, kw_only=True)
    max_gib: float = field(default=4.0, kw_only=True)

    def __post_init__(self) -> None:
        as_real(self.max_gib, "max_gib", least=0)
        if as_real(self.gamma, "gamma", least=0) == 0:
            raise ValueError("gamma must be above 0: with 0 all rows are alike")
        as_count(self.locality, "locality")
        _ = self.map

    @property
    def map(self) -> Encoding:
        """The encoding itself."""
        return as_encoding(self.encoding, self.reps, self.entanglement, self.bandwidth)

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit that prepares the state of a row; measure its wires in X, Y and Z."""
        return self.map.circuit(x)

    def features(self, X: ArrayLike) -> NDArray[np.float64]:
        r"""Return the expectation values that the kernel sees, :math:`\langle P\rangle / \sqrt{2^k}`.

        Their Euclidean distances are the Frobenius distances of the reduced density matrices.

        Parameters
        ----------
        X : array_like, shape (n, q)
            Finite features.

        Returns
        -------
        ndarray of float64, shape (n, number of sets of wires * (4**locality - 1))
            For each set, in the order of ``itertools.combinations``, the Paulis X, Y, Z, or IX, IY, ...
        """
        rows = as_rows(X)
        self._room(len(rows), 0, rows)
        return self._points(rows)

    def _points(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        encoding = self.map
        step = max(1, _BLOCK >> encoding.n_qubits(rows.shape[1]))
        return np.concatenate(
            [
                local_paulis(trusted_states(encoding, rows[start : start + step]), self.locality)
                for start in range(0, len(rows), step)
            ]
        )

    def _entries(self) -> Entries:
        return partial(gaussian, gamma=self.gamma)

    def _pull_back(self, points: NDArray[Any], G: NDArray[np.float64]) -> NDArray[Any]:
        weights = G * gaussian(points, None, gamma=self.gamma)
        return -4 * self.gamma * (weights.sum(axis=1)[:, None] * points - weights @ points)

    @property
    def _dtype(self) -> np.dtype:
        return np.dtype(np.float64)

    def _qubits(self, n_features: int) -> int:
        return self.map.n_qubits(n_features)

    def _gib(self, rows: int, n_features: int) -> float:
        # States come and go a few at a time (three copies of them); only their features stay.
        q = self._qubits(n_features)
        k = min(self.locality, q)
        alive = 3 * max(_BLOCK * 2.0**-26, 2.0 ** min(q - 26, 999))
        return alive + rows * comb(q, k) * 4.0 ** min(k, 400) * 2.0**-27


def local_paulis(states: NDArray[np.complex128], locality: int) -> NDArray[np.float64]:
    r"""Return the Pauli expectations of all sets of wires, scaled so that distances are those of matrices.

    .. math:: \| \rho - \rho' \|_F^2 = 2^{-k} \sum_{P \ne I}
              \big( \langle P \rangle_\rho - \langle P \rangle_{\rho'} \big)^2

    Parameters
    ----------
    states : ndarray of complex128, shape (n, 2**q)
        Normalised.
    locality : int
        Wires of a set; more than q are q.

    Returns
    -------
    ndarray of float64, shape (n, number of sets * (4**k - 1))

    Examples
    --------
    >>> from qlearn.qubits import bell_state
    >>> local_paulis(bell_state("phi+")[None], 1)  # each half of a Bell pair points nowhere
    array([[0., 0., 0., 0., 0., 0.]])

    References
    ----------
    Huang et al., 2021, arXiv:2011.01938.
    """
    n, q = len(states), states.shape[1].bit_length() - 1
    k = min(locality, q)
    strings = list(product(range(4), repeat=k))[1:]
    paulis = np.array([_tensor([_PAULIS[letter] for letter in string]) for string in strings])
    wires = states.reshape(n, *[2] * q)
    seen = []
    for kept in combinations(range(q), k):
        parts = np.moveaxis(wires, [1 + wire for wire in kept], range(1, k + 1)).reshape(n, 1 << k, -1)
        rho = parts @ parts.conj().swapaxes(1, 2)
        seen.append(np.einsum("pab,nba->np", paulis, rho).real)
    return np.concatenate(seen, axis=1) / np.sqrt(1 << k)


def _tensor(factors: list[NDArray[Any]]) -> NDArray[Any]:
    matrix = np.ones((1, 1))
    for factor in factors:
        matrix = np.kron(matrix, factor)
    return matrix


def gaussian(A: NDArray[np.float64], B: NDArray[np.float64] | None, *, gamma: float) -> NDArray[np.float64]:
    r"""Return :math:`e^{-\gamma \|a_i - b_j\|^2}`; None is A itself, exactly symmetric and with ones."""
    right = A if B is None else B
    with one_thread():
        table = A @ right.T
    table *= -2
    table += (A**2).sum(axis=1)[:, None]
    table += (right**2).sum(axis=1)
    if B is None:
        table = (table + table.T) / 2
        np.fill_diagonal(table, 0)
    # Rounding may leave a distance just below 0.
    np.maximum(table, 0, out=table)
    table *= -gamma
    return np.exp(table, out=table)
