r"""A quantum graph network: a circuit whose gates follow the edges of a graph, with the same angles for all."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_angles, as_count, as_rng
from qlearn.networks.graph_networks._graphs import as_graphs
from qlearn.networks.graph_networks._network import Pullback
from qlearn.qubits import Circuit
from qlearn.qubits.gates import rx
from qlearn.qubits.rotation_layers import RotationLayer, product_states

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
        chances = _Sweep(self, rows, graphs, shared).chances
        signs, pairs = _signs(n)
        return (chances @ signs).reshape(*batch, n), (chances @ pairs).reshape(*batch, n, n)

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
        signs, pairs = _signs(n)
        sweep = _Sweep(self, scale * values, weights, angles)
        chances = sweep.chances
        node = chances @ signs
        edges = np.einsum("rij,rij->ri", weights, (chances @ pairs).reshape(-1, n, n))

        def pull_back(gradient: NDArray[np.float64]) -> NDArray[np.float64]:
            # The observable is diagonal, and another for each row: its scores' gradient is in it.
            joint = (weights * gradient[:, :, None]).reshape(len(gradient), -1)
            observable = to_node * (gradient @ signs.T) + to_edges * (joint @ pairs.T)
            of_angles, of_inputs = sweep.back(observable)
            return np.concatenate(
                [
                    [np.sum(of_inputs * values)],
                    of_angles.ravel(),
                    [np.sum(gradient * node), np.sum(gradient * edges)],
                ]
            )

        return to_node * node + to_edges * edges, pull_back

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
def _signs(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the eigenvalues of Z_i, shape (2**n, n), and of Z_i Z_j, shape (2**n, n * n)."""
    bits = np.arange(1 << n)[:, None] >> np.arange(n)[::-1] & 1
    signs = 1.0 - 2 * bits
    return np.asarray(signs), np.asarray((signs[:, :, None] * signs[:, None, :]).reshape(1 << n, n * n))


@lru_cache(maxsize=16)
def _half_y(n: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the bit string that differs in one wire, for each wire and bit string, and the sign of the way there."""
    index, bits = np.arange(1 << n), 1 << np.arange(n)[::-1, None]
    return index ^ bits, np.where(index & bits, 1.0, -1.0)


@lru_cache(maxsize=16)
def _layer(n: int) -> RotationLayer:
    """Return the engine of a layer of rotations; to make it costs more than to use it."""
    return RotationLayer(n)


def _turns(angles: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return exp(i angle), from a cosine and a sine: half the time of a complex exponential."""
    turns = np.empty(angles.shape, dtype=np.complex128)
    np.cos(angles, out=turns.real)
    np.sin(angles, out=turns.imag)
    return turns


def _mirrored(half: NDArray) -> NDArray:
    """Return what stands for the bit strings that begin with 0, and behind it the same for those with all bits flipped."""
    return np.concatenate([half, half[:, ::-1]], axis=1)


class _Sweep:
    """The circuit on a batch of rows (values (rows, n), graphs (rows, n, n)), forward, and its gradient backward."""

    def __init__(
        self, network: QuantumGraphNetwork, values: NDArray, graphs: NDArray, angles: NDArray
    ) -> None:
        n = values.shape[-1]
        self.angles, self.n = angles, n
        self.couplings = network.couplings
        # Each edge stands twice in the matrix, so half the sum. To flip all bits changes no energy: the second half is the
        # first one, read backwards.
        half = graphs.reshape(len(graphs), -1) @ _signs(n)[1][: 1 << (n - 1)].T / 2
        self.energies = _mirrored(half)
        self.layer = _layer(n)
        halves = values / 2
        self.first = product_states(np.stack([np.cos(halves), np.sin(halves)], axis=-1))
        state: NDArray = self.first
        self.kets, self.phases, self.factors = [], [], []
        for gamma, beta in angles:
            if self.couplings:
                self.phases.append(_mirrored(_turns(-gamma * half)))
            self.factors.append(self.layer.factors(np.broadcast_to(rx(2 * beta), (n, 2, 2))))
            self.kets.append(self.phases[-1] * state if self.couplings else state)
            state = self.layer.apply(self.kets[-1], self.factors[-1])
        self.final = state
        self.chances = state.real**2 + state.imag**2  # half the time of an absolute value, squared

    def back(self, observable: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gradient of a diagonal observable's sum in the angles (p, 2), and in each value (rows, n)."""
        slopes = np.empty((len(self.angles), 2))
        bra = observable * self.final
        for step in reversed(range(len(self.angles))):
            bra, ket = self.layer.undo(bra, self.factors[step]), self.kets[step]
            slopes[step, 1] = 2 * self.layer.pauli_overlaps(bra, ket)[..., 0].sum()
            slopes[step, 0] = 2 * np.vdot(bra, self.energies * ket).imag if self.couplings else 0.0
            if self.couplings:
                bra = bra * np.conj(self.phases[step])
        # Half of Y on a wire generates RY: each amplitude goes to its neighbour, times i or -i. The first state is real, so
        # that the imaginary part of the overlap is a real product.
        neighbours, turns = _half_y(self.n)
        turned = self.first.take(neighbours, axis=1)
        turned *= turns
        of_values = np.empty((len(self.first), self.n))
        for wire in range(self.n):
            of_values[:, wire] = np.einsum("rk,rk->r", bra.real, turned[:, wire])
        return slopes, of_values
