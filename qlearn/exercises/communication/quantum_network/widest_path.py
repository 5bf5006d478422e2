"""The widest path: the largest bottleneck between two nodes."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Only the order of the capacities counts, not their sum: take links from the widest down until the ends meet.",
    because="""
        A path is as wide as its narrowest link. Take the links from the widest down. The link that first joins the part of
        `source` with the part of `target` is the answer: with wider links alone there is no path, with this one there is. The
        length of the path plays no role, which is why Dijkstra's algorithm for the shortest path finds another one.
    """,
)
def widest_path(links, source, target):
    """Return the largest bottleneck of a path from `source` to `target`: the capacity of the narrowest link of the widest
    path. `links` is a list of `(u, v, capacity)` without direction; nodes are whole numbers. Return 0 if there is no path.
    """
    parts = {}
    for u, v, capacity in sorted(links, key=lambda link: -link[2]):
        joined = parts.get(u, {u}) | parts.get(v, {v})
        for node in joined:
            parts[node] = joined
        if source in joined and target in joined:
            return capacity
    return 0


def _random(rng, n, m):
    pairs = [(i, j) for i in range(n) for j in range(i)]
    chosen = rng.permutation(len(pairs))[:m]
    return [
        (pairs[k][turn], pairs[k][1 - turn], float(rng.uniform(0.01, 2.0)))
        for k, turn in zip(chosen, rng.integers(0, 2, m), strict=True)
    ]


@widest_path.cases
def networks(rng):
    """A detour that is wider than the direct link, one that is not, a long one a little wider, random networks, no path."""
    wide, narrow = sorted(rng.uniform(0.1, 2.0, 2))[::-1]
    yield [(0, 1, float(narrow)), (1, 2, float(wide)), (0, 2, float(wide) * 1.1)], 0, 1
    yield [(0, 1, float(wide)), (1, 2, float(narrow)), (0, 2, float(wide))], 1, 0
    for n in (5, 17):
        ring = [(i, i + 1, float(wide + rng.uniform(0.01, 0.1))) for i in range(n)]
        yield [*ring[::-1], (n, 0, float(wide))], 0, n
    yield [(3, 1, 0.7), (1, 4, float(narrow)), (4, 5, 0.9)], 3, 5
    for n, m in ((5, 7), (6, 9), (8, 14), (9, 16), (7, 11)):
        yield _random(rng, n, m), 0, n - 1
    yield [(0, 1, 1.0), (2, 3, 1.0), (0, 4, 0.5)], 0, 3


def _all_paths(links, source, target):
    """Every simple path, as its capacities."""
    near = {}
    for u, v, capacity in links:
        near.setdefault(u, []).append((v, capacity))
        near.setdefault(v, []).append((u, capacity))
    waiting = [((source,), ())]
    while waiting:
        nodes, capacities = waiting.pop()
        if nodes[-1] == target:
            yield capacities
            continue
        waiting += [
            ((*nodes, v), (*capacities, capacity))
            for v, capacity in near.get(nodes[-1], [])
            if v not in nodes
        ]


@widest_path.mistake(
    "you took the path with the fewest links. Its narrowest link may be narrow: a detour over wide links carries more."
)
def fewest_links(links, source, target):
    paths = list(_all_paths(links, source, target))
    shortest = min(map(len, paths), default=0)
    return max((min(path) for path in paths if len(path) == shortest), default=0)


@widest_path.mistake(
    "you added capacities along the path. A path is as wide as its narrowest link: take the least."
)
def adds_capacities(links, source, target):
    return max((sum(path) for path in _all_paths(links, source, target)), default=0)


@widest_path.mistake("you took the *best* link of a path for its width. The narrowest one decides.")
def widest_link(links, source, target):
    return max((max(path) for path in _all_paths(links, source, target)), default=0)


@widest_path.mistake(
    "you added up what all paths carry, or a cut: one path is asked for, as wide as its narrowest link."
)
def all_links_of_the_source(links, source, target):
    return sum(capacity for u, v, capacity in links if source in (u, v)) * bool(
        list(_all_paths(links, source, target))
    )


@widest_path.mistake("you took links in one direction only. A pair has no direction: (u, v) is also (v, u).")
def one_direction(links, source, target):
    near = {}
    for u, v, capacity in links:
        near.setdefault(u, []).append((v, capacity))
    best, waiting = 0, [((source,), np.inf)]
    while waiting:
        nodes, width = waiting.pop()
        if nodes[-1] == target:
            best = max(best, width)
            continue
        waiting += [((*nodes, v), min(width, c)) for v, c in near.get(nodes[-1], []) if v not in nodes]
    return best


@widest_path.mistake(
    "you looked for the worst path: among all paths take the one whose narrowest link is widest."
)
def narrowest_path(links, source, target):
    return min((min(path) for path in _all_paths(links, source, target)), default=0)
