r"""The rounds: send the model, let clients train, merge, write down what happened and what it cost."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from qlearn._checks import as_count, as_probability, as_real, as_rng
from qlearn._types import Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.client import Client, agreed_shapes

# A run that is over before this needs no progress bar.
_SECONDS_BEFORE_BAR = 2


class StrategyError(RuntimeError):
    """A strategy failed, or asked for what cannot be: the run ends.

    Parameters
    ----------
    message : str
        Which round, and what was wrong.
    history : History
        The rounds that were complete, and the model after them: ``run(..., initial=error.history.parameters,
        state=error.history.state)`` goes on from there.
    """

    def __init__(self, message: str, history: "History") -> None:
        super().__init__(message)
        self.history = history


@dataclass(frozen=True)
class Failure:
    """One client that did not do its part of a round: which, in what ("fit", "evaluate"), and why."""

    client: str
    stage: str
    reason: str


@dataclass(frozen=True)
class Round:
    """The record of one round.

    Parameters
    ----------
    number : int
        From 1.
    accuracy, loss : float
        Of the merged model on the samples that the clients train on, weighted by their numbers; the loss in nats.
        NaN where no client could evaluate, or none was asked to.
    bits_down, bits_up : int
        Parameters sent to the clients asked, and all that came back from them, also what was then refused: 64 bits a
        number. The evaluation, which a real federation does not make in every round, is not counted.
    answered : tuple of str
        Clients whose model was merged.
    failures : tuple of Failure
        Clients that fell out of this round; they are asked again in the next.
    """

    number: int
    accuracy: float
    loss: float
    bits_down: int
    bits_up: int
    answered: tuple[str, ...]
    failures: tuple[Failure, ...]


@dataclass
class History:
    """The rounds of a run, and the model after the last of them.

    Parameters
    ----------
    parameters : list of ndarray
        The global model.
    rounds : list of Round
        Complete rounds only.
    interrupted : bool
        Whether the user stopped the run before its last round.
    state : object
        What the strategy keeps for the round after the last; None where it keeps nothing.
    """

    parameters: Arrays
    rounds: list[Round] = field(default_factory=list)
    interrupted: bool = False
    state: Any = None

    def __repr__(self) -> str:
        scores = f", accuracy {self.accuracy[-1]:.3f}, loss {self.loss[-1]:.3f} nats" if self.rounds else ""
        return f"History({len(self.rounds)} rounds{scores}{', interrupted' * self.interrupted})"

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """Accuracy after each round, on the samples that the clients train on."""
        return np.array([r.accuracy for r in self.rounds])

    @property
    def loss(self) -> NDArray[np.float64]:
        """Loss after each round, nats, on the same samples."""
        return np.array([r.loss for r in self.rounds])

    @property
    def bits(self) -> NDArray[np.int64]:
        """Bits sent in each round, both ways."""
        return np.array([r.bits_down + r.bits_up for r in self.rounds], dtype=np.int64)

    @property
    def failures(self) -> list[tuple[int, Failure]]:
        """Every failure, with the number of its round."""
        return [(r.number, failure) for r in self.rounds for failure in r.failures]


def run(
    clients: Iterable[Client],
    strategy: Strategy,
    rounds: int,
    rng: Any = None,
    *,
    initial: Sequence[ArrayLike] | None = None,
    state: Any = None,
    evaluate_every: int = 1,
) -> History:
    """Train one model over all clients, round by round.

    The server sees parameters and counts, never samples. A client that raises, or answers with arrays that do
    not fit or are not finite, ends its part of that round with a :class:`Failure`; if all fail, the model
    stays as it was. An interrupt (Ctrl-C, the notebook's stop button) ends the run and keeps every complete
    round. The strategy is the server's own: what it does wrong ends the run, and is not put down to a client.

    Parameters
    ----------
    clients : iterable of Client
        They must train the same model: equal parameter shapes and classes. Names, where given, must differ.
    strategy : Strategy
        :class:`~qlearn.networks.federated.FedAvg`, or one of your own.
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
        After every so many rounds, and after the last of `rounds`, all clients evaluate the merged model; after the
        others its accuracy and loss are NaN. A run that ends early may have none.

    Returns
    -------
    History

    Raises
    ------
    TypeError
        Before any training: if `strategy` lacks a part of a :class:`~qlearn.networks.federated.Strategy`, or something
        else than clients is given.
    ValueError
        Before any training: if there is no client, the clients do not match, or two of them have one name.
    StrategyError
        In any round: if the strategy raises, chooses clients that do not exist or one of them twice, sets what they
        do not know, or merges their models into one that does not fit or is not finite. It carries the history so far.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> history = run(pair, FedAvg(local_epochs=5), rounds=3, rng=0)
    >>> history.accuracy, history.bits  # two clients, two numbers each way
    (array([1., 1., 1.]), array([512, 512, 512]))

    References
    ----------
    McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017,
    arXiv:1602.05629, algorithm 1.
    """
    as_count(rounds, "rounds")
    as_count(evaluate_every, "evaluate_every")
    _refuse_unless_strategy(strategy)
    if not isinstance(clients, Iterable):
        raise TypeError(f"clients must be a list of clients, not {clients!r}")
    clients = list(clients)
    shapes = agreed_shapes(clients)
    names = _names(clients)
    generator = as_rng(rng)
    history = History(
        checked_parameters(clients[0].initial(generator) if initial is None else initial, shapes)
    )
    bits = 64 * sum(p.size for p in history.parameters)
    with _strategy_errors(1, history):
        history.state = strategy.start(_copies(history.parameters)) if state is None else deepcopy(state)
    try:
        for number in tqdm(range(1, rounds + 1), "rounds", delay=_SECONDS_BEFORE_BAR, leave=False):
            failures: list[Failure] = []
            updates, answered, received = [], [], 0
            with _strategy_errors(number, history):
                asked = _chosen(strategy.choose(len(clients), generator), len(clients))
            for i in asked:
                with _strategy_errors(number, history):
                    config = {**strategy.config(number), "seed": int(generator.integers(2**32))}
                    clients[i].check(config)
                try:
                    parameters, n, _ = clients[i].fit(_copies(history.parameters), config)
                    received += sum(np.size(p) for p in parameters)
                    updates.append((checked_parameters(parameters, shapes), as_count(n, "n_samples")))
                    answered.append(names[i])
                except Exception as error:  # a client is another party: it may fail in any way
                    failures.append(Failure(names[i], "fit", f"{type(error).__name__}: {error}"))
            merged, state = history.parameters, history.state
            if updates:
                with _strategy_errors(number, history):
                    merged, state = _pair(strategy.aggregate(updates, _copies(merged), deepcopy(state)))
                    merged = checked_parameters(merged, shapes)
            accuracy = loss = np.nan
            if number % evaluate_every == 0 or number == rounds:
                accuracy, loss = _evaluated(clients, names, merged, failures)
            record = Round(
                number,
                accuracy,
                loss,
                bits * len(asked),
                64 * received,
                tuple(answered),
                tuple(failures),
            )
            history.parameters, history.state = merged, state
            history.rounds.append(record)
    except KeyboardInterrupt:
        history.interrupted = True
    return history


@contextmanager
def _strategy_errors(number: int, history: History) -> Iterator[None]:
    """Turn any error in the block into a :class:`StrategyError`, which carries the rounds so far."""
    try:
        yield
    except Exception as error:
        raise StrategyError(
            f"round {number} failed on the strategy: {type(error).__name__}: {error}. The {len(history.rounds)} complete "
            "rounds are in this error's .history",
            history,
        ) from error


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
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValueError(
                f"clients must have different names: clients {names.index(name)} and {i} are both {name!r}, and no record "
                "could tell them apart"
            )
    return names


def _evaluated(
    clients: Sequence[Client], names: Sequence[str], parameters: Arrays, failures: list[Failure]
) -> tuple[float, float]:
    """Return accuracy and loss, weighted by samples, over the clients that evaluate; note the failures of the others."""
    results = []
    for client, name in zip(clients, names, strict=True):
        try:
            loss, n, metrics = client.evaluate(_copies(parameters), {})
            scores = as_probability(metrics["accuracy"], "accuracy"), as_real(loss, "loss")
            results.append((*scores, as_count(n, "n_samples")))
        except Exception as error:  # as in the rounds
            failures.append(Failure(name, "evaluate", f"{type(error).__name__}: {error}"))
    if not results:
        return np.nan, np.nan
    accuracies, losses, counts = zip(*results, strict=True)
    weights = np.array([n / sum(counts) for n in counts])
    return float(accuracies @ weights), float(losses @ weights)
