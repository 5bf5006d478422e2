"""The server of a run: whom it asks, what it refuses, when it changes the model, and what it writes down."""

import os
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from qlearn._checks import as_count, as_probability, as_real
from qlearn._types import Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated._identity import described, digest
from qlearn.networks.federated._strategy_answers import (
    chosen_of,
    pair_of,
    refuse_unless_strategy,
    settings_of,
)
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.checkpoint import Checkpoint, refuse_unsavable
from qlearn.networks.federated.client import Client, agreed_shapes, different_names, own_of_server
from qlearn.networks.federated.history import Failure, History, Round
from qlearn.networks.federated.quantiser import Quantiser

# A run that is over before this needs no progress bar.
_SECONDS_BEFORE_BAR = 2


class RunStopped(RuntimeError):
    """A run that something outside of its clients and its strategy ended, such as a full disk.

    Parameters
    ----------
    message : str
        What happened.
    history : History
        The rounds that were complete, and the model after them: ``run(..., initial=error.history.parameters,
        state=error.history.state)`` goes on from there.
    """

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


@dataclass(frozen=True)
class Server:
    """What stays the same from round to round.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import FedAvg
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> server = Server.of(pair, FedAvg(), 1, None, 1, 100, None, None)
    >>> server.play(History(pair[0].initial(0)), 2, np.random.default_rng(0))
    History(2 rounds, train_accuracy 1.000, train_loss 0.633)
    """

    clients: list[Client]
    names: list[str]
    shapes: list[tuple[int, ...]]
    strategy: Strategy
    told: dict[str, Any]
    evaluate_every: int
    central: Any
    min_answers: int
    most_samples: int
    path: Path | None
    quantiser: Quantiser | None
    mark: str | None
    """Of `central`, which a checkpoint does not hold."""
    judge: Client

    @classmethod
    def of(
        cls,
        clients: Iterable[Client],
        strategy: Strategy,
        evaluate_every: int,
        central: Any,
        min_answers: int,
        most_samples: int,
        path: Any,
        quantiser: Any,
    ) -> "Server":
        """Look at everything that a later step could refuse."""
        as_count(evaluate_every, "evaluate_every")
        as_count(most_samples, "most_samples")
        refuse_unless_strategy(strategy)
        if quantiser is not None and not isinstance(quantiser, Quantiser):
            raise TypeError(f"quantiser must be a Quantiser, as Quantiser(bits=8), not {quantiser!r}")
        if not isinstance(clients, Iterable):
            raise TypeError(f"clients must be a list of clients, not {clients!r}")
        clients = list(clients)
        shapes = agreed_shapes(clients)
        if as_count(min_answers, "min_answers") > len(clients):
            raise ValueError(f"min_answers must be at most the {len(clients)} clients, not {min_answers}")
        names = different_names(clients)
        judge = own_of_server(clients[0])
        rows = None if central is None else judge.prepare(central, "central")
        told = settings_of(strategy, 1)
        for client in clients:
            client.check(told)
        place = None if path is None else Path(path)
        if place is not None and not place.absolute().parent.is_dir():
            raise FileNotFoundError(f"checkpoint must be in a folder that exists, not {os.fspath(place)!r}")
        return cls(
            clients,
            names,
            shapes,
            strategy,
            told,
            evaluate_every,
            rows,
            min_answers,
            most_samples,
            place,
            quantiser,
            None if central is None else digest(*central),
            judge,
        )

    def identity(self) -> dict[str, Any]:
        """Return what tells this run from another, as JSON holds it."""
        models = [described(client._model) for client in self.clients]
        return {
            "strategy": described(self.strategy),
            "model": models if len(set(models)) > 1 else models[0],
            "shapes": [list(shape) for shape in self.shapes],
            "classes": [str(label) for label in self.judge.classes],
            "clients": [
                [name, client.n_samples] for name, client in zip(self.names, self.clients, strict=True)
            ],
            "evaluate_every": self.evaluate_every,
            "min_answers": self.min_answers,
            "most_samples": self.most_samples,
            "quantiser": repr(self.quantiser),
            "central": self.mark,
        }

    def play(self, history: History, rounds: int, generator: np.random.Generator) -> History:
        """Add rounds to the history, up to so many in all."""
        done = len(history.rounds)
        identity = None if self.path is None else self.identity()
        try:
            for number in tqdm(range(done + 1, rounds + 1), "rounds", delay=_SECONDS_BEFORE_BAR, leave=False):
                record, parameters, state = self._round(number, history, generator)
                if number % self.evaluate_every == 0 or number == rounds:
                    record = self.scored(record, parameters)
                if self.path is not None and identity is not None:
                    after = History(parameters, [*history.rounds, record], state=state)
                    Checkpoint(identity, after, generator.bit_generator.state).save(self.path)
                history.parameters, history.state = parameters, state
                history.rounds.append(record)
        except KeyboardInterrupt:
            history.interrupted = True
        except BaseException as error:
            raise RunStopped(
                f"the run stopped in round {len(history.rounds) + 1}: {type(error).__name__}: {error}. The "
                f"{len(history.rounds)} complete rounds are in this error's .history",
                history,
            ) from error
        return history

    def _round(
        self, number: int, history: History, generator: np.random.Generator
    ) -> tuple[Round, Arrays, Any]:
        """Return the record of one round, and the model and the state after it."""
        model, state = history.parameters, history.state
        answers = Answers()
        asked: list[int] = []
        try:
            asked = chosen_of(self.strategy.choose(len(self.clients), generator), len(self.clients))
            settings = settings_of(self.strategy, number)
            if settings != {**self.told, "round": number}:  # else they are what all clients have taken before
                for i in asked:
                    self.clients[i].check(settings)
            for i in asked:
                self.ask(i, {**settings, "seed": int(generator.integers(2**32))}, model, answers)
            if len(answers.updates) < self.min_answers:
                raise _TooFewError(
                    f"{len(answers.updates)} of {len(asked)} clients answered; a round needs {self.min_answers}"
                )
            merged, next_state = pair_of(
                self.strategy.aggregate(answers.updates, copies(model), deepcopy(state))
            )
            model, state, failed = checked_parameters(merged, self.shapes), next_state, ""
            if self.path is not None:
                refuse_unsavable(next_state)
        except _TooFewError as error:
            failed = str(error)
        except Exception as error:  # the strategy may be anybody's
            model, state = history.parameters, history.state
            failed = f"the strategy failed: {type(error).__name__}: {error}"
        record = Round(
            number,
            metrics=answers.metrics,
            samples=answers.samples,
            bits_down=64 * sum(p.size for p in history.parameters) * len(asked),
            bits_up=answers.bits,
            failures=tuple(answers.failures),
            failed=failed,
        )
        return record, model, state

    def ask(self, i: int, config: dict[str, Any], model: Arrays, answers: "Answers") -> None:
        """Let one client train, and keep its answer or its failure."""
        name = self.names[i]
        try:
            parameters, n, metrics = self.clients[i].fit(copies(model), config)
            answers.bits += self._bits(parameters)
            local = checked_parameters(parameters, self.shapes)
            self._believed(n)
            told = _metrics(metrics)
            if self.quantiser is not None:
                steps = [p - m for p, m in zip(local, model, strict=True)]
                # Of a stream of their own: what a client draws for its batches stays as it is without a quantiser.
                sent = self.quantiser.encode(steps, np.random.default_rng([config["seed"], 1]))
                local = [m + step for m, step in zip(model, self.quantiser.decode(sent), strict=True)]
            answers.updates.append((local, int(n)))
            answers.samples[name], answers.metrics[name] = int(n), told
        except Exception as error:  # a client is another party: it may fail in any way
            answers.failures.append(Failure(name, "fit", f"{type(error).__name__}: {error}"))

    def _believed(self, n: Any) -> int:
        """Return a number of samples that a client claims, in training or in evaluation, or refuse it."""
        if as_count(n, "n_samples") > self.most_samples:
            raise ValueError(
                f"n_samples must be at most {self.most_samples:,}, not {n:,}: it is the weight of the client. A server "
                "that expects so many says most_samples="
            )
        return int(n)

    def _bits(self, parameters: Sequence[ArrayLike]) -> int:
        """Return what an answer takes to send, also one that will be refused."""
        if self.quantiser is not None:
            return self.quantiser.bits_of(parameters)
        return 64 * sum(int(np.size(p)) for p in parameters)

    def scored(self, record: Round, model: Arrays) -> Round:
        """Return the record with what clients and server find the model to be worth."""
        failures = list(record.failures)
        by_client: dict[str, dict[str, float]] = {}
        scores: dict[str, float] = {}
        for on in ("train", "held_out"):
            results = []
            for client, name in zip(self.clients, self.names, strict=True):
                if on == "held_out" and not client.n_held_out:
                    continue
                try:
                    loss, n, metrics = client.evaluate(copies(model), {"on": on})
                    accuracy, loss = as_probability(metrics["accuracy"], "accuracy"), as_real(loss, "loss")
                    results.append((accuracy, loss, self._believed(n)))
                    by_client.setdefault(name, {}).update({f"{on}_accuracy": accuracy, f"{on}_loss": loss})
                except Exception as error:  # as in the rounds
                    failures.append(Failure(name, "evaluate", f"{type(error).__name__}: {error}"))
            if results:
                accuracies, losses, counts = zip(*results, strict=True)
                weights = np.array([n / sum(counts) for n in counts])
                scores[f"{on}_accuracy"] = float(accuracies @ weights)
                scores[f"{on}_loss"] = float(losses @ weights)
        if self.central is not None:
            scores["central_loss"], scores["central_accuracy"] = self.judge.score(model, self.central)
        return replace(record, scores=scores, by_client=by_client, failures=tuple(failures))


class _TooFewError(Exception):
    """Fewer answers than a round needs."""


@dataclass
class Answers:
    """What came back in a round."""

    updates: list[tuple[Arrays, int]] = field(default_factory=list)
    samples: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    bits: int = 0


def _metrics(metrics: Any) -> dict[str, float]:
    """Return what a client tells of its training: a flat dictionary of finite numbers, or it is refused."""
    if not isinstance(metrics, Mapping):
        raise TypeError(f"metrics must be a dictionary of numbers, not {type(metrics).__name__}")
    for name, value in metrics.items():
        if not isinstance(name, str) or not isinstance(value, Real):
            raise TypeError(f"metrics must be a dictionary of numbers by names, not {name!r}: {value!r}")
    return {name: as_real(value, name) for name, value in metrics.items()}


def copies(parameters: Arrays) -> Arrays:
    """Return arrays that another party may write to."""
    return [p.copy() for p in parameters]
