"""Which compromises nobody can better, and which come next."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="no weights between the objectives were needed, and none were found: what an error is worth in gates, you must say.",
    because=r"""
        a dominates b if it is nowhere worse and somewhere better. Both halves are needed: without the second, a point would
        dominate its own copy. The first front is what nothing dominates; with it gone, the next is found in the same way. These
        ranks are what the evolutionary search NSGA-II sorts by first (Deb et al. 2002). A point of front 2 may be close to the
        best in one objective; and still some point of front 1 is nowhere worse, and somewhere better.
    """,
)
def pareto(points):
    """`points` is an array of shape (n, m): n settings by m objectives, each of which is to be *small*. A point dominates
    another if it is at most as large in every objective, and smaller in one at least. Return the front of each point, as n
    whole numbers: 0 if no point dominates it; 1 if none does once the points of front 0 are taken away; and so on.
    """
    fronts = np.full(len(points), -1)
    for number in range(len(points)):
        left = fronts == -1
        rivals = points[left]
        at_most, smaller = rivals <= points[:, None], rivals < points[:, None]
        dominated = (at_most.all(axis=2) & smaller.any(axis=2)).any(axis=1)
        fronts[left & ~dominated] = number
    return fronts


@pareto.cases
def settings(rng):
    """One objective to four; one point, many, copies, ties in one objective; a chain; all on one front; of either sign."""
    yield (np.array([[1, 5], [2, 3], [3, 4], [4, 1], [5, 5]], float),)
    yield (np.array([[0.3, 7.0]]),)
    chain = np.arange(6.0)[rng.permutation(6), None] + np.zeros(2)
    yield (chain,)
    for n, m in ((8, 2), (15, 2), (12, 3), (10, 4), (7, 1)):
        yield (rng.normal(size=(n, m)),)
    for n, m in ((12, 2), (14, 3)):  # many ties, and copies
        points = rng.integers(-2, 3, (n, m)).astype(float)
        points[n // 2] = points[0]
        yield (points,)
    near = rng.normal(size=(9, 3))
    off = 1 + 1e-12 * rng.choice([-1, 0, 1], (6, 3))
    near[3:] = near[:3].repeat(2, axis=0) * off  # copies, and nearly copies
    yield (near,)
    x = rng.uniform(0, 1, 6)
    yield (np.column_stack([x, 1 - np.sqrt(x)]),)


def _fronts(points, dominates):
    fronts = np.full(len(points), -1)
    for number in range(len(points)):
        left = np.flatnonzero(fronts < 0)
        found = [i for i in left if not any(dominates(points[j], points[i]) for j in left if j != i)]
        fronts[found] = number
    return fronts


def _dominates(a, b):
    return (a <= b).all() and (a < b).any()


@pareto.mistake("the objectives are to be small: your first front is that of the largest.")
def the_largest(points):
    return pareto.solution(-points)


@pareto.mistake("a point that is smaller in one objective and *equal* in the others dominates, too.")
def smaller_in_all(points):
    return _fronts(points, lambda a, b: (a < b).all())


@pareto.mistake("a point does not dominate its copy: it has to be smaller in one objective at least.")
def copies_dominate(points):
    fronts, left = np.full(len(points), -1), list(range(len(points)))
    for number in range(len(points)):
        found = []
        for i in left:
            earlier = any((points[j] == points[i]).all() for j in left if j < i)
            if not earlier and not any(_dominates(points[j], points[i]) for j in left):
                found.append(i)
        fronts[found] = number
        left = [i for i in left if i not in found]
    return fronts


@pareto.mistake("the fronts are numbered from 0.")
def from_one(points):
    return pareto.solution(points) + 1


@pareto.mistake(
    "that is by how many points each is dominated. A front is what is left undominated when the fronts before are gone."
)
def how_many_dominate(points):
    return np.array([sum(_dominates(b, a) for b in points) for a in points])


@pareto.mistake("the first front is right; what it dominates has fronts of its own, 1, 2 and so on.")
def first_front_or_not(points):
    return np.minimum(pareto.solution(points), 1)


@pareto.mistake("those are truth values for the first front; the number of each point's front is asked for.")
def on_the_first(points):
    return pareto.solution(points) == 0


@pareto.mistake("those are the places of the first front; the front of *each* point is asked for, n numbers.")
def places(points):
    return np.flatnonzero(pareto.solution(points) == 0)


@pareto.mistake(
    "you rank the points by the sum of their objectives: no front knows what one is worth in the other."
)
def by_the_sum(points):
    return np.unique(points.sum(axis=1), return_inverse=True)[1].ravel()


@pareto.mistake("you rank the points by their first objective alone.")
def by_the_first_objective(points):
    return np.unique(points[:, 0], return_inverse=True)[1].ravel()


@pareto.mistake("nearly equal is not equal: the least difference in one objective makes a point dominate.")
def up_to_rounding(points):
    return pareto.solution(np.round(points, 6))


@pareto.mistake("right for two objectives. There may be more, or one: compare all.")
def two_objectives(points):
    return pareto.solution(points[:, :2])


@pareto.mistake("smaller in one objective is not enough: it must be larger in none.")
def smaller_in_one(points):
    return _fronts(points, lambda a, b: (a < b).any())
