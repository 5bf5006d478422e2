"""Programs and their folder: started, waited for, and ended with what they started."""

import socket
import stat
import sys
import time

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from qlearn.networks.flower_app import _processes

LISTEN = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
PARENT = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"


@pytest.fixture
def programs(tmp_path):
    made = _processes.Programs(tmp_path / "here")
    yield made
    made.close()


def test_a_program_is_waited_for_until_it_listens(programs):
    port = programs.free_port()
    programs.start("one", sys.executable, "-c", LISTEN.format(port=port), port=port)
    with socket.create_connection(("127.0.0.1", port), 1):
        pass
    assert stat.S_IMODE((programs.folder / "logs").stat().st_mode) == 0o700


def test_a_program_that_ends_at_once_says_why(programs):
    with pytest.raises(_processes.ProcessError, match=r"does not listen on port \d+: .*no such thing"):
        programs.start(
            "one", sys.executable, "-c", "raise SystemExit('no such thing')", port=programs.free_port()
        )


@pytest.mark.parametrize("how", ["kill", "close"])
def test_what_a_program_started_ends_with_it(programs, how):
    programs.start("one", sys.executable, "-c", PARENT)
    end = time.monotonic() + 20
    while len(programs.left()) < 2 and _processes.Path("/proc/self").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    if how == "kill":
        programs.kill("one")
    programs.close()
    assert programs.left() == []


def test_ports_are_different(programs):
    assert len({programs.free_port() for _ in range(20)}) == 20


def test_what_a_command_says_is_read_where_programs_are_asked_for_colour(tmp_path, monkeypatch):
    """As from a notebook: coloured JSON is no JSON."""
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "1")
    programs = _processes.Programs(tmp_path / "asked")
    said = programs.call(
        sys.executable,
        "-c",
        "import os, json; print(json.dumps({'colour': [n for n in os.environ if 'COLOR' in n and n != 'NO_COLOR']}))",
    )
    assert said == {
        "colour": [name for name in said["colour"] if name not in ("FORCE_COLOR", "CLICOLOR_FORCE")]
    }


def test_a_command_that_fails_is_told_with_its_words(programs):
    with pytest.raises(_processes.ProcessError, match="flwr list nowhere failed"):
        programs.call("flwr", "list", "nowhere")


def test_an_app_is_its_place_and_its_settings(tmp_path):
    import tomllib

    app = _processes.write_app(tmp_path, {"rounds": 3, "strategy": 'A("b")', "timeout": 1.5})
    told = tomllib.loads((app / "pyproject.toml").read_text())["tool"]["flwr"]["app"]
    assert told["config"] == {"rounds": 3, "strategy": 'A("b")', "timeout": 1.5}
    assert set(told["components"]) == {"serverapp", "clientapp"}
    _processes.write_connections(tmp_path, "x", "127.0.0.1:1", tmp_path / "ca.crt")
    link = tomllib.loads((tmp_path / "config.toml").read_text())["superlink"]
    assert link == {
        "default": "x",
        "x": {"address": "127.0.0.1:1", "root-certificates": str(tmp_path / "ca.crt")},
    }
