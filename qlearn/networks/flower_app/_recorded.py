"""The server's side on any grid: ours or Flower's strategy, with each answer checked, each round recorded and saved."""

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from flwr.app import ArrayRecord, ConfigRecord, Message, MessageType, MetricRecord
from flwr.serverapp import Grid
from flwr.serverapp.strategy import Strategy as FlowerStrategy

from qlearn._checks import as_count, as_probability, as_real
from qlearn._types import Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.checkpoint import Checkpoint, refuse_unsavable
from qlearn.networks.federated.history import Failure, History, Round
from qlearn.networks.flower_app import _wire
from qlearn.networks.flower_app._enrolment import Enrolment
from qlearn.networks.flower_app._grids import SHARE_OF_PATIENCE, Watched
from qlearn.networks.flower_app._guarantees import refuse_too_weak, too_weak
from qlearn.networks.flower_app.federation import Federation

_NUMBERS = (np.ndarray, list, dict, tuple, int, float, str, bool, type(None))


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
    hidden : bool
        Whether clients keep to themselves how many samples they have.
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
    ) -> None:
        refuse_too_weak(inner, federation.n_clients)
        self.inner, self.federation = inner, federation
        self.timeout, self.evaluate_every, self.min_answers = timeout, evaluate_every, min_answers
        self.checkpoint = checkpoint
        self.names = federation.names
        self.enrolment = Enrolment(federation, hidden=hidden)
        self._silent: set[int] = set()
        self._rng = np.random.default_rng(federation.seed)
        # What the server knows of the model without anybody's samples.
        self._reference = federation.client(0)
        self._shapes = self._reference.shapes
        self._central = self._reference.prepare(federation.central(), "central")
        first = checked_parameters(self._reference.initial(self._rng), self._shapes)
        self.history = History(first)
        self.history.state = inner.start([p.copy() for p in first]) if self._ours else _memory(inner)  # type: ignore[call-arg,arg-type]
        if checkpoint is not None:
            refuse_unsavable(self.history.state)
            if checkpoint.exists():
                self._take_up(Checkpoint.load(checkpoint))
        self._done = len(self.history.rounds)
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
        self._received = self._asked = 0
        self._state = deepcopy(self.history.state)

    def configure_train(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Send the model to the clients that the strategy chooses."""
        self._open(self._done + server_round)
        if isinstance(grid, Watched):
            grid.begin(doubtful={self.enrolment.nodes[i] for i in self._silent if i in self.enrolment.nodes})
        try:
            if len(self.enrolment.nodes) < len(self.names):
                self.enrolment.greet(grid)
            wanted = (self._wanted if self._ours else self._wanted_by_flower)(arrays, config, grid)
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

    def _wanted(
        self, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> dict[int, tuple[Arrays, dict[str, Any]]]:
        """Return what each client is sent, as federated.run draws it."""
        inner: Any = self.inner
        wanted = {}
        for i in _chosen(inner.choose(len(self.names), self._rng), len(self.names)):
            settings = {**inner.config(self._number), "seed": int(self._rng.integers(2**32))}
            self._reference.check(settings)
            wanted[i] = (self.history.parameters, settings)
        return wanted

    def _wanted_by_flower(
        self, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> dict[int, tuple[Arrays, dict[str, Any]]]:
        """Return what Flower's strategy sends to each client, in the order of the clients, with a seed for its batches."""
        inner: Any = self.inner
        client_of = {node: i for i, node in self.enrolment.nodes.items()}
        wanted = {}
        for message in inner.configure_train(self._number, arrays, ConfigRecord(dict(config)), grid):
            i = client_of.get(message.metadata.dst_node_id)
            if i is None:
                continue  # a node that was refused
            settings = _wire.settings(message) | {"seed": int(self._rng.integers(2**32))}
            self._reference.check(settings)
            wanted[i] = (message.content.array_records[_wire.ARRAYS].to_numpy_ndarrays(), settings)
        return dict(sorted(wanted.items()))

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """Check each answer, merge what is left, and change no model if that cannot be."""
        taken = self._checked(replies)
        if not self._failed and len(taken) < self.min_answers:
            self._failed = f"{len(taken)} of {self._asked} clients answered; a round needs {self.min_answers}"
        if self._failed:
            return None, None
        before = _memory(self.inner)
        try:
            if reason := too_weak(self.inner, len(taken)):
                raise ValueError(reason)
            if self._ours:
                inner: Any = self.inner
                updates = [(arrays, n) for arrays, n, _ in taken.values()]
                answer = inner.aggregate(updates, [p.copy() for p in self.history.parameters], self._state)
                if not isinstance(answer, tuple) or len(answer) != 2:
                    raise TypeError(f"aggregate must return (model, state), not a {type(answer).__name__}")
                merged, self._state = answer
            else:
                record, _ = self.inner.aggregate_train(self._number, [reply for *_, reply in taken.values()])  # type: ignore[union-attr]
                if record is None:
                    raise ValueError("it returned no model")
                merged, self._state = record.to_numpy_ndarrays(), _memory(self.inner)
            if self.checkpoint is not None:
                refuse_unsavable(self._state)
            merged = checked_parameters(merged, self._shapes)
        except Exception as error:
            self._state = deepcopy(self.history.state)
            if not self._ours:
                vars(self.inner).update(before)
            self._failed = f"the strategy could not merge: {type(error).__name__}: {error}"
            return None, None
        self.history.parameters = merged
        self._weights = {self.names[i]: n for i, (_, n, _) in taken.items()}
        return _wire.packed(merged), None

    def _checked(self, replies: Iterable[Message]) -> dict[int, tuple[Arrays, int, Message]]:
        """Return the answers that can be believed, in the order asked; note the failures of the others, also of the silent."""
        client_of = {message.metadata.message_id: i for i, message in self._sent.items()}
        taken: dict[int, tuple[Arrays, int, Message]] = {}
        silent = set(self._sent)
        for reply in replies:
            i = client_of.get(reply.metadata.reply_to_message_id)
            if i is None:
                continue  # to a message of another time: nobody asked for it now
            if i not in silent:
                taken.pop(i, None)
                self._fail(i, "fit", "two answers to one message")
                continue
            silent.discard(i)
            try:
                arrays, n, told = self._believed(i, reply)
            except Exception as error:  # a client is another party: it may send anything
                self._fail(i, "fit", f"{type(error).__name__}: {error}")
                continue
            taken[i], self._told[self.names[i]] = (arrays, n, reply), told
        for i in sorted(silent):
            self._fail(i, "fit", self._no_answer(i))
        self._silent = (self._silent - set(self._sent)) | silent
        return {i: taken[i] for i in self._sent if i in taken}

    def _believed(self, i: int, reply: Message) -> tuple[Arrays, int, dict[str, float]]:
        """Return model, weight and metrics of an answer, or refuse it."""
        if reply.has_error():
            raise RuntimeError(reply.error.reason)
        content = reply.content
        if len(content.array_records) != 1 or len(content.metric_records) != 1 or content.config_records:
            raise ValueError(
                f"an answer must hold one model and one record of numbers, not {sorted(content)}"
            )
        [record], [numbers] = content.array_records.values(), content.metric_records.values()
        arrays = record.to_numpy_ndarrays()
        self._received += sum(array.size for array in arrays)
        told: dict[str, Any] = dict(numbers)
        n = as_count(told.pop(_wire.WEIGHT, None), _wire.WEIGHT)
        if n != self.enrolment.samples[i]["train"]:
            raise ValueError(f"it claims {n} samples, and enrolled with {self.enrolment.samples[i]['train']}")
        metrics = {name: as_real(value, name) for name, value in told.items()}
        return checked_parameters(arrays, self._shapes), n, metrics

    # -- scores ------------------------------------------------------------------------------------------------------

    def configure_evaluate(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Send the merged model to all clients, where this round is one that is scored."""
        self._sent = {}
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
        client_of = {message.metadata.message_id: i for i, message in self._sent.items()}
        silent = set(self._sent)
        for reply in sorted(replies, key=lambda r: client_of.get(r.metadata.reply_to_message_id, -1)):
            i = client_of.get(reply.metadata.reply_to_message_id)
            if i is None or i not in silent:
                continue
            silent.discard(i)
            try:
                self._by_client[self.names[i]] = self._scored(i, reply)
            except Exception as error:  # as in training
                self._fail(i, "evaluate", f"{type(error).__name__}: {error}")
        for i in sorted(silent):
            self._fail(i, "evaluate", self._no_answer(i))
        for score in (f"{on}_{what}" for on in ("train", "held_out") for what in ("accuracy", "loss")):
            on = score.rpartition("_")[0]
            counts = {name: self.enrolment.samples[self.names.index(name)][on] for name in self._by_client}
            counts = {name: n for name, n in counts.items() if n}
            if counts:
                weights = np.array([n / sum(counts.values()) for n in counts.values()])
                self._scores[score] = float(
                    np.array([self._by_client[name][score] for name in counts]) @ weights
                )
        return None

    def _scored(self, i: int, reply: Message) -> dict[str, float]:
        """Return the scores that a client must give, and no others."""
        if reply.has_error():
            raise RuntimeError(reply.error.reason)
        [numbers] = reply.content.metric_records.values()
        scores: dict[str, float] = {}
        for on, n in self.enrolment.samples[i].items():
            if n:
                name = f"{on}_accuracy"
                scores[name] = as_probability(numbers[name], name)
                scores[f"{on}_loss"] = as_real(numbers[f"{on}_loss"], f"{on}_loss")
        return scores

    def end_round(self, server_round: int, arrays: ArrayRecord) -> MetricRecord | None:
        """Score the model on the server's own rows, record the round, and save all: Flower calls it after each round."""
        if not server_round:
            return None
        loss, accuracy = self._reference.score(self.history.parameters, self._central)
        self._scores |= {"central_accuracy": accuracy, "central_loss": loss}
        size = sum(p.size for p in self.history.parameters)
        self.history.state = self._state
        self.history.rounds.append(
            Round(
                self._number,
                self._scores,
                self._by_client,
                {name: self._told[name] for name in self._weights if name in self._told},
                self._weights,
                64 * size * self._asked,
                64 * self._received,
                tuple(self._failures),
                self._failed,
            )
        )
        if self.checkpoint is not None:
            kept = {"numpy": self._rng.bit_generator.state, "nodes": self.enrolment.kept()}
            Checkpoint(self._identity(), self.history, kept).save(self.checkpoint)
        return None

    def _no_answer(self, i: int) -> str:
        again = i in self._silent
        seconds = self.timeout * SHARE_OF_PATIENCE if again else self.timeout
        return f"sampled, but no answer came in {seconds:g} s" + ", and none before" * again

    def _fail(self, i: int, stage: str, reason: str) -> None:
        self._failures.append(Failure(self.names[i], stage, reason))

    # -- what is kept ------------------------------------------------------------------------------------------------

    def _identity(self) -> dict[str, Any]:
        return {"federation": self.federation.config(), "fingerprint": self.federation.fingerprint}

    def _take_up(self, kept: Checkpoint) -> None:
        """Go on from a checkpoint, with all that the next round depends on."""
        kept.refuse_another(self._identity())
        checked_parameters(kept.history.parameters, self._shapes)
        self.history = kept.history
        self._rng.bit_generator.state = kept.generator["numpy"]
        self.enrolment.known = dict(kept.generator["nodes"])
        if not self._ours:
            vars(self.inner).update(deepcopy(kept.history.state))

    def summary(self) -> None:
        """Say nothing: the rounds are recorded."""


def _memory(inner: Any) -> dict[str, Any]:
    """Return what one of Flower's strategies keeps from round to round: its numbers and arrays."""
    return deepcopy({name: value for name, value in vars(inner).items() if isinstance(value, _NUMBERS)})


def _chosen(asked: Iterable[int], n_clients: int) -> list[int]:
    listed = [as_count(i, "choose", 0) for i in asked]
    if not listed or max(listed) >= n_clients or len(set(listed)) < len(listed):
        raise ValueError(
            f"choose must return different clients of 0 to {n_clients - 1}, at least one, not {listed}"
        )
    return listed
