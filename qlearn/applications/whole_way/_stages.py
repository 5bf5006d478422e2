"""Stages of a run as they end: what its log and its ledger are made of."""

import errno
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qlearn.applications.whole_way._interruption import Stopped
from qlearn.applications.whole_way._processes import Worked
from qlearn.applications.whole_way.resource_ledger import ResourceEntry, ResourceLedger

Say = Callable[[str], object]
"""Is given each line of the log."""

_GONE = {errno.EPIPE: int(getattr(signal, "SIGPIPE", 13)), errno.EIO: int(getattr(signal, "SIGHUP", 1))}
"""What a log says that nobody reads any more, a pipe or a terminal, and the signal that stands for it."""


@dataclass
class Stages:
    """The stages of a run as they end: what the ledger is made of."""

    say: Say
    worked: Worked
    watts: float
    start: float = field(default_factory=time.monotonic)
    entries: list[ResourceEntry] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    _open: str = ""
    _since: tuple[float, float] = (0.0, 0.0)

    def begin(self, stage: str) -> None:
        """Note that a stage begins."""
        self._open, self._since = stage, (time.monotonic(), self.worked.seconds())

    def end(self, says: str, bits_in: int | None = None, bits_out: int | None = None, **more: Any) -> None:
        """Note that the stage ended, and say what it gave."""
        seconds, cpu = self._spent()
        self.entries.append(ResourceEntry(self._open, bits_in, bits_out, seconds, cpu, **more))
        stage, self._open = self._open, ""
        self.tell(f"{stage:<10} {says}")

    def break_off(self) -> str:
        """Note the stage that was under way, if any, and return its name."""
        stage = self._open
        if stage:
            self.entries.append(ResourceEntry(f"{stage}, broken off", None, None, *self._spent()))
            self._open = ""
        return stage

    def tell(self, text: str) -> None:
        """Give a line to the log, with the seconds since the start; where nobody reads any more, stop, as programs do."""
        try:
            self.say(f"[{time.monotonic() - self.start:6.1f} s] {text}")
        except OSError as fault:
            if fault.errno not in _GONE:
                raise
            raise Stopped(_GONE[fault.errno]) from None

    @property
    def ledger(self) -> ResourceLedger:
        """What has ended so far."""
        return ResourceLedger(tuple(self.entries), self.watts)

    def _spent(self) -> tuple[float, float]:
        return time.monotonic() - self._since[0], self.worked.seconds() - self._since[1]
