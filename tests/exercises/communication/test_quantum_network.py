"""Exercises of *Quantum network* on paths and trusted nodes: other right ways pass, what is wrong is refused."""

from fractions import Fraction
from functools import reduce
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from qlearn.exercises.communication.quantum_network import end_to_end_fidelity, who_knows, widest_path


def swap_by_swap(fidelities, swap_werner):
    def join(a, b):
        good = a * b + (1 - a) * (1 - b) / 3
        return swap_werner * good + (1 - swap_werner) / 4

    return reduce(join, fidelities)


def from_the_far_end(fidelities, swap_werner):
    werner = 1.0
    for i, fidelity in enumerate(reversed(list(fidelities))):
        werner *= (fidelity - 0.25) / 0.75 * (swap_werner if i else 1)
    return [0.25 + 0.75 * werner]


def by_networkx(links, source, target):
    graph = nx.Graph()
    graph.add_weighted_edges_from(links)
    if not nx.has_path(graph, source, target):
        return 0.0
    tree = nx.maximum_spanning_tree(graph)
    path = nx.shortest_path(tree, source, target)
    return min(tree.edges[u, v]["weight"] for u, v in pairwise(path))


def by_relaxing(links, source, target):
    width = {source: np.inf}
    for _ in links:
        for u, v, capacity in links:
            for a, b in ((u, v), (v, u)):
                width[b] = max(width.get(b, 0), min(width.get(a, 0), capacity))
    return np.float64(width.get(target, 0))


def by_thresholds(links, source, target):
    for least in sorted({c for _, _, c in links}, reverse=True):
        reached, grows = {source}, True
        while grows:
            more = {w for u, v, c in links if c >= least and reached & {u, v} for w in (u, v)} - reached
            reached |= more
            grows = bool(more)
        if target in reached:
            return least
    return 0


def by_floyd(links, source, target):
    n = 1 + max(source, target, *(node for u, v, _ in links for node in (u, v)))
    width = np.zeros((n, n))
    for u, v, capacity in links:
        width[u, v] = width[v, u] = max(width[u, v], capacity)
    for k in range(n):
        width = np.maximum(width, np.minimum(width[:, [k]], width[[k], :]))
    return width[source, target]


def by_sets(paths, corrupted):
    return not any(set(path).isdisjoint(corrupted) for path in paths)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (end_to_end_fidelity, swap_by_swap),
        (end_to_end_fidelity, from_the_far_end),
        (end_to_end_fidelity, lambda f, s: np.array(swap_by_swap(f, s))),
        (widest_path, by_networkx),
        (widest_path, by_relaxing),
        (widest_path, by_thresholds),
        (widest_path, by_floyd),
        (widest_path, lambda *case: Fraction(by_thresholds(*case))),
        (who_knows, by_sets),
        (who_knows, lambda paths, corrupted: np.bool_(by_sets(paths, corrupted))),
    ],
)
def test_another_right_way_passes(exercise, answer):
    for seed in range(3):
        assert (verdict := exercise.check(answer, seed=seed)), verdict


def greedy_widest(links, source, target):
    """Always follow the widest link that is left: another kind of path."""
    at, seen, width = source, {source}, np.inf
    while at != target:
        choices = [(c, v if u == at else u) for u, v, c in links if at in (u, v) and not {u, v} <= seen]
        if not choices:
            return 0
        capacity, at = max(choices)
        seen.add(at)
        width = min(width, capacity)
    return width


def shortest_sum(links, source, target):
    graph = nx.Graph()
    graph.add_weighted_edges_from([(u, v, 1 / c) for u, v, c in links])
    if not nx.has_path(graph, source, target):
        return 0
    path = nx.dijkstra_path(graph, source, target)
    return 1 / max(graph.edges[u, v]["weight"] for u, v in pairwise(path))


def within(hops):
    """Look at paths of few links only."""

    def widest(links, source, target):
        width = {source: np.inf}
        for _ in range(hops):
            before = dict(width)
            for u, v, capacity in links:
                for a, b in ((u, v), (v, u)):
                    width[b] = max(width.get(b, 0), min(before.get(a, 0), capacity))
        return width.get(target, 0)

    return widest


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (end_to_end_fidelity, lambda f, s: 0.9),
        (end_to_end_fidelity, lambda f, s: np.prod(f)),
        (end_to_end_fidelity, lambda f, s: 0.25 + 0.75 * np.prod((4 * f - 1) / 3 * s)),
        (end_to_end_fidelity, lambda f, s: round(float(swap_by_swap(f, s)), 3)),
        (end_to_end_fidelity, lambda f, s: f[0] * f[-1] + (1 - f[0]) * (1 - f[-1]) / 3),
        (end_to_end_fidelity, lambda f, s: f.min() * s ** (len(f) - 1)),
        (widest_path, greedy_widest),
        (widest_path, shortest_sum),
        (widest_path, within(2)),
        (widest_path, within(5)),
        (widest_path, within(12)),
        (widest_path, lambda links, s, t: max(c for _, _, c in links)),
        (widest_path, lambda links, s, t: min(c for _, _, c in links)),
        (widest_path, lambda links, s, t: 0),
        (who_knows, lambda paths, corrupted: True),
        (who_knows, lambda paths, corrupted: bool(set(paths[0]) & corrupted and set(paths[-1]) & corrupted)),
        (who_knows, lambda paths, corrupted: False),
        (who_knows, lambda paths, corrupted: bool(corrupted)),
        (who_knows, lambda paths, corrupted: sum(bool(set(p) & corrupted) for p in paths) >= len(paths) / 2),
        (who_knows, lambda paths, corrupted: len(set().union(*paths) & corrupted) >= len(paths)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(exercise, answer):
    for seed in range(3):
        verdict = exercise.check(answer, seed=seed)
        assert not verdict
        assert "stopped with" not in verdict.message
