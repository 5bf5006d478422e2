"""All processes of one run, found by a mark in their environment: what they have worked, and their end."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "QLEARN_RUN"
"""The name in the environment that all processes of a run inherit."""

_SECONDS_TO_END = 10.0
_LOOK = 0.05
_OWN_TIMES = slice(
    11, 15
)  # utime, stime, and those of children that were waited for; counted after the name in brackets


@contextmanager
def marked(value: str) -> Iterator[None]:
    """Let all processes that are started in this context carry the mark."""
    before = os.environ.get(MARK)
    os.environ[MARK] = value
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(MARK, None)
        else:
            os.environ[MARK] = before


def left(value: str) -> list[int]:
    """Return the processes with the mark, but this one; empty where there is no /proc."""
    mark = f"{MARK}={value}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
    return [pid for pid in found if pid != os.getpid()]


def end_all(value: str) -> None:
    """End the processes with the mark at once, and wait until none is left."""
    end = time.monotonic() + _SECONDS_TO_END
    while (pids := left(value)) and time.monotonic() < end:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_LOOK)


class Worked:
    """CPU seconds of this process and of all with the mark; without /proc, of those that have ended alone.

    A process that ends after its parent is counted by nobody. What it had worked when it was last seen stays counted.
    """

    def __init__(self, value: str) -> None:
        self.value = value
        self._last = self._lost = 0.0

    def seconds(self) -> float:
        """Return the seconds so far; they never go down."""
        own = os.times()
        now = own.user + own.system + own.children_user + own.children_system
        now += sum(map(_of, left(self.value)))
        self._lost = max(self._lost, self._last - now)
        self._last = now + self._lost
        return self._last


def _of(pid: int) -> float:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1]
    except OSError:  # it has just ended: its parent has its seconds
        return 0.0
    return sum(map(int, after_name.split()[_OWN_TIMES])) / os.sysconf("SC_CLK_TCK")
