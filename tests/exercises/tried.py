"""An answer held against an exercise on several seeds: it passes on each, or is refused on each."""

from typing import Any

from qlearn.exercises import Exercise

SEEDS = range(5)


def passes(exercise: Exercise, answer: Any) -> bool:
    """Ask for a right verdict on every seed."""
    for seed in SEEDS:
        verdict = exercise.check(answer, seed=seed)
        assert verdict, (seed, verdict)
    return True


def refused(exercise: Exercise, answer: Any, words: str = "") -> str:
    """Ask for a wrong verdict on every seed, in these words; one that stops must be meant to. Return the first message."""
    messages = []
    for seed in SEEDS:
        verdict = exercise.check(answer, seed=seed)
        assert not verdict, seed
        assert words in verdict.message, verdict
        assert "stopped with" in words or "stopped with" not in verdict.message, verdict
        messages.append(verdict.message)
    return messages[0]
