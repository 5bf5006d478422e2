"""The quantum approximate optimisation algorithm (QAOA): its circuit, its solvers for MaxCut and QUBO, angles transferred."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals, as_rng
from qlearn.learning._threads import one_thread
from qlearn.learning.optimisation.maxcut import as_graph, cost_bqm, cut_values
from qlearn.learning.optimisation.qaoa_angles import as_start, canonical_sign, search
from qlearn.learning.optimisation.qaoa_simulator import QAOASimulator
from qlearn.learning.optimisation.qubo import LARGEST, as_bqm, coefficients, energies
from qlearn.qubits import Circuit


def qaoa_circuit(problem: Any, gammas: ArrayLike, betas: ArrayLike, *, couplings: bool = True) -> Circuit:
    r"""Return p layers of QAOA as a circuit of H, P, CP and RX gates.

    .. math:: e^{-i\gamma C} \propto \prod_i P_i(-\gamma a_i) \prod_{i<j} CP_{ij}(-\gamma b_{ij}), \qquad
              e^{-i\beta B} = \prod_i RX_i(2\beta)

    for a cost :math:`C = c + \sum_i a_i x_i + \sum_{i<j} b_{ij} x_i x_j` of bits. For a graph C is the size of the
    cut: :math:`a_i` is the weighted degree and :math:`b_{ij} = -2 w_{ij}`. The constant is a global phase.

    Parameters
    ----------
    problem : networkx.Graph, dimod.BinaryQuadraticModel, mapping or array_like
        A graph to cut, or a quadratic problem as :func:`as_bqm` takes it; at most 20 wires.
    gammas, betas : array_like of float, shape (..., p)
        Angles in radians; a batch of them gives a batched circuit.
    couplings : bool
        False leaves the CP gates out, and nothing else: an ablation without entanglement. What is left depends on
        how a phase is taken apart. Here P keeps the degree of each node; with RZZ for every edge nothing would
        be left of an unweighted cut.

    Returns
    -------
    Circuit
        Wire i is node (variable) i.

    Raises
    ------
    ValueError, TypeError
        If the problem or the angles are refused.

    Examples
    --------
    >>> import networkx as nx
    >>> edge = qaoa_circuit(nx.path_graph(2), [np.pi / 2], [np.pi / 8])
    >>> (abs(edge.run()) ** 2).round(6)
    array([0. , 0.5, 0.5, 0. ])
    >>> alone = qaoa_circuit(nx.path_graph(2), [np.pi / 2], [np.pi / 8], couplings=False)
    >>> (abs(alone.run()) ** 2).round(6)
    array([0.021447, 0.125   , 0.125   , 0.728553])

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028, eqs. 2 to 5.
    """
    gammas, betas = as_angles(gammas, betas)
    linear, pairs, _ = coefficients(cost_bqm(problem))
    circuit = Circuit(linear.size)
    for wire in range(linear.size):
        circuit = circuit.h(wire)
    for layer in range(gammas.shape[-1]):
        gamma, beta = gammas[..., layer], betas[..., layer]
        for wire, a in enumerate(linear):
            if a:
                circuit = circuit.p(-gamma * a, wire)
        for (i, j), b in pairs.items() if couplings else ():
            circuit = circuit.cp(-gamma * b, i, j)
        for wire in range(linear.size):
            circuit = circuit.rx(2 * beta, wire)
    return circuit


def as_angles(gammas: ArrayLike, betas: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both lists of angles with p, the number of layers, on the last axis; a number is one layer."""
    first, second = (np.atleast_1d(as_reals(a, name)) for a, name in ((gammas, "gammas"), (betas, "betas")))
    if first.shape[-1] != second.shape[-1] or first.shape[-1] == 0:
        raise ValueError(
            "gammas and betas must hold one angle each for every layer on the last axis, "
            f"not {first.shape[-1]} and {second.shape[-1]}"
        )
    try:
        first, second = np.broadcast_arrays(first, second)
    except ValueError:
        raise ValueError(
            f"gammas and betas must broadcast against each other, not: {first.shape} and {second.shape}"
        ) from None
    return first, second


@dataclass(frozen=True, eq=False)
class QAOAResult:
    """What QAOA found for the maximum cut of a graph."""

    ratio: float
    """Expected cut divided by the maximum cut."""
    energy: float
    """Expected cut of a measured bit string."""
    angles: NDArray[np.float64]
    """Gammas and betas in radians, shape (2, p)."""
    cut: NDArray[np.uint8]
    """The best of the measured bit strings: side of each node, in the order of ``graph.nodes``."""


def qaoa(
    graph: nx.Graph,
    p: int,
    *,
    start: ArrayLike | None = None,
    shots: int = 1000,
    progress: bool = False,
    rng: Any = None,
) -> QAOAResult:
    r"""Cut a graph by QAOA with p layers: find the angles of the largest expected cut, then measure.

    .. math:: \max_{\gamma,\beta}\, \langle\gamma,\beta| C |\gamma,\beta\rangle, \qquad
              C = \sum_{(u,v)} w_{uv}\, \tfrac12 (1 - Z_u Z_v)

    The first layer's angles come from a grid, those of each layer more from the last ones, stretched
    (:func:`interpolate`), with a few strayed starts besides; all follow the exact gradient of :class:`QAOASimulator`.

    Parameters
    ----------
    graph : networkx.Graph
        Connected, 2 to 20 nodes, positive weights.
    p : int
        Layers, at least 1.
    start : array_like of float, shape (2, p0), optional
        Angles of p0 <= p layers to begin with, from a smaller depth or another graph. None begins with the grid.
    shots : int
        Bit strings measured at the best angles.
    progress : bool
        Whether to show a bar that counts layers.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: strayed starts and shots.

    Returns
    -------
    QAOAResult

    Examples
    --------
    >>> ring = qaoa(nx.cycle_graph(8), 1, rng=0)
    >>> round(ring.ratio, 8), round(ring.energy, 8)
    (0.75, 6.0)

    References
    ----------
    Farhi, Goldstone, Gutmann, "A quantum approximate optimization algorithm", 2014, arXiv:1411.4028.
    Zhou et al., 2020, arXiv:1812.01041 (how to find the angles).
    """
    p, shots, rng = as_count(p, "p"), as_count(shots, "shots"), as_rng(rng)
    values = cut_values(graph)
    sweep = QAOASimulator(-values)
    # exp(-i gamma C) is exp(-i (-gamma) (-C)): the search, for the least of -C, sees the gammas turned round.
    turned = None if start is None else as_start(start, p) * [[-1], [1]]
    angles = search(sweep, p, turned, progress=progress, rng=rng)
    seen = sweep.sample(angles[0], angles[1], shots, rng)
    found = int(seen[values[seen].argmax()])
    energy = -sweep.energy(*angles)
    bits = found >> np.arange(len(graph))[::-1] & 1
    return QAOAResult(
        float(energy / values.max()), energy, canonical_sign(angles * [[-1], [1]]), bits.astype(np.uint8)
    )


def qaoa_energy(graph: nx.Graph, gammas: ArrayLike, betas: ArrayLike) -> Any:
    r"""Return the expected cut of a graph at given angles: no search.

    .. math:: E(\gamma, \beta) = \langle\gamma,\beta| C |\gamma,\beta\rangle

    Parameters
    ----------
    graph : networkx.Graph
        Connected, 2 to 20 nodes, positive weights.
    gammas, betas : array_like of float, shape (..., p)
        Angles in radians; a batch is evaluated element by element. For the gradient see :class:`QAOASimulator`.

    Returns
    -------
    float, or ndarray of float64, shape (...)
        The expected cut.

    Raises
    ------
    ValueError, TypeError
        If the graph or the angles are refused.

    Examples
    --------
    >>> qaoa_energy(nx.cycle_graph(6), [np.pi / 4], [np.pi / 8]).round(12)
    np.float64(4.5)

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028, eq. 6.
    """
    gammas, betas = as_angles(gammas, betas)
    sweep = QAOASimulator(cut_values(graph))
    p = gammas.shape[-1]
    with one_thread():
        found = [sweep.energy(g, b) for g, b in zip(gammas.reshape(-1, p), betas.reshape(-1, p), strict=True)]
    return np.reshape(found, gammas.shape[:-1])[()]


@dataclass(frozen=True, eq=False)
class QUBOResult:
    """What QAOA found for the minimum of a quadratic problem."""

    ratio: float
    """(worst - expected) / (worst - best) energy: 1 is the minimum. A random bit string gets what the mean energy
    gives: one half for a symmetric spectrum, more where fines reach far up."""
    energy: float
    """Expected energy of a measured bit string."""
    angles: NDArray[np.float64]
    """Gammas and betas in radians, shape (2, p)."""
    sample: dict[Hashable, int]
    """The best of the measured bit strings, by variable."""
    lowest: float
    """Its energy."""


def qaoa_qubo(
    problem: Any,
    p: int,
    *,
    start: ArrayLike | None = None,
    shots: int = 1000,
    progress: bool = False,
    rng: Any = None,
) -> QUBOResult:
    r"""Minimise a quadratic problem of bits by QAOA with p layers.

    .. math:: \min_{\gamma,\beta}\, \langle\gamma,\beta| E |\gamma,\beta\rangle, \qquad
              E = c + \sum_i a_i x_i + \sum_{i<j} b_{ij} x_i x_j

    Parameters
    ----------
    problem : dimod.BinaryQuadraticModel, mapping or array_like
        As :func:`as_bqm` takes it; at most 20 variables.
    p, start, shots, progress, rng
        As in :func:`qaoa`.

    Returns
    -------
    QUBOResult

    Examples
    --------
    >>> found = qaoa_qubo([[-1, 2], [0, -1]], 1, rng=0)  # exactly one of two bits
    >>> sum(found.sample.values()), round(found.energy, 6)
    (1, -1.0)

    References
    ----------
    Farhi, Goldstone, Gutmann, 2014, arXiv:1411.4028.
    Lucas, 2014, arXiv:1302.5843.
    """
    p, shots, rng = as_count(p, "p"), as_count(shots, "shots"), as_rng(rng)
    bqm = as_bqm(problem, LARGEST)
    values = energies(bqm)
    best, worst = values.min(), values.max()
    if best == worst:
        raise ValueError(f"problem must have something to minimise; every bit string has the energy {best:g}")
    sweep = QAOASimulator(values)
    angles = search(sweep, p, None if start is None else as_start(start, p), progress=progress, rng=rng)
    energy = sweep.energy(*angles)
    seen = sweep.sample(angles[0], angles[1], shots, rng)
    found = int(seen[values[seen].argmin()])
    bits = (found >> np.arange(bqm.num_variables)[::-1] & 1).tolist()
    sample = dict(zip(bqm.variables, bits, strict=True))
    ratio = float((worst - energy) / (worst - best))
    return QUBOResult(ratio, energy, canonical_sign(angles), sample, float(values[found]))


def transfer_angles(angles: ArrayLike, source: nx.Graph, target: nx.Graph) -> NDArray[np.float64]:
    r"""Rescale the angles of one graph to the weights and degrees of another.

    .. math:: \gamma' = \gamma\, \sqrt{\frac{f(\text{source})}{f(\text{target})}}, \qquad \beta' = \beta, \qquad
              f = \frac1n \sum_i \sum_j w_{ij}^2

    What a node sees of the graph within p steps decides its part of the expected cut, and in large random graphs of
    one kind all nodes see much the same: good angles concentrate. Between kinds :math:`\gamma` must follow the size
    of the phases, which is what f measures. Graphs that differ by a common factor of all weights share the
    rescaled angles exactly.

    Parameters
    ----------
    angles : array_like of float, shape (2, p)
        Gammas and betas in radians that are good for `source`.
    source, target : networkx.Graph
        Connected, positive weights; any number of nodes.

    Returns
    -------
    ndarray of float64, shape (2, p)
        Unpack it into :func:`qaoa_energy`, or give it to :func:`qaoa` as `start`.

    Examples
    --------
    >>> transfer_angles([[0.6], [0.4]], nx.cycle_graph(5), nx.complete_graph(9)).round(3)  # degree 2 to degree 8
    array([[0.3],
           [0.4]])

    References
    ----------
    Brandao, Broughton, Farhi, Gutmann, Neven, "For fixed control parameters the quantum approximate optimization
    algorithm's objective function value concentrates for typical instances", 2018, arXiv:1812.04170.
    Shaydulin, Lotshaw, Larson, Ostrowski, Humble, "Parameter transfer for quantum approximate optimization of
    weighted MaxCut", 2023, arXiv:2201.11785 (there with arctan(1 / sqrt(d - 1)) for the degree d; f is simpler, and
    close to it for d of 3 and more).
    """
    given = np.asarray(angles)
    if given.ndim != 2 or len(given) != 2:
        raise ValueError(f"angles must be gammas and betas, shape (2, p), not {given.shape}")
    gammas, betas = as_angles(*given)
    seen = [np.mean((nx.to_numpy_array(as_graph(graph)) ** 2).sum(axis=1)) for graph in (source, target)]
    return np.array([gammas * np.sqrt(seen[0] / seen[1]), betas])
