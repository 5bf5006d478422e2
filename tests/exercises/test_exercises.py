"""Every exercise of the book grades itself rightly: the solution passes, and nothing else that does another thing."""

import ast
import contextlib
import copy
import importlib
import inspect
import math
import pickle
import re
import signal
import sys
from fractions import Fraction

import numpy as np
import pytest

from qlearn.exercises import (
    Verdict,
    every,
    find,
)
from qlearn.exercises._guard import unseen
from tests.exercises.mutants import mutants
from tests.exercises.survivors import SURVIVORS

EXERCISES = [pytest.param(one, id=f"{one.chapter}.{one.name}") for one in every()]
FUNCTIONS = [one for one in EXERCISES if one.values[0].is_function]
VALUES = [one for one in EXERCISES if not one.values[0].is_function]
SEEDS = range(5)
FURTHER = 200


@contextlib.contextmanager
def seconds(limit):
    """Let nothing in the block take longer: a slip may make a loop endless."""

    def too_long(*_):
        raise TimeoutError(f"more than {limit} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_solution_passes(exercise):
    for seed in SEEDS:
        verdict = exercise.check(exercise.answer, seed=seed)
        assert verdict, (seed, verdict)
        assert verdict.message == exercise.right


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_mistake_fails_with_its_own_message(exercise):
    assert exercise.mistakes, "an exercise without a typical mistake teaches nothing when it fails"
    for seed in SEEDS:
        said = {
            name: exercise.check(mistake.answer, seed=seed) for name, mistake in exercise.mistakes.items()
        }
        assert not any(said.values()), (seed, said)
        for name, mistake in exercise.mistakes.items():
            assert "stopped with" not in said[name].message, (seed, name, said[name])
            if mistake.message:
                assert said[name].message == mistake.message, (seed, name, said[name])
        messages = {verdict.message for verdict in said.values()}
        assert len(messages) == len(said), (seed, said)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_untouched_stub_is_told_to_begin(exercise):
    space = {}
    for line in exercise.imports:
        exec(line, space)
    exec(exercise.stub, space)
    assert "nothing to check yet" in exercise.check(space[exercise.name]).message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_shown_solution_passes_with_the_shown_imports_alone(exercise):
    space = {}
    exec("\n".join([*exercise.imports, exercise.source]), space)
    verdict = exercise.check(space[exercise.name])
    assert verdict, verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_other_seeds_are_other_cases(exercise):
    if not exercise.is_function or exercise._cases is None:
        return
    first, second = (exercise.draw_cases(seed) for seed in (0, 1))
    assert pickle.dumps(first) != pickle.dumps(second)
    assert pickle.dumps(first) == pickle.dumps(exercise.draw_cases(0))


class Sly(Exception):
    def __str__(self):
        raise RuntimeError("not even this")


class Leaves:
    """Says of itself, however it is asked, that it ends the program."""

    def __getattribute__(self, name):
        sys.exit(name)

    def __array__(self, *args, **kwargs):
        sys.exit("no array")

    def __repr__(self):
        sys.exit("no text")

    def __len__(self):
        sys.exit("no length")

    def __eq__(self, other):
        sys.exit("no comparison")

    __hash__ = None


class Agrees:
    """Is equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


class LongList(list):
    def __len__(self):
        sys.exit("no length")


class NoSignature:
    def __call__(self, *args):
        return 1

    @property
    def __signature__(self):
        sys.exit("no signature")


class Unspeakable(Exception):
    def __str__(self):
        sys.exit("not even this")


def ends_by_its_text(*args):
    raise Unspeakable


LIARS = [Leaves(), Agrees(), LongList([1]), type("", (), {})(), 10**5000, NoSignature(), ends_by_its_text]


def leaves(*args):
    sys.exit("bye")


def prints(*args):
    print("the answer")


def fails(*args):
    return [][len(args)]


def cannot_say_why(*args):
    raise Sly


BAD = {  # what somebody may hand in to any exercise that asks for a function, and what has to be said
    "nothing": (None, "None"),
    "a number": (3.0, "is to be a function"),
    "a text": ("answer", "is to be a function"),
    "a list": ([1, 2], "is to be a function"),
    "prints": (prints, "return"),
    "stops": (fails, "stopped with IndexError: list index out of range, in line"),
    "leaves": (leaves, "stopped with SystemExit"),
    "cannot say why": (cannot_say_why, "stopped with Sly"),
    "takes nothing": (lambda: 1, "takes ()"),
    "gives a text": (lambda *args: "text", ""),
    "gives nan": (lambda *args: float("nan"), ""),
    "gives a list": (lambda *args: [], ""),
    "gives an object": (lambda *args: object(), ""),
    "gives a function": (lambda *args: len, ""),
    "gives itself": (lambda *args: args, ""),
    "gives a mixture": (lambda *args: [None, "x", [1]], ""),
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_lies_of_itself_gets_a_verdict(exercise):
    for lie in LIARS:
        for answer in (lie, lambda *args, lie=lie: lie):
            assert exercise.check(answer).passed is False


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_what_no_exercise_asks_for_is_named(exercise, bad):
    answer, word = BAD[bad]
    verdict = exercise.check(answer)
    assert isinstance(verdict, Verdict)
    assert not verdict
    assert word in verdict.message, verdict
    if not word:
        assert "stopped with" not in verdict.message, verdict


@pytest.mark.parametrize("exercise", VALUES)
def test_what_no_value_is_is_named(exercise):
    for answer in (None, prints, object(), "", [], float("nan"), {}, "text"):
        verdict = exercise.check(answer)
        assert not verdict, answer
        assert "stopped with" not in verdict.message, verdict
    if isinstance(exercise.answer, float | int):
        assert "quotation marks" in exercise.check(str(exercise.answer)).message
    if isinstance(exercise.answer, float) and exercise.answer % 1:  # a whole number has no digits to keep
        assert "keep them all" in (said := exercise.check(float(f"{exercise.answer:.3g}"))).message or said


def forms_of(result):
    """Yield the same result in the other forms that Python and NumPy have for it."""
    if isinstance(result, bool | np.bool_ | str | dict) or result is None:
        return
    if isinstance(result, int | float | np.floating | np.integer):
        yield np.array(result)
        yield np.asarray(result)[()]
        if math.isfinite(result):  # also of whole numbers beyond 64 bits
            yield Fraction(result)
    elif isinstance(result, np.ndarray) and result.dtype.kind in "fciub" and result.ndim:
        yield result.tolist()
        yield tuple(result.tolist())
        yield np.asfortranarray(result)
    elif isinstance(result, tuple) and all(np.ndim(x) == 0 for x in result):
        yield list(result)
    elif isinstance(result, list) and all(isinstance(x, float | int) for x in result):
        yield np.array(result)
        yield tuple(result)


def in_other_form(solution, which):
    def answer(*args):
        result = solution(*args)
        forms = list(forms_of(result))
        return forms[which] if which < len(forms) else result

    return answer


@pytest.mark.parametrize("exercise", EXERCISES)
def test_other_forms_of_the_right_answer_pass(exercise):
    if not exercise.is_function:
        for form in forms_of(exercise.answer):
            assert exercise.check(form), form
        return
    solution = exercise.solution

    def prints_too(*args):
        print("args", file=sys.stderr)
        np.seterr(all="ignore")
        return solution(*args)

    class Held:
        def __call__(self, *args):
            return solution(*args)

    for other in (prints_too, Held(), *(in_other_form(solution, which) for which in range(3))):
        verdict = exercise.check(other)
        assert verdict, verdict


def survives(exercise, answer):
    """Tell whether a slip is taken for the solution and is not like it in further cases."""
    with seconds(5):
        try:
            answer = exercise._answer(answer)
        except Exception:  # a value that cannot be made
            return False
    with seconds(5):
        try:
            if not exercise.check(answer):
                return False
        except TimeoutError:
            return False
    if exercise._cases is None:
        return exercise._grader is not None
    tried, seed = 0, 1
    while tried < FURTHER:
        cases = exercise.draw_cases(seed)
        by_chance = any(isinstance(x, np.random.Generator) for case in cases for x in case)
        tried += len(cases) * (10 if by_chance else 1)  # each of which is many draws
        with seconds(20):
            if not exercise.check(answer, seed=seed):
                return True
        seed += 1
    return False


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_slip_passes(exercise, record_property):
    known = SURVIVORS.get(f"{exercise.chapter}.{exercise.name}", {})
    with unseen():
        found = list(mutants(exercise.solution))
        left = [what for what, answer in found if survives(exercise, answer)]
    record_property("slips", len(found))
    record_property("mistakes", len(exercise.mistakes))
    record_property("listed", len(known))
    assert set(left) == set(known), "\n".join(sorted(set(left) ^ set(known)))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_it_comes_back_from_a_pickle_and_by_its_name(exercise):
    assert pickle.loads(pickle.dumps(exercise)) is exercise
    assert copy.deepcopy(exercise) is exercise
    assert find(f"{exercise.chapter}.{exercise.name}") is exercise
    assert exercise.points >= 1


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_file_is_its_exercise(exercise):
    module = importlib.import_module(exercise.module)
    assert exercise.module.rpartition(".")[2] == exercise.name
    tree = ast.parse(inspect.getsource(module))
    assert "TODO" not in inspect.getsource(module)
    top = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    decorated = {node.name for node in tree.body if getattr(node, "decorator_list", [])}
    assert top <= used | decorated


def test_what_a_notebook_shows():
    exercise = find("bb84.sift")
    assert exercise.prompt in exercise._repr_markdown_()
    shown = exercise.reveal()._repr_markdown_()
    assert shown.startswith("<details>")
    assert exercise.source.rstrip() in shown
    assert exercise.explanation in repr(exercise.reveal())
    assert repr(Verdict.wrong("why")) == "Not yet: why"
    assert Verdict.right("|a> < 1")._repr_html_() == "<p><strong>Right:</strong> |a&gt; &lt; 1</p>"


def test_a_power_in_a_prompt_is_not_bold():
    """Markdown takes what stands between two powers for strong words: a power is code, or a formula."""
    bold = {
        exercise.name: found[0]
        for exercise in every()
        if (found := re.search(r"\w\*\*.{0,20}", re.sub(r"`[^`]*`|\$[^$]*\$", "", exercise.prompt)))
    }
    assert bold == {}


def test_a_title_writes_short_forms_and_names_as_people_do():
    titles = {one.title for one in every()}
    assert {
        "PCA error",
        "CHSH value",
        "Partial QBER",
        "Loss dB",
        "Apply Kraus",
        "Von Neumann by hand",
        "Adam step",
    } <= titles
