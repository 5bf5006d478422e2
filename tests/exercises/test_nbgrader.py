"""nbgrader makes the students' version of our source notebook, and marks what is handed in.

It stands in an environment of its own, beside the project's: it brings JupyterLab and a database.
"""

import os
import subprocess
import sys

import nbformat
import pytest

from qlearn.exercises import of_chapter
from qlearn.exercises._assignment import write
from tools.build_book import locked

EXERCISES = of_chapter("bb84")
HIDDEN = 98765
WANTED = "nbgrader>=0.9.5,<0.10"


@pytest.fixture(scope="session")
def python(root):
    """Return a Python that has nbgrader and all that this one has."""
    home = root / ".venv-peer-nbgrader"
    stamp = home / "stamp"
    with locked("nbgrader"):
        if not stamp.exists() or stamp.read_text() != WANTED + sys.version:
            subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", home], check=True)
            own = next(home.glob("lib/*/site-packages"))
            (own / "ours.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
            pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet"]
            # it calls alembic by name: where ours has that already (by optuna), pip would make no script here
            for what in ([WANTED], ["--ignore-installed", "--no-deps", "alembic"]):
                done = subprocess.run(
                    [*pip, "-c", root / "constraints.txt", *what], capture_output=True, text=True, timeout=600
                )
                if done.returncode:
                    pytest.skip(f"nbgrader cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
            stamp.write_text(WANTED + sys.version)
    return home / "bin" / "python"


@pytest.fixture(scope="session")
def course(python, root, tmp_path_factory):
    """Return a function that runs nbgrader in a course with our source notebook."""
    folder = tmp_path_factory.mktemp("course")
    write(EXERCISES, folder / "source" / "keys", to="nbgrader", title="Keys", hidden=HIDDEN, seconds=2)
    (folder / "nbgrader_config.py").write_text('get_config().CourseDirectory.course_id = "keys"\n')
    paths = os.pathsep.join([str(python.parent), os.environ["PATH"]])  # there is its alembic

    def nbgrader(*said):
        done = subprocess.run(
            [python, "-m", "nbgrader", *said],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "PATH": paths, "PYTHONPATH": str(root)},
        )
        assert done.returncode == 0, done.stderr
        return folder

    return nbgrader


@pytest.fixture(scope="session")
def release(course):
    return course("generate_assignment", "keys") / "release" / "keys" / "keys.ipynb"


def test_the_stub_stays_and_hidden_tests_and_solutions_do_not(release):
    text = release.read_text()
    sources = [cell.source for cell in nbformat.read(release, as_version=4).cells]
    assert str(HIDDEN) not in text
    assert "HIDDEN TESTS" not in text
    for exercise in EXERCISES:
        assert exercise.stub.rstrip() in [source.rstrip() for source in sources]
        assert sum(f'find("{exercise.chapter}.{exercise.name}").check(' in source for source in sources) == 1
        assert exercise.source.strip().splitlines()[-1].strip() not in "\n".join(sources)


def test_what_is_handed_in_is_marked(course, release):
    answers = {exercise.name: exercise.source for exercise in EXERCISES}
    answers["sift"] = answers["sift"].replace("    return", "    print(kept.sum())\n    return")
    answers["error_rate"] = "error_rate = 0.3"
    answers["one_basis"] = "one_basis = 1 / 0"
    answers["six_state"] = answers["six_state"].split("\n")[0] + "\n    while True: pass"
    notebook = nbformat.read(release, as_version=4)
    for cell in notebook.cells:
        for exercise in EXERCISES:
            if cell.source.rstrip() == exercise.stub.rstrip():
                cell.source = answers[exercise.name]
    folder = release.parents[2]
    handed_in = folder / "submitted" / "ada" / "keys"
    handed_in.mkdir(parents=True)
    nbformat.write(notebook, handed_in / "keys.ipynb")
    course("autograde", "keys")
    course("export")
    (head, row) = [line.split(",") for line in (folder / "grades.csv").read_text().splitlines()]
    marks = dict(zip(head, row, strict=True))
    most = sum(exercise.points for exercise in EXERCISES)
    lost = sum(e.points for e in EXERCISES if e.name in ("error_rate", "one_basis", "six_state"))
    assert (float(marks["max_score"]), float(marks["score"])) == (most, most - lost)
    marked = (folder / "autograded" / "ada" / "keys" / "keys.ipynb").read_text()
    assert "0.3 is the share she touches" in marked
    assert "it ran for more than 2 s" in marked
