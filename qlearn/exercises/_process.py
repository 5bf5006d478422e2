"""Run somebody's code in a process of its own, and judge it from here: with a time limit, and a limit of memory."""

import contextlib
import inspect
import io
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import qlearn
from qlearn.exercises._exercise import _EMPTY, Exercise
from qlearn.exercises._find import find
from qlearn.exercises._guard import Stopped
from qlearn.exercises._verdict import Verdict
from qlearn.exercises._worker import receive, send

# What may come back: numbers, texts, containers, and the objects of the library; nothing that runs code when it is read.
SAFE = {
    "builtins": {
        "complex", "set", "frozenset", "slice", "range", "bytearray", "bool", "int", "float", "str", "tuple", "list", "dict",
    },
    "numpy": {"ndarray", "dtype"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy.core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
    "numpy.core.numeric": {"_frombuffer"},
    "fractions": {"Fraction"},
    "decimal": {"Decimal"},
    "collections": {"OrderedDict", "Counter", "deque"},
    "copyreg": {"_reconstructor"},
}  # fmt: skip


class _Unpickler(pickle.Unpickler):
    """Read what came back, and make nothing but data of it."""

    def find_class(self, module: str, name: str) -> Any:
        if name in SAFE.get(module, ()):
            return super().find_class(module, name)
        if module == "builtins" and name == "object":
            return object
        if module.startswith("qlearn.") and not module.startswith("qlearn.exercises"):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _load(data: bytes) -> Any:
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except Exception as error:  # of bytes that somebody else has written
        return "unsendable", str(error)


class Answers:
    """The names of somebody's code, run in a process of its own.

    Parameters
    ----------
    memory_mb : int
        How much memory the code may take, in MiB, beside the library's own; Linux alone enforces it.
    modules : iterable of str
        What to import before the limit counts.

    Examples
    --------
    >>> with Answers() as answers:
    ...     answers.run("half = 0.5")
    ...     answers.run("third = 1 / 0")
    'your code stopped with ZeroDivisionError: division by zero, in line 1: `third = 1 / 0`'
    """

    def __init__(self, memory_mb: int = 1024, modules: tuple[str, ...] = ("qlearn.exercises",)) -> None:
        self.memory_mb, self.modules = memory_mb, modules
        self._process: subprocess.Popen[bytes] | None = None
        self._late = False
        self._folder = tempfile.TemporaryDirectory(prefix="qlearn-answers-", ignore_cleanup_errors=True)
        self._ran: list[tuple[str, str]] = []

    def __enter__(self) -> "Answers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and remove what it has written."""
        self._end()
        self._folder.cleanup()

    def run(self, source: str, name: str = "<your code>", *, seconds: float = 10) -> str | None:
        """Run source code on the names so far; return what stopped it, or None."""
        self._again(seconds)
        error: str | None = self._ask(seconds, "run", source, name)
        self._ran.append((source, name))
        return error

    def check(self, exercise: Exercise, *, seed: int = 0, seconds: float = 10) -> Verdict:
        """Judge the answer to an exercise that stands among the names."""
        try:
            return self._check(exercise, seed, seconds)
        except Stopped as stop:
            return Verdict.wrong(f"{stop}.")

    def _check(self, exercise: Exercise, seed: int, seconds: float) -> Verdict:
        self._again(seconds)
        kind, what = self._ask(seconds, "describe", exercise.name)
        if kind == "failed":
            return Verdict.wrong(f"{what}.")
        if kind == "missing":
            return Verdict.wrong(f"there is no `{exercise.name}` in what you hand in: has it another name?")
        if kind == "stub":
            return _EMPTY
        if kind == "value":
            if exercise._grader is None:
                return exercise.check(what, seed=seed)
        elif kind == "function" and exercise.is_function and exercise._grader is None:
            return exercise.check(self._stand_in(exercise.name, what, seconds), seed=seed)
        # Judged over there: an answer that cannot be sent, or whose grader must see the thing itself.
        kind, what = self._ask(seconds, "check", exercise.module, exercise.name, seed)
        if kind == "stopped":
            raise Stopped(what)
        passed, message = what
        return Verdict(bool(passed), str(message))

    def _stand_in(
        self, name: str, parameters: list[tuple[str, int, bool]] | None, seconds: float
    ) -> Callable[..., Any]:
        """Return a function here that has the one there called."""

        def answer(*args: Any) -> Any:
            kind, what = self._ask(seconds, "call", name, args)
            if kind == "stopped":
                raise Stopped(what)
            if kind == "unsendable":
                raise Stopped(
                    f"your function gives a {what}, which is no number, text or object of the library"
                )
            return what

        if parameters is not None:
            kinds = {kind.value: kind for kind in inspect._ParameterKind}
            answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
                [
                    inspect.Parameter(
                        own, kinds[kind], default=None if has_default else inspect.Parameter.empty
                    )
                    for own, kind, has_default in parameters
                ]
            )
        return answer

    def _again(self, seconds: float) -> None:
        """Begin afresh after an end, with all that had run."""
        if self._process is not None:
            return
        for source, name in self._ran:
            self._ask(seconds, "run", source, name)

    def _ask(self, seconds: float, *message: Any) -> Any:
        """Send a message and wait for the answer, not longer than so many seconds."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        self._late = False
        watch = threading.Timer(seconds, self._too_late)
        watch.start()
        try:
            send(process.stdin, message)
            return receive(process.stdout, _load)
        except (EOFError, OSError):
            self._end()
            raise Stopped(
                f"your code ran for more than {seconds:g} s: does a loop in it never end"
                if self._late
                else "your code ended the process it ran in"
            ) from None
        finally:
            watch.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            root = str(Path(qlearn.__file__).parents[1])
            paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
            threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "qlearn.exercises._worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env={**os.environ, **threads, "PYTHONPATH": paths},
                start_new_session=os.name == "posix",
            )
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            send(self._process.stdin, (self.memory_mb, self.modules))
            receive(self._process.stdout, _load)
        return self._process

    def _too_late(self) -> None:
        self._late = True
        self._kill()

    def _kill(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
                os.killpg(process.pid, signal.SIGKILL)  # with whatever it has started
        else:
            process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._process = process
        self._kill()
        self._process = None
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # the rest of a message that nobody reads
                    pipe.close()


def judge(
    source: str, exercise: Exercise | str, *, seed: int = 0, seconds: float = 10, memory_mb: int = 1024
) -> Verdict:
    """Grade source code that defines an answer, in a process of its own.

    An endless loop, too much memory, a call of ``os._exit`` end that process and not this one; what the code puts in the
    place of the checker stays over there. Functions are called over there and compared here. It is no sandbox: the code
    can read and write files as you can. For strangers' code on a shared server use a container.

    Parameters
    ----------
    source : str
        Python code; the names that the exercise gives are imported before it.
    exercise : Exercise or str
        The exercise, or its chapter and name: ``"bb84.sift"``.
    seed : int
        Which cases it is tried on: 0 for practice, another for marks.
    seconds : float
        The longest that running the code, or one call of it, may take.
    memory_mb : int
        How much memory it may take, in MiB, beside the library's own; Linux alone enforces it.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> judge("error_rate = 0.3 * 1/4", "bb84.error_rate")
    Right: 0.3 x 1/2 (wrong basis) x 1/2 (Bob's coin) = 0.075, in Z as in X.
    >>> judge("while True: pass", "bb84.error_rate", seconds=0.5)
    Not yet: your code ran for more than 0.5 s: does a loop in it never end.
    """
    if isinstance(exercise, str):
        exercise = find(exercise)
    with Answers(memory_mb, (exercise.module,)) as answers:
        try:
            answers.run("\n".join(exercise.imports), "<given>", seconds=max(seconds, 60))
            error = answers.run(source, seconds=seconds)
        except Stopped as stop:
            return Verdict.wrong(f"{stop}.")
        if error:
            return Verdict.wrong(f"{error}.")
        return answers.check(exercise, seed=seed, seconds=seconds)
