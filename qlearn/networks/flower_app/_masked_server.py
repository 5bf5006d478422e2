"""The server of masked rounds on a grid of Flower: five messages to each client, and the sum of their updates."""

from pathlib import Path
from typing import Any

import numpy as np
from flwr.app import Message, RecordDict
from flwr.serverapp import Grid

from qlearn._types import Array
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app._answers import is_gone, matched
from qlearn.networks.flower_app._grids import Watched
from qlearn.networks.flower_app._recorded import Recorded
from qlearn.networks.flower_app._requests import of_ours
from qlearn.networks.flower_app._vault import Vault, refuse_unmaskable
from qlearn.networks.flower_app.federation import Federation
from qlearn.networks.secure_aggregation.aggregation_server import AggregationServer, SecureAggregationAborted
from qlearn.networks.secure_aggregation.round_messages import (
    Joined,
    Masked,
    Revealed,
    RoundMessage,
    Shared,
    Signed,
    pack,
    unpack,
)

STEPS: dict[str, type[RoundMessage]] = {
    "join": Joined,
    "share": Shared,
    "mask": Masked,
    "sign": Signed,
    "reveal": Revealed,
}
"""The steps of a round, and what a client answers in each."""

STEPS_THAT_DRAW_KEYS = ("join", "share")
"""Where a client that gets no keys ends the round for all: later it can end its own part alone."""


class MaskedRounds(Recorded):
    """Rounds whose server learns a sum: the record, the checkpoint and the scores are those of other rounds.

    Parameters
    ----------
    federation : Federation
        Its strategy must be FedAvg: a server that sees no update can compute no other.
    roster : dict of str to bytes
        The signing key of each client.
    **options
        As for :class:`Recorded`.
    """

    def __init__(self, federation: Federation, roster: dict[str, bytes], **options: Any) -> None:
        refuse_unmaskable(federation)
        if options.get("evaluate_every"):
            raise ValueError(
                f"evaluate_every must be 0 in masked rounds, not {options['evaluate_every']}: clients keep to themselves how "
                "many samples they have, and a mean of their scores would take that"
            )
        super().__init__(federation.server(), federation, hidden=True, **options)
        self.server = AggregationServer(Vault.terms(federation), roster)
        if not self.history.rounds:
            self.history.state = {"pairs drawn": 0, "pairs used": 0}
        self._state = dict(self.history.state)

    def play(self, grid: Grid) -> History:
        """Play the rounds that are left."""
        for number in range(len(self.history.rounds) + 1, self.federation.rounds + 1):
            self._open(number)
            # Drawn in the order of federated.run, so that both runs train alike.
            asked = of_ours(self.inner, number, self.history.parameters, len(self.names), self._rng)
            settings = {i: config for i, (_, config) in asked.items()}
            self._asked = len(asked)
            try:
                if not self._ready(grid):
                    raise SecureAggregationAborted(self._failed)
                total, survivors = self._sum(grid, number, settings)
                if not 1 <= total[-1] <= self.enrolment.most:
                    raise SecureAggregationAborted(
                        f"the sum claims {total[-1]:.0f} samples, and all clients together have {self.enrolment.most}"
                    )
                self.history.parameters = self._moved(total[:-1] / total[-1])
                self._weights = dict.fromkeys(survivors, 0)  # whose samples are how many is hidden
            except SecureAggregationAborted as abort:
                self._failed = f"no sum: {abort}"
            for failure in self.server.failures:
                self._fail(self.names.index(failure.client), failure.stage, failure.reason)
            self.end_round(number, _wire.packed(self.history.parameters))
        return self.history

    def _moved(self, step: Any) -> list[Any]:
        ends = np.cumsum([p.size for p in self.history.parameters])[:-1]
        parts = np.split(step, ends)
        return [p + part.reshape(p.shape) for p, part in zip(self.history.parameters, parts, strict=True)]

    def _sum(
        self, grid: Grid, number: int, settings: dict[int, dict[str, Any]]
    ) -> tuple[Array, tuple[str, ...]]:
        """Return the sum of the weighted updates and of the weights, and whose; or say why there is none."""
        server = self.server
        [alike, *_] = settings.values()  # but for the seeds
        about = _wire.about(self.history.parameters, {"round": number} | alike, self.federation.fingerprint)
        server.open(number, about)
        of = {name: i for i, name in enumerate(self.names)}
        joined: list[Any] = self._ask(grid, "join", dict.fromkeys(settings), {})
        self._state["pairs drawn"] += sum(len(one.key_ids) for one in joined)
        members = server.members(joined)
        shared = self._ask(grid, "share", {of[name]: members for name in members.members}, {})
        openings = server.relay(shared)
        masked: list[Any] = self._ask(
            grid, "mask", {of[name]: one for name, one in openings.items()}, settings
        )
        n = len(members.members)
        self._state["pairs used"] += n * (n - 1) // 2
        self._received = sum(len(one.words) // 8 for one in masked)
        listed = server.survivors(masked)
        signed = self._ask(grid, "sign", {of[name]: listed for name in listed.survivors}, {})
        request = server.request(signed)
        revealed = self._ask(grid, "reveal", {of[name]: request for name in listed.survivors}, {})
        return server.total(revealed), listed.survivors

    def _ask(
        self,
        grid: Grid,
        step: str,
        payload: dict[int, RoundMessage | None],
        settings: dict[int, dict[str, Any]],
    ) -> list[Any]:
        """Send each client its message of a step, and return the answers that are what they should be."""
        sent: dict[int, Message] = {}
        for i, content in payload.items():
            if i not in self.enrolment.nodes:
                self._fail(i, step, "no node of this client is connected")
                continue
            config = {"round": self._number} | settings.get(i, {})
            config |= {_wire.CLIENT: i, "message": b"" if content is None else pack(content)}
            record = RecordDict({_wire.CONFIG: _wire.texts(config)})
            if step == "mask":
                record[_wire.ARRAYS] = _wire.packed(self.history.parameters)
            sent[i] = Message(record, self.enrolment.nodes[i], f"train.{step}", group_id=str(self._number))
        found = matched(sent, grid.send_and_receive(list(sent.values()), timeout=self.timeout))
        answers = []
        self._note(found, step)
        for i, reply in sorted(found.replies.items()):
            try:
                answers.append(self._answered(i, step, reply))
            except SecureAggregationAborted:
                raise
            except Exception as error:  # a client is another party: it may send anything
                self._fail(i, step, f"{type(error).__name__}: {error}")
                if is_gone(reply):
                    self.enrolment.forget(i)
        return answers

    def _answered(self, i: int, step: str, reply: Message) -> RoundMessage:
        if reply.has_error():
            raise RuntimeError(reply.error.reason)
        said: Any = reply.content.config_records[_wire.CONFIG]
        if "aborted" in said and step in STEPS_THAT_DRAW_KEYS:
            raise SecureAggregationAborted(str(said["aborted"]))
        if "aborted" in said:
            raise ValueError(f"no key is drawn in {step}, and it says that it got none: {said['aborted']}")
        if "refused" in said:
            raise ValueError(str(said["refused"]))
        message = unpack(said["message"])
        if not isinstance(message, STEPS[step]) or getattr(message, "sender", "") != self.names[i]:
            raise ValueError(
                f"an answer to {step} must be a {STEPS[step].__name__} of {self.names[i]}, not {message!r:.80}"
            )
        return message


def drive_masked(
    federation: Federation,
    grid: Grid,
    *,
    vault: Path,
    patience: float = 60.0,
    min_clients: int | None = None,
    **options: Any,
) -> History:
    """Run the masked rounds that are still to be run, and return the history of all."""
    rounds = MaskedRounds(federation, Vault(vault).roster(), **options)
    if len(rounds.history.rounds) < federation.rounds:
        rounds.enrolment.wait(grid, least=min_clients or federation.n_clients, patience=patience)
        try:
            rounds.play(Watched(grid, patience))
        except KeyboardInterrupt:
            rounds.history.interrupted = True
    return rounds.history
