"""A time limit within this process, where the system can interrupt it: main thread, Linux and macOS."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType


class TooLong(BaseException):
    """Time is up. No mere `Exception`: an answer that catches those does not catch this."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it ran for more than {seconds:g} s: does a loop in it never end")


@contextlib.contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Raise :class:`TooLong` in the block when it takes longer; without a limit, or on another thread, do nothing.

    Examples
    --------
    >>> try:
    ...     with within(0.05):
    ...         while True: pass
    ... except TooLong as error:
    ...     print(error)
    it ran for more than 0.05 s: does a loop in it never end
    """
    if (
        seconds is None
        or not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(seconds)

    before, start = signal.signal(signal.SIGALRM, stop), time.monotonic()
    again = min(1.0, seconds)  # if a bare `except` has caught it
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds, again)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:  # the limit that this one stands in goes on
            signal.setitimer(signal.ITIMER_REAL, max(outer - (time.monotonic() - start), 1e-3), 1)
