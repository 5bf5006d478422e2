"""The whole way in one process but for the key service: its model, its bits, and where it ends."""

import errno
import os
import signal
import tempfile
from pathlib import Path

import numpy as np
import pytest

from qlearn.applications.whole_way import Demo, DemoRun, ResourceLedger, run_demo
from qlearn.applications.whole_way._processes import left
from qlearn.networks.flower_app import Federation


@pytest.fixture
def flower():
    """Flower, where it is installed; its imports warn."""
    pytest.importorskip("flwr.app", reason="flwr is an optional extra")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A place for temporary folders, in which nothing must be left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []
    assert not [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if marks(pid, tmp_path)]


def marks(pid: int, folder: Path) -> bool:
    try:
        return f"QLEARN_RUN={folder}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def go(**options):
    """Run a small one, and return it with the lines of its log."""
    lines = []
    return run_demo(Demo(**{"engine": "loop", **options}), say=lines.append), lines


@pytest.mark.usefixtures("flower")
def test_the_model_is_that_of_the_same_rounds_in_one_process(home):
    done, lines = go(rounds=2, seed=3)
    plain = Federation(model="qnn", n_clients=3, rounds=2, seed=3).run()
    for a, b in zip(done.history.parameters, plain.parameters, strict=True):
        # 3 words of 2**-41 each over 228 rows or so a round, and what training makes of it
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-10)
    assert done.difference < 1e-10
    assert done.trained
    assert done.exit_code == 0
    assert any("accuracy on rows that no client has" in line for line in lines)


@pytest.mark.usefixtures("flower")
def test_every_bit_is_handed_on_or_spent(home):
    done, _ = go(rounds=2, clients=4, model="logistic")
    ledger = done.ledger
    stages = {entry.stage: entry for entry in ledger.entries}
    assert list(stages) == ["pulses", "sift", "key", "store", "service", "rounds", "check"]
    assert ledger.broken_arrows() == []
    assert stages["pulses"].bits_out == 400_000
    assert stages["sift"].bits_out == done.link.ledger.by_step["sift"]
    assert stages["key"].bits_out == done.keys.made == done.link.length
    assert stages["store"].bits_out == stages["service"].bits_out == done.keys.stored
    assert stages["rounds"].bits_spent == done.keys.taken == 2 * done.demo.round_bits
    assert stages["rounds"].bits_out == done.keys.left
    assert ledger.bits_spent == 400_000 - done.keys.left
    assert all(entry.cpu_seconds >= 0 for entry in ledger.entries if entry.cpu_seconds is not None)
    assert stages["service"].cpu_seconds > 0.05  # a process of its own, which has imported its server


def test_with_eve_on_all_of_the_line_the_store_stays_empty(home):
    done, lines = go(eavesdropped=1.0)
    assert done.link.key is None
    assert done.history is None
    assert done.exit_code == 1
    assert done.reason.startswith("no key: of ")
    assert done.reason.endswith("The store stays empty, and nothing is trained")
    assert "says over TLS that it holds 0 bits" in lines[-1]
    assert done.ledger.bits_spent == 400_000


@pytest.mark.usefixtures("flower")
def test_with_eve_on_a_part_of_it_the_key_is_shorter_and_so_is_the_training(home):
    alone, _ = go(rounds=2)
    tapped, lines = go(rounds=2, eavesdropped=0.2)
    assert 0 < tapped.link.length < alone.link.length / 3
    assert [len(done.history.rounds) for done in (alone, tapped)] == [2, 1]
    assert tapped.exit_code == 0
    assert any("the key pays for 1, 14,592 bits each, so 1 are trained and not 2" in line for line in lines)


def test_a_key_that_pays_for_no_round_trains_nobody(home):
    done, _ = go(eavesdropped=0.25)
    assert 0 < done.link.length < done.demo.round_bits
    assert done.history is None
    assert done.exit_code == 1
    assert done.reason.startswith("the key is too short: a round takes 14,592 bits, and ")


@pytest.mark.usefixtures("flower")
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the service is found in /proc")
def test_a_key_service_that_dies_is_named(home):
    lines = []

    def say(line):
        lines.append(line)
        if "the key pays for" in line:
            (place,) = home.iterdir()
            (service,) = left(str(place))
            os.kill(service, signal.SIGKILL)
            os.waitid(os.P_PID, service, os.WEXITED | os.WNOWAIT)

    done = run_demo(Demo(engine="loop", rounds=1), say=say)
    assert done.exit_code == 1
    assert done.reason.startswith("round 1 made no sum. The key service has ended. no sum: ")
    assert done.keys.taken == 0


@pytest.mark.parametrize("after", ["pulses", "key", "store", "service"])
@pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")
def test_a_signal_ends_it_and_what_has_ended_is_in_the_ledger(home, after):
    def say(line):
        if f"] {after} " in line:
            signal.raise_signal(signal.SIGTERM)

    done = run_demo(Demo(engine="loop"), say=say)
    assert done.signal == signal.SIGTERM
    assert done.exit_code == 143
    assert done.ledger.entries[-1].stage == after
    assert done.history is None


@pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")
def test_a_fault_is_raised_when_all_is_cleaned_up(home):
    def say(line):
        raise OSError("the screen is gone")

    with pytest.raises(OSError, match="the screen is gone"):
        run_demo(Demo(), say=say)


def test_the_plan_of_a_run():
    demo = Demo()
    assert demo.federation == Federation(model="qnn", n_clients=3, rounds=2)
    assert demo.round_bits == 14_592
    assert Demo(rounds=demo.expected_rounds).federation.rounds == demo.expected_rounds == 5
    assert DemoRun(demo, ResourceLedger((), 1.0), signal=2).exit_code == 130


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"rounds": 6},
            r"rounds must be at most 5, not 6: 400,000 pulses make about [\d,]+ bits of key, and a round takes",
        ),
        ({"pulses": 50_000}, "pulses must be more, not 50,000"),
        ({"clients": 2}, "clients must be at least 3, not 2"),
        ({"clients": 9}, "pulses must be more, not 400,000"),
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"eavesdropped": 1.5}, "eavesdropped must be a probability"),
        ({"noise": -1}, "noise must be a probability"),
        ({"noise": 0.2}, "pulses must be more"),
        ({"engine": "cloud"}, "engine must be one of deploy, loop"),
        ({"model": "tree"}, "model must be one of logistic, qnn"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"port": 70_000}, "port must be at most 65535, not 70000"),
        ({"watts": -1}, "watts must be a finite number between 0 and inf"),
    ],
)
def test_refuses_before_any_work(options, says):
    with pytest.raises(ValueError, match=says):
        Demo(**options)


def test_refuses_what_is_no_demo():
    with pytest.raises(TypeError, match="demo must be a Demo, not dict"):
        run_demo({})


def test_more_pulses_than_the_memory_holds_are_refused():
    with pytest.raises(ValueError, match=r"pulses must be at most 10,000,000, not 100,000,000,000"):
        Demo(pulses=10**11)  # which would end in the memory of the machine, and with it what cleans up


@pytest.mark.usefixtures("flower")
@pytest.mark.parametrize(("fault", "number"), [(errno.EPIPE, 13), (errno.EIO, 1)])
def test_where_nobody_reads_the_log_any_more_it_stops(home, fault, number):
    def gone(line):
        if "] key " in line:
            raise OSError(fault, "nobody reads")

    done = run_demo(Demo(engine="loop"), say=gone)
    assert done.exit_code == 128 + number
    assert [entry.stage for entry in done.ledger.entries] == ["pulses", "sift", "key"]


@pytest.mark.usefixtures("flower")
def test_what_breaks_when_it_is_ended_does_not_hide_the_signal(home):
    def closed(line):
        if "] store " in line:
            try:
                signal.raise_signal(signal.SIGHUP)
            finally:
                raise OSError("the terminal is gone")

    done = run_demo(Demo(engine="loop"), say=closed)
    assert done.exit_code == 128 + signal.SIGHUP


def test_the_share_that_eve_measures_is_said_as_it_is(home):
    assert any("Eve measures 0.4%" in line for line in go(eavesdropped=0.004, pulses=400_000, rounds=1)[1])
