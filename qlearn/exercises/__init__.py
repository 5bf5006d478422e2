"""Exercises that grade themselves: prompt, stub, solution, mistakes, and a checker that teaches."""

from qlearn.exercises._exercise import Exercise, Mistake, Solution, check, exercise
from qlearn.exercises._find import chapters, every, find, of_chapter
from qlearn.exercises._verdict import Verdict

__all__ = [
    "Exercise",
    "Mistake",
    "Solution",
    "Verdict",
    "chapters",
    "check",
    "every",
    "exercise",
    "find",
    "of_chapter",
]
