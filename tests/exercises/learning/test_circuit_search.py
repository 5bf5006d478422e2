"""Answers to the exercises of *Circuit search*: right ones in another style, and wrong ones that look right."""

from math import ceil, exp

import numpy as np
import pytest

import qlearn.learning.circuit_search as cs
from qlearn.exercises.learning.circuit_search import beats, depth, hill_climb, signal_shots
from qlearn.learning.circuit_search import (
    Arrangement,
    GateSet,
    evolve,
    mutate,
    objectives,
    random_arrangement,
)
from tests.exercises.tried import passes, refused


def test_a_depth_may_be_of_any_type():
    passes(depth, 4.0)
    passes(depth, np.int64(4))
    for wrong in (0, -4, 4.5, 7, [1, 2, 3, 4]):
        refused(depth, wrong)


def test_a_rule_of_the_front_in_another_style():
    passes(beats, lambda a, b: a != b and all(x <= y for x, y in zip(a, b, strict=True)))
    passes(beats, lambda a, b: bool(np.all(np.array(a) <= b) and np.any(np.array(a) < b)))
    passes(beats, lambda a, b: int(not (a[0] > b[0] or a[1] > b[1] or (a[0] == b[0] and a[1] == b[1]))))


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (lambda a, b: a < b, "by their first entry"),
        (lambda a, b: a <= b, ""),
        (lambda a, b: a[0] <= b[0] + 1e-3 and a[1] < b[1], ""),
        (lambda a, b: 10 * a[0] + a[1] < 10 * b[0] + b[1], ""),
        (lambda a, b: a[0] <= b[0] and a[1] <= b[1] and round(a[0], 2) < round(b[0], 2), ""),
        (lambda a, b: abs(b[0] - a[0]) > 0 and a[1] <= b[1], ""),
        (lambda a, b: "a" if beats(a, b) else "b", "True or False"),
        (lambda a, b: True, ""),
        (lambda a, b: False, ""),
    ],
    ids=["lexicographic", "no worse", "tolerant", "weighted", "rounded", "no sign", "names", "always", "never"],
)  # fmt: skip
def test_another_rule_is_refused(wrong, word):
    refused(beats, wrong, word)


@pytest.mark.parametrize(
    "cast", [lambda x: round(x, 1), lambda x: round(x, 2), lambda x: round(x, 3), ceil, float]
)
def test_shots_may_be_rounded_but_not_down(cast):
    passes(signal_shots, lambda f, p, depth: cast(signal_shots(f, p, depth)))
    passes(signal_shots, lambda f, p, depth: np.array(cast((abs(f) * (1 - p) ** depth) ** -2)))
    refused(signal_shots, lambda f, p, depth: int(signal_shots(f, p, depth)), "round up, not down")


@pytest.mark.parametrize("cast", [int, round, np.ceil])
@pytest.mark.parametrize(
    "name", [x for x in signal_shots.mistakes if "rounded" not in x and x != "upside_down"]
)
def test_a_mistake_that_is_rounded_is_not_called_rounding(name, cast):
    mistake = signal_shots.mistakes[name].answer
    refused(signal_shots, lambda *case: cast(mistake(*case)))
    assert "round up" not in signal_shots.check(lambda *case: cast(mistake(*case))).message


@pytest.mark.parametrize(
    "wrong",
    [
        lambda f, p, depth: (1 / (f * exp(-p * depth))) ** 2,
        lambda f, p, depth: 1 / (f * (1 - p) ** (depth - 1)) ** 2,
        lambda f, p, depth: 1 / (f * max(1 - p**depth, 1e-3)) ** 2,
        lambda f, p, depth: (1 - f**2) / (f * (1 - p) ** depth) ** 2,
        lambda f, p, depth: 4 * signal_shots(f, p, depth),
        lambda f, p, depth: signal_shots(f, p, depth) + 1,
    ],
    ids=["exponential", "one layer fewer", "power of the loss", "binomial", "two errors", "one more"],
)
def test_other_shots_are_refused(wrong):
    refused(signal_shots, wrong)


def climber(keep=lambda seen, best: seen <= best, *, before=None, returned=None, count=None):
    def hill_climb(X, y, gate_set, steps, rng):
        parent = random_arrangement(gate_set, rng=rng)
        best = objectives(parent, X, y)
        if before:
            rng = before(rng)
        for _ in range(count(steps) if count else steps):
            child = mutate(parent, gate_set, rng=rng)
            seen = objectives(child, X, y)
            if keep(seen, best):
                parent, best = child, seen
        return returned(parent) if returned else parent

    return hill_climb


WHY = {
    "only if it is *better*": lambda seen, best: seen < best,
    "of two with as many errors": lambda seen, best: seen[0] <= best[0],
    "keep no child that is equal": lambda seen, best: seen[0] < best[0],
    "random walk": lambda seen, best: True,
    "keep the worse": lambda seen, best: seen >= best,
    "no worse in *both*": lambda seen, best: seen[0] <= best[0] and seen[1] <= best[1],
}


@pytest.mark.parametrize("why", WHY)
@pytest.mark.parametrize(
    "other",
    [{}, {"before": lambda rng: rng.random() and rng}, {"returned": Arrangement.trimmed}],
    ids=["plain", "other chance", "trimmed"],
)
def test_the_rule_of_a_climber_is_seen_whatever_chance_it_uses_and_returns(why, other):
    refused(hill_climb, climber(WHY[why], **other), why)


@pytest.mark.parametrize(
    "count", [lambda steps: steps // 2, lambda steps: steps + 1, lambda steps: 2 * steps, lambda steps: 12]
)
def test_a_climber_takes_as_many_steps_as_asked_for(count):
    refused(hill_climb, climber(count=count), "steps you call `mutate`")


def by_the_smaller(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    while steps:
        child, steps = cs.mutate(parent, gate_set, rng=rng), steps - 1
        parent = min(child, parent, key=lambda one: cs.objectives(one, X, y))
    return parent


def by_a_list(X, y, gate_set, steps, rng):
    from qlearn.learning.circuit_search import mutate as changed

    line = [random_arrangement(gate_set, rng=rng)]
    for _ in range(steps):
        child = changed(line[-1], gate_set, rng=rng)
        line.append(line[-1] if objectives(child, X, y) > objectives(line[-1], X, y) else child)
    return line[-1]


def with_seeds_of_its_own(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for seed in rng.integers(2**32, size=steps):
        child = mutate(parent, gate_set, rng=int(seed))
        if objectives(child, X, y) <= objectives(parent, X, y):
            parent = child
    return parent


def with_objectives_of_its_own(X, y, gate_set, steps, rng):
    def worth(one):
        said = one.trimmed().answers(X)
        wrong = np.mean(np.where(said >= 0, 1, -1) != y)
        return float(wrong + np.mean((said - y) ** 2) / (8 * len(y))), one.trimmed().depth

    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        parent = child if worth(child) <= worth(parent) else parent
    return parent


@pytest.mark.parametrize(
    "right",
    [
        climber(before=lambda rng: rng.random() and rng),
        climber(before=lambda rng: np.random.default_rng(rng.integers(2**32))),
        climber(returned=Arrangement.trimmed),
        climber(lambda seen, best: not seen > best),
        by_the_smaller,
        by_a_list,
        with_seeds_of_its_own,
        with_objectives_of_its_own,
    ],
)
def test_a_right_climber_of_another_style_passes(right):
    passes(hill_climb, right)


def hides(X, y, gate_set, steps, rng):
    """Strictly better, by an import of its own, with a chance of its own, and trimmed: nothing to compare it with."""
    from qlearn.learning import circuit_search as hidden

    rng.random(3)
    parent = hidden.random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = getattr(hidden, "mut" + "ate")(parent, gate_set, rng=rng)
        if hidden.objectives(child, X, y) < hidden.objectives(parent, X, y):
            parent = child
    return parent.trimmed()


def evolves(X, y, gate_set, steps, rng):
    found = evolve(X, y, gate_set=gate_set, population=4, generations=max(steps // 4, 1), rng=rng)
    return min(found.front, key=lambda one: objectives(one, X, y)) if hasattr(found, "front") else found


def the_best_of_two_climbs(X, y, gate_set, steps, rng):
    both = [climber()(X, y, gate_set, steps // 2, rng) for _ in range(2)]
    return min(both, key=lambda one: objectives(one, X, y))


def by_accuracy(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        if child.score(X, y) >= parent.score(X, y):
            parent = child
    return parent


def cools(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for step in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen, best = objectives(child, X, y), objectives(parent, X, y)
        if seen <= best or rng.random() < 0.3 * (1 - step / steps):
            parent = child
    return parent


def the_best_ever(X, y, gate_set, steps, rng):
    line = [random_arrangement(gate_set, rng=rng)]
    for _ in range(steps):
        line.append(mutate(line[-1], gate_set, rng=rng))
    return min(line, key=lambda one: objectives(one, X, y))


def one_chance_for_all(X, y, gate_set, steps, rng):
    seed, parent = int(rng.integers(2**32)), random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=seed)
        if objectives(child, X, y) <= objectives(parent, X, y):
            parent = child
    return parent


def no_chance(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = mutate(parent, gate_set)
        if objectives(child, X, y) <= objectives(parent, X, y):
            parent = child
    return parent


def its_own_gates(X, y, gate_set, steps, rng):
    return climber()(X, y, GateSet(gate_set.n_qubits, gate_set.n_features), 9, rng)


def tries_until_better(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        for _ in range(3):
            child = mutate(parent, gate_set, rng=rng)
            if objectives(child, X, y) <= objectives(parent, X, y):
                parent = child
                break
    return parent


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (hides, "only if it is *better*"),
        (evolves, ""),
        (the_best_of_two_climbs, "random search"),
        (by_accuracy, "kept beside"),
        (cools, "kept beside"),
        (the_best_ever, "the last arrangement that was kept"),
        (one_chance_for_all, "`rng` does not decide"),
        (no_chance, "`rng` does not decide"),
        (its_own_gates, "you call `mutate` 9 times"),
        (tries_until_better, "one child in each step"),
        (lambda *case: random_arrangement(case[2], rng=case[4]), "you call `mutate` 0 times"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_climber_that_is_none_is_refused(wrong, word):
    refused(hill_climb, wrong, word)


@pytest.mark.parametrize("seed", range(6))
def test_the_first_of_the_best_is_not_the_last_parent(seed):
    def first_of_the_best(X, y, gate_set, steps, rng):
        parent = found = random_arrangement(gate_set, rng=rng)
        best = objectives(parent, X, y)
        for _ in range(steps):
            child = mutate(parent, gate_set, rng=rng)
            if (seen := objectives(child, X, y)) <= best:
                found = child if seen < best else found
                parent, best = child, seen
        return found

    assert not hill_climb.check(first_of_the_best, seed=seed)
