"""Processes of a run: found by their mark, counted, and ended with what they started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qlearn.applications.whole_way._processes import MARK, Worked, end_all, left, marked

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found in /proc"
)

# A child that has a child in a session of its own, which outlives it.
PARENT = """
import subprocess, sys
quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True, **quiet)
print(child.pid, flush=True)
"""


def test_an_orphan_is_found_and_ended():
    with marked("of this test"):
        done = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True)
    orphan = int(done.stdout)
    assert left("of this test") == [orphan]
    assert left("of another test") == []
    end_all("of this test")
    assert left("of this test") == []
    assert not Path(f"/proc/{orphan}/cmdline").exists() or not Path(f"/proc/{orphan}/cmdline").read_bytes()


def test_the_mark_is_taken_back():
    assert MARK not in os.environ
    with marked("one"):
        with marked("two"):
            assert os.environ[MARK] == "two"
        assert os.environ[MARK] == "one"
    assert MARK not in os.environ


def test_the_work_of_living_and_of_ended_processes_is_counted():
    busy = "import time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True)\ninput()"
    worked = Worked("busy")
    before = worked.seconds()
    with marked("busy"):
        process = subprocess.Popen(
            [sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    assert process.stdout.readline() == "done\n"
    alive = worked.seconds() - before
    process.communicate("\n")
    ended = worked.seconds() - before
    assert ended >= alive >= 0.28  # clocks tick a hundredth at a time


def test_seconds_never_go_down():
    worked = Worked("lost")
    first = worked.seconds()
    worked._last = first + 5.0  # what an orphan had worked, who is gone
    second = worked.seconds()
    assert second == pytest.approx(first + 5.0)
    assert second <= worked.seconds() < second + 1.0
