r"""The variational form of quantum principal component analysis: one copy at a time, and a short circuit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, n_qubits_of
from qlearn.learning.components._training import minimise_cost
from qlearn.learning.components.density_matrix_exponentiation import as_density
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.qubits import Circuit


@dataclass(frozen=True, eq=False)
class Diagonaliser:
    """A circuit that brings a state nearly to its eigenbasis, largest eigenvalue to outcome 0.

    Attributes
    ----------
    values : ndarray of float64, shape (k,)
        Probabilities of the outcomes 0 to k-1 after the circuit: estimates of the largest eigenvalues. Their
        sums never exceed those of the true ones (Schur and Horn).
    states : ndarray of complex128, shape (k, 2**n)
        The inverse circuit on the basis states 0 to k-1: estimates of the eigenvectors, one a row.
    circuit : Circuit
        The trained circuit.
    losses : tuple of float
        The mean outcome, before each step and after the last.
    """

    values: NDArray[np.float64]
    states: NDArray[np.complex128]
    circuit: Circuit
    losses: tuple[float, ...]


def variational_qpca(
    rho: ArrayLike,
    n_components: int,
    *,
    layers: int = 6,
    entanglement: str = "circular",
    epochs: int = 300,
    learning_rate: float = 0.1,
    rng: Any = None,
    progress: bool = False,
) -> Diagonaliser:
    r"""Return a circuit trained to diagonalise a state: by the least mean of the number that it measures.

    .. math:: C(\theta) = \sum_k k\,\Pr[k] = \operatorname{tr}\bigl(U_\theta\,\rho\,U_\theta^\dagger\,H\bigr)
              \;\ge\; \sum_k k\,\lambda_{k+1}, \qquad H = \sum_k k\,|k\rangle\langle k|

    Every state costs at least what its sorted eigenvalues cost, and the bound is met when outcome k appears
    with the (k+1)-th eigenvalue as its probability. Read as a binary number the outcome is a sum over wires,
    so a device estimates it from single copies, by reading Z on every wire: no swaps and no register. It
    needs many copies for each value of the cost and two values for each angle of a gradient (the simulation
    takes exact ones), and nothing guarantees that the angles found are the best.

    Parameters
    ----------
    rho : array_like, shape (2**n, 2**n) or (2**n,)
        The state.
    n_components : int
        How many components to return, 1 to 2**n.
    layers, entanglement, epochs, learning_rate, rng, progress
        The circuit and its training, as in :func:`train_autoencoder`.

    Returns
    -------
    Diagonaliser

    Examples
    --------
    >>> found = variational_qpca([[0.5, 0.3j], [-0.3j, 0.5]], 2, layers=2, rng=0)
    >>> found.values.round(4)
    array([0.8, 0.2])
    >>> bool(found.losses[-1] >= 0.2)  # 0 * 0.8 + 1 * 0.2
    True

    References
    ----------
    Cerezo et al., "Variational quantum state eigensolver", 2022, arXiv:2004.01372, eq. 4.
    With two copies a step and another cost: LaRose et al., 2019, arXiv:1810.10506.
    """
    matrix = as_density(rho)
    n, wanted = n_qubits_of(matrix, "rho"), as_count(n_components, "n_components")
    if wanted > len(matrix):
        raise ValueError(f"n_components must be at most {len(matrix)}, the levels of rho, not {n_components}")
    ansatz = Ansatz(n, layers, entanglement)
    # A device is fed copies. A simulator is fed any root: its rows' projectors sum to rho.
    values, vectors = np.linalg.eigh(matrix)
    rows = (vectors * np.sqrt(values.clip(0))) @ vectors.conj().T
    angles, losses = minimise_cost(
        ansatz,
        rows.T.copy(),
        (1 << np.arange(n)[::-1]).astype(np.float64),
        epochs=epochs,
        learning_rate=learning_rate,
        rng=rng,
        progress=progress,
    )
    circuit = ansatz.circuit(angles)
    states = circuit.inverse().run(np.eye(1 << n)[:wanted])
    shown = np.einsum("ki,ij,kj->k", states.conj(), matrix, states).real
    return Diagonaliser(shown, states, circuit, tuple(losses))
