"""Judge an answer in the book's own page, where Python runs in the reader's browser and only what is needed is there."""

import json
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from qlearn.exercises._exercise import Exercise
from qlearn.exercises._verdict import Verdict
from qlearn.exercises._worker import Worker


def alone(chapter: str, name: str) -> Exercise:
    """Import one exercise without the others of its chapter, which may take packages that a page has not loaded."""
    package = f"qlearn.exercises.{chapter}"
    imported = package in sys.modules
    if not imported:  # a package whose __init__ is not run
        spec = find_spec(package)
        assert spec is not None
        sys.modules[package] = ModuleType(package)
        sys.modules[package].__path__ = list(spec.submodule_search_locations or [])
    try:
        exercise: Exercise = getattr(import_module(f"{package}.{name}"), name)
    finally:
        if not imported:
            del sys.modules[package]
    return exercise


def judge_here(source: str, chapter: str, name: str, given: Iterable[str] = ()) -> Verdict:
    """Judge what somebody has written into the box of an exercise; the words are those of :func:`qlearn.exercises.judge`.

    It is no process of its own: who calls it must be able to do without this one, as a page can without its worker.

    Parameters
    ----------
    source : str
        Python code; `np` and what the exercise is given stand ready.
    chapter : str
        ``"communication.bb84"``.
    name : str
        ``"sift"``.
    given : iterable of str
        Further lines of imports, such as those of the chapter's other exercises; one whose package is not there is nothing.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> judge_here("error_rate = 0.3 / 4", "communication.bb84", "error_rate").passed
    True
    >>> judge_here("error_rate = 0.3 /", "communication.bb84", "error_rate")
    Not yet: your code cannot be read: invalid syntax, in line 1: `error_rate = 0.3 /`.
    """
    exercise = alone(chapter, name)
    worker = Worker()
    for line in ("import numpy as np", *given, *exercise.imports):
        worker.run(line, "<given>")
    error = worker.run(source, "<your code>")
    if error:
        return Verdict.wrong(f"{error}.")
    kind, _ = worker.describe(name)
    if kind == "missing":
        return Verdict.wrong(f"there is no `{name}` in what you hand in: has it another name?")
    if kind == "stub":
        return Verdict.wrong("nothing to check yet: replace the ... in your answer, then check again.")
    return exercise.check(worker.names[name])


def judged(source: str, chapter: str, name: str, given: str) -> str:
    """Return the verdict as JSON, for JavaScript; the lines are given as JSON, too."""
    verdict = judge_here(source, chapter, name, json.loads(given))
    return json.dumps({"passed": verdict.passed, "message": verdict.message})
