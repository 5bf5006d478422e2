"""The page for lecturers and the page on running: what they say is so, and their commands run."""

import csv
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from distributed import LocalCluster

from qlearn.exercises import chapters, of_chapter
from tests.book.conftest import load_script

# What a block may begin with that this test does not run: it wants a network, a build or a course of nbgrader.
ELSEWHERE = ("git ", "cd ", "pip ", "make ", "sudo ", ".venv/bin/python ", "python3 -m venv", "dask ")


@pytest.fixture(scope="module")
def lecturers() -> ModuleType:
    return load_script("tools/sphinx/lecturers.py")


def blocks(root: Path, page: str, language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", (root / "book" / page).read_text(), re.M | re.S)
    return [code for _, code in found]


def test_the_syllabus_has_every_chapter_once_and_none_before_what_it_needs(lecturers: ModuleType):
    come: list[str] = []
    assert len(lecturers.WEEKS) == 12
    for everyone, choice in lecturers.WEEKS:
        week = [*everyone, *choice]
        for name in week:
            needs = lecturers.chapter(name).needs
            assert set(needs) <= {*come, *week} - {name}, name
            assert not set(needs) & set(choice), f"{name} needs what not everyone reads"
        come += week
    assert len(come) == len(set(come))
    assert set(come) <= set(lecturers.standing())
    for everyone, choice in lecturers.WEEKS:
        bold = [name in lecturers.heart() for name in everyone]
        assert bold == sorted(bold, reverse=True)  # the heart of a week comes first
        assert not set(lecturers.heart()) & set(choice)
    assert set(lecturers.heart()) <= set(come)


def test_minutes_and_points_are_those_of_the_cards_and_exercises(lecturers: ModuleType):
    minutes = {"warm-up": 3, "core": 8, "stretch": 15, "project": 30}  # as the page says
    assert lecturers.rule() == "3 for a warm-up, 8 for a core, 15 for a stretch and 30 for a project.\n"
    bb84 = of_chapter("bb84")
    at_work = sum(minutes[exercise.level] for exercise in bb84)
    points = sum(exercise.points for exercise in bb84)
    (line,) = [line for line in lecturers.outcomes().splitlines() if line.startswith("- {doc}`BB84 <")]
    assert (
        f"(35 minutes, {35 + at_work} with its exercises; {len(bb84)} exercises, {points} points): run BB84"
        in line
    )
    (week,) = [line for line in lecturers.weeks().splitlines() if line.startswith("| 3 | **{doc}`BB84")]
    both = [lecturers.chapter(name) for name in lecturers.WEEKS[2][0]]
    assert f"| {sum(one.reading for one in both)} min |" in week
    in_all = sum(one.reading + sum(minutes[e.level] for e in one.exercises) for one in both)
    assert week.endswith(f"| {lecturers.hours(in_all)} |")
    assert {f"- {lecturers.link(name)} (" for name in lecturers.standing()} <= {
        line.partition("(")[0] + "(" for line in lecturers.outcomes().splitlines() if line.startswith("- ")
    }
    assert sum("no exercises" in line for line in lecturers.outcomes().splitlines()) == len(
        lecturers.standing()
    ) - len(chapters())


def test_every_command_for_lecturers_runs(root: Path, tmp_path: Path):
    (tmp_path / "names.txt").write_text("ada\nben\n")
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(root),
    }
    whole = [re.sub(r" *\\\n *", " ", code) for code in blocks(root, "for_lecturers.md", "bash")]
    lines = [line.strip() for code in whole for line in code.splitlines()]
    ran = [line for line in lines if line.startswith("python -m qlearn.exercises ")]
    assert all(line in ran or line.startswith(ELSEWHERE) for line in lines)
    assert len(ran) >= 7
    handed_in = False
    for line in ran:
        if " grade " in line and not handed_in:  # in the notebooks that were just handed out
            for name, fraction in (("ada", 4), ("ben", 1)):
                notebook = nbformat.read(tmp_path / "handed_out" / name / "keys.ipynb", as_version=4)
                for cell in notebook.cells:
                    if cell.source.startswith("error_rate ="):
                        cell.source = f"error_rate = 0.3 / {fraction}"
                (tmp_path / "submissions" / name).mkdir(parents=True)
                nbformat.write(notebook, tmp_path / "submissions" / name / "keys.ipynb")
            handed_in = True
        done = subprocess.run(line, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        if " canvas.csv" in line:
            (tmp_path / "grades.csv").unlink()
    assert (tmp_path / "handed_out" / "keys.ipynb").exists()
    assert (tmp_path / "handed_out" / "two.py").exists()
    assert (tmp_path / "source" / "keys" / "keys.ipynb").exists()
    assert (tmp_path / "otter_keys" / "keys.ipynb").exists()
    assert (tmp_path / "otter_keys" / "student" / "keys.ipynb").exists() == (find_spec("otter") is not None)
    assert "1 of 1" in (tmp_path / "reports" / "ada.md").read_text()
    with (tmp_path / "canvas.csv").open(newline="") as file:
        given = {row["SIS Login ID"]: row["Keys"] for row in csv.DictReader(file)}
    assert (given["ada"], given["ben"]) == ("1", "0")
    assert (tmp_path / "moodle.csv").read_text().splitlines() == ["username,Keys", "ada,1", "ben,0"]


def test_what_the_pages_say_that_judge_answers_is_what_it_answers(root: Path):
    names: dict[str, object] = {}
    said = 0
    for code in [*blocks(root, "how_to_run.md", "python"), *blocks(root, "for_lecturers.md", "python")]:
        for line in code.splitlines():
            call, _, told = line.partition("# ")
            if call.startswith("judge("):
                parts = [part.strip() for part in told.split("...") if part.strip()]
                verdict = repr(eval(call, names))
                assert all(part in verdict for part in parts), verdict
                said += 1
            elif call.startswith(("from qlearn.exercises import", "source = ", "verdict")):
                exec(call, names) if not call.startswith("verdict.") else None
                if call.startswith("verdict."):
                    got = str(eval(call, names))
                    assert got.startswith(told.removesuffix(" ...").strip()), got
                    said += 1
    assert said == 5


def test_the_snippet_for_a_cluster_runs_on_one(root: Path, tmp_path: Path):
    (code,) = [code for code in blocks(root, "how_to_run.md", "{code-block} python") if "Client(" in code]
    script = tmp_path / "cluster.py"
    script.write_text(
        "import sys\n"
        + code.replace('"tcp://scheduler:8786"', "sys.argv[1]").replace("/shared", str(tmp_path))
        + "\nimport qlearn.learning as ours\nassert np.allclose(K, ours.FidelityKernel('zz', reps=2).gram(X))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        done = subprocess.run(
            [sys.executable, script, cluster.scheduler_address], env=env, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "K.npy").exists()


def test_on_windows_the_book_has_no_need_of_fcntl(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with load_script("tools/build_book.py").locked("windows") as lock:
        assert lock.writable()
