"""Pareto fronts of two objectives: ranks, crowding distance, hypervolume, and the selection made by them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals
from qlearn.learning.circuit_search.arrangement import Arrangement


def dominated_by(points: ArrayLike) -> NDArray[np.bool_]:
    r"""Return whether point j beats point i, bool of shape (n, n), of points (n, objectives) that are to be small.

    .. math:: b \text{ beats } a \iff b_k \le a_k \text{ for all objectives } k, \text{ and } b_k < a_k \text{ for one}

    Examples
    --------
    >>> dominated_by([[1, 1], [2, 2], [0, 3]])[1]
    array([ True, False, False])
    """
    rows = _as_points(points)
    no_worse = np.all(rows[None] <= rows[:, None], axis=-1)
    return np.asarray(no_worse & np.any(rows[None] < rows[:, None], axis=-1))


def pareto_ranks(points: ArrayLike) -> NDArray[np.intp]:
    """Return the rank of each point: 0 for those that nobody beats, 1 for those beaten by rank 0 only, ...

    Parameters
    ----------
    points : array_like of float, shape (n, objectives)
        Every objective is to be small.

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> pareto_ranks([[1, 1], [2, 2], [0, 3], [3, 3]])
    array([0, 1, 0, 2])

    References
    ----------
    Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002,
    doi:10.1109/4235.996017, section III.
    """
    beaten = dominated_by(points)
    ranks = np.full(len(beaten), -1)
    rank, left = 0, np.ones(len(beaten), dtype=bool)
    while left.any():
        best = left & ~(beaten & left[None]).any(axis=1)
        ranks[best] = rank
        left &= ~best
        rank += 1
    return ranks


def crowding_distance(points: ArrayLike) -> NDArray[np.float64]:
    """Return the sum over the objectives of the gap between the two neighbours of each point of one rank, shape (n,).

    Gaps are in units of the range of each objective, and infinite for the ends of the front, which must not be lost.

    Examples
    --------
    >>> crowding_distance([[0, 4], [1, 1], [4, 0]])
    array([inf,  2., inf])

    References
    ----------
    Deb et al., 2002, doi:10.1109/4235.996017, section III B.
    """
    rows = _as_points(points)
    room = np.zeros(len(rows))
    for objective in rows.T:
        order = np.argsort(objective, kind="stable")
        span = objective[order[-1]] - objective[order[0]]
        room[order[[0, -1]]] = np.inf
        if span > 0:
            room[order[1:-1]] += (objective[order[2:]] - objective[order[:-2]]) / span
    return room


def hypervolume(points: ArrayLike, worst: ArrayLike) -> float:
    r"""Return the area that points of two objectives cover, up to a worst corner (the *hypervolume*).

    .. math:: A = \Bigl|\bigcup_i\,[p_{i1}, w_1] \times [p_{i2}, w_2]\Bigr|

    One number for a whole front: it grows when a point moves towards better values in either objective, and a
    beaten point adds nothing.

    Parameters
    ----------
    points : array_like of float, shape (n, 2)
        Both objectives are to be small.
    worst : array_like of float, shape (2,)
        The corner; points beyond it add nothing.

    Returns
    -------
    float

    Examples
    --------
    >>> hypervolume([[0, 1], [1, 0]], worst=[2, 2])
    3.0

    References
    ----------
    Zitzler, Thiele, "Multiobjective evolutionary algorithms: a comparative case study and the strength
    Pareto approach", 1999, doi:10.1109/4235.797969.
    """
    rows, corner = _as_points(points), as_reals(worst, "worst")
    if rows.shape[1] != 2 or corner.shape != (2,):
        raise ValueError(
            f"points and worst must have two objectives, not shapes {rows.shape} and {corner.shape}"
        )
    area, height = 0.0, float(corner[1])
    for first, second in rows[np.lexsort(rows.T[::-1])]:
        if first < corner[0] and second < height:
            area += float((corner[0] - first) * (height - second))
            height = float(second)
    return area


def _as_points(points: ArrayLike) -> NDArray[np.float64]:
    rows = as_reals(points, "points")
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"points must be rows of objectives, shape (n, objectives), not shape {rows.shape}")
    return rows


def selection_order(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the place of each point in the selection, 0 for the first: by rank, then by crowding distance.

    Examples
    --------
    >>> selection_order(np.array([[2.0, 2.0], [0.0, 1.0], [1.0, 0.0]]))
    array([2, 0, 1])

    References
    ----------
    Deb et al., 2002, doi:10.1109/4235.996017: the crowded-comparison operator.
    """
    ranks, room = pareto_ranks(points), np.empty(len(points))
    for rank in range(ranks.max() + 1):
        room[ranks == rank] = crowding_distance(points[ranks == rank])
    order = np.empty(len(points), dtype=np.intp)
    order[np.lexsort([-room, ranks])] = np.arange(len(points))
    return order


def survivors(
    members: list[Arrangement], points: NDArray[np.float64], size: int
) -> tuple[list[Arrangement], NDArray[np.float64]]:
    """Return the best members and their points, at most `size` of them, without twins.

    Examples
    --------
    >>> rival = Arrangement(1, 1)
    >>> survivors([rival] * 3, np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]), 2)[1]
    array([[0., 0.],
           [1., 1.]])
    """
    # Twins crowd out the rest: of those with equal objectives one is enough.
    _, unique = np.unique(points.round(12), axis=0, return_index=True)
    kept = unique[np.argsort(selection_order(points[unique]))][:size]
    return [members[i] for i in kept], points[kept]
