"""Exercises that grade themselves: prompt, stub, solution, wrong answers and a checker that teaches."""

from qlearn.exercises._exercise import Exercise, Verdict, check

__all__ = ["Exercise", "Verdict", "check"]
