"""Flower's processes on this machine: started in a folder of their own, ended with all that they started."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import qlearn

_SECONDS_TO_START = 40.0
_SECONDS_TO_END = 5.0
_LOOK = 0.1
_FOR_COLOUR = {"FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}


class ProcessError(RuntimeError):
    """A program of Flower did not start, or ended with an error; the message has the end of what it wrote."""


class Programs:
    """Programs that share a folder: Flower's home, their logs, and the environment that keeps them here.

    Parameters
    ----------
    folder : Path
        Of them alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        for each in (folder, self.home, folder / "logs"):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.bin = Path(sys.executable).parent
        if not (self.bin / "flwr").exists():
            raise ProcessError(
                f"Flower's programs are not beside {sys.executable}: pip install 'qlearn[flower]' brings them"
            )
        source = str(Path(qlearn.__path__[0]).parent)
        # A notebook asks programs for colour, and the JSON that they say would be no JSON.
        plain = {name: value for name, value in os.environ.items() if name not in _FOR_COLOUR}
        self.environment = plain | {
            "NO_COLOR": "1",
            "FLWR_HOME": str(self.home),
            "FLWR_TELEMETRY_ENABLED": "0",
            "FLWR_DISABLE_UPDATE_CHECK": "1",
            "FLWR_SUPEREXEC_TASK_POLL_INTERVAL": "0.1",
            "RAY_USAGE_STATS_ENABLED": "0",
            "OMP_NUM_THREADS": "1",
            "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH")))),
            "PYTHONWARNINGS": "ignore",
        }
        self._ports: set[int] = set()
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def free_port(self) -> int:
        """Return a port on which nothing listens, another one each time."""
        while True:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = int(free.getsockname()[1])
            if port not in self._ports:
                self._ports.add(port)
                return port

    def start(self, name: str, program: str, *words: str | Path, port: int | None = None) -> None:
        """Start a program in a group of its own, and wait until it listens."""
        with self._log(name).open("ab") as log:
            self.running[name] = process = subprocess.Popen(
                [str(self.bin / program), *map(str, words)],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + _SECONDS_TO_START
        while port is not None:
            if process.poll() is not None or time.monotonic() > end:
                raise ProcessError(f"{program} does not listen on port {port}: {self.told(name)}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(_LOOK)

    def call(self, program: str, *words: str | Path, seconds: float = 60.0) -> dict[str, Any]:
        """Run a command of Flower's to its end, and return the JSON that it says."""
        try:
            done = subprocess.run(
                [str(self.bin / program), *map(str, words), "--format", "json"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise ProcessError(
                f"{program} {' '.join(map(str, words[:2]))} has not ended in {seconds:g} s: is the machine very busy?"
            ) from None
        begin, end = done.stdout.find("{"), done.stdout.rfind("}")
        try:
            said = json.loads(done.stdout[begin : end + 1])
        except ValueError:
            said = {}
        if done.returncode or not said or not said.get("success", True):
            raise ProcessError(
                f"{program} {' '.join(map(str, words[:2]))} failed: {(done.stdout + done.stderr).strip()[-1500:]}"
            )
        return said

    def told(self, name: str) -> str:
        """Return the end of what a program wrote."""
        return self._log(name).read_text(errors="replace").strip()[-1500:]

    def kill(self, name: str) -> None:
        """End a program and its children at once, as a machine that loses its power does."""
        process = self.running.pop(name)
        _signal(process, signal.SIGKILL)
        process.wait(_SECONDS_TO_END)

    def close(self) -> None:
        """End all programs, and all that they started; the first that was started last."""
        # The nodes before the SuperLink: one that could not take its leave is not let in again for a minute.
        first = next(iter(self.running), "")
        for some in ([name for name in self.running if name != first], [first] if first else []):
            for name in some:
                _signal(self.running[name], signal.SIGTERM)
            for name in some:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.running[name].wait(_SECONDS_TO_END)
        for process in self.running.values():
            _signal(process, signal.SIGKILL)  # what a program leaves of its group outlives it
            process.wait()
        self.running.clear()
        end = time.monotonic() + _SECONDS_TO_END
        while (
            pids := self.left()
        ) and time.monotonic() < end:  # ray's are in groups of their own, and die slowly
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_LOOK)

    def left(self) -> list[int]:
        """Return the processes that have our FLWR_HOME in their environment; empty where there is no /proc."""
        mark = f"FLWR_HOME={self.home}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mark in entry.read_bytes().split(b"\0"):
                    found.append(int(entry.parent.name))
        return found

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"


def _signal(process: "subprocess.Popen[bytes]", by: signal.Signals) -> None:
    """Signal the whole group: a SuperNode's child for the apps outlives it otherwise."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, by)


def write_app(folder: Path, config: dict[str, Any]) -> Path:
    """Write the app that `flwr run` sends: no code, only where it is and how the run is configured."""
    app = folder / "app"
    app.mkdir(exist_ok=True)
    values = "\n".join(f"{name} = {json.dumps(value)}" for name, value in config.items())
    (app / "pyproject.toml").write_text(
        f"""[project]
name = "qlearn-federation"
version = "1.0.0"
description = "A federation of qlearn"
license = "BSD-3-Clause"
dependencies = []

[tool.flwr.app]
publisher = "qlearn"

[tool.flwr.app.components]
serverapp = "qlearn.networks.flower_app._server_app:app"
clientapp = "qlearn.networks.flower_app._client_app:app"

[tool.flwr.app.config]
{values}
""",
        encoding="utf8",
    )
    return app


def write_connections(
    home: Path, name: str, address: str, authority: Path | None, extra: Sequence[str] = ()
) -> None:
    """Write how `flwr` reaches the SuperLink."""
    safe = "insecure = true" if authority is None else f"root-certificates = {json.dumps(str(authority))}"
    lines = [
        "[superlink]",
        f'default = "{name}"',
        "",
        f"[superlink.{name}]",
        f'address = "{address}"',
        safe,
        *extra,
    ]
    (home / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf8")
