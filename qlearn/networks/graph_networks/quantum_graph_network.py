r"""A quantum graph network: a circuit whose gates follow the edges of a graph, with the same angles for all."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_count, as_rng
from qlearn.networks.graph_networks._graphs import as_graphs
from qlearn.networks.graph_networks._mixer import mixer
from qlearn.networks.graph_networks._network import Pullback
from qlearn.qubits import Circuit

_MOST_NODES = 12


@dataclass(frozen=True)
class QuantumGraphNetwork:
    r"""A circuit with one qubit a node and one coupling an edge; all nodes share the angles of a layer.

    .. math:: |\psi\rangle = \prod_{l=1}^{p} \Bigl( e^{-i\beta_l \sum_i X_i}\,
              e^{-i\gamma_l \sum_{i<j} w_{ij} Z_i Z_j} \Bigr) \bigotimes_i R_Y(x_i)\,|0\rangle

    Because no angle belongs to a position, numbering the nodes in another way numbers the expectation values in that
    other way, and changes nothing else (*equivariance*). The number of parameters does not depend on the graph: a
    network trained on five nodes runs on seven. As a network of scores it reads

    .. math:: h_i = c_1 \langle Z_i \rangle + c_2 \sum_j w_{ij} \langle Z_i Z_j \rangle, \qquad x_i = a\,d_i

    of node values d, with 2 p + 3 parameters: a, then each layer's :math:`\gamma_l, \beta_l`, then
    :math:`c_1, c_2`. Gradients are exact, by one pass forward and one back, for all rows at once.

    Parameters
    ----------
    n_layers : int
        p, at least 1.
    couplings : bool
        False leaves the two-qubit gates out and changes nothing else: the ablation without entanglement.

    Examples
    --------
    >>> network = QuantumGraphNetwork(n_layers=1)
    >>> z, zz = network.expectations([0.0, np.pi], [[0, 1], [1, 0]], [[0.3, 0.0]])  # no mixing: the bits themselves
    >>> z.round(12), zz[0, 1].round(12)
    (array([ 1., -1.]), np.float64(-1.0))

    References
    ----------
    Verdon et al., "Quantum graph neural networks", 2019, arXiv:1909.12264. Mernyei, Meichanetzidis, Ceylan,
    "Equivariant quantum graph circuits", 2022, arXiv:2112.05261. Skolik et al., "Equivariant quantum circuits for
    learning on weighted graphs", 2023, arXiv:2205.06109.
    """

    n_layers: int = 2
    couplings: bool = True

    def __post_init__(self) -> None:
        as_count(self.n_layers, "n_layers")
        if not isinstance(self.couplings, bool):
            raise TypeError(f"couplings must be True or False, not {self.couplings!r}")

    @property
    def n_parameters(self) -> int:
        """Trained numbers of the scores, 2 n_layers + 3."""
        return 2 * self.n_layers + 3

    def circuit(self, x: ArrayLike, weights: ArrayLike, angles: ArrayLike) -> Circuit:
        """Return the circuit of one graph or of a batch of them.

        Parameters
        ----------
        x : array_like of float, shape (..., n)
            Angle of each node in radians.
        weights : array_like of float, shape (..., n, n)
            Of the edges: symmetric, 0 where there is none.
        angles : array_like of float, shape (n_layers, 2)
            Gamma and beta of each layer in radians.

        Returns
        -------
        Circuit
        """
        values, matrix, shared = self._checked(x, weights, angles)
        n = values.shape[-1]
        built = Circuit(n)
        for wire in range(n):
            built = built.ry(values[..., wire], wire)
        for gamma, beta in shared:
            for i, j in combinations(range(n), 2) if self.couplings else ():
                if matrix[..., i, j].any():
                    built = built.cx(i, j).rz(2 * gamma * matrix[..., i, j], j).cx(i, j)
            for wire in range(n):
                built = built.rx(2 * beta, wire)
        return built

    def expectations(
        self, x: ArrayLike, weights: ArrayLike, angles: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        r"""Return :math:`\langle Z_i \rangle`, shape (..., n), and :math:`\langle Z_i Z_j \rangle`, shape (..., n, n).

        Parameters are those of :meth:`circuit`.
        """
        values, matrix, shared = self._checked(x, weights, angles)
        batch, n = np.broadcast_shapes(values.shape[:-1], matrix.shape[:-2]), values.shape[-1]
        rows = np.broadcast_to(values, (*batch, n)).reshape(-1, n)
        graphs = np.broadcast_to(matrix, (*batch, n, n)).reshape(-1, n, n)
        signs, _, which = _signs(n)
        chances = _Sweep(self, rows.T, graphs.reshape(-1, n * n)[:, which].T, shared).chances.T
        both = (signs[:, :, None] * signs[:, None, :]).reshape(-1, n * n)
        return (chances @ signs).reshape(*batch, n), (chances @ both).reshape(*batch, n, n)

    def start(self, rng: Any = None) -> NDArray[np.float64]:
        """Return parameters to start from, shape (n_parameters,): small angles, a readout near 0."""
        return np.concatenate([[1.0], as_rng(rng).normal(0.0, 0.3, self.n_parameters - 1)])

    def scores(
        self, parameters: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], Pullback]:
        """Return the score of each node, shape (rows, n), and what takes a gradient in them back to the parameters.

        Parameters
        ----------
        parameters : ndarray, shape (n_parameters,)
            Scale of the input, gammas and betas layer by layer, two numbers of the readout.
        values : ndarray, shape (rows, n)
            Number of each node.
        weights : ndarray, shape (rows, n, n)
            Of the edges.
        """
        n = values.shape[-1]
        scale, (to_node, to_edges) = parameters[0], parameters[-2:]
        angles = parameters[1:-2].reshape(-1, 2)
        (signs, edges, which), ends = _signs(n), _ends(n)
        nodes, pairs = values.T, weights.reshape(-1, n * n)[:, which].T
        sweep = _Sweep(self, scale * nodes, pairs, angles)
        node = signs.T @ sweep.chances
        edge = ends.T @ (pairs * (edges.T @ sweep.chances))

        def pull_back(gradient: NDArray[np.float64]) -> NDArray[np.float64]:
            # The observable is diagonal, and another for each row: its scores' gradient is in it.
            slope = gradient.T
            observable = to_node * (signs @ slope) + to_edges * (edges @ (pairs * (ends @ slope)))
            of_angles, of_inputs = sweep.back(observable)
            return np.concatenate(
                [
                    [np.sum(of_inputs * nodes)],
                    of_angles.ravel(),
                    [np.sum(slope * node), np.sum(slope * edge)],
                ]
            )

        return (to_node * node + to_edges * edge).T, pull_back

    def _checked(
        self, x: ArrayLike, weights: ArrayLike, angles: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        values, matrix = as_graphs(x, weights)
        shared = as_angles(angles, "angles")
        if shared.shape != (self.n_layers, 2):
            raise ValueError(
                f"angles must have shape ({self.n_layers}, 2), a gamma and a beta for each layer, not {shared.shape}"
            )
        if values.shape[-1] > _MOST_NODES:
            raise ValueError(
                f"x must have at most {_MOST_NODES} nodes, not {values.shape[-1]}: each is a qubit, and a simulated "
                "state doubles with each"
            )
        return values, matrix, shared


@lru_cache(maxsize=16)
def _signs(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return the eigenvalues of Z_i, shape (2**n, n), of Z_i Z_j for i < j, shape (2**n, pairs), and where n x n has these."""
    bits = np.arange(1 << n)[:, None] >> np.arange(n)[::-1] & 1
    signs, (i, j) = 1.0 - 2 * bits, np.triu_indices(n, 1)
    return np.asarray(signs), np.asarray(signs[:, i] * signs[:, j]), i * n + j


@lru_cache(maxsize=16)
def _ends(n: int) -> NDArray[np.float64]:
    """Return 1 where a node is an end of a pair, else 0, shape (pairs, n)."""
    eye, (i, j) = np.eye(n), np.triu_indices(n, 1)
    return np.asarray(eye[i] + eye[j])


def _turns(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return exp(i angle), from a cosine and a sine: half the time of a complex exponential."""
    turns = np.empty(angles.shape, dtype=np.complex128)
    np.cos(angles, out=turns.real)
    np.sin(angles, out=turns.imag)
    return turns


def _mirrored(half: NDArray, states: NDArray) -> NDArray:
    """Return states times what stands for the bit strings that begin with 0, and is the same where all bits are flipped."""
    scaled, n = np.empty_like(states), len(half)
    np.multiply(half, states[:n], out=scaled[:n])
    np.multiply(half[::-1], states[n:], out=scaled[n:])
    return scaled


class _Sweep:
    """The circuit on a batch of rows (values (n, rows), pairs' weights (pairs, rows)), forward, and its gradient backward."""

    def __init__(
        self, network: QuantumGraphNetwork, values: NDArray, pairs: NDArray, angles: NDArray
    ) -> None:
        self.n, self.angles = len(values), angles
        self.couplings = network.couplings
        self.mixer = mixer(self.n)
        # To flip all bits changes no energy: the second half is the first one, read backwards.
        self.energies = _signs(self.n)[1][: 1 << (self.n - 1)] @ pairs
        self.first = np.ones((1, values.shape[1]))
        for cos, sin in zip(np.cos(values / 2)[::-1], np.sin(values / 2)[::-1], strict=True):
            self.first = np.concatenate([cos * self.first, sin * self.first])
        state = self.mixer.phases * self.first
        self.kets, self.phases = [], []
        for gamma, beta in angles:
            if self.couplings:
                self.phases.append(_turns(-gamma * self.energies))
                state = _mirrored(self.phases[-1], state)
            self.kets.append(state)
            state = self.mixer.apply(state, beta)
        self.final = state
        self.chances = state.real**2 + state.imag**2  # half the time of an absolute value, squared

    def back(self, observable: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gradient of a diagonal observable's sum in the angles (p, 2), and in each value (n, rows)."""
        slopes = np.zeros((len(self.angles), 2))
        bra = observable * self.final
        for step in reversed(range(len(self.angles))):
            bra, ket = self.mixer.apply(bra, -self.angles[step, 1]), self.kets[step]
            slopes[step, 1] = 2 * self.mixer.slope(bra, ket)
            if self.couplings:
                slopes[step, 0] = 2 * np.vdot(bra, _mirrored(self.energies, ket)).imag
                bra = _mirrored(np.conj(self.phases[step]), bra)
        # Half of Y on a wire generates RY: each amplitude goes to its neighbour, with a sign. The first state is real, so
        # that the real part of the overlap is a real product.
        real = (np.conj(self.mixer.phases) * bra).real
        of_values = np.empty((self.n, bra.shape[1]))
        for wire in range(self.n):
            to, old = (each.reshape(1 << wire, 2, -1, bra.shape[1]) for each in (real, self.first))
            up = np.einsum("abr,abr->r", to[:, 1], old[:, 0])
            of_values[wire] = up - np.einsum("abr,abr->r", to[:, 0], old[:, 1])
        return slopes, of_values
