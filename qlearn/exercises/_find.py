"""All exercises of the course, in its order, and one of them by its name."""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module

from qlearn.exercises._exercise import Exercise

PARTS = ("qubits", "communication", "learning", "control", "networks", "applications")


def chapters() -> list[str]:
    """Return the chapters that have exercises, as part and package, in the order of the course.

    Returns
    -------
    list of str

    Examples
    --------
    >>> chapters()[:2]
    ['qubits.superposition', 'qubits.measurement']
    """
    return [f"{part}.{name}" for part in PARTS for name in import_module(f"qlearn.exercises.{part}").CHAPTERS]


def of_chapter(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter, in its order.

    Parameters
    ----------
    chapter : str
        ``"communication.bb84"``, ``"communication/bb84"`` or ``"bb84"``.

    Returns
    -------
    tuple of Exercise

    Examples
    --------
    >>> [exercise.name for exercise in of_chapter("bb84")][:2]
    ['error_rate', 'sift']
    """
    wanted = chapter.replace("/", ".")
    known = chapters()
    found = [name for name in known if wanted in (name, name.partition(".")[2])]
    if not found:
        near = get_close_matches(wanted, [*known, *(name.partition(".")[2] for name in known)], n=3)
        raise ValueError(f"chapter: {chapter!r} has no exercises; expected one of {', '.join(near or known)}")
    exercises: tuple[Exercise, ...] = import_module(f"qlearn.exercises.{found[0]}").EXERCISES
    return exercises


def find(name: str) -> Exercise:
    """Return the exercise of a name: its chapter and its own.

    Parameters
    ----------
    name : str
        ``"bb84.sift"`` or ``"communication.bb84.sift"``.

    Returns
    -------
    Exercise

    Examples
    --------
    >>> find("bb84.sift").level
    'core'
    """
    chapter, _, own = name.replace("/", ".").rpartition(".")
    if not chapter:
        raise ValueError(f"name: got {name!r}, expected chapter and exercise, as in 'bb84.sift'")
    exercises = {exercise.name: exercise for exercise in of_chapter(chapter)}
    if own not in exercises:
        raise ValueError(f"name: {chapter} has no exercise {own!r}; it has {', '.join(exercises)}")
    return exercises[own]


def every() -> Iterator[Exercise]:
    """Yield every exercise of the course, in its order.

    Yields
    ------
    Exercise
    """
    for chapter in chapters():
        yield from of_chapter(chapter)
