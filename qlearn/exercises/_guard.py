"""Run what somebody else has written, and let nothing out: no print, no warning, no changed setting, no exception."""

import contextlib
import io
import os
import random
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import numpy as np

from qlearn.exercises._limit import TooLong

HINTS = {
    "truth value of an array": "between arrays write `&` and `|`, with brackets round each comparison",
    "must be real number, not NoneType": "something in it is None: does each of your functions return?",
    "object is not callable": "a name you call has been given to something else: restart, and run your cells again",
}


class Stopped(Exception):
    """An answer ended in an exception; the message says which, and in which of its lines."""


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Within the block, what is printed or warned of is caught, and settings are put back after it.

    They are those that an answer may change by mistake: NumPy's for errors, printing and its random numbers, those of
    `random` and of warnings, folder, environment, limit of recursion, tracing. A module that it has changed stays so.
    """
    errors, state, drawn = np.geterr(), random.getstate(), np.random.get_state()  # noqa: NPY002 - an answer may use it
    folder, environ, limit = os.getcwd(), dict(os.environ), sys.getrecursionlimit()
    trace, profile, printed = sys.gettrace(), sys.getprofile(), np.get_printoptions()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.settrace(trace)
            sys.setprofile(profile)
            np.set_printoptions(**printed)
            np.seterr(**errors)
            random.setstate(state)
            np.random.set_state(drawn)  # noqa: NPY002
            sys.setrecursionlimit(limit)
            with contextlib.suppress(OSError):  # a folder that is gone
                os.chdir(folder)
            if dict(os.environ) != environ:
                os.environ.clear()
                os.environ.update(environ)


def call(answer: Callable[..., Any], *args: Any) -> Any:
    """Call an answer; only an interrupt gets out of it as it is, all else as :class:`Stopped`."""
    try:
        return answer(*args)
    except (KeyboardInterrupt, Stopped):
        raise
    except BaseException as error:  # code may fail, or leave, in any way: that is an answer too
        raise Stopped(what_stopped(error, answer)) from None


def what_stopped(error: BaseException, answer: Any) -> str:
    """Say which exception it was, and in which line of the answer."""
    try:
        text = " ".join(str(error).split())
    except BaseException:  # an exception that cannot even be printed
        text = ""
    said = f"your answer stopped with {type(error).__name__}" + (f": {_cut(text, 200)}" if text else "")
    if isinstance(error, TooLong):
        said = f"your answer stopped: {text}"
    try:
        line = _line(error.__traceback__, answer)
    except BaseException:  # an answer that cannot even be looked at
        line = ""
    hint = next((hint for part, hint in HINTS.items() if part in text), "")
    return said + (f", {line}" if line else "") + (f" ({hint})" if hint else "")


def _line(trace: TracebackType | None, answer: Any) -> str:
    """Return the last line of the student's own that was being run, if it is known."""
    code = getattr(answer, "__code__", None) or getattr(vars(type(answer)).get("__call__"), "__code__", None)
    own = [
        frame
        for frame in traceback.extract_tb(trace)
        if code is not None and frame.filename == code.co_filename
    ]
    if not own or own[-1].filename == __file__:
        return ""
    return f"in line {own[-1].lineno}" + (f": `{_cut(own[-1].line, 100)}`" if own[-1].line else "")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 4] + " ..."
