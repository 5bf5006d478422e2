"""Every exercise of the book grades itself rightly: the solution passes, each mistake earns its own message."""

import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest

import qlearn.exercises
from qlearn.exercises import Exercise, Verdict, check


def all_exercises():
    for module in walk_packages(qlearn.exercises.__path__, "qlearn.exercises."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, Exercise):
                yield pytest.param(value, id=f"{module.name.removeprefix('qlearn.exercises.')}.{value.name}")


EXERCISES = list(all_exercises())


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_solution_passes(exercise):
    verdict = exercise.check(exercise.answer("solution"))
    assert verdict, verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_wrong_answer_fails_with_a_message_of_its_own(exercise):
    verdicts = {label: exercise.check(exercise.answer("wrong", label)) for label in exercise.wrong}
    assert len(verdicts) >= 1, "an exercise without a typical mistake teaches nothing when it fails"
    assert not any(verdicts.values()), verdicts
    messages = {verdict.message for verdict in verdicts.values()}
    assert len(messages) == len(verdicts), verdicts
    assert not any("stopped with" in message for message in messages), verdicts


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_untouched_stub_is_told_to_begin(exercise):
    assert "nothing to check yet" in exercise.check(exercise.answer("stub")).message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_answer_makes_the_checker_raise(exercise):
    for answer in (
        None,
        "text",
        float("nan"),
        [],
        lambda *args, **kwargs: 1 / 0,
        lambda *args, **kwargs: sys.exit(),
        lambda *args, **kwargs: None,
    ):
        verdict = exercise.check(answer)
        assert isinstance(verdict, Verdict)
        assert not verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_number_in_quotation_marks_is_no_number(exercise):
    solution = exercise.answer("solution")
    verdict = exercise.check(str(solution))
    assert bool(verdict) == isinstance(solution, str)
    assert ("is a text, and none is asked for" in verdict.message) != isinstance(solution, str)


def test_a_crash_is_reported_with_its_reason():
    exercise = EXERCISES[0].values[0]
    crashing = Exercise(
        name="x", prompt="", stub="x = ...", solution="x = 1", explanation="", grade=lambda answer: answer / 0
    )
    assert "ZeroDivisionError" in check(crashing, 1).message
    assert check(exercise, ...) == exercise.check(...)


def test_what_a_notebook_shows():
    exercise = EXERCISES[0].values[0]
    assert exercise.prompt in exercise._repr_markdown_()
    shown = exercise.reveal()._repr_markdown_()
    assert shown.startswith("<details>")
    assert exercise.solution.rstrip() in shown
    assert exercise.explanation in repr(exercise.reveal())
    assert repr(Verdict.wrong("why")) == "Not yet: why"
    assert Verdict.right("|a> < 1")._repr_html_() == "<p><strong>Right:</strong> |a&gt; &lt; 1</p>"


def graded(exercise, source):
    names = dict(exercise.given)
    exec(source, names)
    return exercise.check(names[exercise.name])


def test_bits_to_compare_takes_the_whole_number_and_the_quotient():
    from qlearn.exercises.communication.bb84 import bits_to_compare

    needed = bits_to_compare.answer("solution")
    for fraction in (1.0, 0.5, 0.25):  # powers that a float holds exactly: m bits are enough, and no fewer
        for m in range(1, 12):
            assert needed(fraction, (1 - fraction / 4) ** m) == m
    plain = "def bits_to_compare(f, miss):\n    return ceil(log(miss) / log(1 - f / 4))\n"
    assert graded(bits_to_compare, plain)


def test_expected_bits_may_be_rounded_and_not_more():
    from qlearn.exercises.communication.bb84 import expected_bits

    body = "def expected_bits(n, p):\n    return {}(n * (1 - p) ** 2){add}, {}(n * p**2)\n"
    assert graded(expected_bits, body.format("round", "round", add=""))
    assert not graded(expected_bits, body.format("", "", add=" + 0.9"))


def test_a_bound_of_the_single_photons_must_use_the_vacuum_it_is_given():
    from qlearn.exercises.communication.photons import single_yield

    dark_of_one_link = single_yield.solution.replace("    ratio =", "    y_0 = 1.7e-6\n    ratio =")
    assert graded(single_yield, single_yield.solution)
    assert "y_0 = 0.001" in graded(single_yield, dark_of_one_link).message


@pytest.mark.parametrize("name", ["click_chance", "single_yield", "eve_share", "one_decoy"])
@pytest.mark.parametrize("cast", ["str", "complex"])
def test_what_is_no_real_number_is_told_so(name, cast):
    from qlearn.exercises.communication import photons

    exercise = getattr(photons, name)
    solution = exercise.answer("solution")
    wrap = {"str": str, "complex": complex}[cast]

    def answer(*given):
        got = solution(*given)
        return tuple(map(wrap, got)) if isinstance(got, tuple) else wrap(got)

    verdict = exercise.check(answer)
    assert not verdict
    assert verdict.message.startswith(("return one real number, not", "return two numbers:"))


def test_with_one_decoy_the_smaller_of_both_bounds_passes_too():
    from qlearn.exercises.communication.photons import one_decoy

    smaller = one_decoy.solution.replace(
        "wrong = e_nu", "wrong = min(e_mu * q_mu * np.exp(mu), e_nu"
    ).replace("np.exp(nu)                  #", "np.exp(nu))  #")
    assert "min(" in smaller
    assert graded(one_decoy, smaller)


def test_angles_that_differ_by_whole_circles_of_the_state_undo_a_layer_too():
    from qlearn.exercises.learning.barren_plateaus import mirror

    other = mirror.solution.replace("-half[::-1]", "4 * np.pi - half[::-1]")
    assert "4 * np.pi" in other
    assert graded(mirror, other)
    assert not graded(mirror, mirror.solution.replace("-half[::-1]", "3 * np.pi - half[::-1]"))


def test_states_whose_amplitudes_have_the_same_sizes_are_not_the_same():
    from qlearn.exercises.qubits.no_cloning import clonable

    sizes = clonable.answer("wrong", "sizes alone")
    assert "the phase between them" in clonable.check(sizes).message
    by_fidelity = (
        "def clonable(a, b):\n    f = abs(np.vdot(a, b)) ** 2\n    return np.isclose(f * (1 - f), 0)\n"
    )
    assert graded(clonable, by_fidelity)
