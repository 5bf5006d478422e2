"""The quantum approximate optimisation algorithm (QAOA): its circuit, its solvers for MaxCut and QUBO."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_rng
from qlearn.learning._threads import one_thread
from qlearn.learning.optimisation.maxcut import cost_bqm, cut_values
from qlearn.learning.optimisation.qaoa_angles import as_angles, as_start, canonical_sign, search
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


@dataclass(frozen=True, eq=False)
class QAOAResult:
    """Angles, expected cut and best measured cut of QAOA on a graph."""

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
    linearly (Zhou et al.), with a few strayed starts besides; all follow the exact gradient of :class:`QAOASimulator`.

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
    # exp(-i gamma C) is exp(-i (-gamma) (-C)): the search, for the least of -C, sees the gammas turned round.
    turned = None if start is None else as_start(start, p) * [[-1], [1]]
    angles, least, found = _minimised(-values, p, turned, shots, progress, rng)
    energy = -least
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
    """Angles, expected energy and best measured bits of QAOA on a quadratic problem."""

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
    first = None if start is None else as_start(start, p)
    angles, energy, found = _minimised(values, p, first, shots, progress, rng)
    bits = (found >> np.arange(bqm.num_variables)[::-1] & 1).tolist()
    sample = dict(zip(bqm.variables, bits, strict=True))
    ratio = float((worst - energy) / (worst - best))
    return QUBOResult(ratio, energy, canonical_sign(angles), sample, float(values[found]))


def _minimised(
    values: NDArray[np.float64],
    p: int,
    start: NDArray[np.float64] | None,
    shots: int,
    progress: bool,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], float, int]:
    """Return the angles of the least expected value, that value, and the index of the best measured bit string."""
    simulator = QAOASimulator(values)
    angles = search(simulator, p, start, progress=progress, rng=rng)
    seen = simulator.sample(angles[0], angles[1], shots, rng)
    return angles, simulator.energy(*angles), int(seen[values[seen].argmin()])
