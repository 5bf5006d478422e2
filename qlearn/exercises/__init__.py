"""Exercises that grade themselves: prompt, stub, solution, mistakes, and a checker that teaches."""

from qlearn.exercises._exercise import Exercise, Mistake, Solution, check, exercise
from qlearn.exercises._find import chapters, every, find, of_chapter
from qlearn.exercises._process import Answers, judge
from qlearn.exercises._verdict import Verdict

__all__ = [
    "Answers",
    "Exercise",
    "Mistake",
    "Solution",
    "Verdict",
    "chapters",
    "check",
    "every",
    "exercise",
    "find",
    "judge",
    "of_chapter",
]
