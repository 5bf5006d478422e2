"""Objectives and what is found: whole rows count first, the choice is made on other rows.

The searches: they find what can be found, never step back, and evolution beats chance at equal cost.
"""

import numpy as np
import pytest
from sklearn.datasets import make_circles

from qlearn.learning.circuit_search import (
    Arrangement,
    Gate,
    GateSet,
    SearchResult,
    evolutionary_search as module,
    evolve,
    hypervolume,
    objectives,
    random_arrangement,
    random_search,
)
from qlearn.learning.circuit_search.evolutionary_search import accuracy_of


def test_the_first_objective_counts_whole_rows_and_breaks_ties_below_one():
    rng = np.random.default_rng(3)
    X, y = rng.uniform(-3, 3, (17, 2)), rng.choice([-1.0, 1.0], 17)
    for seed in range(40):
        one = random_arrangement(GateSet(2, 2), rng=seed)
        wrong, depth = objectives(one, X, y)
        rows = np.sum(np.where(one.answers(X) >= 0, 1, -1) != y)
        assert rows / 17 <= wrong <= (rows + 0.5) / 17
        assert accuracy_of(wrong, 17) == pytest.approx(one.score(X, y), abs=1e-12)
        assert depth == one.trimmed().depth


def test_of_equally_many_wrong_rows_the_surer_answer_is_better():
    X, y = np.array([[0.0], [np.pi]]), np.array([1.0, -1.0])
    sure, unsure = (Arrangement(1, 1, (Gate("ry", (0,), feature=0, weight=w),)) for w in (1.0, 0.6))
    assert sure.score(X, y) == unsure.score(X, y) == 1
    assert objectives(sure, X, y)[0] < objectives(unsure, X, y)[0]


def test_chooses_by_other_rows_and_the_shallowest_of_equals():
    right = Arrangement(1, 1, (Gate("ry", (0,), feature=0),))
    longer = Arrangement(1, 1, (Gate("rz", (0,), 0.3), *right.gates))
    learned_by_heart = Arrangement(
        1, 1, (Gate("ry", (0,), np.pi, feature=0), Gate("rz", (0,)), Gate("rz", (0,)))
    )
    found = SearchResult(
        (right, longer, learned_by_heart), np.array([0.8, 0.9, 1.0]), np.array([1, 2, 3]), np.ones(1), 3
    )
    assert found.choose([[0.0], [np.pi]], [1, -1]) is right


RNG = np.random.default_rng(0)
RADII = np.repeat([0.6, 1.5], 40)
TURN = RNG.uniform(0, 2 * np.pi, 80)
RINGS = np.stack([RADII * np.cos(TURN), RADII * np.sin(TURN)], axis=1) + RNG.normal(0, 0.1, (80, 2))
INSIDE = np.where(RADII < 1, 1, -1)


@pytest.mark.parametrize("search", [evolve, random_search])
def test_what_it_returns_is_a_front_measured_on_the_rows(search):
    found = search(RINGS, INSIDE, population=12, generations=15, rng=3)
    assert found.evaluations == 12 * 15
    assert len(found.history) == 15
    assert (np.diff(found.history) >= 0).all()  # elitism: the best is never lost
    assert (np.diff(found.depths) > 0).all()
    assert (np.diff(found.accuracies) > 0).all()
    assert found.history[-1] == found.accuracies[-1]
    for one, accuracy, depth in zip(found.front, found.accuracies, found.depths, strict=True):
        assert one.score(RINGS, INSIDE) == pytest.approx(accuracy, abs=1e-12)
        assert one.depth == depth
        assert one == one.trimmed()


def test_finds_a_rule_of_one_gate():
    X = RNG.uniform(-np.pi, np.pi, (60, 3))
    found = evolve(X, np.sign(np.sin(X[:, 1])), population=16, generations=40, rng=1)
    assert found.accuracies[-1] > 0.95
    used = {gate.feature for gate in found.front[-1].gates}
    assert 1 in used


def test_evolution_beats_chance_at_equal_cost():
    # 1200 arrangements each, six seeds. Over 24 other seeds the fronts cover 4.46 +- 0.48 and 3.33 +- 0.27
    # (standard deviations), so the difference of two means of six is 5.0 sd above 0: 3e-7.
    X, y = make_circles(60, noise=0.1, factor=0.5, random_state=1)
    covered = {
        search: [
            hypervolume(np.stack([1 - found.accuracies, found.depths], axis=1), [0.5, 12])
            for found in (search(1.5 * X, 2 * y - 1, generations=50, rng=seed) for seed in range(100, 106))
        ]
        for search in (evolve, random_search)
    }
    assert np.mean(covered[evolve]) > np.mean(covered[random_search])


def test_a_seed_gives_the_same_front():
    one, two = (evolve(RINGS, INSIDE, population=8, generations=8, rng=7) for _ in range(2))
    assert one.front == two.front


def test_obeys_its_gate_set():
    short = GateSet(n_qubits=2, n_features=2, most_gates=3, couplings=False)
    found = evolve(RINGS, INSIDE, gate_set=short, population=10, generations=20, rng=2)
    assert max(len(one.gates) for one in found.front) <= 3
    assert {one.couplings for one in found.front} == {0}


def test_an_interrupted_search_returns_what_it_has(monkeypatch):
    calls, real = [], module.objectives

    def impatient(one, X, y):
        calls.append(1)
        if len(calls) > limit:
            raise KeyboardInterrupt
        return real(one, X, y)

    monkeypatch.setattr(module, "objectives", impatient)
    limit = 8 * 3 + 2
    found = evolve(RINGS, INSIDE, population=8, generations=20, rng=1)
    rounds, calls[:] = len(found.history), []
    # an arrangement that was seen before is not judged again, so the limit is reached in a later round
    assert 3 <= rounds < 20
    limit = 8 * 20
    whole = evolve(RINGS, INSIDE, population=8, generations=rounds, rng=1)
    assert found.evaluations == 8 * rounds
    assert found.front == whole.front
    calls.clear()
    limit = 0
    with pytest.raises(KeyboardInterrupt):
        evolve(RINGS, INSIDE, population=8, generations=20, rng=1)


def test_shows_progress_when_asked(capsys):
    evolve(RINGS, INSIDE, population=2, generations=2, rng=1)
    assert capsys.readouterr().err == ""
    evolve(RINGS, INSIDE, population=2, generations=2, rng=1, progress=True)
    assert "generation" in capsys.readouterr().err


@pytest.mark.parametrize("search", [evolve, random_search])
@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"population": 1}, ValueError, "population must be at least 2"),
        ({"generations": 0}, ValueError, "generations must be at least 1"),
        ({"generations": 2.5}, TypeError, "generations must be a whole number"),
        ({"X": RINGS[0]}, ValueError, r"X must have shape \(n, n_features\)"),
        ({"X": np.full((80, 2), np.inf)}, ValueError, "X must be finite"),
        ({"X": np.empty((0, 2)), "y": []}, ValueError, r"X must have shape \(n, n_features\)"),
        ({"y": INSIDE[:-1]}, ValueError, "y must hold one label for each of the 80 rows"),
        ({"y": np.ones(80)}, ValueError, "both of them"),
        ({"y": (INSIDE + 1) / 2}, ValueError, "labels -1 and 1"),
        ({"gate_set": GateSet(2, 3)}, ValueError, "X must have the 3 features that the gate set says"),
    ],
)
def test_refuses(search, arguments, error, says):
    with pytest.raises(error, match=says):
        search(**{"X": RINGS, "y": INSIDE, "population": 4, "generations": 2, **arguments})


def test_judges_no_arrangement_twice(monkeypatch):
    judged, real = [], module.objectives

    def counting(one, X, y):
        judged.append(one)
        return real(one, X, y)

    monkeypatch.setattr(module, "objectives", counting)
    found = evolve(RINGS, INSIDE, population=8, generations=20, rng=1)
    assert len(judged) == len(set(judged)) < found.evaluations
    assert all(one == one.trimmed() for one in judged)
