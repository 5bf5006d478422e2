"""Signals as a terminal has them: whoever runs the tests under nohup, or in a shell's background, has some ignored."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def signals_are_heard() -> Iterator[None]:
    """Take what is ignored back to its default, for this process and the programs that a test starts."""
    before = {}
    for name in ("SIGINT", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            default = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
            before[number] = signal.signal(number, default)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
