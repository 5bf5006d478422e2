"""Answers to the exercises of *Graph networks*: right ones in another style, and wrong ones that look right."""

from itertools import combinations, pairwise, permutations

import numpy as np
import pytest

from qlearn.exercises.networks.graph_networks import (
    edge_phase,
    equivariant,
    hypervolume_2d,
    message_step,
    pareto,
)
from tests.exercises.tried import passes, refused

# The phase of the edges

WEIGHTS = np.zeros((4, 4))
for (_u, _v), _w in {(0, 1): 0.3, (1, 2): 0.7, (0, 2): 1.1, (2, 3): 0.5}.items():
    WEIGHTS[_u, _v] = WEIGHTS[_v, _u] = _w
X = np.array([0.2, 0.9, -0.4, 1.3])
LAYERS = ((0.8, 0.35), (0.5, 0.6))


def basis(n):
    return np.array([[(k >> (n - 1 - i)) & 1 for i in range(n)] for k in range(2**n)])


def state_of(start, weights, layers):
    """A circuit of edges, by the exercise's phases, and of turns exp(-i b X) on each qubit."""
    n = len(weights)
    state = start.astype(complex)
    for g, b in layers:
        state = state * np.array([edge_phase(bits, weights, g) for bits in basis(n)])
        turn, all_turn = (
            np.array([[np.cos(b), -1j * np.sin(b)], [-1j * np.sin(b), np.cos(b)]]),
            np.ones((1, 1)),
        )
        for _ in range(n):
            all_turn = np.kron(all_turn, turn)
        state = all_turn @ state
    return state


def encoded(x):
    start = np.ones(1)
    for angle in x:
        start = np.kron(start, [np.cos(angle / 2), np.sin(angle / 2)])
    return start


def expectations(x, weights, layers=LAYERS):
    return np.abs(state_of(encoded(x), weights, layers)) ** 2 @ (1 - 2 * basis(len(x)))


def test_the_circuit_of_the_reference():
    np.testing.assert_allclose(
        expectations(X, WEIGHTS), (0.1044803196, 0.3588686443, 0.5752973179, 0.6574755935), atol=5e-11
    )
    signs = 1 - 2 * basis(4)
    chances = np.abs(state_of(encoded(X), WEIGHTS, LAYERS)) ** 2
    np.testing.assert_allclose(chances @ (signs[:, 0] * signs[:, 1]), 0.0923218201, atol=5e-11)


def test_a_hexagon_is_no_two_triangles():
    seen = []
    for edges in ([(k, (k + 1) % 6) for k in range(6)], [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)]):
        weights = np.zeros((6, 6))
        for u, v in edges:
            weights[u, v] = weights[v, u] = 1
        chances = np.abs(state_of(np.full(64, 1 / 8), weights, [(0.7, 0.4)])) ** 2
        signs = 1 - 2 * basis(6)
        seen.append(np.mean([chances @ (signs[:, u] * signs[:, v]) for u, v in edges]))
        # Any message passing sees two neighbours of weight 1 everywhere, in both graphs.
        step = message_step(np.ones((6, 1)), weights, np.eye(1), np.eye(1), np.zeros(1))
        np.testing.assert_array_equal(step, np.tanh(2.0))
    np.testing.assert_allclose(seen, (0.1674226561, 0.6671562324), atol=5e-11)


def by_edges(bits, weights, g):
    phase = 1
    for u, v in combinations(range(len(bits)), 2):
        phase = phase * np.exp(-1j * g * weights[u, v] * (1 if bits[u] == bits[v] else -1))
    return phase


def by_matrices(bits, weights, g):
    """The whole operator, of which one entry is asked for."""
    n, exponent = len(bits), np.zeros(2 ** len(bits))
    for u, v in combinations(range(n), 2):
        term = np.ones(1)
        for k in range(n):
            term = np.kron(term, [1, -1] if k in (u, v) else [1, 1])
        exponent += weights[u, v] * term
    place = int("".join(map(str, bits)), 2)
    return complex(np.cos(g * exponent[place]), -np.sin(g * exponent[place]))


@pytest.mark.parametrize("answer", [by_edges, by_matrices, lambda *given: [by_edges(*given)]])
def test_phases_in_another_style(answer):
    passes(edge_phase, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda bits, w, g: np.conj(by_edges(bits, w, g)), "conjugate"),
        (lambda bits, w, g: by_edges(bits, w, 2 * g), "twice"),
        (lambda bits, w, g: by_edges(bits, w, g / 2), "halved"),
        (lambda bits, w, g: by_edges(bits, w, abs(g)), ""),
        (lambda bits, w, g: by_edges(bits, np.abs(w), g), "sign"),
        (lambda bits, w, g: by_edges(bits, np.where(w > 0, w, 0), g), "negative"),
        (lambda bits, w, g: by_edges(bits, np.where(w < 0, 0.5 * w, w), g), ""),
        (lambda bits, w, g: by_edges(1 - bits, np.triu(w, 1) - np.triu(w, 2), g), ""),
        (lambda bits, w, g: by_edges(bits[:2], w[:2, :2], g), ""),
        (lambda bits, w, g: by_edges(bits[:3], w[:3, :3], g), ""),
        (lambda bits, w, g: by_edges(bits, w**2, g), ""),
        (lambda bits, w, g: by_edges(bits, w, g).real, ""),
        (lambda bits, w, g: abs(by_edges(bits, w, g)), ""),
        (lambda bits, w, g: np.angle(by_edges(bits, w, g)), ""),
        (lambda bits, w, g: np.prod(np.exp(-1j * g * (1 - 2 * bits))), ""),
        (lambda bits, w, g: np.round(by_edges(bits, w, g), 4), "rounded"),
        (lambda bits, w, g: 1, ""),
    ],
)
def test_other_phases_are_refused(answer, words):
    refused(edge_phase, answer, words)


# Equivariant or not


def bound(x, weights):
    """The circuit with one weight bound to a position: whoever are the first two, it is 1.3 times as large."""
    factor = np.ones_like(weights)
    factor[0, 1] = factor[1, 0] = 1.3
    return expectations(x, factor * weights)


def defect(function, x, weights):
    given = function(x, weights)
    orders = [list(order) for order in permutations(range(len(x)))]
    return max(np.abs(function(x[o], weights[np.ix_(o, o)]) - given[o]).max() for o in orders)


def test_the_circuit_of_the_reference_is_equivariant_and_a_bound_weight_is_not():
    assert equivariant(expectations, X, WEIGHTS) is True
    assert defect(expectations, X, WEIGHTS) < 1e-14
    assert equivariant(bound, X, WEIGHTS) is False
    assert abs(defect(bound, X, WEIGHTS) - 0.168) < 5e-4


def by_matrices_of_orders(function, x, weights, *, tolerance=1e-9):
    n = len(x)
    for order in permutations(range(n)):
        P = np.eye(n)[list(order)]
        if np.linalg.norm(function(P @ x, P @ weights @ P.T) - P @ function(x, weights), np.inf) > tolerance:
            return False
    return True


def backwards(function, x, weights):
    """What is given in the new order, put back."""
    given = function(x, weights)
    for order in permutations(range(len(x))):
        moved = function(x.take(order), weights[list(order)][:, list(order)])
        back = np.empty(len(x))
        back[list(order)] = moved
        if not np.allclose(back, given, rtol=0, atol=1e-9):
            return np.bool_(False)
    return np.bool_(True)


@pytest.mark.parametrize("answer", [by_matrices_of_orders, backwards, lambda *given: int(backwards(*given))])
def test_checks_in_another_style(answer):
    passes(equivariant, answer)


def test_both_verdicts_are_due():
    for seed in range(5):
        due = [equivariant(*case) for case in equivariant.draw_cases(seed)]
        assert min(due.count(True), due.count(False)) >= 7


def with_orders(orders):
    def answer(function, x, weights):
        given = function(x, weights)
        for order in orders(len(x)):
            order = list(order)
            if np.abs(function(x[order], weights[order][:, order]) - given[order]).max() > 1e-9:
                return False
        return True

    return answer


def other_orders(n):
    """A few at random."""
    rng = np.random.default_rng(0)
    return [rng.permutation(n) for _ in range(3)]


def even_orders(n):
    """Half of all."""
    pairs = list(combinations(range(n), 2))
    return [o for o in permutations(range(n)) if sum(o[i] > o[j] for i, j in pairs) % 2 == 0]


def three_moved_and_falling(n):
    """At most three nodes out of place, and the reverse."""
    near = [o for o in permutations(range(n)) if sum(i != k for i, k in enumerate(o)) <= 3]
    return [*near, tuple(range(n))[::-1]]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda *given: not backwards(*given), ""),
        (lambda *given: by_matrices_of_orders(*given, tolerance=1e-3), ""),
        (lambda *given: by_matrices_of_orders(*given, tolerance=-1.0), "always False"),
        (lambda *given: by_matrices_of_orders(*given, tolerance=0.0), "exactly equal"),
        (with_orders(lambda n: [range(n)]), "always True"),
        (with_orders(lambda n: [(*range(1, n), 0)]), ""),
        (with_orders(lambda n: combinations(range(n), n)), "always True"),
        (with_orders(other_orders), ""),
        (with_orders(even_orders), ""),
        (with_orders(three_moved_and_falling), ""),
        (lambda function, x, weights: by_matrices_of_orders(function, 2 * x, weights), ""),
        (lambda function, x, weights: by_matrices_of_orders(function, x, 2 * weights), ""),
        (lambda function, x, weights: by_matrices_of_orders(function, -x, weights), ""),
        (lambda function, x, weights: by_matrices_of_orders(function, x, np.sign(weights)), ""),
        (lambda function, x, weights: np.isclose(function(x, weights).sum(), function(x[::-1], weights[::-1, ::-1]).sum()), ""),
        (lambda function, x, weights: np.ptp(function(np.ones(len(x)), np.ones((len(x),) * 2))) < 1e-9, ""),
        (lambda function, x, weights: defect(function, x, weights), ""),
        (lambda function, x, weights: str(backwards(function, x, weights)), ""),
        (lambda function, x, weights: by_matrices_of_orders(lambda x, w: function(x, w)[:2], x[:2], weights[:2, :2]), ""),
    ],
)  # fmt: skip
def test_other_checks_are_refused(answer, words):
    refused(equivariant, answer, words)


# A message step


def node_by_node(x, weights, own, heard, offset):
    new = []
    for u in range(len(x)):
        message, total = np.zeros(x.shape[1]), 0.0
        for v in range(len(x)):
            if weights[u][v]:
                message, total = message + weights[u][v] * x[v], total + weights[u][v]
        if total:
            message = message / total
        new.append(
            [np.tanh(x[u].dot(own[:, k]) + message.dot(heard[:, k]) + offset[k]) for k in range(len(offset))]
        )
    return new


def by_einsum(x, weights, own, heard, offset):
    shares = np.nan_to_num(np.divide(weights, weights.sum(0)[:, None]))
    powers = np.exp(
        2 * (np.einsum("uf,fh->uh", x, own) + np.einsum("uv,vf,fh->uh", shares, x, heard) + offset)
    )
    return (powers - 1) / (powers + 1)


@pytest.mark.parametrize("answer", [node_by_node, by_einsum])
def test_message_steps_in_another_style(answer):
    passes(message_step, answer)


def test_a_message_step_is_equivariant():
    rng = np.random.default_rng(4)
    for x, weights, own, heard, offset in message_step.draw_cases(0):
        order = rng.permutation(len(x))
        moved = message_step(x[order], weights[np.ix_(order, order)], own, heard, offset)
        np.testing.assert_allclose(moved, message_step(x, weights, own, heard, offset)[order], atol=1e-12)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, w, own, heard, offset: by_einsum(x, w, heard, own, offset), "exchanged"),
        (lambda x, w, own, heard, offset: by_einsum(x, w, own, heard, -offset), ""),
        (lambda x, w, own, heard, offset: by_einsum(x, w, own, -heard, offset), ""),
        (lambda x, w, own, heard, offset: by_einsum(x, w, own, 0 * heard, offset), ""),
        (lambda x, w, own, heard, offset: by_einsum(x, w**2, own, heard, offset), ""),
        (lambda x, w, own, heard, offset: by_einsum(x[:3], w[:3, :3], own, heard, offset), ""),
        (lambda x, w, own, heard, offset: by_einsum(x, w, own, heard, offset).T, ""),
        (lambda x, w, own, heard, offset: by_einsum(x, w, own, heard, offset).mean(axis=0), ""),
        (lambda x, w, own, heard, offset: np.maximum(np.arctanh(by_einsum(x, w, own, heard, offset)), 0), ""),
        (lambda x, w, own, heard, offset: 1 / (1 + np.exp(-np.arctanh(by_einsum(x, w, own, heard, offset)))), ""),
        (lambda x, w, own, heard, offset: np.round(by_einsum(x, w, own, heard, offset), 4), "rounded"),
        (lambda x, w, own, heard, offset: np.tanh(x @ own + w / np.maximum(w.sum(1), 0.2)[:, None] @ x @ heard + offset), ""),
        (lambda x, w, own, heard, offset: np.tanh(x @ own + w / (w.sum(1) + 1e-4)[:, None] @ x @ heard + offset), ""),
        (lambda x, w, own, heard, offset: np.tanh(x @ own + w / max(w.sum(1).max(), 1) @ x @ heard + offset), ""),
    ],
)  # fmt: skip
def test_other_message_steps_are_refused(answer, words):
    refused(message_step, answer, words)


# Fronts

FIVE = np.array([[1, 5], [2, 3], [3, 4], [4, 1], [5, 5]], float)


def test_the_fronts_of_the_reference():
    assert pareto(FIVE).tolist() == [0, 0, 1, 0, 2]


def by_longest_chain(points):
    """The front of a point is the length of the longest chain of points, each dominating the next, that ends in it."""
    points = [tuple(p) for p in points]

    def front(a):
        above = [b for b in points if b != a and all(x <= y for x, y in zip(b, a, strict=True))]
        return max((1 + front(b) for b in above), default=0)

    return [front(a) for a in points]


def by_removing(points):
    left, fronts, number = dict(enumerate(np.asarray(points).tolist())), {}, 0
    while left:
        first = [
            i for i, a in left.items()
            if not any(b != a and max(x - y for x, y in zip(b, a, strict=True)) <= 0 for b in left.values())
        ]  # fmt: skip
        for i in first:
            fronts[i] = number
            del left[i]
        number += 1
    return np.array([fronts[i] for i in range(len(points))], float)


@pytest.mark.parametrize("answer", [by_longest_chain, by_removing])
def test_fronts_in_another_style(answer):
    passes(pareto, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda points: by_removing(-points), "largest"),
        (lambda points: by_removing(points[:, :2]), "two objectives"),
        (lambda points: by_removing(np.abs(points)), ""),
        (lambda points: by_removing(np.round(points, 7)), "nearly equal"),
        (lambda points: by_removing(points.astype(np.float32)), ""),
        (lambda points: by_removing(np.round(points)), ""),
        (lambda points: by_removing(points[::-1]), ""),
        (lambda points: by_removing(points)[::-1], ""),
        (lambda points: np.sort(by_removing(points)), ""),
        (lambda points: by_removing(points).max() - by_removing(points), ""),
        (lambda points: np.minimum(by_removing(points), 2), ""),
        (lambda points: by_removing(points) + 1, "from 0"),
        (lambda points: [np.flatnonzero(by_removing(points) == k) for k in range(int(by_removing(points).max()) + 1)], ""),
        (lambda points: np.argsort(np.argsort(points.sum(axis=1))), ""),
        (lambda points: np.zeros(len(points)), ""),
    ],
)  # fmt: skip
def test_other_fronts_are_refused(answer, words):
    refused(pareto, answer, words)


# The area beaten


def test_the_area_of_the_reference():
    assert hypervolume_2d(FIVE, (6.0, 6.0)) == 17
    x = np.linspace(0, 1, 20_001)
    area = hypervolume_2d(np.column_stack([x, 1 - np.sqrt(x)]), (1.1, 1.1))
    assert 0 < 0.8766667 - area < 1e-4  # the stair lies within


def by_cells(points, reference):
    """Cut the plane along every coordinate, and ask each cell."""
    points = np.minimum(points, reference)
    xs, ys = (np.unique([*points[:, k], reference[k]]) for k in (0, 1))
    area = 0
    for x0, x1 in pairwise(xs):
        for y0, y1 in pairwise(ys):
            if any(x <= x0 and y <= y0 for x, y in points):
                area += (x1 - x0) * (y1 - y0)
    return area


def by_strips(points, reference):
    """From the right: the lowest point so far decides the strip to its right."""
    inside = sorted((x, y) for x, y in points if x < reference[0] and y < reference[1])
    if not inside:
        return [0]
    ends = [x for x, _ in inside[1:]] + [reference[0]]
    heights = np.minimum.accumulate([y for _, y in inside])
    return np.array(
        sum((end - x) * (reference[1] - y) for (x, _), end, y in zip(inside, ends, heights, strict=True))
    )


@pytest.mark.parametrize("answer", [by_cells, by_strips])
def test_areas_in_another_style(answer):
    passes(hypervolume_2d, answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda points, reference: by_cells(points, (6.0, 6.0)), ""),
        (lambda points, reference: by_cells(points, reference[::-1]), ""),
        (lambda points, reference: by_cells(-points, reference), ""),
        (lambda points, reference: by_cells(points[:2], reference), ""),
        (lambda points, reference: by_cells(np.maximum(points, 0), reference), ""),
        (lambda points, reference: by_cells(points[(points < reference).any(axis=1)][:5], reference), ""),
        (lambda points, reference: -by_cells(points, reference), "sign"),
        (lambda points, reference: round(by_cells(points, reference), 3), "rounded"),
        (lambda points, reference: len(points), ""),
        (lambda points, reference: 17.0, ""),
        (lambda points, reference: by_cells(points, reference) - reference[0] * reference[1], ""),
        (lambda points, reference: sum((reference[0] - x) * (reference[1] - y) for x, y in points), ""),
    ],
)
def test_other_areas_are_refused(answer, words):
    refused(hypervolume_2d, answer, words)


def test_a_guess_by_many_points_is_refused():
    rng = np.random.default_rng(1)

    def by_chance(points, reference):
        if not len(points):
            return 0.0
        low = np.minimum(points.min(axis=0), reference)
        at = rng.uniform(low, reference, (2000, 2))
        return (at[:, None] >= points).all(axis=2).any(axis=1).mean() * np.prod(np.asarray(reference) - low)

    refused(hypervolume_2d, by_chance)
