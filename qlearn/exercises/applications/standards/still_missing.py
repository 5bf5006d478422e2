"""Which questions of a procurement are still open."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="silence is no yes, and neither is a number: only True is.",
    because="""
        `answers.get(key) is True` asks for the one thing that counts. A question that was left out gives None, and None is not
        True; nor is "yes, in the next release", though it is a true value to Python. Musts come first, each group in the order
        of the list.
    """,
)
def still_missing(questions, answers):
    """`questions` is a list of pairs `(key, must)`, `answers` a dict from keys to what the seller said. A question is met if
    its answer is `True`, and by nothing else: not by silence, not by a text, not by 1. Return the list of the keys that are
    not met, those with `must` first, in both groups in the order of `questions`. (Answers to other keys are passed over.)
    """
    left = [(key, must) for key, must in questions if answers.get(key) is not True]
    return [key for key, must in left if must] + [key for key, must in left if not must]


@still_missing.cases
def offers(rng):
    """Everything answered and nothing, silence, promises, numbers, answers that nobody asked for."""
    names = ["nodes", "rate", "random", "energy", "exit", "interface", "once", "paths"]
    for n in (1, 3, 5, 8):
        questions = [(str(name), bool(rng.integers(2))) for name in rng.permutation(names)[:n]]
        yield questions, {}
        yield questions, {key: True for key, _ in questions}
        said = [True, False, None, "yes, in the next release", 1, True]
        yield (
            questions,
            {key: said[int(rng.integers(6))] for key, _ in questions if rng.integers(4)} | {"price": False},
        )
    yield (
        [("rate", False), ("nodes", True), ("exit", False), ("once", True)],
        {"rate": "yes", "exit": 1, "once": True},
    )
    yield [("rate", False), ("nodes", True), ("exit", False), ("once", True)], {"rate": False, "nodes": None}


def _left(questions, met):
    return [key for wanted in (True, False) for key, must in questions if must is wanted and not met(key)]


@still_missing.mistake(
    "a question that was not answered is still open: look for what is asked, not only at the answers."
)
def silence_is_yes(questions, answers):
    return _left(questions, lambda key: answers.get(key, True) is True)


@still_missing.mistake('a text such as "yes, in the next release" or the number 1 is no yes: only `True` is.')
def promises_count(questions, answers):
    return _left(questions, lambda key: bool(answers.get(key)))


@still_missing.mistake("1 equals True in Python, and is no yes here: ask `is True`.")
def ones_count(questions, answers):
    return _left(questions, lambda key: answers.get(key) == True)  # noqa: E712


@still_missing.mistake("the musts come first.")
def as_listed(questions, answers):
    return [key for key, _ in questions if answers.get(key) is not True]


@still_missing.mistake("only the musts are there: the others are open as well.")
def musts_alone(questions, answers):
    return [key for key, must in questions if must and answers.get(key) is not True]


@still_missing.mistake("you list what is met: asked for is what is missing.")
def what_is_met(questions, answers):
    return _left(questions, lambda key: answers.get(key) is not True)
