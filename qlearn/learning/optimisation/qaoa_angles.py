r"""The angles of QAOA: a grid for the first layer, then one layer more at a time; or transferred from another graph."""

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from tqdm import trange

from qlearn._checks import as_reals
from qlearn.learning._threads import one_thread
from qlearn.learning.optimisation.maxcut import as_graph
from qlearn.learning.optimisation.qaoa_simulator import QAOASimulator

_GRID = 16
_POLISHED = 3
# Of starts that end within this of each other, relative to the spread of the cost, the first one wins.
_TIE = 9
# Starts besides the interpolated one, and how far one strays from it: enough to leave a saddle.
_STRAYED = 1
_STRAY = 0.15


def interpolate(angles: ArrayLike) -> NDArray[np.float64]:
    r"""Return the angles of p layers, shape (..., p), stretched over p + 1.

    .. math:: \theta'_i = \frac{i-1}{p}\, \theta_{i-1} + \frac{p-i+1}{p}\, \theta_i, \qquad 1 \le i \le p+1

    Good angles change slowly from layer to layer: :math:`\gamma` grows and :math:`\beta` falls. A schedule for
    one layer more looks like the old one, sampled at one point more.

    Examples
    --------
    >>> interpolate([[0.2, 0.6], [0.5, 0.1]])
    array([[0.2, 0.4, 0.6],
           [0.5, 0.3, 0.1]])

    References
    ----------
    Zhou, Wang, Choi, Pichler, Lukin, "Quantum approximate optimization algorithm: performance, mechanism, and
    implementation on near-term devices", 2020, arXiv:1812.01041, appendix B.
    """
    old = as_reals(angles, "angles")
    if old.ndim == 0 or old.shape[-1] == 0:
        raise ValueError(f"angles must hold at least one layer on the last axis, not shape {old.shape}")
    p = old.shape[-1]
    weight = np.arange(p + 1) / p
    padded = np.pad(old, [(0, 0)] * (old.ndim - 1) + [(1, 1)])
    return weight * padded[..., :-1] + (1 - weight) * padded[..., 1:]


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


def as_start(start: ArrayLike, p: int) -> NDArray[np.float64]:
    """Return `start` as angles of at most p layers, shape (2, p0)."""
    angles = as_reals(start, "start")
    if angles.ndim != 2 or len(angles) != 2 or not 1 <= angles.shape[1] <= p:
        raise ValueError(f"start must be gammas and betas, shape (2, 1) to (2, {p}), not {angles.shape}")
    return angles


def search(
    sweep: QAOASimulator,
    p: int,
    start: NDArray[np.float64] | None,
    *,
    progress: bool,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return angles of p layers that minimise the cost, shape (2, p), from a grid or from `start`."""
    with one_thread():  # products this small only suffer from a second thread
        angles = first_layer(sweep) if start is None else descend_from(sweep, start)
        for _ in trange(angles.shape[1], p, desc="layers", disable=not progress):
            angles = next_layer(sweep, angles, rng)
    return angles


def canonical_sign(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of two conjugate solutions return the one whose first gamma is positive."""
    return -angles if angles[0, 0] < 0 else angles


def first_layer(sweep: QAOASimulator) -> NDArray[np.float64]:
    """Return the best angles of one layer that minimise the cost, shape (2, 1)."""
    # Complex conjugation changes both signs and no cost: half of the gammas are enough.
    gammas = np.linspace(0, 1.5, _GRID + 1)[1:] / typical_step(sweep)
    betas = np.linspace(-np.pi / 2, np.pi / 2, 2 * _GRID, endpoint=False)
    if sweep.mixer.symmetric:  # then a quarter turn of all wires is the identity
        betas = betas[_GRID // 2 : -_GRID // 2]
    grid = sweep.grid(gammas, betas)
    # Conjugates and periods give equal costs: of those prefer the smallest gamma, so that angles compare.
    best = np.argsort((grid / spread(sweep)).round(_TIE), axis=None, kind="stable")[:_POLISHED]
    starts = np.array([gammas[best // betas.size], betas[best % betas.size]]).T[..., None]
    return _best(sweep, starts)


def next_layer(
    sweep: QAOASimulator, angles: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the best angles found of one layer more, shape (2, p + 1), from those of p layers."""
    start = interpolate(angles)
    size = np.array([[1 / typical_step(sweep)], [1.0]])
    return _best(
        sweep, np.array([start, *(start + _STRAY * size * rng.normal(size=(_STRAYED, *start.shape)))])
    )


def descend_from(sweep: QAOASimulator, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Follow the exact gradient of the cost down from `start`, shape (2, p)."""
    size = np.array([[1 / typical_step(sweep)], [1.0]])  # an angle of order one in both rows
    scale = spread(sweep)

    def cost(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        energy, gradient = sweep.energy_and_gradient(*(flat.reshape(2, -1) * size))
        return energy / scale, (gradient * size).ravel() / scale

    found = minimize(cost, (start / size).ravel(), jac=True, method="BFGS", options={"gtol": 1e-6})
    return found.x.reshape(2, -1) * size


def _best(sweep: QAOASimulator, starts: NDArray[np.float64]) -> NDArray[np.float64]:
    found = [descend_from(sweep, start) for start in starts]
    return found[np.argmin([round(sweep.energy(*angles) / spread(sweep), _TIE) for angles in found])]


def spread(sweep: QAOASimulator) -> float:
    """Return the standard deviation of the cost over all bit strings: the unit of energies."""
    return float(np.std(sweep.values)) or 1.0


def typical_step(sweep: QAOASimulator) -> float:
    """Return half of the typical step of the cost when one bit flips: the unit of 1 / gamma."""
    values = sweep.values
    steps = [
        np.diff(values.reshape(-1, 2, 1 << wire), axis=1).ravel()
        for wire in range(values.size.bit_length() - 1)
    ]
    typical = np.sqrt(np.mean([np.mean(step**2) for step in steps])) / 2
    return float(typical) or 1.0
