"""Interruption: the first signal raises once, later ones do nothing, and what was before is there again."""

import os
import signal
import threading

import pytest

from qlearn.applications.whole_way._interruption import Guard, Stopped

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")


def raised(number, cleaned):
    """Raise a signal within a guard, and again while it cleans up."""
    with Guard() as guard:
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(number)
            cleaned.append(guard.number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_is_raised_once_and_cleaning_up_is_left_alone(number):
    before = signal.getsignal(number)
    cleaned = []
    with pytest.raises(Stopped) as stop:
        raised(number, cleaned)
    assert stop.value.number == number
    assert cleaned == [number]
    assert signal.getsignal(number) == before


def test_it_is_nobodys_exception():
    assert not issubclass(
        Stopped, Exception | KeyboardInterrupt
    )  # sessions and servers take those for their end


def test_one_within_another_raises_by_itself():
    cleaned = []
    with Guard() as outer:
        with pytest.raises(Stopped):
            raised(signal.SIGTERM, cleaned)
        # the outer one knows, and the next signal does not end what is still to be written
        assert outer.number == signal.SIGTERM
        signal.raise_signal(signal.SIGINT)
    assert cleaned == [signal.SIGTERM]


def test_after_the_last_guard_a_second_signal_gives_no_exit_code():
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(Stopped), Guard(last=True):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
        for name in ("SIGINT", "SIGHUP", "SIGQUIT"):
            signal.signal(
                getattr(signal, name), signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
            )
    with Guard(last=True):
        pass
    assert signal.getsignal(signal.SIGTERM) == before  # none has come


def test_what_must_be_seen_first_is_seen_before_anything_ends():
    seen = []

    def stopped():
        with Guard(lambda: seen.append("looked")):
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                seen.append("ended")

    with pytest.raises(Stopped):
        stopped()
    assert seen == ["looked", "ended"]


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Guard():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_leaves_signals_as_they_are():
    before, seen = signal.getsignal(signal.SIGTERM), []

    def work():
        with Guard():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
