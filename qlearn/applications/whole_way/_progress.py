"""Progress: what is told while the clients train, and bars on a terminal."""

import contextlib
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from qlearn.applications.whole_way._stages import Stages
from qlearn.communication.key_management.client import KMEClient, KMEError
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app.federation import Federation
from qlearn.networks.flower_app.stored_key import KME_ID, RunningService, StoredKey

_MESSAGES_A_ROUND = 5
_SECONDS_BETWEEN_LOOKS = 0.5
_ANSWER = "Sending: train."
"""How a node of Flower begins to say, in its log, that it answers in a round."""


class Progress:
    """What is told while the clients train: processes that start, answers of the nodes, rounds that end.

    Parameters
    ----------
    federation : Federation
        Who trains.
    stages : Stages
        Where what has ended is noted.
    stored, service : StoredKey, RunningService
        Whose stock is asked for after each round.
    folder : Path
        Where Flower's logs are.
    deployed : bool
        Whether there are processes to wait for.
    """

    def __init__(
        self,
        federation: Federation,
        stages: Stages,
        stored: StoredKey,
        service: RunningService,
        folder: Path,
        *,
        deployed: bool,
    ) -> None:
        self.federation, self.stages, self.stored, self.service = federation, stages, stored, service
        self.folder, self.deployed = folder, deployed
        self._left = stored.stored
        self._over = threading.Event()
        self._bar: Any = None

    @property
    def options(self) -> dict[str, Any]:
        """What the training is told of it."""
        return {"watch": self.tell, "timeout": 90.0, "patience": 90.0} if self.deployed else {}

    def __enter__(self) -> Self:
        self.stages.begin("processes" if self.deployed else "rounds")
        if self.deployed:
            self._bar = _bar(self.federation.n_clients + 2, "process")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._bar is not None:
            with contextlib.suppress(OSError):  # a terminal that has been closed
                self._bar.close()

    def tell(self, what: str) -> None:
        """Note what the engine has just done: "superlink", "client 0", "run", "round 1"."""
        n, rounds = self.federation.n_clients, self.federation.rounds
        if what == "run":
            self._bar.close()
            self.stages.end(f"Flower's SuperLink, and {n} SuperNodes, each known to it by its key")
            self._bar = _bar(_MESSAGES_A_ROUND * n * rounds, "answer")
            if not self._bar.disable:
                threading.Thread(target=self._follow, daemon=True).start()
            self.stages.begin("round 1")
        elif what.startswith("round"):
            number = int(what.split()[1])
            self._end_round(f"{number} of {rounds}")
            self.stages.begin(f"round {number + 1}" if number < rounds else "end")
        else:
            self._bar.update()

    def answers(self) -> int:
        """Return how many messages of the rounds the nodes have answered, by their logs."""
        logs = self.folder.glob("logs/node*.log")
        return sum(log.read_text(encoding="utf8", errors="replace").count(_ANSWER) for log in logs)

    def _follow(self) -> None:
        while not self._over.wait(_SECONDS_BETWEEN_LOOKS):
            self._bar.update(self.answers() - self._bar.n)

    def _end_round(self, which: str) -> None:
        before, self._left = self._left, ask(self.service, self.stored)
        self.stages.end(
            f"{which}: {before - self._left:,} bits of key spent, {self._left:,} left", before, self._left
        )

    def finish(self, history: History) -> None:
        """Note the end of the rounds, and say what the model is worth."""
        if self.deployed:
            self.stages.end("all of Flower's processes have ended")
        else:
            self._end_round(f"all {self.federation.rounds}")
        if history.failed:
            return
        scores = ", ".join(f"{value:.3f}" for value in history.central_accuracy)
        self.stages.tell(f"{'model':<10} accuracy on rows that no client has, by round: {scores}")


def _bar(total: int, unit: str) -> Any:
    """Return a bar that is seen on a terminal, and nowhere else."""
    return tqdm(total=total, unit=unit, disable=None, leave=False)


def ask(service: RunningService, stored: StoredKey) -> int:
    """Return how many bits the service says that it holds, asked over TLS as a client asks; of one that is gone, its file."""
    from urllib.parse import quote

    import httpx

    first, second, *_ = stored.names
    stem = quote(first, safe="")
    try:
        with KMEClient(
            service.url,
            certificate=stored.folder / f"{stem}.crt",
            private_key=stored.folder / f"{stem}.key",
            authority=stored.folder / "ca.crt",
            kme_id=KME_ID,
        ) as client:
            return int(client.status(second)["stored_key_count"]) * stored.piece
    except (KMEError, httpx.HTTPError):
        return stored.left()
