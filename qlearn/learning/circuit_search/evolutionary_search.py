"""Evolutionary search of gate arrangements for labelled rows, and random search to compare."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from qlearn._checks import as_count, as_reals, as_rng
from qlearn.learning.circuit_search.arrangement import Arrangement, as_labels
from qlearn.learning.circuit_search.mutation import GateSet, mutate, random_arrangement
from qlearn.learning.circuit_search.pareto import pareto_ranks, selection_order, survivors


@dataclass(frozen=True)
class SearchResult:
    """The Pareto front of a search, with its accuracies and depths, and the course of the search.

    Parameters
    ----------
    front : tuple of Arrangement
        The arrangements that no other one seen beats in both accuracy and depth, by depth.
    accuracies : ndarray of float64, shape (len(front),)
        Their accuracies on the rows of the search: optimistic, for these rows chose them.
    depths : ndarray of int, shape (len(front),)
        Their depths.
    history : ndarray of float64, shape (rounds,)
        Best accuracy seen after each round of as many arrangements as the population has.
    evaluations : int
        Arrangements that were tried.
    """

    front: tuple[Arrangement, ...]
    accuracies: NDArray[np.float64]
    depths: NDArray[np.int64]
    history: NDArray[np.float64]
    evaluations: int

    def choose(self, X: ArrayLike, y: ArrayLike) -> Arrangement:
        """Return the arrangement of the front that is best on *other* rows; of equals, the shallowest.

        Parameters
        ----------
        X : array_like, shape (n, n_features)
            Rows that the search has not seen, and that will not judge the result either.
        y : array_like, shape (n,)
            Labels -1 and 1.

        Returns
        -------
        Arrangement
        """
        scores = [one.score(X, y) for one in self.front]
        return self.front[int(np.argmax(scores))]


def objectives(arrangement: Arrangement, X: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, int]:
    r"""Return the two numbers that a search minimises: the fraction of wrong rows, and the depth.

    .. math:: \Bigl(\frac{\#\{\operatorname{sign} f(x_i) \ne y_i\}}n + \frac{1}{8n}\,\overline{(f - y)^2},\; \text{depth}\Bigr)

    The second term of the first objective is below one row: of two arrangements with as many wrong rows, the one
    with the smaller squared error counts as the better. Depth is that of :meth:`Arrangement.trimmed`.

    Parameters
    ----------
    arrangement : Arrangement
        The circuit to judge.
    X : ndarray of float64, shape (n, n_features)
        Features in radians.
    y : ndarray of float64, shape (n,)
        Signs, -1 or 1.

    Returns
    -------
    (float, int)

    Examples
    --------
    >>> from qlearn.learning.circuit_search.arrangement import Gate
    >>> rule = Arrangement(1, 1, (Gate("ry", (0,), feature=0),))
    >>> objectives(rule, np.array([[0.0], [np.pi]]), np.array([1.0, -1.0]))
    (0.0, 1)
    """
    seen = arrangement.trimmed()
    answers = seen.answers(X)
    wrong = np.mean(np.where(answers >= 0, 1, -1) != y)
    return float(wrong + np.mean((answers - y) ** 2) / (8 * len(y))), seen.depth


def accuracy_of(objective: Any, rows: int) -> Any:
    """Return the accuracy in the first objective of :func:`objectives`: its tie-break is at most half a row."""
    return 1 - np.floor(objective * rows + 1e-9) / rows


# One change at a time cannot leave a dead end that takes two: after each change another with this chance.
_AGAIN = 0.5


def evolve(
    X: ArrayLike,
    y: ArrayLike,
    *,
    gate_set: GateSet | None = None,
    population: int = 24,
    generations: int = 30,
    rng: Any = None,
    progress: bool = False,
) -> SearchResult:
    r"""Evolve arrangements by mutation and selection on two objectives, accuracy and depth.

    A generation: parents are drawn by tournaments of two (the better rank wins, then the one with more
    room), each gets one child with one or more mutations, and of parents and children together the best ranks stay. Of the last
    rank that fits only in part, those with the most room stay. So nothing on the front is lost,
    as long as the population is larger than `most_gates`: a front has one arrangement for each depth.
    Gates that :meth:`~qlearn.learning.circuit_search.arrangement.Arrangement.trimmed` cuts off stay in an arrangement while it
    evolves, and cost no depth: those that cannot reach the measurement, those at the end that commute with it, and those at
    the beginning that do nothing to a wire in 0. What is useless today may be connected tomorrow.

    Parameters
    ----------
    X : array_like, shape (n, n_features)
        Features in radians.
    y : array_like, shape (n,)
        Labels -1 and 1.
    gate_set : GateSet, optional
        What arrangements are made of; None: as many wires as features, and the standard gates.
    population : int
        Arrangements in a generation, at least 2.
    generations : int
        How many; the first is drawn at random.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.
    progress : bool
        Show a progress bar. An interrupted search returns what it has.

    Returns
    -------
    SearchResult

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.uniform(-np.pi, np.pi, (60, 2))
    >>> found = evolve(X, np.sign(np.cos(X[:, 1])), population=8, generations=6, rng=1)
    >>> found.evaluations, bool((np.diff(found.accuracies) > 0).all())
    (48, True)

    References
    ----------
    Deb, Pratap, Agarwal, Meyarivan, 2002, doi:10.1109/4235.996017 (NSGA-II, without its crossover).
    """
    size = as_count(population, "population", least=2)

    def breed(
        members: list[Arrangement], points: NDArray, gate_set: GateSet, generator: Any
    ) -> list[Arrangement]:
        strength = selection_order(points)
        pairs = generator.integers(0, len(members), (size, 2))
        winners = pairs[np.arange(size), np.argmin(strength[pairs], axis=1)]
        grown = []
        for parent in winners:
            child = mutate(members[parent], gate_set, rng=generator)
            while generator.random() < _AGAIN:
                child = mutate(child, gate_set, rng=generator)
            grown.append(child)
        return grown

    return _search(X, y, gate_set, size, generations, breed, rng, progress, "generation")


def random_search(
    X: ArrayLike,
    y: ArrayLike,
    *,
    gate_set: GateSet | None = None,
    population: int = 24,
    generations: int = 30,
    rng: Any = None,
    progress: bool = False,
) -> SearchResult:
    r"""Try as many arrangements as :func:`evolve` would, each drawn afresh: what any search has to beat.

    Parameters
    ----------
    X, y, gate_set, population, generations, rng, progress
        As for :func:`evolve`; every arrangement is drawn by :func:`random_arrangement`, with any number of gates.

    Returns
    -------
    SearchResult

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.uniform(-np.pi, np.pi, (60, 2))
    >>> random_search(X, np.sign(np.cos(X[:, 1])), population=8, generations=6, rng=1).evaluations
    48
    """
    size = as_count(population, "population", least=2)

    def afresh(
        members: list[Arrangement], points: NDArray, gate_set: GateSet, generator: Any
    ) -> list[Arrangement]:
        return [random_arrangement(gate_set, rng=generator) for _ in range(size)]

    return _search(X, y, gate_set, size, generations, afresh, rng, progress, "round")


def _search(
    X: ArrayLike,
    y: ArrayLike,
    gate_set: GateSet | None,
    size: int,
    rounds: int,
    children: Callable[[list[Arrangement], NDArray, GateSet, Any], list[Arrangement]],
    rng: Any,
    progress: bool,
    unit: str,
) -> SearchResult:
    rows = as_reals(X, "X")
    if rows.ndim != 2 or not rows.size:
        raise ValueError(f"X must have shape (n, n_features), not {rows.shape}")
    labels, rounds = as_labels(y, len(rows)), as_count(rounds, "generations")
    gate_set = GateSet(rows.shape[1], rows.shape[1]) if gate_set is None else gate_set
    if gate_set.n_features != rows.shape[1]:
        raise ValueError(
            f"X must have the {gate_set.n_features} features that the gate set says, not {rows.shape[1]}"
        )
    generator = as_rng(rng)
    new = [random_arrangement(gate_set, rng=generator) for _ in range(size)]
    members: list[Arrangement] = []
    points = np.empty((0, 2))
    history: list[float] = []
    known: dict[Arrangement, tuple[float, int]] = {}  # a mutation of junk changes nothing that is measured

    def judge(one: Arrangement) -> tuple[float, int]:
        seen = one.trimmed()
        if (point := known.get(seen)) is None:
            point = known[seen] = objectives(seen, rows, labels)
        return point

    for number in (bar := tqdm(range(rounds), unit=unit, disable=not progress)):
        try:
            if number:
                new = children(members, points, gate_set, generator)
            seen = np.array([judge(one) for one in new])
        except KeyboardInterrupt:
            if not members:
                raise
            bar.close()
            break
        members, points = survivors([*members, *new], np.concatenate([points, seen]), size)
        history.append(accuracy_of(points[:, 0].min(), len(rows)))
    best = np.flatnonzero(pareto_ranks(points) == 0)
    best = best[np.argsort(points[best, 1])]
    accuracies = accuracy_of(points[best, 0], len(rows))
    # Squared errors break ties and are no objective: of equal accuracies the shallowest is enough.
    best = best[np.diff(accuracies, prepend=-1.0) > 0]
    return SearchResult(
        tuple(members[i].trimmed() for i in best),
        accuracy_of(points[best, 0], len(rows)),
        points[best, 1].astype(np.int64),
        np.array(history),
        size * len(history),
    )
