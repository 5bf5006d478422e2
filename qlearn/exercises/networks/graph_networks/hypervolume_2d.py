"""How much of the plane a set of compromises beats."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="one number for a whole front. It depends on the reference: say which, and take the same for all that you compare.",
    because=r"""
        Sorted by the first objective the points are the steps of a stair: each that lies lower than all before it adds the
        rectangle from itself to the right end, and from the lowest height so far down to its own. What does not lie lower is
        dominated and adds nothing, and so does what is not below the reference in both. A new point that is below it, and that
        no other dominates or equals, always adds area; that makes it a measure of a search (Zitzler and Thiele 1999).
    """,
)
def hypervolume_2d(points, reference):
    """`points` is an array of shape (n, 2): two objectives of n settings, both to be small. A setting beats every place of the
    plane that is at least as large in both. Return the area of the places that are beaten by one of the points or more, and are
    at most `reference`, a tuple of two numbers, in both objectives. Points may be dominated, equal, or beyond the reference;
    there may be none.
    """
    right, lowest = reference
    area = 0.0
    for x, y in sorted(points.tolist()):
        if x < right and y < lowest:
            area += (right - x) * (lowest - y)
            lowest = y
    return area


@hypervolume_2d.cases
def fronts(rng):
    """No point, one, many; dominated ones, copies, ties; beyond the reference in one objective or both; of either sign."""
    yield np.array([[1, 5], [2, 3], [3, 4], [4, 1], [5, 5]], float), (6.0, 6.0)
    yield np.empty((0, 2)), (1.0, 1.0)
    yield rng.uniform(-1, 0.5, (1, 2)), (1.0, 0.8)
    for n in (2, 5, 9, 15):
        points = rng.normal(size=(n, 2)) * (1, 3)
        points[: n // 2, 1] = -points[: n // 2, 0] + 0.3 * rng.normal(size=n // 2)
        yield points, (float(rng.uniform(0, 1.5)), float(rng.uniform(0, 2)))
    x = rng.uniform(0, 1, 8)
    yield np.column_stack([x, 1 - np.sqrt(x)]), (1.1, 1.1)
    ties = rng.integers(0, 4, (9, 2)).astype(float)
    ties[4] = ties[0]
    yield ties, (3.5, 2.5)
    yield rng.uniform(2, 3, (4, 2)), (1.0, 1.5)
    yield np.array([[-1.0, 4.0], [0.5, 0.5], [4.0, -1.0], [5.0, 5.0]]), (2.0, 2.5)


def _inside(points, reference):
    return points[(points < reference).all(axis=1)]


@hypervolume_2d.mistake("the rectangles overlap: what two points beat is to be counted once.")
def with_overlaps(points, reference):
    return np.prod(np.asarray(reference) - _inside(points, reference), axis=1).sum()


@hypervolume_2d.mistake(
    "a point beyond the reference in one objective beats nothing within it: its rectangle is not to be counted, nor taken off."
)
def beyond_the_reference(points, reference):
    right, lowest = reference
    area = 0.0
    for x, y in sorted(points.tolist()):
        if y < lowest:
            area += (right - x) * (lowest - y)
            lowest = y
    return area


@hypervolume_2d.mistake(
    "dominated points add nothing: those that do not lie lower than all to the left of them have to be left out."
)
def with_dominated_points(points, reference):
    right, last = reference
    area = 0.0
    for x, y in sorted(_inside(points, reference).tolist()):
        area += (right - x) * (last - y)
        last = y
    return area


@hypervolume_2d.mistake(
    "that is the rectangle of the best in each objective: no single setting reaches its corner."
)
def of_the_ideal_point(points, reference):
    inside = _inside(points, reference)
    return float(np.prod(np.asarray(reference) - inside.min(axis=0))) if len(inside) else 0.0


@hypervolume_2d.mistake("that is the largest rectangle of a single point; together they beat more.")
def the_largest_rectangle(points, reference):
    return np.prod(np.asarray(reference) - _inside(points, reference), axis=1).max(initial=0)


@hypervolume_2d.mistake(
    "you join the points by straight lines: between two settings there is a step, and no setting on the line."
)
def straight_lines(points, reference):
    right, lowest = reference
    area, last = hypervolume_2d.solution(points, reference), None
    for x, y in sorted(points.tolist()):
        if x < right and y < lowest:
            if last is not None:
                area += (x - last[0]) * (last[1] - y) / 2
            lowest, last = y, (x, y)
    return area


@hypervolume_2d.mistake(
    "the objectives are to be small: you measure what is above the reference, and below the points."
)
def objectives_to_be_large(points, reference):
    return hypervolume_2d.solution(-points, tuple(-end for end in reference))


@hypervolume_2d.mistake("each step is to go as far as the *reference*; yours ends at the next point.")
def up_to_the_next(points, reference):
    front, lowest = [], reference[1]
    for x, y in sorted(points.tolist()):
        if x < reference[0] and y < lowest:
            front.append((x, y))
            lowest = y
    ends = [x for x, _ in front[1:]]
    return sum((end - x) * (reference[1] - y) for (x, y), end in zip(front, ends)) if front else 0.0


@hypervolume_2d.mistake(
    "that is the share of the reference's rectangle from the origin; the area itself is asked for."
)
def a_share(points, reference):
    return hypervolume_2d.solution(points, reference) / (reference[0] * reference[1])


@hypervolume_2d.mistake(
    "that is the part that is *not* beaten: the area between the best of each objective and the stair."
)
def what_is_left(points, reference):
    inside = _inside(points, reference)
    whole = float(np.prod(np.asarray(reference) - inside.min(axis=0))) if len(inside) else 0.0
    return whole - hypervolume_2d.solution(points, reference)
