r"""The ablation without entanglement: a product state, trained for a cut."""

from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from qlearn._checks import as_reals, as_rng
from qlearn.learning.optimisation.graphs import as_graph, cut_size
from qlearn.learning.threads import one_thread


@dataclass(frozen=True, eq=False)
class ProductCut:
    """The cut that a product state was trained to."""

    energy: float
    """Expected cut of the product state."""
    angles: NDArray[np.float64]
    """Angle of RY on each wire in radians, shape (n,)."""
    cut: NDArray[np.uint8]
    """The most likely bit string: side of each node, in the order of ``graph.nodes``."""
    size: float
    """Its size."""


def product_energy(graph: nx.Graph, angles: ArrayLike) -> Any:
    r"""Return the expected cut of qubits that are turned one by one, and share no entanglement.

    .. math:: |\theta\rangle = \bigotimes_i R_Y(\theta_i)|0\rangle, \qquad E(\theta) = \sum_{(i,j)} w_{ij}\,
              \tfrac12 (1 - \cos\theta_i \cos\theta_j)

    E is linear in every :math:`\cos\theta_i`, so its maximum lies where all of them are 1 or -1: the best product
    state is a bit string, and it reaches the maximum cut. What is hard is to find it.

    Parameters
    ----------
    graph : networkx.Graph
        Connected, positive weights; any number of nodes.
    angles : array_like of float, shape (..., n)
        In radians, in the order of ``graph.nodes``.

    Returns
    -------
    float, or ndarray of float64, shape (...)

    Raises
    ------
    ValueError, TypeError
        If the graph is refused by :func:`as_graph` or there is not one angle for each node.

    Examples
    --------
    >>> product_energy(nx.path_graph(2), [[0, np.pi], [np.pi / 2, np.pi / 2]])
    array([1. , 0.5])

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028 (the cost; the product state is our ablation of it).

    Taught in :doc:`/learning/optimisation`.
    """
    adjacency = nx.to_numpy_array(as_graph(graph))
    turned = as_reals(angles, "angles")
    if turned.shape[-1:] != (len(adjacency),):
        raise ValueError(
            f"angles must hold one for each of the {len(adjacency)} nodes on the last axis, not {turned.shape}"
        )
    z = np.cos(turned)
    return ((adjacency.sum() - np.einsum("...i,...i->...", z, z @ adjacency)) / 4)[()]


def product_cut(graph: nx.Graph, *, rng: Any = None) -> ProductCut:
    """Train a product state from random angles by its exact gradient, once.

    Parameters
    ----------
    graph : networkx.Graph
        Connected, positive weights.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: the first angles.

    Returns
    -------
    ProductCut

    Raises
    ------
    ValueError, TypeError
        If the graph is refused by :func:`as_graph`.

    Examples
    --------
    >>> found = product_cut(nx.complete_graph(4), rng=0)
    >>> round(found.energy, 6), found.size
    (4.0, 4.0)

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028 (the cost; the product state is our ablation of it).

    Taught in :doc:`/learning/optimisation`.
    """
    adjacency = nx.to_numpy_array(as_graph(graph))

    def cost(angles: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = np.cos(angles)
        pull = adjacency @ z
        return float(z @ pull) / 4, -np.sin(angles) * pull / 2

    start = as_rng(rng).uniform(0, 2 * np.pi, len(adjacency))
    with one_thread():
        found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-8})
    angles = found.x
    cut = (np.cos(angles) < 0).astype(np.uint8)
    return ProductCut(float(product_energy(graph, angles)), angles, cut, cut_size(graph, cut))
