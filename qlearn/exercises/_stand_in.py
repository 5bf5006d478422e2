"""Let a grader watch what an answer calls."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stand_in(answer: Any, *pairs: tuple[Callable[..., Any], Callable[..., Any]]) -> Iterator[None]:
    """Within the block, put a stand-in for each real function that stands among the names of the answer's module.

    Helpers that were written beside the answer see the stand-ins too. What an answer imports itself, or calls by
    way of a module, is not reached: a grader must not take silence for a mistake.

    Examples
    --------
    >>> names = {"size": len}
    >>> exec("def answer(x): return size(x)", names)
    >>> with stand_in(names["answer"], (len, lambda x: -1)):
    ...     names["answer"]("abc")
    -1
    >>> names["answer"]("abc")
    3
    """
    names = getattr(answer, "__globals__", {})
    before = {
        name: (value, spy)
        for name, value in list(names.items())
        for real, spy in pairs
        if value is real  # and not ==: a name may hold an array
    }
    names.update({name: spy for name, (_, spy) in before.items()})
    try:
        yield
    finally:
        names.update({name: value for name, (value, _) in before.items()})


@contextmanager
def calls_of_the_library() -> Iterator[list[str]]:
    """List the functions of this library, its exercises aside, that are called in the block, however they came there.

    Examples
    --------
    >>> from qlearn.qubits import random_state
    >>> with calls_of_the_library() as called:
    ...     _ = random_state(1, rng=0)
    >>> called[0].rpartition(".")[2]
    'random_state'
    """
    called: list[str] = []

    def watch(frame: Any, event: str, arg: Any) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if event == "call" and module.startswith("qlearn.") and not module.startswith("qlearn.exercises."):
            called.append(f"{module}.{frame.f_code.co_name}")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield called
    finally:
        sys.setprofile(before)


def library_calls(answer: Callable[..., Any], cases: Iterable[tuple[Any, ...]]) -> list[str]:
    """Return the functions of this library that an answer calls in any of the cases: it may treat the first by itself.

    Examples
    --------
    >>> from qlearn.qubits import random_state
    >>> library_calls(lambda n: random_state(n, rng=0) if n > 1 else [1, 0], [(1,), (2,)])[0]
    'qlearn.qubits.superposition.random_state'
    """
    with calls_of_the_library() as called:
        for case in cases:
            answer(*case)
    return called
