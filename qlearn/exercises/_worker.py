"""The process in which somebody's code runs: it is asked over its standard input, and answers over its standard output.

Run as ``python -m qlearn.exercises._worker``; :mod:`qlearn.exercises._process` is the other end.
"""

import ast
import importlib
import inspect
import io
import linecache
import os
import pickle
import struct
import sys
from collections.abc import Callable
from typing import IO, Any

import numpy as np

from qlearn.exercises._guard import Stopped, call, unseen, what_stopped

HEADER = struct.Struct("!Q")


def send(pipe: IO[bytes], message: Any) -> None:
    """Write one message, its length first."""
    data = message if isinstance(message, bytes) else pickle.dumps(message)
    pipe.write(HEADER.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes], load: Callable[[bytes], Any] = pickle.loads) -> Any:
    """Read one message; EOFError if there is no other end any more."""
    head = pipe.read(HEADER.size)
    if len(head) < HEADER.size:
        raise EOFError
    data = pipe.read(HEADER.unpack(head)[0])
    return load(data)


class Worker:
    """Somebody's names, and what may be asked of them."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.failed: dict[str, str] = {}
        self.handles: list[Any] = []

    def run(self, source: str, name: str) -> str | None:
        """Run source code; return what stopped it, and remember which names it would have given."""
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            tree = ast.parse(source, name)
        except (ValueError, RecursionError, MemoryError) as error:  # no text, or one too deep
            said = f"your code cannot be read: {type(error).__name__}"
            self.failed.update(dict.fromkeys(_named_in_pieces(source), said))
            return said
        except SyntaxError as error:
            line = f", in line {error.lineno}: `{(error.text or '').strip()[:100]}`" if error.lineno else ""
            said = f"your code cannot be read: {error.msg}{line}"
            self.failed.update(dict.fromkeys(_named_in_pieces(source), said))
            return said
        code = compile(tree, name, "exec")
        runner = call_code(code)
        try:
            with unseen():
                call(runner, self.names)
        except Stopped as stop:
            said = str(stop).replace("your answer stopped", "your code stopped", 1)
            self.failed.update(dict.fromkeys(_named(tree), said))
            return said
        for given in _named(tree):
            self.failed.pop(given, None)
        return None

    def describe(self, name: str) -> tuple[str, Any]:
        """Say what stands under a name: nothing, a function and its arguments, or a value."""
        from qlearn.exercises._exercise import _is_stub

        if name in self.failed:
            return "failed", self.failed[name]
        if name not in self.names:
            return "missing", None
        value = self.names[name]
        if _is_stub(value):
            return "stub", None
        return ("function", _parameters(value)) if callable(value) else self._sendable(value)

    def call(self, name: str | int, args: tuple[Any, ...], back: bool) -> tuple[str, Any]:
        """Call a function of theirs, or one that such a call gave; tell, if asked, what has become of the arguments."""
        try:
            with unseen():
                given = call(self.names[name] if isinstance(name, str) else self.handles[name], *args)
                if callable(given) and not isinstance(given, type):
                    self.handles.append(given)
                    return "function", (len(self.handles) - 1, _parameters(given))
                if back:
                    return self._sendable((given, tuple(map(_changeable, args))))
                return self._sendable(given)
        except Stopped as stop:
            return "stopped", str(stop)

    def check(self, module: str, name: str, seed: int) -> tuple[str, Any]:
        """Let an exercise judge here, by modules read afresh: what their code has put in the place of the old ones is gone."""
        for loaded in [
            m for m in sys.modules if m == "qlearn.exercises" or m.startswith("qlearn.exercises.")
        ]:
            del sys.modules[loaded]
        exercise = getattr(importlib.import_module(module), name)
        verdict = exercise.check(self.names[name], seed=seed)
        return "verdict", (bool(verdict.passed), str(verdict.message))

    def _sendable(self, value: Any) -> tuple[str, Any]:
        try:
            value = plain(value)
            pickle.dumps(value)
        except Exception:  # a function within a function, an open file, a generator
            return "unsendable", type(value).__name__
        return "value", value


def plain(value: Any) -> Any:
    """Return a container or a number of a class of their own as one of the class that it comes from, and all else as it is.

    Examples
    --------
    >>> from collections import defaultdict, namedtuple
    >>> plain([namedtuple("Pair", "a b")(1, defaultdict(int, {2: 3}))])
    [(1, {2: 3})]
    """
    if isinstance(value, tuple | list):
        return (tuple if isinstance(value, tuple) else list)(map(plain, value))
    if isinstance(value, dict):
        return {plain(key): plain(one) for key, one in value.items()}
    kind: Any
    for kind in (set, frozenset, bool, int, float, complex, str, bytes):
        if isinstance(value, kind) and not isinstance(value, np.generic):
            return value if type(value) is kind else kind(value)
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        return np.asarray(value)
    return value


def _parameters(function: Any) -> list[tuple[str, int, bool]] | None:
    """Return name, kind and whether there is a default, of each parameter; None of a function that does not say."""
    try:
        return [
            (p.name, p.kind.value, p.default is not p.empty)
            for p in inspect.signature(function).parameters.values()
        ]
    except (TypeError, ValueError):
        return None


def _changeable(argument: Any) -> Any:
    """Return what may have changed of an argument."""
    if isinstance(argument, np.random.Generator):
        return argument.bit_generator.state
    return argument if isinstance(argument, np.ndarray | list | dict | set) else None


def call_code(code: Any) -> Any:
    """Return what runs compiled code in a namespace, and is taken for the code itself when a line is looked for."""

    class Runner:
        __code__ = code

        def __call__(self, names: dict[str, Any]) -> None:
            exec(code, names)

    return Runner()


def _named(tree: ast.AST) -> set[str]:
    """Return the names that a source would give."""
    found = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return found | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def _named_in_pieces(source: str) -> set[str]:
    """Return the names in what cannot be read: of every line that begins like a definition."""
    found = set()
    for line in source.splitlines():
        head = line.replace("(", " ").replace("=", " = ").replace(":", " ").split()
        if len(head) > 1 and head[0] in ("def", "class"):
            found.add(head[1])
        elif len(head) > 1 and head[1] == "=" and head[0].isidentifier():
            found.add(head[0])
    return found


def limit_memory(megabytes: int) -> None:
    """Let this process ask for so much more memory than it has now, where the system can be told so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # macOS
        now = 0
    most = now + megabytes * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))  # both: it cannot be raised again


def main() -> None:
    """Serve until the other end is closed; what is printed meanwhile goes nowhere."""
    asked, said = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), io.StringIO(), io.StringIO()
    worker = Worker()
    kinds: dict[str, Callable[..., Any]] = {
        "run": worker.run,
        "describe": worker.describe,
        "call": worker.call,
        "check": worker.check,
    }
    sys.path.append(os.getcwd())  # their own modules, after all others
    try:
        megabytes, modules = receive(asked)
        for module in modules:
            importlib.import_module(module)
        limit_memory(megabytes)
        send(said, ("ready", None))
        while True:
            kind, *args = receive(asked)
            try:
                answer = kinds[kind](*args)
                data = pickle.dumps(answer, protocol=4)  # whose steps the other end knows
            except BaseException as error:  # of whatever their things do when they are looked at
                data = pickle.dumps(("stopped", what_stopped(error, None)))
            send(said, data)
    except EOFError:
        return


if __name__ == "__main__":
    main()
