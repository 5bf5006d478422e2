r"""The rounds: send the model, let clients train, merge, write down what happened and what it cost."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from qlearn._checks import as_count, as_probability, as_real, as_rng
from qlearn._types import Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.checkpoint import Checkpoint, refuse_unsavable
from qlearn.networks.federated.client import Client, agreed_shapes
from qlearn.networks.federated.history import Failure, History, Round
from qlearn.networks.federated.quantiser import Quantiser

# A run that is over before this needs no progress bar.
_SECONDS_BEFORE_BAR = 2

MOST_SAMPLES = 10**6
"""Samples that a client may claim unless the server is told of more: its weight in a mean is what it claims."""


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


def run(
    clients: Iterable[Client],
    strategy: Strategy,
    rounds: int,
    rng: Any = None,
    *,
    initial: Sequence[ArrayLike] | None = None,
    state: Any = None,
    evaluate_every: int = 1,
    central: tuple[ArrayLike, ArrayLike] | None = None,
    min_answers: int = 1,
    most_samples: int = MOST_SAMPLES,
    checkpoint: str | os.PathLike | None = None,
    quantiser: Quantiser | None = None,
) -> History:
    """Train one model over all clients, round by round.

    The server sees parameters, counts and what clients tell of their training, never samples. A client that raises, or
    whose answer does not fit, is not finite or claims more than `most_samples`, ends its part of that round with a
    :class:`~qlearn.networks.federated.Failure`. If fewer than `min_answers` are left, or the strategy raises, asks for
    what cannot be or merges to something that is no such model, the round changes nothing and says so
    (:attr:`Round.failed`), and the next one begins. An interrupt (Ctrl-C, the notebook's stop button) ends the run and
    keeps every complete round.

    Parameters
    ----------
    clients : iterable of Client
        They must train the same model: equal parameter shapes and classes. Names, where given, must differ.
    strategy : Strategy
        :class:`~qlearn.networks.federated.FedAvg`, another of the package, or one of your own.
    rounds : int
        Number of rounds.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the first model, the clients asked and
        the seeds of their batches.
    initial : sequence of array_like, optional
        The first model; None lets the first client draw it. ``history.parameters`` continues a run.
    state : optional
        The strategy's first state; None asks its `start`. ``history.state`` continues a run.
    evaluate_every : int, default 1
        After every so many rounds, and after the last of `rounds`, the model is scored: by the clients on what they
        train on and on what they hold out, by the server on `central`. After the others these scores are NaN.
    central : pair of array_like, optional
        The server's own test samples (X, y), which never train.
    min_answers : int, default 1
        Answers that a round needs to change the model.
    most_samples : int, default 10**6
        The most samples that a client may claim to have trained on.
    checkpoint : path, optional
        Where to write the run after every round; :func:`~qlearn.networks.federated.resume` goes on from it. There must
        be no file yet.
    quantiser : Quantiser, optional
        What clients send their updates (model minus global model) through.

    Returns
    -------
    History

    Raises
    ------
    TypeError
        Before any training: if `strategy` lacks a part of a :class:`~qlearn.networks.federated.Strategy`, something
        else than clients is given, or a checkpoint could not hold the strategy's state.
    ValueError
        Before any training: if there is no client, the clients do not match, two of them have one name, or the strategy
        sets what a client cannot take.
    FileExistsError
        If there is a checkpoint already.
    RunStopped
        In any round, if anything else fails, such as writing the checkpoint. It carries the history so far.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> history = run(pair, FedAvg(local_epochs=5), rounds=3, rng=0, central=([[-3.0], [3.0]], [0, 1]))
    >>> history.central_accuracy, history.bits  # two clients, two numbers each way
    (array([1., 1., 1.]), array([512, 512, 512]))

    References
    ----------
    McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017,
    arXiv:1602.05629, algorithm 1.
    """
    as_count(rounds, "rounds")
    server = _Server.of(
        clients, strategy, evaluate_every, central, min_answers, most_samples, checkpoint, quantiser
    )
    if server.path is not None and server.path.exists():
        raise FileExistsError(
            f"checkpoint must not be there yet: {os.fspath(server.path)!r} is. Go on with federated.resume, or remove it"
        )
    generator = as_rng(rng)
    first = server.clients[0].initial(generator) if initial is None else initial
    history = History(checked_parameters(first, server.shapes))
    history.state = strategy.start(_copies(history.parameters)) if state is None else deepcopy(state)
    if server.path is not None:
        refuse_unsavable(history.state)
    return server.play(history, rounds, generator)


def resume(
    path: str | os.PathLike,
    clients: Iterable[Client],
    strategy: Strategy,
    rounds: int,
    *,
    evaluate_every: int = 1,
    central: tuple[ArrayLike, ArrayLike] | None = None,
    min_answers: int = 1,
    most_samples: int = MOST_SAMPLES,
    quantiser: Quantiser | None = None,
) -> History:
    """Go on with a run from its checkpoint, to the same model, bit for bit, as if it had not stopped.

    Parameters
    ----------
    path : path
        What :func:`run` was given as `checkpoint`; it is written on.
    clients, strategy, evaluate_every, central, min_answers, most_samples, quantiser
        As in that run: another one is refused. (The samples themselves are not in the file; clients are known by name,
        number of samples and model.)
    rounds : int
        Number of rounds in all, those that are done included.

    Returns
    -------
    History
        Of all rounds.

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = run(pair, FedAvg(), rounds=2, rng=0, checkpoint=Path(folder) / "run.npz")
    ...     history = resume(Path(folder) / "run.npz", pair, FedAvg(), rounds=5)
    >>> whole = run(pair, FedAvg(), rounds=5, rng=0)
    >>> all((a == b).all() for a, b in zip(history.parameters, whole.parameters))
    True
    """
    as_count(rounds, "rounds")
    server = _Server.of(
        clients, strategy, evaluate_every, central, min_answers, most_samples, path, quantiser
    )
    kept = Checkpoint.load(path)
    kept.refuse_another(server.identity())
    checked_parameters(kept.history.parameters, server.shapes)
    generator = _generator(kept.generator)
    return server.play(kept.history, rounds, generator)


@dataclass(frozen=True)
class _Server:
    """What stays the same from round to round."""

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
    ) -> "_Server":
        """Look at everything that a later step could refuse."""
        as_count(evaluate_every, "evaluate_every")
        as_count(most_samples, "most_samples")
        _refuse_unless_strategy(strategy)
        if quantiser is not None and not isinstance(quantiser, Quantiser):
            raise TypeError(f"quantiser must be a Quantiser, as Quantiser(bits=8), not {quantiser!r}")
        if not isinstance(clients, Iterable):
            raise TypeError(f"clients must be a list of clients, not {clients!r}")
        clients = list(clients)
        shapes = agreed_shapes(clients)
        if as_count(min_answers, "min_answers") > len(clients):
            raise ValueError(f"min_answers must be at most the {len(clients)} clients, not {min_answers}")
        names = _names(clients)
        rows = None if central is None else clients[0].prepare(central, "central")
        told = strategy.config(1)
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
            dict(told),
            evaluate_every,
            rows,
            min_answers,
            most_samples,
            place,
            quantiser,
        )

    def identity(self) -> dict[str, Any]:
        """Return what tells this run from another, as JSON holds it."""
        return {
            "strategy": _described(self.strategy),
            "model": _described(self.clients[0].model),
            "shapes": [list(shape) for shape in self.shapes],
            "classes": [str(label) for label in self.clients[0].classes],
            "clients": [
                [name, client.n_samples] for name, client in zip(self.names, self.clients, strict=True)
            ],
            "evaluate_every": self.evaluate_every,
            "min_answers": self.min_answers,
            "most_samples": self.most_samples,
            "quantiser": repr(self.quantiser),
        }

    def play(self, history: History, rounds: int, generator: np.random.Generator) -> History:
        """Add rounds to the history, up to so many in all."""
        done = len(history.rounds)
        try:
            for number in tqdm(range(done + 1, rounds + 1), "rounds", delay=_SECONDS_BEFORE_BAR, leave=False):
                record, parameters, state = self._round(number, history, generator)
                if number % self.evaluate_every == 0 or number == rounds:
                    record = self._scored(record, parameters)
                if self.path is not None:
                    after = History(parameters, [*history.rounds, record], state=state)
                    Checkpoint(self.identity(), after, generator.bit_generator.state).save(self.path)
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
        answers = _Answers()
        asked: list[int] = []
        try:
            asked = _chosen(self.strategy.choose(len(self.clients), generator), len(self.clients))
            settings = dict(self.strategy.config(number))
            if settings != {**self.told, "round": number}:  # else they are what all clients have taken before
                for i in asked:
                    self.clients[i].check(settings)
            for i in asked:
                self._ask(i, {**settings, "seed": int(generator.integers(2**32))}, model, answers)
            if len(answers.updates) < self.min_answers:
                raise _TooFewError(
                    f"{len(answers.updates)} of {len(asked)} clients answered; a round needs {self.min_answers}"
                )
            merged, next_state = _pair(
                self.strategy.aggregate(answers.updates, _copies(model), deepcopy(state))
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

    def _ask(self, i: int, config: dict[str, Any], model: Arrays, answers: "_Answers") -> None:
        """Let one client train, and keep its answer or its failure."""
        name = self.names[i]
        try:
            parameters, n, metrics = self.clients[i].fit(_copies(model), config)
            answers.bits += self._bits(parameters)
            local = checked_parameters(parameters, self.shapes)
            if as_count(n, "n_samples") > self.most_samples:
                raise ValueError(
                    f"n_samples must be at most {self.most_samples:,}, not {n:,}: it is the weight of the client. A server "
                    "that expects so many says most_samples="
                )
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

    def _bits(self, parameters: Sequence[ArrayLike]) -> int:
        """Return what an answer takes to send, also one that will be refused."""
        if self.quantiser is not None:
            return self.quantiser.bits_of(parameters)
        return 64 * sum(int(np.size(p)) for p in parameters)

    def _scored(self, record: Round, model: Arrays) -> Round:
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
                    loss, n, metrics = client.evaluate(_copies(model), {"on": on})
                    accuracy, loss = as_probability(metrics["accuracy"], "accuracy"), as_real(loss, "loss")
                    results.append((accuracy, loss, as_count(n, "n_samples")))
                    by_client.setdefault(name, {}).update({f"{on}_accuracy": accuracy, f"{on}_loss": loss})
                except Exception as error:  # as in the rounds
                    failures.append(Failure(name, "evaluate", f"{type(error).__name__}: {error}"))
            if results:
                accuracies, losses, counts = zip(*results, strict=True)
                weights = np.array([n / sum(counts) for n in counts])
                scores[f"{on}_accuracy"] = float(accuracies @ weights)
                scores[f"{on}_loss"] = float(losses @ weights)
        if self.central is not None:
            scores["central_loss"], scores["central_accuracy"] = self.clients[0].score(model, self.central)
        return replace(record, scores=scores, by_client=by_client, failures=tuple(failures))


class _TooFewError(Exception):
    """Fewer answers than a round needs."""


@dataclass
class _Answers:
    """What came back in a round."""

    updates: list[tuple[Arrays, int]] = field(default_factory=list)
    samples: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    bits: int = 0


def _described(thing: Any) -> str:
    """Return how a thing shows itself, without the place in memory where this process has it."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(thing))


def _generator(state: Mapping[str, Any]) -> np.random.Generator:
    """Return a generator that goes on where one stopped."""
    kind = getattr(np.random, str(state.get("bit_generator")), None)
    if not (isinstance(kind, type) and issubclass(kind, np.random.BitGenerator)):
        raise ValueError(
            f"path must be a checkpoint with a generator of NumPy, not {state.get('bit_generator')!r}"
        )
    bits = kind()
    bits.state = state
    return np.random.Generator(bits)


def _metrics(metrics: Any) -> dict[str, float]:
    """Return what a client tells of its training: a flat dictionary of finite numbers, or it is refused."""
    if not isinstance(metrics, Mapping):
        raise TypeError(f"metrics must be a dictionary of numbers, not {type(metrics).__name__}")
    for name, value in metrics.items():
        if not isinstance(name, str) or not isinstance(value, Real):
            raise TypeError(f"metrics must be a dictionary of numbers by names, not {name!r}: {value!r}")
    return {name: as_real(value, name) for name, value in metrics.items()}


def _refuse_unless_strategy(strategy: Any) -> None:
    """Refuse what lacks a method of a strategy, and say which."""
    parts = [name for name in vars(Strategy) if not name.startswith("_")]
    missing = [part for part in parts if not callable(getattr(strategy, part, None))]
    if isinstance(strategy, type):
        raise TypeError(f"strategy must be an object, as {strategy.__name__}(), not the class {strategy!r}")
    if missing:
        raise TypeError(
            f"strategy must have the methods {', '.join(parts)}, as FedAvg() has; {strategy!r} lacks {', '.join(missing)}"
        )


def _pair(merged: Any) -> tuple[Any, Any]:
    """Return the model and the state that a strategy gives back, or refuse them."""
    if not isinstance(merged, tuple) or len(merged) != 2:
        raise TypeError(
            f"aggregate must return (model, state), a tuple of two, not a {type(merged).__name__}"
        )
    return merged


def _copies(parameters: Arrays) -> Arrays:
    """Return arrays that another party may write to."""
    return [p.copy() for p in parameters]


def _chosen(asked: Iterable[int], n_clients: int) -> list[int]:
    """Return the clients to ask, or refuse them."""
    listed = [as_count(i, "choose", least=0) for i in asked]
    if not listed or max(listed) >= n_clients or len(set(listed)) < len(listed):
        raise ValueError(
            f"choose must return different clients of 0 to {n_clients - 1}, at least one, not {listed}"
        )
    return listed


def _names(clients: Sequence[Client]) -> list[str]:
    """Return a name for each client, different from the others'."""
    names = [client.name or f"client {i}" for i, client in enumerate(clients)]
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        if name in seen:
            raise ValueError(
                f"clients must have different names: clients {seen[name]} and {i} are both {name!r}, and no record "
                "could tell them apart"
            )
        seen[name] = i
    return names
