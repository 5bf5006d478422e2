"""The smallest evolution: one parent and one child at a time."""

import sys
from typing import NamedTuple

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._guard import call
from qlearn.exercises.comparisons import NOTHING, a
from qlearn.learning.circuit_search import (
    Arrangement,
    Gate,
    GateSet,
    mutate,
    objectives,
    random_arrangement,
)


@exercise(
    level="project",
    right=(
        "one parent and one child at a time, and no gradient. A population keeps several hills in play; try both on "
        "the two rings."
    ),
    because="""
        *No worse*, and not *better*: a child that is equal may carry gates that become useful later, and a climber
        that accepts them drifts along flat ridges. It gets stuck on a hill sooner than a population, but its steps
        are all spent on one lineage; which is better depends on the landscape, so measure.
    """,
)
def hill_climb(X, y, gate_set, steps, rng):
    """The smallest evolution has one parent. Draw a `random_arrangement`, then `steps` times `mutate` it and keep the
    child if its `objectives(child, X, y)` are no worse (compare the pairs as Python does: error first, depth as a
    tie-break). Return the last parent. Then run it on the two rings beside `evolve`, at an equal number of
    arrangements. Given: `random_arrangement`, `mutate`, `objectives`.
    """
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen <= best:
            parent, best = child, seen
    return parent


class _Climb(NamedTuple):
    """What was seen of one run, whatever names it called the library by."""

    got: object
    drawn: list  # by random_arrangement
    born: list  # by mutate: parent and child
    chance: list  # the state of the generator at each birth


class _Idle(GateSet):
    """Gates of which every second one does nothing: of many pairs the errors are equal to the last digit."""

    def gate(self, rng):
        gate = super().gate(rng)
        return gate if rng.random() < 0.5 else Gate("ry", self.wires(1, rng), 0.0)


class _Flat(GateSet):
    """Gates that turn by a weighted feature alone: where that is 0, the best are equal but for their depth."""

    def gate(self, rng):
        return Gate("ry", (0,), feature=0, weight=float(rng.uniform(-3, 3)))


def _watched(answer, X, y, gate_set, steps, seed):
    """Let an answer climb, and note every arrangement that is drawn or mutated on the way."""
    drawn, born, chance = [], [], []

    def watch(frame, event, value):
        if frame.f_code is mutate.__code__:
            if event == "call":
                rng = frame.f_locals["rng"]
                chance.append(str(rng.bit_generator.state if isinstance(rng, np.random.Generator) else rng))
            elif event == "return" and value is not None:
                born.append((frame.f_locals["parent"], value))
        elif frame.f_code is random_arrangement.__code__ and event == "return" and value is not None:
            drawn.append(value)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        got = call(answer, X.copy(), y.copy(), gate_set, steps, np.random.default_rng(seed))
    finally:
        sys.setprofile(before)
    return _Climb(got, drawn, born, chance)


@hill_climb.grader
def climbs(answer, rng):
    """One drawn, one child a step, the right one kept each time, and all by the chance that was handed over."""
    X = rng.uniform(-np.pi, np.pi, (12, 2))
    y = np.where(np.sin(X[:, 0]) > 0, 1.0, -1.0)
    idle, plain = _Idle(2, 2, most_gates=8), GateSet(3, 1, most_gates=8)
    decisions = []
    for run in range(20):
        rows, gate_set = ((X, idle), (X, _Idle(1, 2, most_gates=6)), (X[:, :1], plain))[run % 3]
        steps = int(rng.integers((30, 20, 5)[run % 3], (40, 30, 9)[run % 3]))
        climb = _watched(answer, rows, y, gate_set, steps, rng.integers(2**32))
        if why := _line_broken(climb, steps) or _decided(climb, rows, y, decisions):
            return Verdict.wrong(why)
        would_keep = {
            tuple(rule(seen, best) for seen, best, _ in decisions)
            for rule in (_rule, *(r for r, _ in _RULES))
        }
        if run >= 2 and len(would_keep) == 1 + len(_RULES):
            break  # there was something to tell each rule from each other by
    if why := _rule_broken(decisions):
        return Verdict.wrong(why)
    one, two = (int(seed) for seed in rng.integers(2**32, size=2))
    flat = _watched(answer, 0 * X, y**2, _Flat(1, 2, most_gates=3), 30, one)
    if (why := _line_broken(flat, 30)) or (why := _decided(flat, 0 * X, y**2, [])):
        return Verdict.wrong(why)
    first, again, other = (_watched(answer, X, y, idle, 5, seed) for seed in (one, one, two))
    moments = first.chance + other.chance
    if first.born != again.born or first.drawn == other.drawn or len(set(moments)) < len(moments):
        return Verdict.wrong(
            "`rng` does not decide what you return: pass it to `random_arrangement` and to every `mutate`, so that a "
            "run can be repeated and another one is another."
        )
    still = _watched(answer, X[:, :1], y, plain, 0, one)
    if why := _line_broken(still, 0):
        return Verdict.wrong(why)
    return None


def _line_broken(climb, steps):
    """Say what is wrong with the births of a run, or nothing."""
    if climb.got is None:
        return f"{NOTHING}."
    if not isinstance(climb.got, Arrangement):
        return f"return the last parent, an `Arrangement`, and not {a(climb.got)}."
    if len(climb.drawn) > 1:
        return (
            f"you draw {len(climb.drawn)} arrangements: that is random search. Call `random_arrangement` once, before "
            "the loop, then `mutate`."
        )
    if not climb.drawn:
        return "draw the first parent with `random_arrangement(gate_set, rng=rng)`."
    if len(climb.born) != steps:
        return f"asked for {steps} steps you call `mutate` {len(climb.born)} times: one child in each step."
    parents = [parent for parent, _ in climb.born]
    if not steps:
        return None if _same(climb.got, climb.drawn[0]) else "asked for no step at all, return what you drew."
    if not _same(parents[0], climb.drawn[0]):
        return "the first child is to be one of the arrangement that you drew."
    if steps > 10 and all(parent is parents[0] for parent in parents) and not _same(climb.got, parents[0]):
        return (
            "every child has the first parent: you end one mutation away from the start. A child that is kept is the "
            "parent of the next."
        )
    return None


def _same(one, two):
    """Tell whether two arrangements are the same but for gates that nothing is seen of."""
    return one == two or one.trimmed() == two.trimmed()


def _decided(climb, X, y, decisions):
    """Add what was decided at each birth: objectives of the child and of its parent, and whether it was kept."""
    followers = [parent for parent, _ in climb.born[1:]] + [climb.got]
    for (parent, child), follower in zip(climb.born, followers, strict=True):
        if parent == child or (_same(parent, child) and follower == follower.trimmed()):
            continue  # it may come from either
        kept = follower == child if follower in (parent, child) else _same(follower, child)
        if not (kept or _same(follower, parent)):
            return (
                "the parent of each child shall be the last arrangement that was kept, and the last of all is to be "
                "returned: somewhere it is another one."
            )
        decisions.append((objectives(child, X, y), objectives(parent, X, y), kept))
    return None


def _rule(seen, best):
    return seen <= best


_RULES = (
    (
        lambda seen, best: seen < best,
        "you keep a child only if it is *better*: one that is equal shall be kept too, it may carry what becomes "
        "useful.",
    ),
    (
        lambda seen, best: seen[0] <= best[0],
        "you compare the errors alone: of two with as many errors the deeper one must not replace the other.",
    ),
    (
        lambda seen, best: seen[0] < best[0],
        "you compare the errors alone, and keep no child that is equal.",
    ),
    (
        lambda seen, best: seen[::-1] <= best[::-1],
        "your climber makes circuits shallow, and not right: depth must not come before error.",
    ),
    (
        lambda seen, best: seen[0] <= best[0] and seen[1] <= best[1],
        "you keep a child only if it is no worse in *both*. Compare the pairs as Python does: depth breaks ties only.",
    ),
    (
        lambda seen, best: False,
        "you return the arrangement you began with: keep the child when it is no worse.",
    ),
    (
        lambda seen, best: True,
        "you keep every child, good or bad: that is a random walk. Keep one that is no worse.",
    ),
    (lambda seen, best: seen >= best, "you keep the worse of the two: both objectives are to be small."),
    (lambda seen, best: seen > best, "you keep the worse of the two: both objectives are to be *small*."),
)


def _rule_broken(decisions):
    """Say by which wrong rule children were kept, or nothing."""
    wrong = [(seen, best, kept) for seen, best, kept in decisions if kept != _rule(seen, best)]
    if not wrong:
        return None
    for keep, why in _RULES:
        if all(kept == keep(seen, best) for seen, best, kept in decisions):
            return why
    seen, best, kept = wrong[0]
    return (
        f"a child with the objectives ({seen[0]:.4g}, {seen[1]}) is {'' if kept else 'not '}kept beside a parent with "
        f"({best[0]:.4g}, {best[1]}). Are the objectives remembered together with the parent?"
    )


def _slip(X, y, gate_set, steps, rng, *, keep=_rule):
    """The solution with another rule: what the mistakes are made of."""
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if keep(seen, best):
            parent, best = child, seen
    return parent


@hill_climb.mistake("you return the arrangement you began with: keep the child when it is no worse.")
def never_accepts(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: False)


@hill_climb.mistake("you keep the worse of the two: both objectives are to be small.")
def keeps_the_worse(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: seen >= best)


@hill_climb.mistake()
def random_search(X, y, gate_set, steps, rng):
    drawn = [random_arrangement(gate_set, rng=rng) for _ in range(steps + 1)]
    return min(drawn, key=lambda one: objectives(one, X, y))


@hill_climb.mistake(
    "every child has the first parent: you end one mutation away from the start. A child that is kept is the parent of "
    "the next."
)
def siblings(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    children = [mutate(parent, gate_set, rng=rng) for _ in range(steps)]
    return min(children, key=lambda one: objectives(one, X, y))


@hill_climb.mistake("you keep every child, good or bad: that is a random walk. Keep one that is no worse.")
def random_walk(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: True)


@hill_climb.mistake("your climber makes circuits shallow, and not right: depth must not come before error.")
def depth_first(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: seen[::-1] <= best[::-1]).trimmed()


@hill_climb.mistake(
    "you keep a child only if it is *better*: one that is equal shall be kept too, it may carry what becomes useful."
)
def only_if_better(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: seen < best)


@hill_climb.mistake(
    "you compare the errors alone: of two with as many errors the deeper one must not replace the other."
)
def errors_alone(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: seen[0] <= best[0])


@hill_climb.mistake("you compare the errors alone, and keep no child that is equal.")
def fewer_errors_alone(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, rng, keep=lambda seen, best: seen[0] < best[0])


@hill_climb.mistake(
    "you keep a child only if it is no worse in *both*. Compare the pairs as Python does: depth breaks ties only."
)
def no_worse_in_both(X, y, gate_set, steps, rng):
    return _slip(
        X, y, gate_set, steps, rng, keep=lambda seen, best: seen[0] <= best[0] and seen[1] <= best[1]
    )


@hill_climb.mistake()
def forgets_the_best(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        if objectives(child, X, y) <= best:
            parent = child
    return parent


@hill_climb.mistake()
def the_first_of_the_best(X, y, gate_set, steps, rng):
    parent = found = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen < best:
            found = child
        if seen <= best:
            parent, best = child, seen
    return found


@hill_climb.mistake()
def always_250(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, 250, rng)


@hill_climb.mistake()
def half_the_steps(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps // 2, rng)


@hill_climb.mistake(
    "`rng` does not decide what you return: pass it to `random_arrangement` and to every `mutate`, so that a run can "
    "be repeated and another one is another."
)
def its_own_chance(X, y, gate_set, steps, rng):
    return _slip(X, y, gate_set, steps, np.random.default_rng(0))


@hill_climb.mistake("return the last parent, an `Arrangement`, and not a tuple of 2.")
def returns_objectives(X, y, gate_set, steps, rng):
    return objectives(_slip(X, y, gate_set, steps, rng), X, y)
