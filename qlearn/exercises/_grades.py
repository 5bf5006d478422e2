"""Marks for what was handed in: each file in a process of its own, one line a question, a table and a report a student."""

import ast
import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from qlearn.exercises._assignment import MARK, chosen, label
from qlearn.exercises._exercise import Exercise
from qlearn.exercises._guard import Stopped
from qlearn.exercises._process import Answers
from qlearn.exercises._verdict import Verdict


@dataclass(frozen=True)
class Marked:
    """What one file was given.

    Parameters
    ----------
    student : str
        The name of the file, or of its folder.
    path : path
        The file.
    verdicts : dict of str to Verdict
        By exercise.
    points : dict of str to int
        By exercise: what it was given.
    most : dict of str to int
        By exercise: what it counts.
    noted : tuple of str
        What stopped while the file ran.
    """

    student: str
    path: Path
    verdicts: dict[str, Verdict]
    points: dict[str, int]
    most: dict[str, int]
    noted: tuple[str, ...]

    @property
    def total(self) -> int:
        """The sum of the points."""
        return sum(self.points.values())

    def lines(self) -> Iterator[str]:
        """Yield one line a question, and one for each place where the library was asked for a solution."""
        for name, verdict in self.verdicts.items():
            yield f"{self.student}  {name}  {self.points[name]}/{self.most[name]}  {verdict!r}"
        for note in self.noted:
            if ASKS in note:
                yield f"{self.student}  note  {note}"

    def report(self) -> str:
        """Return what the student may read, in Markdown."""
        lines = [f"# {self.student}: {self.total} of {sum(self.most.values())} points", ""]
        for name, verdict in self.verdicts.items():
            lines += [f"## {name}: {self.points[name]} of {self.most[name]}", "", f"{verdict!r}", ""]
        if self.noted:
            lines += ["## While your file ran", "", *(f"- {note}" for note in self.noted), ""]
        return "\n".join(lines)


def submissions(places: Iterable[Path]) -> dict[str, Path]:
    """Return the files handed in by student: each .py and .ipynb; of a folder a student, the folder's name.

    Parameters
    ----------
    places : iterable of path
        Files, or folders that hold them.

    Returns
    -------
    dict of str to path
    """
    files: list[Path] = []
    own: dict[Path, str] = {}  # the folder that a file stands in
    for place in places:
        if not place.exists():
            raise FileNotFoundError(f"submissions: {place} does not exist")
        found = [place] if place.is_file() else sorted(p for e in ("*.py", "*.ipynb") for p in place.rglob(e))
        found = [path for path in found if ".ipynb_checkpoints" not in path.parts]
        files += found
        own |= {p: p.relative_to(place).parts[0] for p in found if p != place and p.parent != place}
    stems = [path.stem for path in files]
    named: dict[str, Path] = {}
    for path in files:
        name = own.get(path, path.stem if stems.count(path.stem) == 1 else path.parent.name)
        if name in named:
            raise ValueError(
                f"submissions: {named[name]} and {path} would both be {name!r}: one file for each student, please"
            )
        named[name] = path
    if not named:
        raise ValueError("submissions: no .py or .ipynb file among them")
    return named


def asked(path: Path) -> list[Exercise]:
    """Return the exercises that a file was made for; none if it does not say so, or cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            return chosen(map(str, json.loads(text)["metadata"]["qlearn"]["exercises"]))
        return chosen(
            next((line.partition(MARK)[2].split() for line in text.splitlines() if MARK in line), [])
        )
    except (ValueError, LookupError, TypeError, RecursionError):  # a file that a student may have changed
        return []


def tasks_of(named: dict[str, Path]) -> dict[str, list[Exercise]]:
    """Return what each file is marked on where nobody has named it: what all say they were made for.

    A file that says another thing than the rest would be marked on what its author has chosen.
    """
    said = {student: asked(path) for student, path in named.items()}
    tasks = list(said.values())
    known = max((task for task in tasks if task), key=tasks.count, default=[])
    if not known:
        raise ValueError(
            f"exercises: {next(iter(named.values()))} does not say what it was made for; name the chapters or exercises"
        )
    other = [named[student] for student, task in said.items() if task and task != known]
    if other:
        raise ValueError(
            f"exercises: {', '.join(map(str, other))} says it was made for other exercises than most of the files do: "
            "name those that count"
        )
    return dict.fromkeys(named, known)


def cells(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a file that run one after another: source and name."""
    if path.suffix == ".py":
        yield path.read_text(encoding="utf-8"), path.name
        return
    yield "def display(*objects, **how): print(*objects)", "a notebook's own"
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            yield _plain(source), f"cell {number}"


def _plain(source: str) -> str:
    """Leave out what Jupyter alone understands; `%` may begin a line of Python too, in brackets."""
    try:
        ast.parse(source)
    except Exception:  # of whatever a cell may hold
        return "\n".join("" if x.lstrip().startswith(("%", "!")) else x for x in source.splitlines())
    return source


TELL = {"solution", "answer", "reveal", "mistakes"}
ASKS = "it asks for "


def asks_for_solutions(source: str) -> str | None:
    """Say so if code asks an exercise for its solution: a lecturer will want to look; it costs no points.

    Examples
    --------
    >>> asks_for_solutions("sift = exercises.sift.solution")
    "it asks for `.solution`: look whether that is the library's"
    """
    try:
        tree = ast.parse(source)
    except Exception:  # of whatever a cell may hold: it says so itself when it is run
        return None
    asked = sorted({node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & TELL)
    names = ", ".join(f"`.{name}`" for name in asked)
    return f"{ASKS}{names}: look whether that is the library's" if asked else None


def mark(
    student: str,
    path: Path,
    exercises: Sequence[Exercise],
    *,
    seed: int,
    seconds: float = 10,
    memory_mb: int = 1024,
) -> Marked:
    """Run one file and judge its answers.

    Parameters
    ----------
    student : str
        Whose.
    path : path
        The file.
    exercises : sequence of Exercise
        What was asked.
    seed : int
        Which cases.
    seconds : float
        The longest that a cell or a call may take.
    memory_mb : int
        How much memory, in MiB.

    Returns
    -------
    Marked
    """
    noted, verdicts, lost = [], {}, ""
    with Answers(memory_mb, tuple({exercise.module for exercise in exercises})) as answers:
        try:
            pieces = list(cells(path))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            pieces, lost = [], f"the file cannot be read ({type(error).__name__})"
        for source, name in pieces:
            if told := asks_for_solutions(source):
                noted.append(f"{name}: {told}")
            try:
                error_said = answers.run(source, name, seconds=max(seconds, 1))
            except Stopped as stop:
                error_said = str(stop)
            if error_said:
                noted.append(f"{name}: {error_said}")
        for exercise in exercises:
            verdicts[label(exercise)] = (
                Verdict.wrong(f"{lost}.") if lost else answers.check(exercise, seed=seed, seconds=seconds)
            )
    return Marked(
        student,
        path,
        verdicts,
        {label(e): e.points * bool(verdicts[label(e)]) for e in exercises},
        {label(e): e.points for e in exercises},
        tuple(noted),
    )


def grade(
    places: Iterable[Path],
    output: Path,
    *,
    exercises: Sequence[Exercise] = (),
    seed: int = 1,
    seconds: float = 10,
    memory_mb: int = 1024,
    reports: Path | None = None,
    say: Callable[[str], Any] = tqdm.write,
) -> list[Marked]:
    """Mark all files, and write the table as it grows: an interruption loses the file that is running and no other.

    Parameters
    ----------
    places : iterable of path
        Files, or folders that hold them.
    output : path
        The table, as CSV: a row a student, a column an exercise, the total. Rows that stand there are kept.
    exercises : sequence of Exercise
        What was asked; none: what the files say they were made for. They must agree, and a student can change what
        a file says: where marks depend on it, name the exercises.
    seed : int
        Which cases; not 0, which are those that the students can see.
    seconds : float
        The longest that a cell or a call may take.
    memory_mb : int
        How much memory, in MiB.
    reports : path or None
        Where a report for each student goes.
    say : callable
        Takes each line.

    Returns
    -------
    list of Marked
        Those marked now.
    """
    named = submissions(places)
    done = _rows(output)
    named = {student: path for student, path in named.items() if student not in done}
    tasks = {student: list(exercises) for student in named} if exercises or not named else tasks_of(named)
    columns = list(dict.fromkeys(label(e) for task in tasks.values() for e in task))
    columns = list(dict.fromkeys([*(c for row in done.values() for c in row if c not in _FIXED), *columns]))
    marked = []
    for student, task in tqdm(tasks.items(), desc="marking", unit="file"):
        one = mark(student, named[student], task, seed=seed, seconds=seconds, memory_mb=memory_mb)
        marked.append(one)
        for line in one.lines():
            say(line)
        most = sum(one.most.values())
        done[student] = {
            "student": student,
            **{k: str(v) for k, v in one.points.items()},
            "total": str(one.total),
            "of": str(most),
        }
        _write(output, done, columns)
        if reports is not None:
            reports.mkdir(parents=True, exist_ok=True)
            (reports / f"{student}.md").write_text(one.report(), encoding="utf-8")
    return marked


_FIXED = ("student", "total", "of")


def _rows(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file)
        if not set(_FIXED) <= set(table.fieldnames or _FIXED):
            raise ValueError(
                f"output: {path} is no table of `grade`: expected the columns {', '.join(_FIXED)}, with commas between"
            )
        return {row["student"]: row for row in table}


def _write(path: Path, rows: dict[str, dict[str, str]], columns: list[str]) -> None:
    """Write the whole table beside itself, and put it in its place: it is never half written."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, ["student", *columns, "total", "of"], restval="")
        table.writeheader()
        table.writerows(rows.values())
    beside.replace(path)


def for_lms(table: Path, output: Path, *, lms: str, title: str) -> None:
    """Write the totals in the form that Canvas or Moodle reads.

    Parameters
    ----------
    table : path
        What :func:`grade` wrote.
    output : path
        Where it goes.
    lms : {"canvas", "moodle"}
        Canvas knows a student by the login name, Moodle by an identifier of your choice: the student's file name.
    title : str
        What the assignment is called there.
    """
    rows = _rows(table)
    with output.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        if lms == "canvas":
            out.writerow(["Student", "ID", "SIS Login ID", "Section", title])
            most = max((int(row["of"]) for row in rows.values()), default=0)
            out.writerow(["Points Possible", "", "", "", most])
            out.writerows([student, "", student, "", row["total"]] for student, row in rows.items())
        else:
            out.writerow(["username", title])
            out.writerows([student, row["total"]] for student, row in rows.items())
