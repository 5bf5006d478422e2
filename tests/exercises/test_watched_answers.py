"""Graders that watch what an answer calls: other right styles pass, and what only looks right does not."""

import pytest

from qlearn.exercises._stand_in import stand_in
from qlearn.exercises.learning.barren_plateaus import small_turns


def graded(exercise, source):
    names = dict(exercise.given)
    exec(source, names)
    return exercise.check(names[exercise.name])


def turner(samples="samples", angles="rng.uniform(-width, width, c.angles.shape)", value="g.var(ddof=1)"):
    return (
        "def small_turns(n_qubits, depth, width, samples, rng):\n"
        f"    c = draw_circuits(n_qubits, depth, samples={samples}, rng=rng)\n    a = {angles}\n"
        f"    g = first_gradients(c.with_angles(a), 'zz')\n    return {value}\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        turner(angles="width * (2 * rng.random(c.angles.shape) - 1)"),
        turner(angles="rng.uniform(-width, width, c.angles.shape) % (2 * np.pi)"),
        turner(value="samples / (samples - 1) * (np.mean(g**2) - np.mean(g) ** 2)"),
        turner(value="g.var()"),
        "from qlearn.learning.barren_plateaus import gradients\n"
        + turner().replace(
            "first_gradients(c.with_angles(a), 'zz')", "gradients(c.with_angles(a), 'zz')[:, 0, 0]"
        ),
    ],
)
def test_small_turns_of_another_style_pass(source):
    verdict = graded(small_turns, source)
    assert verdict, verdict


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (turner(samples="max(2, samples // 2)"), "asked for 401 circuits"),
        (
            turner(angles="rng.triangular(-width * 2**0.5, 0, width * 2**0.5, c.angles.shape)"),
            "you turn by up to 1",
        ),
        (
            turner(angles="rng.choice([-1, 1], c.angles.shape) * width * rng.beta(3, 2.5, c.angles.shape)"),
            "not uniformly",
        ),
    ],
)
def test_small_turns_are_uniform_and_as_many_as_asked_for(source, why):
    verdict = graded(small_turns, source)
    assert not verdict
    assert why in verdict.message


def test_a_stand_in_leaves_when_the_answer_stops():
    names = {"size": len}
    exec("def answer():\n    return size(None)", names)
    with pytest.raises(TypeError), stand_in(names["answer"], (len, lambda x: 1 + x)):
        names["answer"]()
    assert names["size"] is len
