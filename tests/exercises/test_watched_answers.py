"""Graders that watch what an answer calls: other right styles pass, and what only looks right does not."""

import pytest

from qlearn.exercises._stand_in import stand_in
from qlearn.exercises.learning.circuit_search import hill_climb, signal_shots
from qlearn.exercises.learning.components import qubits_for


def graded(exercise, source):
    names = dict(exercise.given)
    exec(source, names)
    return exercise.check(names[exercise.name])


def climber(keep="seen <= best", before="", returned="parent", steps="range(steps)"):
    return (
        "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
        f"    best = objectives(parent, X, y)\n    {before or 'pass'}\n    for _ in {steps}:\n"
        "        child = mutate(parent, gate_set, rng=rng)\n        seen = objectives(child, X, y)\n"
        f"        if {keep}:\n            parent, best = child, seen\n    return {returned}\n"
    )


WHY = {
    "seen < best": "only if it is *better*",
    "seen[0] <= best[0]": "of two with as many errors",
    "seen[0] < best[0]": "keep no child that is equal",
}


@pytest.mark.parametrize("keep", WHY)
@pytest.mark.parametrize("other", [{"before": "rng.random()"}, {"returned": "parent.trimmed()"}])
def test_the_rule_of_a_climber_is_seen_whatever_chance_it_uses_and_returns(keep, other):
    verdict = graded(hill_climb, climber(keep, **other))
    assert not verdict
    assert WHY[keep] in verdict.message


@pytest.mark.parametrize(
    "steps", ["range(steps // 2)", "range(steps + 1 if steps else 0)", "range(2 * steps)"]
)
def test_a_climber_takes_as_many_steps_as_asked_for(steps):
    verdict = graded(hill_climb, climber(steps=steps))
    assert not verdict
    assert "steps you call `mutate`" in verdict.message


@pytest.mark.parametrize(
    "source",
    [
        climber(before="rng.random()"),
        climber(returned="parent.trimmed()"),
        climber(keep="not seen > best"),
        (
            "def step(parent, X, y, gate_set, rng):\n    child = mutate(parent, gate_set, rng=rng)\n"
            "    return min(child, parent, key=lambda one: objectives(one, X, y))\n"
            "def hill_climb(X, y, gate_set, steps, rng):\n    parent = random_arrangement(gate_set, rng=rng)\n"
            "    while steps:\n        parent, steps = step(parent, X, y, gate_set, rng), steps - 1\n"
            "    return parent\n"
        ),
        "import qlearn.learning.circuit_search as cs\n"
        + climber()
        .replace("random_arrangement(", "cs.random_arrangement(")
        .replace("objectives(", "cs.objectives(")
        .replace("mutate(", "cs.mutate("),
        climber().replace(
            "    parent", "    from qlearn.learning.circuit_search import mutate\n    parent", 1
        ),
    ],
)
def test_a_right_climber_of_another_style_passes(source):
    verdict = graded(hill_climb, source)
    assert verdict, verdict


def test_a_climber_that_cannot_be_watched_is_still_judged():
    plain = climber("seen < best", returned="parent.trimmed()")
    source = plain.replace(
        "    parent", "    from qlearn.learning.circuit_search import mutate\n    parent", 1
    )
    assert WHY["seen < best"] in graded(hill_climb, source).message


@pytest.mark.parametrize("cast", ["round({}, 1)", "round({}, 2)", "round({}, 3)", "ceil({})", "{}"])
def test_signal_shots_may_be_rounded_but_not_down(cast):
    body = "from math import ceil\ndef signal_shots(f, p, depth):\n    return {}\n"
    shots = cast.format("1 / (f * (1 - p) ** depth) ** 2")
    assert graded(signal_shots, body.format(shots))
    assert "round up" in graded(signal_shots, body.format("int(1 / (f * (1 - p) ** depth) ** 2)")).message


@pytest.mark.parametrize("cast", ["int", "round", "np.ceil"])
@pytest.mark.parametrize(
    "label", [label for label in signal_shots.wrong if label not in ("rounded down", "upside down")]
)
def test_a_mistake_that_is_rounded_is_not_called_rounding(label, cast):
    source = signal_shots.wrong[label].rstrip().replace("return ", f"return {cast}(") + ")\n"
    verdict = graded(signal_shots, source)
    assert not verdict
    assert "round up" not in verdict.message


def test_more_qubits_than_a_block_has_are_blamed_on_the_target_only_where_it_is_just_met():
    source = "def qubits_for(p, n, target):\n    return {}\n"
    assert "just meet" not in graded(qubits_for, source.format("2 * n")).message
    more = "int((block_fidelity(p, n, np.arange(n + 1) / n) <= target).sum())"
    assert "just meet" in graded(qubits_for, source.format(more)).message


def test_a_stand_in_leaves_when_the_answer_stops():
    names = {"size": len}
    exec("def answer():\n    return size(None)", names)
    with pytest.raises(TypeError), stand_in(names["answer"], (len, lambda x: 1 + x)):
        names["answer"]()
    assert names["size"] is len
