"""Assignments made of the exercises: stubs without solutions, for a notebook, a script, Otter or nbgrader."""

import importlib.util
import json
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

from qlearn.exercises._exercise import Exercise
from qlearn.exercises._find import find, of_chapter
from qlearn.exercises._otter import PLUGIN

Form = Literal["notebook", "script", "otter", "nbgrader"]
FORMS: tuple[Form, ...] = ("notebook", "script", "otter", "nbgrader")
MARK = "qlearn exercises:"


def chosen(names: Iterable[str]) -> list[Exercise]:
    """Return the exercises of chapters (``"bb84"``) and single ones (``"bb84.sift"``), in the order given.

    Parameters
    ----------
    names : iterable of str
        Chapters and exercises.

    Returns
    -------
    list of Exercise

    Examples
    --------
    >>> [exercise.name for exercise in chosen(["bb84.sift", "bb84.error_rate"])]
    ['sift', 'error_rate']
    """
    found: list[Exercise] = []
    for name in names:
        try:
            found += of_chapter(name)
        except ValueError:
            if "." not in name.replace("/", "."):
                raise
            found.append(find(name))
    return list(dict.fromkeys(found))


def seed_of(student: str, seed: int) -> int:
    """Return the seed of a student's own version; 0 is never one: it is that of the book.

    Parameters
    ----------
    student : str
        The name, as the files are called.
    seed : int
        The seed of the assignment.

    Returns
    -------
    int

    Examples
    --------
    >>> seed_of("ada", 1) == seed_of("ada", 1) != seed_of("ben", 1)
    True
    """
    return 1 + crc32(f"{seed}/{student}".encode()) % (2**31 - 1)


def drawn_seed() -> int:
    """Draw a seed that nobody can guess, for the tests that are not handed out."""
    return 1 + secrets.randbelow(2**31 - 1)


def label(exercise: Exercise) -> str:
    """Return the chapter's package and the exercise, as it is found again."""
    return f"{exercise.chapter}.{exercise.name}"


def write(
    exercises: Sequence[Exercise],
    folder: Path,
    *,
    to: Form = "notebook",
    title: str = "Exercises",
    students: Sequence[str] = (),
    seed: int = 0,
    hidden: int | None = None,
    seconds: float = 10,
    requires: Sequence[str] = ("qlearn",),
) -> list[Path]:
    """Write an assignment, one version for each student if their names are given.

    Parameters
    ----------
    exercises : sequence of Exercise
        What to ask, in this order.
    folder : path
        Where the files go; a folder for each student in it.
    to : {"notebook", "script", "otter", "nbgrader"}
        For whom.
    title : str
        The heading, and the name of the files.
    students : sequence of str
        Names; none: one version for all, whose checks are those of the book.
    seed : int
        Of the versions: what the checks that are handed out try an answer on.
    hidden : int or None
        The seed of the tests that are not handed out, of Otter and nbgrader; None: one is drawn.
    seconds : float
        The longest that a test of theirs may take.
    requires : sequence of str
        What pip installs where Otter grades in a container.

    Returns
    -------
    list of path
        What was written.
    """
    hidden = drawn_seed() if hidden is None else hidden
    names = [exercise.name for exercise in exercises]
    if not names:
        raise ValueError("exercises: got none, expected at least one")
    if double := {name for name in names if names.count(name) > 1}:
        raise ValueError(
            f"exercises: {', '.join(sorted(double))} stands in several of these chapters, and one file has one name "
            "for one answer: make an assignment for each"
        )
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "exercises"
    written = []
    for student in students or [""]:
        into = folder / student if student else folder
        into.mkdir(parents=True, exist_ok=True)
        own = seed_of(student, seed) if student else seed
        path = into / f"{stem}.{'py' if to == 'script' else 'ipynb'}"
        if to == "script":
            path.write_text(script(exercises, title, own), encoding="utf-8")
        else:
            if to == "otter":
                cells = otter(exercises, title, own, hidden=hidden, seconds=seconds, requires=requires)
            elif to == "nbgrader":
                cells = nbgrader(exercises, title, own, hidden=hidden, seconds=seconds)
            else:
                cells = notebook(exercises, title, own)
            path.write_text(
                json.dumps(_notebook(cells, exercises), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
        written.append(path)
    return written


def script(exercises: Sequence[Exercise], title: str, seed: int) -> str:
    """Return a Python file: the prompts as comments, the stubs, and the checks when it is run."""
    lines = [f"# {title}", "#", f"# {MARK} {' '.join(map(label, exercises))}", "", *imports(exercises), ""]
    for number, exercise in enumerate(exercises, 1):
        lines += ["", f"# {number}. {heading(exercise)}", "#"]
        lines += [f"# {line}".rstrip() for line in exercise.prompt.splitlines()]
        lines += [exercise.stub.rstrip(), ""]
    lines += ["", 'if __name__ == "__main__":', "    from qlearn.exercises import find", ""]
    lines += [f"    print({exercise.name!r}, {check(exercise, seed)})" for exercise in exercises]
    return "\n".join(lines) + "\n"


def notebook(exercises: Sequence[Exercise], title: str, seed: int) -> list[dict[str, Any]]:
    """Return the cells of a notebook: prompt, stub, check."""
    cells = [_first(exercises, title)]
    cells.append(_code("\n".join([*imports(exercises), "from qlearn.exercises import find"])))
    for number, exercise in enumerate(exercises, 1):
        cells.append(_text(f"## {number}. {heading(exercise)}\n\n{exercise.prompt}"))
        cells.append(_code(exercise.stub))
        cells.append(_code(check(exercise, seed)))
    return cells


def otter(
    exercises: Sequence[Exercise],
    title: str,
    seed: int,
    *,
    hidden: int,
    requires: Sequence[str] = ("qlearn",),
    seconds: float = 10,
) -> list[dict[str, Any]]:
    """Return the cells of a master notebook for ``otter assign``: a public test for each question, and a hidden one.

    There is no solution in it, and so no test of Otter's own run. Tests are functions that raise, so that an answer
    may print.
    """
    config = [
        "# ASSIGNMENT CONFIG",
        "init_cell: true",
        "run_tests: false",
        "solutions_pdf: false",
        "export_cell:",
        "  pdf: false",
        "tests:",
        "  ok_format: false",
        f"requirements: {json.dumps(list(requires))}",
        "generate:",
        "  show_stdout: true",
        "  plugins:",
        f"  - {PLUGIN}:",
        f"      seconds: {3 * seconds:g}",
    ]
    cells = [_raw("\n".join(config)), _first(exercises, title)]
    cells.append(_code("\n".join([*imports(exercises), "from qlearn.exercises import find"])))
    for exercise in exercises:
        cells.append(
            _raw(f"# BEGIN QUESTION\nname: {exercise.name}\npoints: {exercise.points}\nall_or_nothing: true")
        )
        cells.append(_text(f"## {heading(exercise)}\n\n{exercise.prompt}"))
        cells += [
            _raw("# BEGIN SOLUTION"),
            _code(exercise.stub),
            _raw("# END SOLUTION"),
            _raw("# BEGIN TESTS"),
        ]
        answer = f'env.get("{exercise.name}", ...)'
        for name, own in (("practice", seed), ("marks", hidden)):
            flag = (
                "" if name == "practice" else '""" # BEGIN TEST CONFIG\nhidden: true\n""" # END TEST CONFIG\n'
            )
            cells.append(
                _code(
                    f"{flag}def {name}(env):\n"
                    "    from qlearn.exercises import find\n"
                    f'    verdict = find("{label(exercise)}").check({answer}, seed={own}, seconds={seconds:g})\n'
                    "    assert verdict.passed, verdict.message"
                )
            )
        cells += [_raw("# END TESTS"), _raw("# END QUESTION")]
    return cells


def nbgrader(
    exercises: Sequence[Exercise], title: str, seed: int, *, hidden: int, seconds: float = 10
) -> list[dict[str, Any]]:
    """Return the cells of a source notebook for nbgrader: prompts and tests are marked, and locked.

    The stubs stand in cells without marks: of one marked as a solution nbgrader would leave nothing.
    """
    cells = [
        _first(exercises, title),
        _code("\n".join([*imports(exercises), "from qlearn.exercises import find"])),
    ]

    def marked(cell: dict[str, Any], **marks: Any) -> dict[str, Any]:
        base = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
        return {**cell, "metadata": {"nbgrader": {**base, **marks}}}

    def test(exercise: Exercise, own: int) -> str:
        return (
            f'_verdict = find("{label(exercise)}").check('
            f'globals().get("{exercise.name}", ...), seed={own}, seconds={seconds:g})\n'
            "assert _verdict.passed, _verdict.message\n"
        )

    for exercise in exercises:
        cells.append(
            marked(
                _text(f"## {heading(exercise)}\n\n{exercise.prompt}"),
                grade_id=f"{exercise.name}_prompt",
                locked=True,
            )
        )
        cells.append(_code(exercise.stub))
        again = "from qlearn.exercises import find\n\n"  # a student may have lost the cell that had it
        source = f"{again}{test(exercise, seed)}### BEGIN HIDDEN TESTS\n{test(exercise, hidden)}### END HIDDEN TESTS"
        cells.append(
            marked(
                _code(source),
                grade_id=f"{exercise.name}_test",
                grade=True,
                locked=True,
                points=exercise.points,
            )
        )
    return cells


def has_otter() -> bool:
    """Tell whether Otter is installed: the extra `teach`."""
    return importlib.util.find_spec("otter") is not None


def assign(masters: Iterable[Path], each: Callable[[Path], Any] = lambda master: None) -> list[Path]:
    """Let Otter make of each master notebook what students get, and what grades it; it must be installed.

    Parameters
    ----------
    masters : iterable of path
        Notebooks of the form "otter".
    each : callable
        Called with each when it is done.

    Returns
    -------
    list of path
        Notebooks and zip files.
    """
    made: list[Path] = []
    for master in masters:
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "otter",
                "assign",
                "--no-pdfs",
                str(master.absolute()),
                str(master.parent.absolute()),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise ValueError(f"otter assign {master}: {(ran.stderr or ran.stdout).strip()[-1000:]}")
        made += [
            master.parent / "student" / master.name,
            max((master.parent / "autograder").glob(f"{master.stem}-autograder_*.zip")),  # the newest
        ]
        each(master)
    return made


def heading(exercise: Exercise) -> str:
    """Return title, level and points."""
    points = f"{exercise.points} point{'s' if exercise.points != 1 else ''}"
    return f"{exercise.title} ({exercise.level}, {points})"


def check(exercise: Exercise, seed: int) -> str:
    """Return the line that checks an answer."""
    by = f", seed={seed}" if seed else ""
    return f'find("{label(exercise)}").check({exercise.name}{by})'


def imports(exercises: Sequence[Exercise]) -> list[str]:
    """Return the import lines of all exercises, each once."""
    return sorted({line for exercise in exercises for line in exercise.imports})


def _first(exercises: Sequence[Exercise], title: str) -> dict[str, Any]:
    total = sum(exercise.points for exercise in exercises)
    return _text(
        f"# {title}\n\n{len(exercises)} exercises, {total} points. Replace the `...`, run the cell, and run the check "
        "under it. A check may be run as often as you like."
    )


def _cell(kind: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source.rstrip("\n").splitlines(keepends=True)}


def _text(source: str) -> dict[str, Any]:
    return _cell("markdown", source)


def _raw(source: str) -> dict[str, Any]:
    return _cell("raw", source)


def _code(source: str) -> dict[str, Any]:
    return {**_cell("code", source), "execution_count": None, "outputs": []}


def _notebook(cells: list[dict[str, Any]], exercises: Sequence[Exercise]) -> dict[str, Any]:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "qlearn": {"exercises": [label(exercise) for exercise in exercises]},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
