"""The server's side on any grid: ours or Flower's strategy, with each answer checked, each round recorded and saved."""

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from flwr.app import ArrayRecord, ConfigRecord, Message, MessageType, MetricRecord
from flwr.serverapp import Grid
from flwr.serverapp.strategy import Strategy as FlowerStrategy

from qlearn._checks import as_count
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.checkpoint import Checkpoint, refuse_unsavable
from qlearn.networks.federated.history import Failure, History, Round
from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app._answers import (
    LocalModel,
    Matched,
    is_gone,
    local_model,
    matched,
    mean_scores,
    scores,
    size_of,
)
from qlearn.networks.flower_app._enrolment import Enrolment
from qlearn.networks.flower_app._flower_strategies import kept, refuse_too_weak, too_weak
from qlearn.networks.flower_app._grids import SHARE_OF_PATIENCE
from qlearn.networks.flower_app._requests import of_flowers, of_ours
from qlearn.networks.flower_app.federation import Federation


class Recorded(FlowerStrategy):
    """A strategy of Flower that holds another one, ours or Flower's, and believes nobody.

    Parameters
    ----------
    inner : qlearn.networks.federated.Strategy or flwr.serverapp.strategy.Strategy
        What chooses clients and merges their models.
    federation : Federation
        What the nodes must be of.
    timeout : float
        Seconds that a client has to answer.
    evaluate_every : int
        After every so many rounds all clients score the model; 0: never.
    min_answers : int
        Models that a round must have to change anything.
    checkpoint : Path, optional
        Where the state is saved after each round, and taken up from.
    hidden, registered
        As for :class:`~qlearn.networks.flower_app._enrolment.Enrolment`.
    """

    def __init__(
        self,
        inner: Strategy | FlowerStrategy,
        federation: Federation,
        *,
        timeout: float = 60.0,
        evaluate_every: int = 1,
        min_answers: int = 1,
        checkpoint: Path | None = None,
        hidden: bool = False,
        registered: tuple[int, ...] = (),
    ) -> None:
        refuse_too_weak(inner, federation.n_clients)
        self.inner, self.federation = inner, federation
        if as_count(min_answers, "min_answers") > federation.n_clients:
            raise ValueError(
                f"min_answers must be at most the {federation.n_clients} clients, not {min_answers}"
            )
        self.timeout, self.evaluate_every, self.min_answers = timeout, evaluate_every, min_answers
        self.checkpoint = checkpoint
        self.names = federation.names
        self.enrolment = Enrolment(federation, hidden=hidden, registered=registered)
        self._silent: set[int] = set()
        self._rng = np.random.default_rng(federation.seed)
        # What the server knows of the model without anybody's samples.
        self._reference = federation.client(0)
        self._central = self._reference.prepare(federation.central(), "central")
        first = checked_parameters(self._reference.initial(self._rng), self._reference.shapes)
        self.history = History(first)
        self.history.state = inner.start([p.copy() for p in first]) if self._ours else kept(inner)  # type: ignore[call-arg,arg-type]
        if checkpoint is not None:
            refuse_unsavable(self.history.state)
            if checkpoint.exists():
                self._take_up(Checkpoint.load(checkpoint))
        self._open(0)

    @property
    def _ours(self) -> bool:
        return not isinstance(self.inner, FlowerStrategy)

    # -- a round -----------------------------------------------------------------------------------------------------

    def _open(self, number: int) -> None:
        self._number, self._failed = number, ""
        self._failures: list[Failure] = []
        self._sent: dict[int, Message] = {}
        self._told: dict[str, dict[str, float]] = {}
        self._weights: dict[str, int] = {}
        self._scores: dict[str, float] = {}
        self._by_client: dict[str, dict[str, float]] = {}
        self._received = self._asked = self._gone = 0
        self._before = self._rng.bit_generator.state
        self._state = deepcopy(self.history.state)

    def configure_train(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Send the model to the clients that the strategy chooses."""
        self._open(len(self.history.rounds) + 1)
        if not self._ready(grid):
            return []
        try:
            wanted = (
                of_ours(self.inner, self._number, self.history.parameters, len(self.names), self._rng)
                if self._ours
                else of_flowers(
                    self.inner, self._number, arrays, config, grid, self.enrolment.nodes, self._rng
                )
            )
            for _, settings in wanted.values():
                self._reference.check(settings)
        except Exception as error:
            self._failed = f"the strategy could not choose: {type(error).__name__}: {error}"
            return []
        self._asked = len(wanted)
        for i, (model, settings) in wanted.items():
            if i in self.enrolment.nodes:
                content = _wire.records(model, settings | {_wire.CLIENT: i})
                self._sent[i] = Message(
                    content, self.enrolment.nodes[i], MessageType.TRAIN, group_id=str(self._number)
                )
            else:
                self._fail(i, "fit", "no node of this client is connected")
        return list(self._sent.values())

    def _ready(self, grid: Any) -> bool:
        """Take clients that are new or back; without any there is no round."""
        try:
            if len(self.enrolment.nodes) < len(self.names):
                self.enrolment.greet(grid.grid)
            if not self.enrolment.nodes:
                self.enrolment.wait(grid.grid, least=1, patience=grid.patience)
        except TimeoutError as error:
            self._failed = f"nobody is there: {error}"
            return False
        self._begin(grid)
        return True

    def _begin(self, grid: Any) -> None:
        """Let the grid show the clients' nodes alone, and wait for those who were silent a share of the time only."""
        nodes = dict(sorted(self.enrolment.nodes.items()))
        grid.begin(list(nodes.values()), doubtful={nodes[i] for i in self._silent if i in nodes})

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """Check each answer, merge what is left, and change no model if that cannot be."""
        taken = self._checked(replies)
        if not self._failed and len(taken) < self.min_answers:
            self._failed = f"{len(taken)} of {self._asked} clients answered; a round needs {self.min_answers}"
        if self._failed:
            return None, None
        before = kept(self.inner)
        try:
            if reason := too_weak(self.inner, len(taken)):
                raise ValueError(reason)
            if self._ours:
                inner: Any = self.inner
                updates = [(model.parameters, model.n_samples) for model, _ in taken.values()]
                answer = inner.aggregate(updates, [p.copy() for p in self.history.parameters], self._state)
                if not isinstance(answer, tuple) or len(answer) != 2:
                    raise TypeError(f"aggregate must return (model, state), not a {type(answer).__name__}")
                merged, self._state = answer
            else:
                record, _ = self.inner.aggregate_train(self._number, [reply for _, reply in taken.values()])  # type: ignore[union-attr]
                if record is None:
                    raise ValueError("it returned no model")
                merged, self._state = record.to_numpy_ndarrays(), kept(self.inner)
            if self.checkpoint is not None:
                refuse_unsavable(self._state)
            merged = checked_parameters(merged, self._reference.shapes)
        except Exception as error:
            self._state = deepcopy(self.history.state)
            if not self._ours:
                vars(self.inner).update(before)
            self._failed = f"the strategy could not merge: {type(error).__name__}: {error}"
            return None, None
        self.history.parameters = merged
        self._weights = {self.names[i]: model.n_samples for i, (model, _) in taken.items()}
        return _wire.packed(merged), None

    def _checked(self, replies: Iterable[Message]) -> dict[int, tuple[LocalModel, Message]]:
        """Return the answers that can be believed, in the order asked; note the failures of the others, also of the silent."""
        found = matched(self._sent, replies)
        taken = {}
        for i, reply in found.replies.items():
            self._received += size_of(reply)
            try:
                model = local_model(reply, self._reference.shapes, self.enrolment.samples[i]["train"])
            except Exception as error:  # a client is another party: it may send anything
                self._fail(i, "fit", f"{type(error).__name__}: {error}")
                if is_gone(reply):
                    self.enrolment.forget(i)
                    self._gone += 1
                continue
            taken[i], self._told[self.names[i]] = (model, reply), model.metrics
        self._note(found, "fit")
        self._silent = (self._silent - set(self._sent)) | found.silent
        return taken

    def _note(self, found: Matched, stage: str) -> None:
        """Note who sent two answers, and who sent none: Flower counts the first twice, and the second not at all."""
        for i in sorted(found.doubled):
            self._fail(i, stage, "two answers to one message")
        for i in sorted(found.silent):
            again = i in self._silent
            seconds = self.timeout * SHARE_OF_PATIENCE if again else self.timeout
            self._fail(
                i, stage, f"sampled, but no answer came in {seconds:g} s" + ", and none before" * again
            )

    # -- scores ------------------------------------------------------------------------------------------------------

    def configure_evaluate(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Send the merged model to all clients, where this round is one that is scored."""
        self._sent = {}
        self._begin(grid)
        every, last = self.evaluate_every, self._number == self.federation.rounds
        if every and (self._number % every == 0 or last):
            self._sent = {
                i: Message(
                    _wire.records(self.history.parameters, {_wire.CLIENT: i}),
                    node,
                    MessageType.EVALUATE,
                    group_id=str(self._number),
                )
                for i, node in sorted(self.enrolment.nodes.items())
            }
        return list(self._sent.values())

    def aggregate_evaluate(self, server_round: int, replies: Iterable[Message]) -> MetricRecord | None:
        """Average the scores, weighted by samples; note who gave none."""
        found = matched(self._sent, replies)
        for i, reply in sorted(found.replies.items()):
            try:
                self._by_client[self.names[i]] = scores(reply, self.enrolment.samples[i])
            except Exception as error:  # as in training
                self._fail(i, "evaluate", f"{type(error).__name__}: {error}")
        self._note(found, "evaluate")
        counts = {self.names[i]: n for i, n in self.enrolment.samples.items()}
        self._scores |= mean_scores(self._by_client, counts)
        return None

    def end_round(self, server_round: int, arrays: ArrayRecord) -> MetricRecord | None:
        """Score the model on the server's own rows, record the round, and save all: Flower calls it after each round."""
        if not server_round:
            return None
        if (
            0 < self._gone == self._asked
        ):  # so nobody trained: the round is for those who come back, with the same draws
            self._rng.bit_generator.state = self._before
            return None
        loss, accuracy = self._reference.score(self.history.parameters, self._central)
        self._scores |= {"central_accuracy": accuracy, "central_loss": loss}
        self.history.state = self._state
        self.history.rounds.append(
            Round(
                self._number,
                self._scores,
                self._by_client,
                {name: self._told[name] for name in self._weights if name in self._told},
                self._weights,
                64 * self._asked * sum(p.size for p in self.history.parameters),
                64 * self._received,
                tuple(self._failures),
                self._failed,
            )
        )
        if self.checkpoint is not None:
            coming = {"numpy": self._rng.bit_generator.state, "nodes": self.enrolment.kept()}
            Checkpoint(self.federation.identity(), self.history, coming).save(self.checkpoint)
        return None

    def _fail(self, i: int, stage: str, reason: str) -> None:
        self._failures.append(Failure(self.names[i], stage, reason))

    # -- what is kept ------------------------------------------------------------------------------------------------

    def _take_up(self, saved: Checkpoint) -> None:
        """Go on from a checkpoint, with all that the next round depends on."""
        saved.refuse_another(self.federation.identity())
        checked_parameters(saved.history.parameters, self._reference.shapes)
        self.history = saved.history
        self._rng.bit_generator.state = saved.generator["numpy"]
        self.enrolment.known = dict(saved.generator["nodes"])
        if not self._ours:
            vars(self.inner).update(deepcopy(saved.history.state))

    def summary(self) -> None:
        """Say nothing: the rounds are recorded."""
