"""Otter makes an assignment of our notebook and marks what is handed in: with Otter itself, without a container."""

import json
import subprocess
import sys
from importlib.util import find_spec

import nbformat
import pytest

from qlearn.exercises import of_chapter
from qlearn.exercises.__main__ import main
from qlearn.exercises._grades import asked

pytestmark = pytest.mark.skipif(
    find_spec("otter") is None, reason="Otter is not installed: the extra `teach`"
)

EXERCISES = of_chapter("bb84")
POINTS = {exercise.name: exercise.points for exercise in EXERCISES}
HIDDEN = 98765


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("otter")
    said = [
        "assignment",
        "bb84",
        "--to",
        "otter",
        "--title",
        "Keys",
        "--hidden-seed",
        str(HIDDEN),
        "--seconds",
        "2",
    ]
    assert main([*said, str(folder)]) == 0
    (zipped,) = (folder / "autograder").glob("*.zip")
    return folder / "student" / "keys.ipynb", zipped


@pytest.fixture
def marked(assignment, tmp_path):
    """Hand in answers by name, in the cells of the student's notebook, and let Otter mark them."""

    def mark(answers):
        handed_out, zipped = assignment
        notebook = nbformat.read(handed_out, as_version=4)
        for cell in notebook.cells:
            for exercise in EXERCISES:
                if cell.source.rstrip() == exercise.stub.rstrip():
                    cell.source = answers.get(exercise.name, cell.source)
        nbformat.write(notebook, tmp_path / "keys.ipynb")
        run = [sys.executable, "-m", "otter", "run", "-a", str(zipped), "-o", str(tmp_path), "keys.ipynb"]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        tests = json.loads((tmp_path / "results.json").read_text())["tests"]
        summary = next(test["output"] for test in tests if test["name"] == "Public Tests")
        return {test["name"]: test["score"] for test in tests if test["name"] in POINTS}, summary, done.stdout

    return mark


def test_what_students_get_holds_no_solution_and_no_hidden_test(assignment):
    handed_out, _ = assignment
    text = handed_out.read_text()
    notebook = nbformat.read(handed_out, as_version=4)
    sources = "\n".join(cell.source for cell in notebook.cells)
    assert str(HIDDEN) not in text
    for exercise in EXERCISES:
        assert exercise.stub.rstrip() in sources
        assert f'grader.check("{exercise.name}")' in sources
        body = exercise.source.strip().splitlines()[-1].strip()
        assert body not in sources
        assert json.dumps(body)[1:-1] not in text
    assert asked(handed_out) == list(EXERCISES)  # and so `grade` takes it, too


def test_right_answers_get_all_points_though_they_print(marked):
    answers = {exercise.name: exercise.source for exercise in EXERCISES}
    answers["sift"] = answers["sift"].replace("    return", "    print('kept', kept.sum())\n    return")
    assert "print" in answers["sift"]
    scores, _, _ = marked(answers)
    assert scores == POINTS


def test_wrong_answers_get_none_and_our_sentences(marked):
    scores, said, _ = marked(
        {
            "error_rate": "error_rate = 0.3",
            "sift": "def sift(a, b, c, d, e):\n    return a[e], c[e]",
            "expected_bits": "def expected_bits(n_pulses, p_x):\n    print(n_pulses)",
            "one_basis": "one_basis = 1 / 0",
        }
    )
    assert scores == dict.fromkeys(POINTS, 0)
    for sentence in (
        "AssertionError: 0.3 is the share she touches",
        "you keep bits that were read in the other basis",
        "end it with `return`",
        "nothing to check yet",
    ):
        assert sentence in said


def test_a_crash_or_a_loop_costs_its_own_points_alone(marked):
    answers = {exercise.name: exercise.source for exercise in EXERCISES}
    answers["error_rate"] = "while True:\n    pass"
    answers["sift"] = (
        "def sift(a, b, c, d, e):\n    while True:\n        try: pass\n        except Exception: pass"
    )
    answers["one_basis"] = "raise SystemExit"
    answers["six_state"] = answers["six_state"].split("\n")[0] + "\n    raise KeyError('photon')"
    scores, said, _ = marked(answers)
    lost = {"error_rate", "sift", "one_basis", "six_state"}
    assert scores == {name: 0 if name in lost else points for name, points in POINTS.items()}
    assert "it ran for more than 2 s: does a loop in it never end" in said
    assert "stopped with KeyError: 'photon'" in said


def test_an_answer_that_knows_the_handed_out_cases_alone_gets_nothing(marked):
    scores, said, _ = marked(
        {
            "expected_bits": "from qlearn.exercises import find\n"
            "_known = find('bb84.expected_bits')\n"
            "_table = {case: _known.solution(*case) for case in map(tuple, _known.draw_cases())}\n"
            "def expected_bits(n_pulses, p_x):\n    return _table.get((n_pulses, p_x))"
        }
    )
    assert scores["expected_bits"] == 0
    assert "expected_bits results: All test cases passed!" in said  # of those that the student can see
