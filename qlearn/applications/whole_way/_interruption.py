"""Interruption: a signal becomes one exception, once, so that what cleans up after it is not interrupted itself."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stopped(BaseException):
    """A signal has come. No Exception and no KeyboardInterrupt: sessions and servers take those for their own end and go on."""

    def __init__(self, number: int) -> None:
        super().__init__(f"signal {number}")
        self.number = number


class Guard:
    """While it lasts, the first signal raises :class:`Stopped` in the main thread, and later ones do nothing.

    In another thread it leaves signals as they are: Python gives them to the main thread alone.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._before: dict[int, Any] = {}

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self.number is None:
            self.number = number
            raise Stopped(number)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                    self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
