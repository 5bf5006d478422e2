"""A run on a SuperLink: submitted, watched by its checkpoint, and never believed for its exit code."""

import contextlib
import json
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from qlearn._checks import as_count, as_real
from qlearn.networks.federated.checkpoint import Checkpoint
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app._processes import ProcessError, Programs, write_app
from qlearn.networks.flower_app.federation import Federation, refuse_other

Watch = Callable[[str], None]
"""Is told in a word or two what has just been done."""

_LOOK = 0.2
_SECONDS_BETWEEN_QUESTIONS = (
    15.0  # a question costs a second of work; what the server app says of itself comes at once
)


class Engine(ABC):
    """What a simulation and a deployment share: a folder, a SuperLink, and runs of one federation.

    Parameters
    ----------
    federation : Federation
        Who trains what.
    folder : str or Path, optional
        Where certificates, logs and the checkpoint are kept; None: a temporary one, removed at the end.
    timeout : float
        Seconds that a client has to answer.
    patience : float
        Seconds that the server waits for the nodes.
    evaluate_every : int
        After every so many rounds all clients score the model; 0: never.
    min_clients : int, optional
        Clients that must be there to begin; None: all.
    min_answers : int
        Models that a round must have to change anything.
    vault : str or Path, optional
        Where clients have what masked rounds take; None: rounds are not masked.
    watch : callable, optional
        Told in a word or two what has just been done: "superlink", "client 0", "run", "round 1".
    """

    link = "qlearn"

    def __init__(
        self,
        federation: Federation,
        folder: str | Path | None = None,
        *,
        timeout: float = 60.0,
        patience: float = 60.0,
        evaluate_every: int = 0,
        min_clients: int | None = None,
        min_answers: int = 1,
        vault: str | Path | None = None,
        watch: Watch | None = None,
    ) -> None:
        refuse_other(federation)
        self.federation = federation
        settings = federation.config() | {
            "timeout": as_real(timeout, "timeout", above=0),
            "patience": as_real(patience, "patience", above=0),
            "evaluate-every": as_count(evaluate_every, "evaluate_every", 0),
            "min-clients": federation.n_clients
            if min_clients is None
            else as_count(min_clients, "min_clients"),
            "min-answers": as_count(min_answers, "min_answers"),
        }
        if vault is not None:
            settings["vault"] = str(Path(vault).resolve())
        self._temporary = (
            tempfile.TemporaryDirectory(prefix="qlearn-flower-", ignore_cleanup_errors=True)
            if folder is None
            else None
        )
        self.folder = Path(self._temporary.name if self._temporary else str(folder)).resolve()
        self.programs = Programs(self.folder)
        self.checkpoint = self.folder / "checkpoint.npz"
        self.database = self.folder / "state.db"
        self.port = self.programs.free_port()
        self._node_ports: dict[int, int] = {}
        self._next_try = 0.0
        self._watch = watch
        self._told = 0
        self.config = settings | {"checkpoint": str(self.checkpoint)}

    def submit(self, **config: Any) -> int:
        """Send the app to the SuperLink, with some settings changed, and return the number of the run.

        A checkpoint of this federation in the folder is gone on from.
        """
        self.checkpoint.with_suffix(".error").unlink(missing_ok=True)
        app = write_app(self.folder, self.config | config)
        said = self.programs.call("flwr", "run", app, self.link, *self._of_run())
        self.run_id = int(said["run-id"])
        self.tell("run")
        return self.run_id

    def _of_run(self) -> tuple[str, ...]:
        return ()

    def wait(self, rounds: int | None = None, *, seconds: float = 600.0) -> History:
        """Return the history once it has so many rounds, by default all; say why if the run ends before."""
        wanted = self.federation.rounds if rounds is None else rounds
        end = time.monotonic() + seconds
        ask = time.monotonic() + _SECONDS_BETWEEN_QUESTIONS
        while True:
            history = self.history()
            for number in range(self._told + 1, 1 + (0 if history is None else len(history.rounds))):
                self._told = number
                self.tell(f"round {number}")
            if history is not None and len(history.rounds) >= wanted:
                return history
            self.look_after()
            if reason := self._failure():
                raise ProcessError(f"run {self.run_id} failed: {reason}")
            if time.monotonic() > ask:
                status = self.status()
                history = self.history()  # a round may have ended since we looked
                enough = history is not None and len(history.rounds) >= wanted
                if status.startswith("finished") and not enough:
                    raise ProcessError(f"run {self.run_id} is {status}: {self.programs.told('superlink')}")
                ask = time.monotonic() + _SECONDS_BETWEEN_QUESTIONS
            if time.monotonic() > end:
                raise TimeoutError(f"run {self.run_id} has not made {wanted} rounds in {seconds:g} s")
            time.sleep(_LOOK)

    def tell(self, what: str) -> None:
        """Say to who watches what has just been done."""
        if self._watch is not None:
            self._watch(what)

    def history(self) -> History | None:
        """Return the rounds so far; None before the first. What another federation left in the folder is none of them."""
        if not self.checkpoint.exists():
            return None
        found = Checkpoint.load(self.checkpoint)
        return found.history if found.run.get("fingerprint") == self.federation.fingerprint else None

    def status(self, run_id: int | None = None) -> str:
        """Return what the SuperLink says of a run, by default the last one: `flwr run` ends with 0 also if it failed."""
        said = self.programs.call("flwr", "list", self.link, "--run-id", str(run_id or self.run_id))
        return str(said["runs"][0]["status"])

    def stop(self, run_id: int | None = None) -> None:
        """Stop a run: one that was interrupted may go on otherwise, beside its successor."""
        try:
            self.programs.call("flwr", "stop", str(run_id or self.run_id), self.link)
        except ProcessError:
            if not self.status(run_id).startswith("finished"):  # it ended by itself in between
                raise

    @abstractmethod
    def look_after(self) -> None:
        """Start again what ended and should not have."""

    def stop_interrupted(self) -> None:
        """Stop all runs that a SuperLink that fell had begun, and still takes for running."""
        for run in self.programs.call("flwr", "list", self.link).get("runs", []):
            if not str(run["status"]).startswith("finished"):
                self.stop(int(run["run-id"]))

    def _failure(self) -> str:
        with contextlib.suppress(FileNotFoundError, ValueError):
            said = json.loads(self.checkpoint.with_suffix(".error").read_text(encoding="utf8"))
            if said["run"] == self.run_id:
                return str(said["error"])
        return ""

    def close(self) -> None:
        """End all processes; remove a temporary folder."""
        self.programs.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    @abstractmethod
    def start(self) -> None:
        """Start the processes."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
