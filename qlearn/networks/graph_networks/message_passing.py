r"""Message passing: a classical graph network, in which nodes hear the weighted sum of their neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_choice, as_count, as_rng
from qlearn.networks.graph_networks._network import Pullback

FEATURES = ("cosine", "square", "value")


@dataclass(frozen=True)
class MessagePassingNetwork:
    r"""A classical graph network of one number a node, with as many parameters as a quantum one has.

    .. math:: h_i^{(l+1)} = \tanh\Bigl(u_l h_i^{(l)} + v_l \sum_j w_{ij} h_j^{(l)} + t_l\Bigr), \qquad
              s_i = c_1 h_i^{(p)} + c_2 \sum_j w_{ij} h_j^{(p)}

    All nodes share u, v, t and c, so it is equivariant for the same reason as
    :class:`~qlearn.networks.graph_networks.quantum_graph_network.QuantumGraphNetwork`. It has 3 p + 3 parameters: the scale
    a of the input, three a layer, two of the readout. Two layers here are as many as three there, 9.

    Parameters
    ----------
    n_layers : int
        p, at least 1.
    feature : {"cosine", "square", "value"}
        What is made of a node's number d first: cos(a d), which is what the quantum network's encoding reads;
        (a d)**2; or a d itself.

    Examples
    --------
    >>> MessagePassingNetwork(n_layers=2).n_parameters
    9

    References
    ----------
    Gilmer et al., "Neural message passing for quantum chemistry", 2017, arXiv:1704.01212. Xu et al., "How powerful are
    graph neural networks?", 2019, arXiv:1810.00826: what no network of this kind tells apart.
    """

    n_layers: int = 2
    feature: str = "cosine"

    def __post_init__(self) -> None:
        as_count(self.n_layers, "n_layers")
        as_choice(self.feature, FEATURES, "feature")

    @property
    def n_parameters(self) -> int:
        """Trained numbers, 3 n_layers + 3."""
        return 3 * self.n_layers + 3

    def start(self, rng: Any = None) -> NDArray[np.float64]:
        """Return parameters to start from, shape (n_parameters,): small ones, a readout near 0."""
        return np.concatenate([[1.0], as_rng(rng).normal(0.0, 0.3, self.n_parameters - 1)])

    def scores(
        self, parameters: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], Pullback]:
        """Return the score of each node, shape (rows, n), and what takes a gradient in them back to the parameters.

        Parameters are as in :meth:`QuantumGraphNetwork.scores`, but for the layers: u, v, t of each.
        """
        scale, (to_node, to_neighbours) = parameters[0], parameters[-2:]
        layers = parameters[1:-2].reshape(-1, 3)
        first, slope = _feature(self.feature, scale, values)
        inner, heard = [first], []
        for keep, hear, offset in layers:
            heard.append(_neighbours(weights, inner[-1]))
            inner.append(np.tanh(keep * inner[-1] + hear * heard[-1] + offset))
        heard.append(_neighbours(weights, inner[-1]))

        def pull_back(gradient: NDArray[np.float64]) -> NDArray[np.float64]:
            readout = [np.sum(gradient * inner[-1]), np.sum(gradient * heard[-1])]
            back = to_node * gradient + to_neighbours * _neighbours(weights, gradient)
            of_layers = np.empty_like(layers)
            for step in reversed(range(len(layers))):
                back = back * (1 - inner[step + 1] ** 2)
                of_layers[step] = np.sum(back * inner[step]), np.sum(back * heard[step]), np.sum(back)
                back = layers[step, 0] * back + layers[step, 1] * _neighbours(weights, back)
            return np.concatenate([[np.sum(back * slope)], of_layers.ravel(), readout])

        return to_node * inner[-1] + to_neighbours * heard[-1], pull_back


def _neighbours(weights: NDArray[np.float64], h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted sum over the neighbours of each node, shape (rows, n). The weights are symmetric."""
    return (weights @ h[:, :, None])[:, :, 0]


def _feature(
    kind: str, scale: float, d: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what is made of the input, and its derivative in the scale."""
    if kind == "cosine":
        return np.cos(scale * d), -d * np.sin(scale * d)
    if kind == "square":
        return (scale * d) ** 2, 2 * scale * d**2
    return scale * d, d
