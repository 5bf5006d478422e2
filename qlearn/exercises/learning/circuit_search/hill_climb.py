"""Hill climb."""

import numpy as np

from qlearn.exercises import exercise
from qlearn.learning.circuit_search import mutate, objectives, random_arrangement


@exercise(
    level="project",
    right=(
        "Mean accuracy 0.86 from one parent and one child at a time. A population keeps several hills in play; try "
        "both on the two rings."
    ),
    because="""
        *No worse*, and not *better*: a child that is equal may carry gates that become useful later, and a climber
        that accepts them drifts along flat ridges. It gets stuck on a hill sooner than a population, but its steps
        are all spent on one lineage; which is better depends on the landscape, so measure.
    """,
)
def hill_climb(X, y, gate_set, steps, rng):
    """The smallest evolution has one parent. Write `hill_climb(X, y, gate_set, steps, rng)`: draw a
    `random_arrangement`, then `steps` times `mutate` it and keep the child if its `objectives(child, X,
    y)` are no worse (compare the pairs as Python does: error first, depth as a tie-break). Return the
    last parent. Then run it on the two rings beside `evolve`, at an equal number of arrangements.
    """
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen <= best:
            parent, best = child, seen
    return parent


@hill_climb.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_hill_climb of the old module
    yield ()


@hill_climb.mistake("you return the arrangement you began with: keep the child when it is no worse.")
def never_accepts(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        mutate(parent, gate_set, rng=rng)
    return parent


@hill_climb.mistake("mean accuracy 0.04, below a coin: it looks as if the worse of the two is kept.")
def keeps_the_worse(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        if objectives(child, X, y) >= objectives(parent, X, y):
            parent = child
    return parent


@hill_climb.mistake(
    "you draw 1091 gates in 250 steps: that is random search. Call `random_arrangement` once, before the loop, "
    "then `mutate`."
)
def random_search(X, y, gate_set, steps, rng):
    drawn = [random_arrangement(gate_set, rng=rng) for _ in range(steps)]
    return min(drawn, key=lambda one: objectives(one, X, y))


@hill_climb.mistake(
    "every child has the first parent: you end one mutation away from the start. A child that is kept is the "
    "parent of the next."
)
def siblings(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    children = [mutate(parent, gate_set, rng=rng) for _ in range(steps)]
    return min(children, key=lambda one: objectives(one, X, y))


@hill_climb.mistake(
    "mean accuracy 0.51 after 250 steps. Is a child that is worse thrown away, every time? Are the objectives "
    "remembered together with the parent, and does every mutation get `rng`?"
)
def random_walk(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        parent = mutate(parent, gate_set, rng=rng)
    return parent


@hill_climb.mistake("your climber ends with no gates at all: depth must not come before error.")
def depth_first(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        if objectives(child, X, y)[::-1] <= objectives(parent, X, y)[::-1]:
            parent = child
    return parent.trimmed()


@hill_climb.mistake(
    "you keep a child only if it is *better*: one that is equal shall be kept too, it may carry what becomes "
    "useful."
)
def only_if_better(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen < best:
            parent, best = child, seen
    return parent


@hill_climb.mistake(
    "you compare the errors alone: of two with as many errors the deeper one must not replace the other."
)
def errors_alone(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen[0] <= best[0]:
            parent, best = child, seen
    return parent


@hill_climb.mistake("asked for 11 steps you call `mutate` 250 times: one child in each step.")
def always_250(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(250):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen <= best:
            parent, best = child, seen
    return parent


@hill_climb.mistake("asked for 11 steps you call `mutate` 5 times: one child in each step.")
def half_the_steps(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps // 2):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen <= best:
            parent, best = child, seen
    return parent


@hill_climb.mistake(
    "`rng` does not decide what you return: pass it to `random_arrangement` and to every `mutate`, so that a run "
    "can be repeated and another one is another."
)
def its_own_chance(X, y, gate_set, steps, rng):
    rng = np.random.default_rng(0)
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    for _ in range(steps):
        child = mutate(parent, gate_set, rng=rng)
        seen = objectives(child, X, y)
        if seen <= best:
            parent, best = child, seen
    return parent


@hill_climb.mistake("return the best Arrangement, not tuple.")
def returns_objectives(X, y, gate_set, steps, rng):
    parent = random_arrangement(gate_set, rng=rng)
    best = objectives(parent, X, y)
    return best
