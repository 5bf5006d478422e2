"""Interruption: a signal becomes one exception, once, so that what cleans up after it is not interrupted itself."""

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)


class Stopped(BaseException):
    """A signal has come. No Exception and no KeyboardInterrupt: sessions and servers take those for their own end and go on."""

    def __init__(self, number: int) -> None:
        super().__init__(f"signal {number}")
        self.number = number


class Guard:
    """While it lasts, the first signal raises :class:`Stopped` in the main thread, and later ones do nothing.

    Of two guards, one within the other, the inner one raises, and the outer one knows: for it, too, the signal has come. In
    another thread it leaves signals as they are: Python gives them to the main thread alone.

    Parameters
    ----------
    first : callable, optional
        Is called when the signal comes, before anything is ended: what must be seen while all of it runs.
    last : bool
        Whether nothing comes after it but the end of the program. Signals stay ignored then once one has come: another one
        would give the exit code.
    """

    def __init__(self, first: Callable[[], object] | None = None, *, last: bool = False) -> None:
        self._first, self._last = first, last
        self._outer: Guard | None = None
        self.number: int | None = None
        self._before: dict[int, Any] = {}

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self.number is None:
            self._know(number)
            if self._first is not None:
                self._first()
            raise Stopped(number)

    def _know(self, number: int) -> None:
        self.number = number
        if self._outer is not None:
            self._outer._know(number)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                before = signal.getsignal(number)
                if before is signal.SIG_IGN:  # as under nohup
                    continue
                around = getattr(before, "__self__", None)
                if isinstance(around, Guard):
                    self._outer = around
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_IGN if self._last and self.number is not None else before)
