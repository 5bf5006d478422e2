r"""Training of a circuit whose cost is a weighted probability of ones, for autoencoders and diagonalisation."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from qlearn._checks import as_count, as_rng
from qlearn.learning.neural_networks.ansatz import Ansatz
from qlearn.learning.neural_networks.optimizers import Adam


def minimise_cost(
    ansatz: Ansatz,
    rows: NDArray[np.complex128],
    weights: NDArray[np.float64],
    *,
    epochs: int,
    learning_rate: float,
    rng: Any,
    progress: bool,
) -> tuple[NDArray[np.float64], list[float]]:
    r"""Minimise the weighted probability that wires read 1, over the angles of a circuit.

    .. math:: C(\theta) = \sum_w p_w\,\Pr[\text{wire } w \text{ reads } 1]
              = \operatorname{tr}\bigl(U_\theta\,\rho\,U_\theta^\dagger\,H\bigr), \qquad
              H = \sum_w p_w\,\tfrac{1 - Z_w}{2}

    H is diagonal with one level for each basis state. The cost is least when the eigenvalues of rho, in
    falling order, sit on the levels in rising order: that is Ky Fan's (or the rearrangement) inequality, and
    the lowest value is known before the training begins. `rows` are any vectors whose projectors sum to rho. Returned are
    the angles, and the cost before each step and after the last; an interrupt keeps the angles reached.

    Examples
    --------
    >>> one, half = np.array([[0, 1]], dtype=complex), np.ones(1)
    >>> _, costs = minimise_cost(Ansatz(1, 1), one, half, epochs=150, learning_rate=0.1, rng=0, progress=False)
    >>> bool(costs[-1] < 1e-6)
    True

    References
    ----------
    Cerezo et al., "Variational quantum state eigensolver", 2022, arXiv:2004.01372, eq. 4.
    """
    optimizer = Adam(learning_rate)
    angles = as_rng(rng).uniform(-np.pi, np.pi, ansatz.shape)
    gradient = np.broadcast_to(-weights / 2, (len(rows), ansatz.n_qubits))
    whole = float((rows.real**2 + rows.imag**2).sum())
    costs: list[float] = []
    try:
        for _ in tqdm(range(as_count(epochs, "epochs")), "epochs", disable=not progress, leave=False):
            z, tape = ansatz.forward(angles, rows)
            costs.append(float(weights @ (whole - z.sum(axis=0)) / 2))
            (angles,) = optimizer.step([angles], [ansatz.backward(tape, gradient)])
    except KeyboardInterrupt:
        pass
    z, _ = ansatz.forward(angles, rows)
    costs.append(float(weights @ (whole - z.sum(axis=0)) / 2))
    return angles, costs
