"""Let a grader look at functions that refuse by an exception: what a call gives, or how it refuses."""

from collections.abc import Callable
from typing import Any

from qlearn.exercises.comparisons import NOTHING, a


class Seen(Exception):
    """A grader has seen what is wrong; the text says it."""


def outcome(function: Callable[..., Any], *args: Any) -> tuple[Any, Exception | None]:
    """Return what a call gives and None, or None and the exception by which it refuses.

    Examples
    --------
    >>> outcome(int, "7")
    (7, None)
    >>> outcome(int, "seven")[1]
    ValueError("invalid literal for int() with base 10: 'seven'")
    """
    try:
        return function(*args), None
    except Exception as refusal:
        return None, refusal


def two_functions(made: Any, names: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the two functions that an answer has made, or say what it is instead.

    Examples
    --------
    >>> two_functions((len, abs), "size, distance") == (len, abs)
    True
    >>> two_functions(len, "size, distance")
    Traceback (most recent call last):
    ...
    qlearn.exercises._refusals.Seen: return the two functions, `return size, distance`, and not a function.
    """
    if made is None:
        raise Seen(f"{NOTHING}: the two functions, `return {names}`.")
    if not isinstance(made, tuple | list) or len(made) != 2:
        raise Seen(f"return the two functions, `return {names}`, and not {a(made)}.")
    for one, name in zip(made, names.split(", "), strict=True):
        if not callable(one):
            raise Seen(
                f"`{name}` is to be a function, and you return {a(one)}: return it without calling it."
            )
    first, second = made
    return first, second
