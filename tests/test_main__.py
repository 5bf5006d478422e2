"""The command: help and version, and what it cannot do it says in one line, before any work."""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import qlearn
from qlearn.__main__ import main


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to be in, in which nothing must be left."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def test_help_lists_what_there_is(capsys):
    main([])
    told = capsys.readouterr().out
    for part in ("qubits", "communication", "learning", "control", "networks", "applications"):
        assert f"qlearn.{part}" in told
    root = Path(qlearn.__path__[0])
    commands = {path.parent.relative_to(root).as_posix() for path in root.rglob("__main__.py")} - {"."}
    for command in commands:  # every other command of the library is named, and the key service, a module
        assert f"python -m qlearn.{command.replace('/', '.')} " in told
    assert "demo " in told


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"qlearn {qlearn.__version__}\n"


def test_as_a_program_it_costs_no_sdk():
    root = Path(__file__).resolve().parents[1]
    code = (
        "import sys\nfrom qlearn.__main__ import main\nmain([])\n"
        "print(sorted(set(sys.modules) & {'numpy', 'qiskit', 'pennylane', 'flwr', 'matplotlib'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--rounds", "50"), "rounds must be at most 5, not 50"),
        (("--clients", "2"), "clients must be at least 3"),
        (("--eve", "2"), "eavesdropped must be a probability"),
        (("--pulses", "1000"), "pulses must be more, not 1,000"),
        (("--seed", "-1"), "seed must be at least 0"),
        (("--engine", "cloud"), "engine must be one of deploy, loop"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(here, words, says):
    with pytest.raises(SystemExit) as end:
        main(["demo", *words])
    assert str(end.value).startswith(says)
    assert "\n" not in str(end.value)


def test_a_port_that_is_taken_is_refused_before_any_work(here, capsys):
    pytest.importorskip("flwr.app", reason="flwr is an optional extra")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            main(["demo", "--port", str(port)])
    assert str(end.value).startswith(f"port must be a free one, but something listens on 127.0.0.1:{port}")
    assert capsys.readouterr().out == ""


def test_without_flower_one_line_names_the_extra(here, monkeypatch, capsys):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "flwr" else found(name, *a)
    )
    with pytest.raises(SystemExit) as end:
        main(["demo"])
    assert (
        str(end.value)
        == "the demo trains on Flower, which is not installed: pip install 'qlearn[flower]' brings it"
    )
    assert capsys.readouterr().out == ""


def test_a_folder_that_holds_something_is_refused(tmp_path):
    pytest.importorskip("flwr.app", reason="flwr is an optional extra")
    (tmp_path / "letter.txt").touch()
    with pytest.raises(SystemExit) as end:
        main(["demo", "--folder", str(tmp_path)])
    assert "holds letter.txt: name another" in str(end.value)


def test_a_small_run_by_its_command(tmp_path, capsys):
    pytest.importorskip("flwr.app", reason="flwr is an optional extra")
    main(["demo", "--engine", "loop", "--rounds", "1", "--folder", str(tmp_path / "run"), "--watts", "0"])
    told = capsys.readouterr().out
    assert "the key pays for 5, 14,592 bits each; 1 are trained" in told
    assert "joules: 0 W for each CPU second" in told
    assert told.strip().splitlines()[-1].startswith("A model, trained under keys of the link. Kept: ")
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "ledger.json",
        "ledger.csv",
        "way.png",
        "model.npz",
    }


def test_no_model_is_exit_code_1(tmp_path, capsys):
    pytest.importorskip("flwr.app", reason="flwr is an optional extra")
    with pytest.raises(SystemExit) as end:
        main(["demo", "--eve", "--folder", str(tmp_path / "run")])
    assert end.value.code == 1
    assert "No model: no key: of " in capsys.readouterr().out
