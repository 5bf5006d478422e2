"""Stages: each is timed between its begin and its end, and one that is broken off is named."""

import re
import time

from qlearn.applications.whole_way._processes import Worked
from qlearn.applications.whole_way._stages import Stages


def test_the_ledger_is_what_has_ended():
    lines = []
    stages = Stages(lines.append, Worked("of this test"), 10.0)
    assert stages.break_off() == ""  # nothing was under way
    stages.begin("key")
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    stages.end("done", 100, 40)
    stages.begin("rounds")
    assert stages.break_off() == "rounds"
    assert stages.break_off() == ""
    key, broken = stages.ledger.entries
    assert (key.stage, key.bits_in, key.bits_out, key.bits_spent) == ("key", 100, 40, 60)
    assert key.cpu_seconds >= 0.08  # clocks tick a hundredth at a time
    assert key.seconds >= 0.08
    assert (broken.stage, broken.bits_spent) == ("rounds, broken off", None)
    assert re.fullmatch(r"\[ +\d+\.\d s\] key +done", lines[0])
    assert len(lines) == 1
