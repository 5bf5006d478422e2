"""MaxCut: graphs and their cuts, the bound of Goemans and Williamson, and the best product state."""

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from qlearn._checks import as_bits, as_count, as_reals, as_rng
from qlearn.learning._threads import one_thread
from qlearn.learning.optimisation.qubo import LARGEST, as_bqm, energies

if TYPE_CHECKING:
    import dimod


def as_graph(graph: Any, most: int | None = None) -> nx.Graph:
    """Return `graph` if it has a cut worth asking for; refuse it, with what to do, if it has not.

    Examples
    --------
    >>> as_graph(nx.Graph([(0, 1), (2, 3)]))
    Traceback (most recent call last):
        ...
    ValueError: graph must be connected; it has 2 components. Cut each on its own and add the sizes up: ...

    References
    ----------
    Karp, "Reducibility among combinatorial problems", 1972, doi:10.1007/978-1-4684-2001-2_9, problem 21.
    """
    if not isinstance(graph, nx.Graph):
        raise TypeError(
            f"graph must be a networkx.Graph, not {type(graph).__name__}: nx.Graph(edges) makes one"
        )
    if graph.is_directed() or graph.is_multigraph():
        raise TypeError(
            "graph must be undirected with one edge a pair: nx.Graph(graph), with weights added up"
        )
    n = len(graph)
    if n < 2:
        raise ValueError(f"graph must have at least 2 nodes to divide, not {n}")
    if most is not None and n > most:
        raise ValueError(
            f"graph must have at most {most} nodes for a state vector of 2**n amplitudes, not {n}: "
            "anneal(maxcut_bqm(graph)) and goemans_williamson(graph) take thousands"
        )
    for u, v, weight in graph.edges(data="weight", default=1):
        if u == v:
            raise ValueError(
                f"graph must have no self-loops; node {u!r} is joined to itself, and no cut can part it: "
                "graph.remove_edges_from(list(nx.selfloop_edges(graph)))"
            )
        if not isinstance(weight, Real):
            raise TypeError(
                f"graph must have real numbers as weights; edge {u!r}-{v!r} has {weight!r}. "
                "An edge without the attribute counts 1"
            )
        if not 0 < float(weight) < np.inf:
            raise ValueError(
                f"graph must have positive finite weights; edge {u!r}-{v!r} has {weight}. "
                "For both signs minimise a quadratic model instead: qaoa_qubo(bqm, p)"
            )
    if not nx.is_connected(graph):
        raise ValueError(
            f"graph must be connected; it has {nx.number_connected_components(graph)} components. Cut each on its "
            "own and add the sizes up: [graph.subgraph(c) for c in nx.connected_components(graph)]"
        )
    return graph


def cut_size(graph: nx.Graph, sides: ArrayLike) -> float:
    r"""Return the weight of the edges whose two ends stand on different sides.

    .. math:: C(x) = \sum_{(u,v)} w_{uv}\, (x_u \oplus x_v)

    Parameters
    ----------
    graph : networkx.Graph
    sides : array_like of 0/1, shape (n,)
        Side of each node, in the order of ``graph.nodes``.

    Returns
    -------
    float

    Examples
    --------
    >>> cut_size(nx.cycle_graph(4), [0, 1, 0, 1])
    4.0

    References
    ----------
    Goemans, Williamson, 1995, doi:10.1145/227683.227684, section 1.
    """
    nodes = list(as_graph(graph))
    bits = as_bits(sides, "sides")
    if bits.size != len(nodes):
        raise ValueError(f"sides must hold one bit for each of the {len(nodes)} nodes, not {bits.size}")
    side = dict(zip(nodes, bits, strict=True))
    return float(sum(w for u, v, w in graph.edges(data="weight", default=1) if side[u] != side[v]))


def maxcut_bqm(graph: nx.Graph) -> "dimod.BinaryQuadraticModel":
    r"""Return the model whose energy is *minus* the size of a cut.

    .. math:: E(x) = -\sum_{(u,v)} w_{uv}\, (x_u + x_v - 2\, x_u x_v)

    Parameters
    ----------
    graph : networkx.Graph

    Returns
    -------
    dimod.BinaryQuadraticModel
        Its variables are the nodes, in the order of ``graph.nodes``.

    Examples
    --------
    >>> maxcut_bqm(nx.path_graph(3)).energy({0: 0, 1: 1, 2: 0}).item()
    -2.0

    References
    ----------
    Lucas, 2014, arXiv:1302.5843, section 2.
    """
    import dimod  # where it is wanted: a page of the book has none

    bqm = dimod.BinaryQuadraticModel(dimod.BINARY)
    bqm.add_variables_from(dict.fromkeys(as_graph(graph), 0.0))
    for u, v, weight in graph.edges(data="weight", default=1):
        bqm.add_linear(u, -weight)
        bqm.add_linear(v, -weight)
        bqm.add_quadratic(u, v, 2 * weight)
    return bqm


def cut_values(graph: nx.Graph) -> NDArray[np.float64]:
    r"""Return the size of every cut: the diagonal of the cost in QAOA.

    Parameters
    ----------
    graph : networkx.Graph
        At most 20 nodes.

    Returns
    -------
    ndarray of float64, shape (2**n,)
        Indexed by the bit string of the sides, the first node of ``graph.nodes`` most significant. Its maximum
        is the maximum cut, by brute force.

    Examples
    --------
    >>> cut_values(nx.path_graph(3))
    array([0., 1., 2., 1., 1., 2., 1., 0.])

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028, eq. 1.
    """
    return energies(cost_bqm(as_graph(graph, LARGEST)))


def cost_bqm(problem: Any) -> "dimod.BinaryQuadraticModel":
    """Return the cost C of QAOA as a model: the size of the cut of a graph, the energy of anything else."""
    if isinstance(problem, nx.Graph):
        bqm = maxcut_bqm(as_graph(problem, LARGEST))
        bqm.scale(-1)
        return bqm
    return as_bqm(problem, LARGEST)


_SWEEPS = 2000
# Of the sum of all weights: the vectors have come to rest.
_REST = 1e-10


@dataclass(frozen=True, eq=False)
class RoundedCut:
    """A cut by Goemans and Williamson, with a proof of how far it can be from the best."""

    cut: NDArray[np.uint8]
    """Side of each node, in the order of ``graph.nodes``."""
    size: float
    """Weight of the edges it cuts: the best of all planes."""
    mean: float
    """Mean size over the planes: what one plane gives."""
    bound: float
    """No cut of this graph is larger: proven by the dual problem, whatever the optimiser did."""


def goemans_williamson(graph: nx.Graph, *, planes: int = 100, rng: Any = None) -> RoundedCut:
    r"""Cut a graph by semidefinite relaxation: at least 0.878 of the maximum, in expectation.

    .. math:: \max_{\|v_i\| = 1} \sum_{(i,j)} w_{ij}\, \tfrac12 (1 - v_i \cdot v_j), \qquad
              x_i = \left[\, v_i \cdot r > 0 \,\right]

    Bits are vectors on a line; letting them turn in more dimensions makes the problem convex. The vectors are found
    by turning one at a time against the weighted sum of its neighbours, :math:`v_i \leftarrow -g_i / \|g_i\|`.
    A random plane through the origin then parts them. With :math:`y_i = \|g_i\|` the dual gives, for every cut,

    .. math:: C(x) \le \tfrac12 W + \tfrac14 \sum_i y_i - \tfrac{n}{4} \min\bigl(0, \lambda_{\min}\bigr),

    W the sum of all weights and :math:`\lambda_{\min}` the smallest eigenvalue of :math:`A + \operatorname{diag} y`
    with the weighted adjacency matrix A.

    Parameters
    ----------
    graph : networkx.Graph
        Connected, positive weights; hundreds of nodes take seconds.
    planes : int
        Random planes to try.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    RoundedCut

    Examples
    --------
    >>> found = goemans_williamson(nx.cycle_graph(5), rng=0)
    >>> found.size, round(found.bound, 4)
    (4.0, 4.5225)

    References
    ----------
    Goemans, Williamson, "Improved approximation algorithms for maximum cut and satisfiability problems using
    semidefinite programming", 1995, doi:10.1145/227683.227684.
    Wang, Chang, Kolter, "The mixing method", 2017, arXiv:1706.00476 (turning one vector at a time).
    """
    adjacency = nx.to_numpy_array(as_graph(graph))
    planes, rng = as_count(planes, "planes"), as_rng(rng)
    vectors = _relaxed_vectors(adjacency, rng)
    sides = (vectors @ rng.normal(size=(vectors.shape[1], planes)) > 0).astype(np.uint8)
    signs = 1.0 - 2.0 * sides
    total = adjacency.sum() / 2
    sizes = (total - np.einsum("ip,ip->p", signs, adjacency @ signs) / 2) / 2
    y = np.linalg.norm(adjacency @ vectors, axis=1)
    slack = min(0.0, float(np.linalg.eigvalsh(adjacency + np.diag(y))[0]))
    bound = total / 2 + y.sum() / 4 - len(y) * slack / 4
    best = int(sizes.argmax())
    return RoundedCut(sides[:, best], float(sizes[best]), float(sizes.mean()), float(bound))


def _relaxed_vectors(adjacency: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return unit vectors that no single turn improves; sqrt(2n) dimensions have no false minimum."""
    n = len(adjacency)
    vectors = rng.normal(size=(n, int(np.sqrt(2 * n)) + 2))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    neighbours = [np.flatnonzero(row) for row in adjacency]
    weights = [row[at] for row, at in zip(adjacency, neighbours, strict=True)]
    for _ in range(_SWEEPS):
        gained = 0.0
        for i in range(n):
            pull = weights[i] @ vectors[neighbours[i]]
            length = float(np.sqrt(pull @ pull))
            if length > 0:
                gained += length + float(pull @ vectors[i])
                vectors[i] = pull / -length
        if gained < _REST * adjacency.sum():
            break
    return vectors


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
    r"""Return the expected cut of product states, of angles (..., n) in radians, shape (...).

    .. math:: |\theta\rangle = \bigotimes_i R_Y(\theta_i)|0\rangle, \qquad E(\theta) = \sum_{(i,j)} w_{ij}\,
              \tfrac12 (1 - \cos\theta_i \cos\theta_j)

    E is linear in every :math:`\cos\theta_i`, so its maximum lies where all of them are 1 or -1: the best product
    state is a bit string, and it reaches the maximum cut. What is hard is to find it.

    Examples
    --------
    >>> product_energy(nx.path_graph(2), [[0, np.pi], [np.pi / 2, np.pi / 2]])
    array([1. , 0.5])

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028 (the cost; the product state is our ablation of it).
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

    Examples
    --------
    >>> found = product_cut(nx.complete_graph(4), rng=0)
    >>> round(found.energy, 6), found.size
    (4.0, 4.0)

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028 (the cost; the product state is our ablation of it).
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
