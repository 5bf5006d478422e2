"""The kit for lecturers: a class is given its assignment, and what it hands in is marked."""

import csv
import json
import subprocess
import sys

import nbformat
import pytest

from qlearn.exercises import find, of_chapter
from qlearn.exercises.__main__ import main
from qlearn.exercises._assignment import FORMS, chosen, seed_of, write
from qlearn.exercises._grades import asked, grade, submissions

EXERCISES = of_chapter("bb84")
LABELS = [f"{one.chapter}.{one.name}" for one in EXERCISES]


def handed_in(path, answers, *, before=""):
    """Write what a student hands in: a source for each exercise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"# qlearn exercises: {' '.join(LABELS)}",
        *(line for one in EXERCISES for line in one.imports),
        before,
    ]
    path.write_text("\n".join([*lines, *answers.values()]))
    return path


@pytest.fixture
def right():
    return {one.name: one.source for one in EXERCISES}


def rows(path):
    with path.open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_the_list_names_every_exercise(capsys):
    assert main(["list", "bb84"]) == 0
    said = capsys.readouterr().out
    assert (
        said.splitlines()[0]
        == f"communication.bb84: {len(EXERCISES)} exercises, {sum(e.points for e in EXERCISES)} points"
    )
    assert all(label in said for label in LABELS)


@pytest.mark.parametrize("form", FORMS)
def test_no_solution_is_handed_out(form, tmp_path):
    (path,) = write(EXERCISES, tmp_path, to=form, title="Keys", seed=3)
    text = path.read_text()
    for one in EXERCISES:
        body = one.source.strip().splitlines()[-1].strip()
        assert body not in text
        assert json.dumps(body)[1:-1] not in text
        assert one.stub.splitlines()[0] in text or json.dumps(one.stub.splitlines()[0])[1:-1] in text
    if path.suffix == ".ipynb":
        nbformat.validate(nbformat.read(path, as_version=4))
    assert asked(path) == list(EXERCISES)


def test_a_script_that_was_handed_out_runs_and_says_where_to_begin(tmp_path):
    (path,) = write(EXERCISES, tmp_path, to="script")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert done.stdout.count("nothing to check yet") == len(EXERCISES)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_options_may_stand_anywhere(after, tmp_path, capsys):
    words = ["bb84.sift", "bb84.six_state", str(tmp_path)]
    words[after:after] = ["--to", "script", "--title", "Two"]
    assert main(["assignment", *words]) == 0
    assert asked(tmp_path / "two.py") == [find("bb84.sift"), find("bb84.six_state")]
    with pytest.raises(SystemExit):
        main(["assignment", "bb84", "--no-such", str(tmp_path)])
    assert "unrecognized arguments: --no-such" in capsys.readouterr().err


def test_every_student_has_cases_of_their_own(tmp_path):
    names = [f"student-{number:02}" for number in range(60)]
    written = write(EXERCISES, tmp_path, students=names, seed=2)
    assert [path.parent.name for path in written] == names
    assert len({path.read_text() for path in written}) == 60
    assert f"seed={seed_of('student-07', 2)})" in written[7].read_text()
    assert find("bb84.sift").check(find("bb84.sift").answer, seed=seed_of("student-07", 2))


def test_a_class_is_marked(tmp_path, right, capsys):
    mixed = {
        **right,
        "sift": "def sift(a, b, c, d, e):\n    return a[e], c[e]",
        "one_basis": "one_basis = 1 / 0",
    }
    handed_in(tmp_path / "in" / "ada.py", right)
    handed_in(tmp_path / "in" / "ben.py", mixed)
    handed_in(
        tmp_path / "in" / "cleo.py", {**right, "sift": "def sift(a, b, c, d, e):\n    while True: pass"}
    )
    handed_in(tmp_path / "in" / "dan.py", {**right, "error_rate": "error_rate = ("})
    handed_in(tmp_path / "in" / "eve.py", right, before="import os\nos._exit(0)")
    table = tmp_path / "grades.csv"
    said = [str(tmp_path / "in"), "-o", str(table), "--reports", str(tmp_path / "reports"), "--seconds", "3"]
    said += [
        "--canvas",
        str(tmp_path / "canvas.csv"),
        "--moodle",
        str(tmp_path / "moodle.csv"),
        "--title",
        "Keys",
    ]
    assert main(["grade", *said]) == 0
    marks = rows(table)
    most = sum(one.points for one in EXERCISES)
    assert {name: int(row["total"]) for name, row in marks.items()} == {
        "ada": most,
        "ben": 0,  # one cell, and it stopped: nothing in it stands, and the report says where
        "cleo": most - 2,
        "dan": 0,
        "eve": 0,
    }
    assert "keep bits that were read in the other basis" not in capsys.readouterr().out
    assert "ZeroDivisionError" in (tmp_path / "reports" / "ben.md").read_text()
    assert "more than 3 s" in (tmp_path / "reports" / "cleo.md").read_text()
    assert "was never closed, in line" in (tmp_path / "reports" / "dan.md").read_text()
    assert (tmp_path / "canvas.csv").read_text().splitlines()[2] == f"ada,,ada,,{most}"
    assert (tmp_path / "moodle.csv").read_text().splitlines()[1] == f"ada,{most}"


def test_in_a_notebook_each_cell_stands_alone(tmp_path, right):
    (path,) = write(EXERCISES, tmp_path / "in" / "fay", title="Keys")
    made = nbformat.read(path, as_version=4)
    answers = {
        **right,
        "error_rate": "error_rate = 0.3",
        "one_basis": "one_basis = nothing",
        "sift": "%time\n" + right["sift"],
    }
    for cell in made.cells:
        for one in EXERCISES:
            if cell.source.rstrip() == one.stub.rstrip():
                cell.source = answers[one.name]
    nbformat.write(made, path)
    (one,) = grade([tmp_path / "in"], tmp_path / "grades.csv")
    assert {name.rpartition(".")[2] for name, verdict in one.verdicts.items() if not verdict} == {
        "error_rate",
        "one_basis",
    }
    assert "share she touches" in one.verdicts["communication.bb84.error_rate"].message
    assert "NameError" in one.verdicts["communication.bb84.one_basis"].message
    assert one.total == sum(e.points for e in EXERCISES) - 1 - 2


def test_who_asks_the_library_for_its_solution_is_pointed_out(tmp_path, right):
    borrowed = "from qlearn.exercises import find\nsift = find('bb84.sift').solution"
    handed_in(tmp_path / "in" / "ada.py", {**right, "sift": borrowed})
    said = []
    grade([tmp_path / "in"], tmp_path / "grades.csv", say=said.append)
    assert [line for line in said if "note" in line] == [
        "ada  note  ada.py: it asks for `.solution`: look whether that is the library's"
    ]


def test_rows_that_stand_are_kept_and_an_interruption_loses_nothing(tmp_path, right):
    for name in ("ada", "ben", "cleo"):
        handed_in(tmp_path / "in" / f"{name}.py", {"error_rate": right["error_rate"]})
    table, seen = tmp_path / "grades.csv", []

    def stop_at_the_second(line):
        seen.append(line)
        if line.startswith("ben"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade([tmp_path / "in"], table, exercises=[find("bb84.error_rate")], say=stop_at_the_second)
    assert list(rows(table)) == ["ada"]
    again = grade([tmp_path / "in"], table, exercises=[find("bb84.error_rate")])
    assert [one.student for one in again] == ["ben", "cleo"]
    assert {row["total"] for row in rows(table).values()} == {"1"}


def test_what_cannot_be_done_is_said_in_one_line(tmp_path, capsys):
    assert main(["assignment", "bb48", str(tmp_path)]) == 2
    assert "expected one of bb84" in capsys.readouterr().err
    assert main(["grade", str(tmp_path / "none"), "-o", str(tmp_path / "g.csv")]) == 2
    assert "does not exist" in capsys.readouterr().err
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "gil.py").write_text("x = 1\n")
    assert main(["grade", str(tmp_path / "in"), "-o", str(tmp_path / "g.csv")]) == 2
    assert "name the chapters or exercises" in capsys.readouterr().err
    (tmp_path / "names").write_text("ada\n../ben\n")
    assert main(["assignment", "bb84", "--students", str(tmp_path / "names"), str(tmp_path)]) == 2
    assert "no name that a folder can have" in capsys.readouterr().err


def test_two_exercises_of_one_name_do_not_go_into_one_file(tmp_path):
    with pytest.raises(ValueError, match="shots_needed"):
        write(chosen(["qubits.measurement", "learning.qsvm"]), tmp_path)


def for_a_class(folder, *students):
    """Hand out the notebook to each, and return the paths."""
    return [
        write(EXERCISES, folder / student, title=student)[0].rename(folder / f"{student}.ipynb")
        for student in students
    ]


UNREADABLE = {
    "empty": "",
    "a list": "[]",
    "no metadata": '{"cells": []}',
    "an old form": '{"worksheets": [], "metadata": {}}',
    "too deep": "[" * 100_000,
    "no source": '{"cells": [{"cell_type": "code", "source": null}], "metadata": {}}',
    "no exercise": '{"cells": [], "metadata": {"qlearn": {"exercises": ["no.such"]}}}',
}


def test_a_file_that_cannot_be_read_costs_its_own_points_alone(tmp_path):
    for_a_class(tmp_path / "in", "ada")
    for name, text in UNREADABLE.items():
        (tmp_path / "in" / f"{name}.ipynb").write_text(text)
    (tmp_path / "in" / "latin.py").write_bytes("# é".encode("latin1"))
    (tmp_path / "in" / "nul.py").write_bytes(b"error_rate = 0.075\0")
    (tmp_path / "in" / "nested.py").write_text("error_rate = 0" + ".real" * 100_000)
    marked = grade([tmp_path / "in"], tmp_path / "grades.csv", say=lambda line: None)
    assert len(marked) == len(UNREADABLE) + 4
    assert {one.total for one in marked} == {0}
    said = {one.student: next(iter(one.verdicts.values())).message for one in marked}
    assert "cannot be read" in said["empty"]
    assert "cannot be read" in said["latin"]
    assert "nothing to check yet" in said["ada"]


@pytest.mark.parametrize("names", [["bb84.error_rate"], [*LABELS, "photons.one_decoy"]])
def test_a_student_does_not_choose_what_is_marked(names, tmp_path):
    *_, path = for_a_class(tmp_path / "in", "ada", "ben", "cleo")
    changed = json.loads(path.read_text())
    changed["metadata"]["qlearn"]["exercises"] = names
    path.write_text(json.dumps(changed))
    with pytest.raises(ValueError, match=r"cleo.ipynb says it was made for other exercises"):
        grade([tmp_path / "in"], tmp_path / "grades.csv")
    one = grade([path], tmp_path / "grades.csv", exercises=EXERCISES, say=lambda line: None)[0]
    assert sum(one.most.values()) == sum(e.points for e in EXERCISES)


def test_a_folder_is_one_student_whatever_stands_in_it(tmp_path):
    (path,) = write(EXERCISES, tmp_path / "in" / "ada", title="Keys")
    assert submissions([tmp_path / "in"]) == {"ada": path}
    assert submissions([path]) == {"keys": path}
    (path.parent / "helper.py").write_text("x = 1")
    with pytest.raises(ValueError, match="would both be 'ada'"):
        submissions([tmp_path / "in"])


def test_a_cell_runs_as_it_does_in_a_notebook(tmp_path):
    path = tmp_path / "ada.ipynb"
    write([find("bb84.error_rate")], tmp_path, title="ada")
    made = nbformat.read(path, as_version=4)
    source = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n!ls"
    made.cells.insert(1, nbformat.v4.new_code_cell(source))
    made.cells.insert(2, nbformat.v4.new_code_cell("error_rate = (0.3\n    % 1) / 4\ndisplay(error_rate)"))
    made.cells = [cell for cell in made.cells if cell.source.rstrip() != "error_rate = ..."]
    nbformat.write(made, path)
    (one,) = grade([path], tmp_path / "grades.csv", say=lambda line: None)
    assert one.total == 1
    assert one.noted == ()


def test_a_table_that_is_not_ours_is_refused(tmp_path):
    for_a_class(tmp_path / "in", "ada")
    table = tmp_path / "grades.csv"
    table.write_text("student;total;of\nada;3;4\n")
    with pytest.raises(ValueError, match="with commas between"):
        grade([tmp_path / "in"], table)
    table.write_text("\ufeffstudent,total,of\nada,3,4\n")  # as a spreadsheet saves it
    assert grade([tmp_path / "in"], table) == []
