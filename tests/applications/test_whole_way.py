"""The command on real processes: a run to its end, and one that is ended at each stage, by a terminal or by a signal.

They wait most of the time (a node of Flower looks for messages every three seconds), so they run at once.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

import itertools

from qlearn.networks.flower_app import Federation

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="what is left of a run is looked for in /proc"
)

# After which line of the log, how many seconds later, by which signal, and what is under way then.
ENDS = {
    "link": ("] pulses ", 0.0, signal.SIGINT),
    "service": ("] store ", 0.1, signal.SIGTERM),
    "superlink": ("] rounds ", 1.5, signal.SIGINT),
    "nodes": ("] rounds ", 6.0, signal.SIGQUIT),
    "round": ("] processes ", 4.0, signal.SIGINT),
}
SECONDS = 240.0


@dataclass
class Ended:
    """What was seen of a run."""

    code: int
    told: str
    left: list[str]
    temporary: list[str]
    open_ports: list[int]
    seconds_to_end: float
    folder: Path = field(default_factory=Path)

    @property
    def stages(self) -> list[dict]:
        return json.loads((self.folder / "ledger.json").read_text())["stages"]


def processes_in(temporary: Path) -> dict[int, str]:
    """All processes whose temporary folder this is: a run, and whatever it started, by its children's children."""
    mark = f"TMPDIR={temporary}".encode()
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
        except OSError:
            continue
    return found


def ports_of(pids: list[int]) -> set[int]:
    """The ports on which these processes listen."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                sockets |= set(re.findall(r"socket:\[(\d+)\]", os.readlink(link)))
            except OSError:
                continue
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A" and row[9] in sockets}


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def demo(place: Path, *words: str, end: tuple[str, float, int] | None = None) -> Ended:
    """Run the demo by its command; end it some seconds after a line of its log."""
    temporary, folder = place / "tmp", place / "kept"
    temporary.mkdir(parents=True)
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "qlearn", "demo", "--folder", str(folder), *words],
        env=os.environ | {"PYTHONPATH": str(root), "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    told, ports, started = "", set(), time.monotonic()
    for line in process.stdout:
        told += line
        if end and end[0] in line:
            time.sleep(end[1])
            ports = ports_of(list(processes_in(temporary)))
            started = time.monotonic()
            if end[2] == signal.SIGTERM:
                process.send_signal(end[2])
            else:
                os.killpg(process.pid, end[2])  # as a terminal does it, to all of its group
            while process.poll() is None:  # who is in a hurry sends it again, to the last moment
                time.sleep(0.2)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGINT)
            break
    rest, _ = process.communicate(timeout=SECONDS)
    return Ended(
        process.returncode,
        told + rest,
        list(processes_in(temporary).values()),
        [path.name for path in temporary.iterdir()],
        [port for port in ports if is_open(port)],
        time.monotonic() - started,
        folder,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, Future]:
    """All runs, two at once; the long one begins first."""
    place = tmp_path_factory.mktemp("whole_way")
    with ThreadPoolExecutor(3) as pool:
        yield {
            "whole": pool.submit(demo, place / "whole", "--rounds", "1", "--seed", "5"),
            **{name: pool.submit(demo, place / name, end=end) for name, end in ENDS.items()},
            "eve": pool.submit(demo, place / "eve", "--eve"),
        }


def test_nothing_is_left_of_a_run(runs):
    for name in ("whole", "eve"):
        ended = runs[name].result()
        assert (ended.left, ended.temporary) == ([], []), name


def test_the_model_is_that_of_the_same_rounds_in_one_process(runs):
    ended = runs["whole"].result()
    assert ended.code == 0, ended.told
    plain = Federation(model="qnn", n_clients=3, rounds=1, seed=5).run()
    with np.load(ended.folder / "model.npz") as model:
        for name, parameter in zip(model.files, plain.parameters, strict=True):
            # 3 words of 2**-41 each over 228 rows or so, and what training makes of it
            np.testing.assert_allclose(model[name], parameter, rtol=0, atol=1e-10)
    assert (
        json.loads((ended.folder / "ledger.json").read_text())["accuracy"] == plain.central_accuracy.tolist()
    )


def test_the_ledger_of_a_run_is_closed(runs):
    ended = runs["whole"].result()
    stages = {stage["stage"]: stage for stage in ended.stages}
    assert list(stages) == [
        "pulses",
        "sift",
        "key",
        "store",
        "service",
        "processes",
        "round 1",
        "end",
        "check",
    ]
    handled = [stage for stage in stages.values() if stage["bits_out"] is not None]
    for before, after in itertools.pairwise(handled):
        assert after["bits_in"] == before["bits_out"]
    # 3 pairs; 22 words of 64 bits thrice and two tags of 256 bits, in whole pieces of 256
    assert stages["round 1"]["bits_spent"] == 3 * 256 * -(-(3 * 22 * 64 + 2 * 256) // 256)
    assert stages["round 1"]["cpu_seconds"] > 3 * 5 * 0.3  # five messages to three clients, a process each
    assert "way.png" in ended.told
    assert str(ended.folder / "ledger.csv") in ended.told


def test_eve_ends_it_before_anybody_trains(runs):
    ended = runs["eve"].result()
    assert ended.code == 1
    assert "says over TLS that it holds 0 bits" in ended.told
    assert "The store stays empty, and nothing is trained" in ended.told
    assert not (ended.folder / "model.npz").exists()
    assert (ended.folder / "way.png").exists()


@pytest.mark.parametrize("stage", ENDS)
def test_a_run_that_is_ended_leaves_nothing_but_its_ledger(runs, stage):
    ended = runs[stage].result()
    number = ENDS[stage][2]
    assert ended.code == 128 + number, ended.told
    assert ended.left == []
    assert ended.temporary == []
    assert ended.open_ports == []
    assert ended.seconds_to_end < 60
    last = ended.told.strip().splitlines()[-1]
    assert last.startswith(f"Stopped by signal {int(number)}: the last stage that ended is")
    assert "Traceback" not in ended.told
    assert f"Kept: {ended.folder / 'ledger.json'}, {ended.folder / 'ledger.csv'}." in last
    assert sorted(path.name for path in ended.folder.iterdir()) == ["ledger.csv", "ledger.json"]
    names = [row["stage"] for row in ended.stages]
    assert names[0] == "pulses"
    expected = {"superlink": "processes", "nodes": "processes", "round": "round 1"}
    if stage in expected:
        assert names[-1] == f"{expected[stage]}, broken off"
        assert ended.stages[-1]["cpu_seconds"] > 0.2  # seen before its processes were ended
