"""A check may have a limit of time in its own process: a loop is a verdict, and nothing of the limit stays behind."""

import os
import shutil
import signal
import sys
import threading

import numpy as np
import pytest

from qlearn.exercises import find
from qlearn.exercises._limit import TooLong, within

SIFT = find("bb84.sift")
LATE = "it ran for more than 0.2 s: does a loop in it never end"


def endless(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    while True:
        pass


def deaf(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    tries = 0
    while tries < 2:
        try:
            while True:
                pass
        except:  # noqa: E722 - what a student may write
            tries += 1
    return alice_bits, bob_bits


def test_a_loop_is_a_verdict():
    verdict = SIFT.check(endless, seconds=0.2)
    assert not verdict
    assert LATE in verdict.message


def test_a_loop_that_catches_all_there_is_is_interrupted_again():
    assert not SIFT.check(deaf, seconds=0.2)


def test_an_answer_in_time_is_judged_as_ever():
    assert SIFT.check(SIFT.answer, seconds=5) == SIFT.check(SIFT.answer)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_a_limit_within_a_limit_does_not_end_it():
    def inner_and_on():
        with within(0.4):
            with within(5):
                pass
            while True:
                pass

    with pytest.raises(TooLong, match=r"more than 0.4 s"):
        inner_and_on()
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_on_a_thread_there_is_no_limit_and_no_error():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(SIFT.check(SIFT.answer, seconds=0.001)))
    thread.start()
    thread.join()
    assert seen[0]


def test_settings_are_put_back_though_the_folder_is_gone(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")

    def sets(*five):
        np.set_printoptions(precision=1)
        np.seterr(all="raise")
        sys.settrace(lambda *event: None)
        os.environ["QLEARN_MINE"] = "1"
        os.chdir(tmp_path)
        shutil.rmtree(tmp_path / "gone", ignore_errors=True)

    before = np.get_printoptions(), np.geterr(), sys.gettrace()
    assert "end it with `return`" in SIFT.check(sets).message
    assert (np.get_printoptions(), np.geterr(), sys.gettrace()) == before
    assert "QLEARN_MINE" not in os.environ
