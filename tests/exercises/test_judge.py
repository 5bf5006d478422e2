"""Somebody's code runs in a process of its own, and whatever it does this one goes on."""

import os
import time

import pytest

from qlearn.exercises import Answers, Verdict, find, judge
from qlearn.exercises._guard import Stopped

SIFT = "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
RIGHT = (
    SIFT + "    kept = (alice_bases == bob_bases) & detected\n    return alice_bits[kept], bob_bits[kept]\n"
)


@pytest.fixture(scope="module")
def shared():
    with Answers(512) as answers:
        yield answers


@pytest.mark.parametrize("name", ["bb84.error_rate", "bb84.sift", "bb84.six_state", "bb84.one_basis"])
def test_the_solution_passes_over_there_as_here(name):
    exercise = find(name)
    for seed in (0, 7):
        assert judge(exercise.source, exercise, seed=seed) == exercise.check(exercise.answer, seed=seed)


@pytest.mark.parametrize("name", ["bb84.sift", "bb84.six_state"])
def test_a_mistake_gets_the_same_words_over_there_as_here(name):
    exercise = find(name)
    source = exercise.source.replace("alice_bases == bob_bases", "alice_bases != bob_bases").replace(
        "sdg", "s"
    )
    space = {}
    exec("\n".join([*exercise.imports, source]), space)
    here = exercise.check(space[exercise.name])
    assert not here
    assert judge(source, name) == here


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("error_rate = 0.3 *", "cannot be read: invalid syntax, in line 1"),
        (
            "x = 1\nerror_rate = y",
            "stopped with NameError: name 'y' is not defined, in line 2: `error_rate = y`",
        ),
        ("error_rate = ...", "nothing to check yet"),
        ("error_rate = None", "is None"),
        ("error_rate = '0.075'", "leave the quotation marks out"),
        ("raise SystemExit", "stopped with SystemExit"),
        ("import os\nos._exit(0)", "ended the process"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "ended the process"),
        ("import sys\nsys.stdout.write('Right' * 10000)\nerror_rate = 0.3", "share she touches"),
    ],
)
def test_what_goes_wrong_with_a_value_is_said(shared, source, said):
    exercise = find("bb84.error_rate")
    try:
        error = shared.run("error_rate = ...") or shared.run(source)
    except Stopped as stop:
        error = str(stop)
    verdict = shared.check(exercise)
    assert not verdict
    assert said in (error or verdict.message)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", "more than 1 s"),
        ("import time; time.sleep(60)", "more than 1 s"),
        ("import os; os._exit(0)", "ended the process"),
        ("return bytearray(3 * 10**9)", "stopped with MemoryError, in line 2"),
        ("return [0] * (3 * 10**8)", "stopped with MemoryError, in line 2"),
        ("return alice_bits[10**6]", "stopped with IndexError: index 1000000 is out of bounds"),
        ("return sift(alice_bits, alice_bases, bob_bits, bob_bases, detected)", "RecursionError"),
        ("return lambda: 1", "gives a function"),
        ("print(alice_bits)", "end it with `return`"),
        ("import sys; sys.exit(0)", "stopped with SystemExit"),
    ],
)
def test_what_goes_wrong_in_a_function_is_said(shared, body, said):
    shared.run(SIFT + "    " + body)
    verdict = shared.check(find("bb84.sift"), seconds=1)
    assert not verdict
    assert said in verdict.message


@pytest.mark.parametrize("name", ["bb84.sift", "bb84.six_state"])
def test_a_checker_that_was_exchanged_passes_nothing(name):
    exercise = find(name)
    arguments = exercise.stub.splitlines()[0]
    patched = (
        "import qlearn.exercises, qlearn.exercises._exercise as inner, qlearn.exercises.comparisons as compared\n"
        "from qlearn.exercises import Exercise, Verdict\n"
        "Exercise.check = Exercise._checked = lambda self, *a, **k: Verdict.right('mine')\n"
        "Verdict.wrong = Verdict.right\n"
        "inner._is_stub = inner._cannot_take = lambda *a: None\n"
        "compared.close = compared.equal = lambda *a, **k: None\n"
        f"from qlearn.exercises.communication.bb84 import {exercise.name} as own\n"
        "own.same = lambda *a: None\n"
        "own._grader = lambda *a: None\n"
        f"{arguments}\n    return None\n"
    )
    verdict = judge(patched, name)
    assert not verdict
    assert "mine" not in verdict.message


def test_nothing_that_comes_back_runs_here(tmp_path):
    trace = tmp_path / "ran"
    evil = (
        "class Evil:\n    def __reduce__(self):\n        import os\n"
        f"        return os.system, ('touch {trace}',)\n" + SIFT + "    return Evil()\n"
    )
    assert not judge(evil, "bb84.sift")
    assert not trace.exists()


def test_its_processes_end_with_it(tmp_path):
    beats = tmp_path / "beats"
    child = f"while True: open({str(beats)!r}, 'a').write('.'); __import__('time').sleep(0.02)"
    source = (
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {child!r}])\nwhile True: pass\n"
    )
    assert "more than 2 s" in judge(source, "bb84.error_rate", seconds=2).message
    beaten = beats.stat().st_size
    assert beaten
    time.sleep(0.5)
    assert beats.stat().st_size == beaten


def test_a_file_it_writes_goes_with_it():
    with Answers() as answers:
        assert answers.run("import os\nopen('mine', 'w').write('x')\nerror_rate = len(os.listdir())") is None
        folder = answers._folder.name
        assert os.listdir(folder) == ["mine"]
    assert not os.path.exists(folder)


def test_after_an_end_what_had_run_stands_again():
    with Answers() as answers:
        answers.run("error_rate = 0.075")
        answers.run("def sift(a, b, c, d, e):\n    import os; os._exit(1)")
        assert "ended the process" in answers.check(find("bb84.sift")).message
        assert answers.check(find("bb84.error_rate"))


def test_what_ran_before_an_end_stands_for_the_cells_after_it():
    with Answers() as answers:
        answers.run("touched = 0.3")
        with pytest.raises(Stopped, match=r"more than 0.5 s"):
            answers.run("while True: pass", seconds=0.5)
        assert answers.run("error_rate = touched / 4") is None
        assert answers.check(find("bb84.error_rate"))


def test_a_name_from_a_cell_that_failed_is_not_taken_for_the_answer():
    with Answers() as answers:
        answers.run("error_rate = 0.075")
        answers.run("error_rate = 0.3 * unknown")
        assert "NameError" in answers.check(find("bb84.error_rate")).message
        answers.run("error_rate = 0.3 / 4")
        assert answers.check(find("bb84.error_rate")) == Verdict.right(find("bb84.error_rate").right)


def test_an_answer_of_another_name_is_missed():
    assert "there is no `error_rate`" in judge("error_rat = 0.075", "bb84.error_rate").message


def test_an_exercise_is_refused_by_a_name_it_has_not():
    with pytest.raises(ValueError, match=r"no exercise 'shift'; it has .*sift"):
        judge("", "bb84.shift")
