"""Run somebody's code in a process of its own, and judge it from here: with a time limit, and a limit of memory."""

import contextlib
import inspect
import io
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, TracebackType
from typing import IO, Any

import numpy as np

import qlearn
from qlearn.exercises._exercise import _EMPTY, Exercise
from qlearn.exercises._find import find
from qlearn.exercises._guard import Stopped
from qlearn.exercises._verdict import Verdict
from qlearn.exercises._worker import HEADER, send

LONGEST = (
    2**26
)  # bytes of one message, and what is copied of it: what an exercise asks for has some thousands
MOST = 10**7  # things in what comes back, each counted as often as it stands there


def _fraction(above: int | str, below: int = 1) -> Fraction:
    """Make a fraction of its two numbers: of an exponent it would work out the power, and that may take for ever."""
    if isinstance(above, str):
        first, _, second = above.partition("/")
        above, below = int(first), int(second or 1)
    return Fraction(above, below)


def _octets(given: Any = b"", *how: Any) -> bytearray:
    if isinstance(given, int):  # it would make as many zeros
        raise pickle.UnpicklingError("a bytearray of a number")
    return bytearray(given, *how)


def _counter(given: Any = ()) -> Any:
    return Counter(dict(given))


def _deque(given: Any = (), longest: int | None = None) -> Any:
    if isinstance(given, range):
        raise pickle.UnpicklingError("a deque of a range")
    return deque(given, longest)


def _array(*_: Any) -> np.ndarray:
    """Make the empty array that a pickle begins with; its size comes after it, with its numbers."""
    return np.ndarray((0,), "b")


def _array_of(data: Any, kind: Any, shape: Any, order: Any) -> np.ndarray:
    return np.frombuffer(data, kind).reshape(shape, order=order)


def _number(kind: Any, data: Any) -> Any:
    return np.frombuffer(data, kind)[0]


# What may come back: numbers, texts, containers, and the objects of the library. What is called while it is read stands
# here, and makes nothing that is larger than what was sent.
PARTS: dict[str, dict[str, Any]] = {
    "builtins": {"complex": complex, "slice": slice, "range": range, "bytearray": _octets},
    "numpy": {"ndarray": object(), "dtype": np.dtype},
    "fractions": {"Fraction": _fraction},
    "decimal": {"Decimal": Decimal},
    "collections": {"OrderedDict": OrderedDict, "Counter": _counter, "deque": _deque},
}
for _core in ("numpy._core", "numpy.core"):
    PARTS[f"{_core}.multiarray"] = {"_reconstruct": _array, "scalar": _number}
    PARTS[f"{_core}.numeric"] = {"_frombuffer": _array_of}


IN_PYTHON: Any = vars(pickle)["_Unpickler"]  # pickle's own, of which each step can be looked at


class _Unpickler(IN_PYTHON):
    """Read what came back, and make nothing but data of it."""

    dispatch = {
        code: step
        for code, step in IN_PYTHON.dispatch.items()
        if code not in {x[0] for x in (pickle.INST, pickle.OBJ, pickle.EXT1, pickle.EXT2, pickle.EXT4)}
    }

    def find_class(self, module: str, name: str) -> Any:
        if name in PARTS.get(module, ()):
            return PARTS[module][name]
        public = not any(part.startswith("_") for part in [*module.split("."), name])
        if module.startswith("qlearn.") and not module.startswith("qlearn.exercises") and public:
            found = vars(import_module(module)).get(name)
            if isinstance(found, type) and found.__module__.startswith("qlearn."):  # and not what it imports
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")

    def _spend(self, given: Any) -> None:
        """Count what is copied: a text that was sent once may be asked for often."""
        self.copied = getattr(self, "copied", 0) + sum(
            len(x) for x in (given if isinstance(given, tuple) else [given]) if hasattr(x, "__len__")
        )
        if self.copied > LONGEST:
            raise pickle.UnpicklingError("more than was sent")

    def load_reduce(self) -> None:
        """Call one of the parts; the objects of the library are made without a call, and filled."""
        self._spend(self.stack[-1])
        if not any(self.stack[-2] is part for parts in PARTS.values() for part in parts.values()):
            raise pickle.UnpicklingError(f"a call of {self.stack[-2]!r}")
        super().load_reduce()

    def load_build(self) -> None:
        """Fill an object, never a class or a function, which are not its own."""
        self._spend(self.stack[-1])
        if isinstance(self.stack[-2], type | FunctionType | BuiltinFunctionType):
            raise pickle.UnpicklingError(f"a change of {self.stack[-2]!r}")
        super().load_build()

    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.BUILD[0]] = load_build


def _size(x: Any, known: dict[int, int]) -> int:
    """Count what stands in a thing: what stands there twice is counted twice, though it was sent once."""
    if isinstance(x, range):
        return len(x)
    if isinstance(x, np.ndarray):
        return x.size if x.dtype.kind != "O" else sum(_size(one, known) for one in x.flat)
    inside = [*x, *x.values()] if isinstance(x, dict) else x
    if not isinstance(x, dict | list | tuple | set | frozenset | deque):
        if not hasattr(x, "__dict__"):
            return 1
        inside = list(vars(x).values())
    if id(x) not in known:
        known[id(x)] = MOST + 1  # within itself
        known[id(x)] = 1 + sum(_size(one, known) for one in inside)
    return known[id(x)]


def _load(data: bytes) -> Any:
    try:
        read = _Unpickler(io.BytesIO(data)).load()
        if _size(read, {}) > MOST:
            return "unsendable", "thing of more than ten million parts"
    except Exception:  # of bytes that somebody else has written
        return "unsendable", "thing that is not read here"
    return read


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
        self._said: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
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
        said = self._ask(seconds, "run", source, name)
        self._ran.append((source, name))
        if isinstance(said, tuple) and said[:1] == ("stopped",):  # no memory to say it
            said = said[-1]
        if said is not None and not isinstance(said, str):
            raise Stopped(_STRANGE)
        return None if said is None else _line(said)

    def check(self, exercise: Exercise, *, seed: int = 0, seconds: float = 10) -> Verdict:
        """Judge the answer to an exercise that stands among the names."""
        try:
            return self._check(exercise, seed, seconds)
        except Stopped as stop:
            return Verdict.wrong(f"{stop}.")

    def _check(self, exercise: Exercise, seed: int, seconds: float) -> Verdict:
        self._again(seconds)
        kind, what = self._told(seconds, "describe", exercise.name)
        if kind == "failed":
            return Verdict.wrong(f"{what}.")
        if kind == "missing":
            return Verdict.wrong(f"there is no `{exercise.name}` in what you hand in: has it another name?")
        if kind == "stub":
            return _EMPTY
        sent = kind == "value"
        if kind == "function":
            what = self._stand_in(exercise.name, what, exercise, seconds)
        elif not sent:
            what = type(
                _line(what) or "thing", (), {}
            )()  # what cannot be sent: it equals nothing, and has its name
        if exercise._grader is None or (sent and not exercise.is_function):
            return exercise.check(what, seed=seed)
        # A grader may look at the thing itself, and judges over there; cases are compared here before it.
        if exercise._cases is not None and not (verdict := exercise.check(what, seed=seed, cases_alone=True)):
            return verdict
        kind, what = self._told(self.longest(seconds), "check", exercise.module, exercise.name, seed)
        if kind != "verdict" or not isinstance(what, tuple) or len(what) != 2:
            raise Stopped(_STRANGE)
        return Verdict(what[0] is True, _line(what[1]))

    @staticmethod
    def longest(seconds: float) -> float:
        """Return how long all calls for one exercise may take together."""
        return 10 * seconds

    def _stand_in(
        self, name: str | int, parameters: Any, exercise: Exercise, seconds: float
    ) -> Callable[..., Any]:
        """Return a function here that has the one there called; what that changes of its arguments changes here."""
        until = time.monotonic() + self.longest(seconds)
        back = exercise.intact or getattr(exercise.same, "draws", None) is not None

        def answer(*args: Any) -> Any:
            left = max(until - time.monotonic(), 0)
            try:
                kind, what = self._told(min(seconds, left), "call", name, args, back)
            except Stopped:
                if time.monotonic() >= until and left < seconds:
                    raise Stopped(f"your code ran for more than {self.longest(seconds):g} s in all") from None
                raise
            if kind == "function":
                key, own = what
                return self._stand_in(key, own, exercise, seconds)
            if kind != "value":
                raise Stopped(
                    f"your function gives a {_line(what)}, which is no number, text or object of the library"
                )
            if back:
                what, changed = what
                for one, other in zip(args, changed, strict=True):
                    _change(one, other)
            return what

        if parameters is not None:
            kinds = {kind.value: kind for kind in inspect._ParameterKind}
            try:
                answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
                    [
                        inspect.Parameter(
                            own, kinds[kind], default=None if has_default else inspect.Parameter.empty
                        )
                        for own, kind, has_default in parameters
                    ]
                )
            except (TypeError, ValueError, KeyError):
                raise Stopped(_STRANGE) from None
        return answer

    def _told(self, seconds: float, *message: Any) -> tuple[str, Any]:
        """Ask, and return the kind of the answer and what it says; an answer of no known form is one of theirs."""
        said = self._ask(seconds, *message)
        if not isinstance(said, tuple) or len(said) != 2 or not isinstance(said[0], str):
            raise Stopped(_STRANGE)
        if said[0] == "stopped":
            raise Stopped(_line(said[1]))
        return said

    def _again(self, seconds: float) -> None:
        """Begin afresh after an end, with all that had run."""
        if self._process is not None:
            return
        for source, name in self._ran:
            self._ask(seconds, "run", source, name)

    def _ask(self, seconds: float, *message: Any) -> Any:
        """Send a message and wait for the answer, not longer than so many seconds."""
        data = pickle.dumps(message)
        process = self._started()
        assert process.stdin is not None
        late = threading.Event()

        def too_late() -> None:
            if process.poll() is None:
                late.set()
            self._kill()

        watch = threading.Timer(
            seconds, too_late
        )  # it may not listen: then this does not end before it is ended
        watch.start()
        try:
            send(process.stdin, data)
            said = self._said.get(timeout=seconds + 1)  # the pipe may be held open by what it has started
        except queue.Empty:
            said = None
        except OSError:
            said = None
        finally:
            watch.cancel()
        if said is None:
            self._end()
            raise Stopped(
                f"your code ran for more than {seconds:g} s: does a loop in it never end"
                if late.is_set()
                else "your code ended the process it ran in"
            )
        return _load(said)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            root = str(Path(qlearn.__file__).parents[1])
            paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
            threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
            self._process = process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "qlearn.exercises._worker",
                ],  # -P: what they have written comes last
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=self._folder.name,
                env={**os.environ, **threads, "PYTHONPATH": paths, "MPLBACKEND": "Agg"},
                start_new_session=os.name == "posix",
            )
            assert process.stdin is not None
            self._said = queue.SimpleQueue()
            threading.Thread(target=_listen, args=(process.stdout, self._said), daemon=True).start()
            send(process.stdin, pickle.dumps((self.memory_mb, self.modules)))
            try:
                ready = self._said.get(timeout=120)
            except queue.Empty:
                ready = None
            if ready is None:
                self._end()
                raise Stopped("Python did not start")
        return self._process

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
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # the rest of a message that nobody reads
            process.stdin.close()


_STRANGE = "your code has changed the process it ran in: nothing can be asked of it"


def _line(text: Any) -> str:
    """Return what was said over there on one line: no report gets lines that are not its own."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)[:1000]).split())


def _change(one: Any, other: Any) -> None:
    """Do to an argument what was done to its copy over there."""
    if isinstance(one, np.random.Generator):
        one.bit_generator.state = other
    elif isinstance(one, np.ndarray):
        if isinstance(other, np.ndarray) and other.shape == one.shape:
            one[...] = other
        else:
            one.resize((0,), refcheck=False)
    elif isinstance(one, list):
        one[:] = other
    elif isinstance(one, dict | set):
        one.clear()
        one.update(other)


def _listen(pipe: IO[bytes], said: "queue.SimpleQueue[bytes | None]") -> None:
    """Hand on one message after the other, and None at the end, or when one is too long to be meant."""
    with pipe:
        while True:
            head = _exactly(pipe, HEADER.size)
            length = HEADER.unpack(head)[0] if head else LONGEST + 1
            said.put(data := _exactly(pipe, length) if length <= LONGEST else None)
            if data is None:
                return


def _exactly(pipe: IO[bytes], length: int) -> bytes | None:
    """Read so many bytes; None if there are not so many."""
    read = bytearray()
    while len(read) < length:
        try:
            piece = pipe.read(min(length - len(read), 2**20))
        except OSError:
            return None
        if not piece:
            return None
        read += piece
    return bytes(read)


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
