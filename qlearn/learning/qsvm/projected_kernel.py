"""The projected kernel: a Gaussian of the distance of reduced density matrices."""

from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning._threads import one_thread
from qlearn.learning.encodings.encoding import as_rows, checked_states
from qlearn.learning.qsvm._blocks import Entries
from qlearn.learning.qsvm.fidelity_kernel import QuantumKernel
from qlearn.qubits.paulis import PAULIS, pauli_matrix

# 2 MiB of amplitudes: a block of states is read once for each part while it is in the cache.
_BLOCK = 1 << 17


@dataclass(frozen=True)
class ProjectedKernel(QuantumKernel):
    r"""The projected kernel: a Gaussian of the distance of reduced states, of one wire (or a few) at a time.

    .. math:: k(x, y) = \exp\Big( -\gamma \sum_S \big\| \rho_S(x) - \rho_S(y) \big\|_F^2 \Big), \qquad
              \rho_S(x) = \operatorname{tr}_{\bar S} |\psi(x)\rangle\langle\psi(x)|

    S runs over the wires, or over all sets of `locality` wires. For single wires the squared distance is half
    of that of the Bloch vectors, so this is an RBF kernel on 3q measured numbers: the quantum computer
    makes features, and n rows take n preparations instead of n(n-1)/2 pairs. Positive semidefinite, like every
    RBF kernel; nothing here must be resolved against :math:`2^{-q}`. But where a state is so entangled
    that each wire alone looks random, the features vanish (Thanasilp et al. 2024).

    Parameters
    ----------
    encoding, reps, entanglement, bandwidth, max_gib
        As for :class:`~qlearn.learning.FidelityKernel`.
    gamma : float
        How fast likeness falls with distance, above 0.
    locality : int
        Wires that are seen together, at least 1; more than the states have are all of them.

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

    gamma: float = field(default=1.0, kw_only=True)
    locality: int = field(default=1, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if as_real(self.gamma, "gamma", least=0) == 0:
            raise ValueError("gamma must be above 0: with 0 all rows are alike")
        as_count(self.locality, "locality")

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
        self.require_memory(len(rows), 0, rows.shape[1])
        return self.points(rows)

    def points(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the features of rows that are checked, as :meth:`features`."""
        encoding = self.map
        step = max(1, _BLOCK >> encoding.n_qubits(rows.shape[1]))
        return np.concatenate(
            [
                local_paulis(checked_states(encoding, rows[start : start + step]), self.locality)
                for start in range(0, len(rows), step)
            ]
        )

    def entries(self) -> Entries:
        """Return the Gaussian of the distance of two sets of features."""
        return partial(gaussian, gamma=self.gamma)

    def pull_back(self, points: NDArray[Any], G: NDArray[np.float64]) -> NDArray[Any]:
        """Return the derivative of the sum of G times the matrix by the features."""
        weights = G * gaussian(points, None, gamma=self.gamma)
        return -4 * self.gamma * (weights.sum(axis=1)[:, None] * points - weights @ points)

    def state_slopes(self, states: NDArray[np.complex128], G: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the derivative by the states, through the expectation values that the kernel sees."""
        slopes = self.pull_back(local_paulis(states, self.locality), G)
        return paulis_to_states(states, self.locality, slopes)

    @property
    def _dtype(self) -> np.dtype:
        return np.dtype(np.float64)

    def _points_gib(self, n_rows: int, n_features: int) -> float:
        # States come and go a few at a time (three copies of them); only their features stay.
        q = self.map.n_qubits(n_features)
        k = min(self.locality, q)
        alive = 3 * max(_BLOCK * 2.0**-26, 2.0 ** min(q - 26, 999))
        return alive + n_rows * comb(q, k) * 4.0 ** min(k, 400) * 2.0**-27


def local_paulis(states: NDArray[np.complex128], locality: int) -> NDArray[np.float64]:
    r"""Return the Pauli expectations of all sets of k wires, scaled so that distances are those of density matrices.

    .. math:: \| \rho - \rho' \|_F^2 = 2^{-k} \sum_{P \ne I}
              \big( \langle P \rangle_\rho - \langle P \rangle_{\rho'} \big)^2

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
    paulis = _strings(k)
    wires = states.reshape(n, *[2] * q)
    seen = []
    for kept in combinations(range(q), k):
        parts = np.moveaxis(wires, [1 + wire for wire in kept], range(1, k + 1)).reshape(n, 1 << k, -1)
        rho = parts @ parts.conj().swapaxes(1, 2)
        seen.append(np.einsum("pab,nba->np", paulis, rho).real)
    return np.concatenate(seen, axis=1) / np.sqrt(1 << k)


def paulis_to_states(
    states: NDArray[np.complex128], locality: int, slopes: NDArray[np.float64]
) -> NDArray[np.complex128]:
    r"""Return the derivative by the states of a function of :func:`local_paulis`, given the one by those values.

    .. math:: g_i = \sum_P \frac{2}{\sqrt{2^k}}\, v_{iP}\, P\, |\psi_i\rangle

    Examples
    --------
    >>> paulis_to_states(np.array([[1.0, 0.0]], complex), 1, np.array([[0.0, 0.0, 1.0]])).real.round(3)
    array([[1.414, 0.   ]])
    """
    n, q = len(states), states.shape[1].bit_length() - 1
    k = min(locality, q)
    paulis, wires = _strings(k), states.reshape(n, *[2] * q)
    total = np.zeros_like(wires)
    each = slopes.reshape(n, -1, len(paulis))
    for place, kept in enumerate(combinations(range(q), k)):
        axes = [1 + wire for wire in kept]
        parts = np.moveaxis(wires, axes, range(1, k + 1)).reshape(n, 1 << k, -1)
        turned = np.einsum("np,pab->nab", each[:, place], paulis) @ parts
        total += np.moveaxis(turned.reshape(n, *[2] * q), range(1, k + 1), axes)
    return total.reshape(states.shape) * (2 / np.sqrt(1 << k))


def _strings(k: int) -> NDArray[np.complex128]:
    """Return all products of k Paulis but the identity, in the order of the features."""
    return np.array([pauli_matrix("".join(word)) for word in product(PAULIS, repeat=k)][1:])


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
