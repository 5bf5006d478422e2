"""A federation in one description, from which every process makes the same clients."""

import ast
import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from importlib import import_module
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_choice, as_count
from qlearn.learning.comparison.datasets import DATASETS, load_dataset
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier, SoftmaxClassifier
from qlearn.learning.neural_networks.qnn import QNNClassifier
from qlearn.networks import federated
from qlearn.networks.federated.client import Client
from qlearn.networks.federated.history import History
from qlearn.networks.federated.partition import split
from qlearn.networks.federated.preprocessing import Moments, pooled_pca
from qlearn.networks.federated.rounds import run

FLOWER = "flwr."
"""What the name of one of Flower's own strategies begins with."""

_MODELS = ("logistic", "qnn")
_HELD_OUT = 5
"""One in so many of a client's rows never trains."""


@dataclass(frozen=True)
class Federation:
    """Who trains what on which rows: all that a process must know to take its part.

    Every process, on whatever machine, makes its client from this description alone, so that none has to be sent. The
    rows that *settle* a data set are divided among the clients, each of which holds a fifth of its own out of training;
    those that *judge* the set are the server's own test. Features become four angles by principal components of sums
    that the clients could have sent.

    Parameters
    ----------
    data : str
        A name of :func:`~qlearn.learning.comparison.load_dataset`.
    model : {"logistic", "qnn"}
        Logistic regression, or a quantum network of four qubits and two layers. Both train on all rows at once.
    n_clients : int
        How many divide the rows.
    rounds : int
        How many rounds they train.
    strategy : str
        A strategy as one writes it, with plain values: ``"FedAvg(fraction=0.5)"`` is that of
        :mod:`qlearn.networks.federated`, ``"flwr.FedMedian()"`` Flower's own of this name.
    local_epochs : int
        Passes of a client over its rows in a round, where the strategy does not say it.
    seed : int
        Divides the rows, draws the first model, the clients asked and their batches.

    Examples
    --------
    >>> federation = Federation("iris", n_clients=3, rounds=5, local_epochs=3)
    >>> [client.n_samples for client in federation.clients()]
    [20, 20, 20]
    >>> Federation.from_config(federation.config()) == federation
    True
    >>> federation.run().central_accuracy
    array([0.787, 0.813, 0.827, 0.853, 0.853])
    """

    data: str = "breast cancer"
    model: str = "logistic"
    n_clients: int = 2
    rounds: int = 3
    strategy: str = "FedAvg()"
    local_epochs: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        as_choice(self.data, DATASETS, "data")
        as_choice(self.model, _MODELS, "model")
        as_count(self.seed, "seed", 0)
        for name in ("n_clients", "rounds", "local_epochs"):
            as_count(getattr(self, name), name)
        if not self.strategy.startswith(FLOWER):
            self.server()  # what it refuses, it refuses now

    def config(self) -> dict[str, Any]:
        """Return the description as a flat dictionary: what Flower calls a run-config."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Read what :meth:`config` gave; other entries, such as where a checkpoint is kept, are not looked at."""
        missing = [field.name for field in fields(cls) if field.name not in config]
        if missing:
            raise ValueError(f"config must hold all of a federation; it lacks {', '.join(missing)}")
        return cls(**{field.name: config[field.name] for field in fields(cls)})

    @property
    def names(self) -> list[str]:
        """Names of the clients, in their order."""
        return [f"client {i}" for i in range(self.n_clients)]

    @property
    def fingerprint(self) -> str:
        """A hash of the description, but for the rounds, and of the rows here: processes that differ must not meet."""
        rows = hashlib.sha256()
        for X, y in (_rows(self.data, "settle"), _rows(self.data, "judge")):
            rows.update(X.tobytes())
            rows.update(json.dumps(y.tolist()).encode())
        description = json.dumps(self._described(), sort_keys=True).encode()
        return hashlib.sha256(description + rows.digest()).hexdigest()[:32]

    def identity(self) -> dict[str, Any]:
        """Return what tells a run of this federation from another; it may be made longer."""
        return {"federation": self._described(), "fingerprint": self.fingerprint}

    def clients(self) -> list[Client]:
        """Return all clients."""
        return [self.client(i) for i in range(self.n_clients)]

    def client(self, index: int) -> Client:
        """Return one client, 0 to n_clients - 1: what a process of its own makes."""
        if not as_count(index, "index", 0) < self.n_clients:
            raise ValueError(
                f"index must be one of the {self.n_clients} clients, 0 to {self.n_clients - 1}, not {index}"
            )
        parts, _, classes = _prepared(self.data, self.n_clients, self.seed)
        X, y = parts[index]
        out = len(y) // _HELD_OUT
        held_out = (X[:out], y[:out]) if out else None
        return Client(
            self._model(), X[out:], y[out:], classes=classes, name=self.names[index], held_out=held_out
        )

    def central(self) -> tuple[NDArray[np.float64], NDArray]:
        """Return the server's own test rows, which no client has."""
        return _prepared(self.data, self.n_clients, self.seed)[1]

    def server(self) -> Any:
        """Return the strategy: one of ours, or one of Flower's, which takes Flower."""
        return _called(self.strategy)({"local_epochs": self.local_epochs})

    def run(self, **options: Any) -> History:
        """Train all in this process by :func:`qlearn.networks.federated.run`: what the other engines are held against."""
        if self.strategy.startswith(FLOWER):
            raise ValueError(
                f"strategy must be one of ours, not {self.strategy!r}: Flower's own run on Flower"
            )
        return run(self.clients(), self.server(), self.rounds, self.seed, central=self.central(), **options)

    def _described(self) -> dict[str, Any]:
        return {name: value for name, value in self.config().items() if name != "rounds"}

    def _model(self) -> GradientClassifier:
        if self.model == "qnn":
            return QNNClassifier(layers=2, optimizer="adam", learning_rate=0.05, batch_size=None)
        return SoftmaxClassifier(optimizer="sgd", learning_rate=1.0, batch_size=None)


def refuse_other(federation: Any) -> None:
    """Refuse what is no federation."""
    if not isinstance(federation, Federation):
        raise TypeError(f"federation must be a Federation, not {federation!r}")


def _called(text: str) -> Callable[[dict[str, Any]], Any]:
    """Read a strategy that is written as a call with plain values, of which one may be a strategy itself; make nothing yet."""
    says = f'strategy must be written as "FedAvg(fraction=0.5)", a name and plain values, not {text!r}'
    try:
        call = ast.parse(text, mode="eval").body
    except (SyntaxError, TypeError, ValueError):
        raise ValueError(says) from None
    if not isinstance(call, ast.Call):
        raise ValueError(says)
    return _read(call, says)


def _read(node: ast.expr, says: str) -> Callable[[dict[str, Any]], Any]:
    """Return what makes the value of an expression, given the settings that every strategy of ours takes."""
    if not isinstance(node, ast.Call):
        try:
            value = ast.literal_eval(node)
        except ValueError:
            raise ValueError(says) from None
        return lambda settings: value
    name = ast.unparse(node.func)
    if not name.startswith(FLOWER) and name not in dir(federated):
        raise ValueError(
            f"strategy must name one of qlearn.networks.federated, or begin with {FLOWER!r}, not {name!r}"
        )
    words = [_read(word, says) for word in node.args]
    options = {word.arg: _read(word.value, says) for word in node.keywords}
    if None in options:
        raise ValueError(says)

    def made(settings: dict[str, Any]) -> Any:
        if name.startswith(FLOWER):
            source: Any = import_module("flwr.serverapp.strategy")
        else:
            source = federated
        kind = getattr(source, name.removeprefix(FLOWER), None)
        if not (
            isinstance(kind, type)
            and hasattr(kind, "aggregate" if source is federated else "aggregate_train")
        ):
            raise ValueError(f"strategy must name a strategy, not {name!r}")
        signature = inspect.signature(kind)
        values = [word(settings) for word in words]
        named = {str(key): value(settings) for key, value in options.items()}
        try:
            given = signature.bind_partial(*values, **named).arguments
        except TypeError as error:
            raise ValueError(f"strategy must have the options of {name}: {error}") from None
        common = {
            key: value for key, value in settings.items() if key in signature.parameters and key not in given
        }
        return kind(*values, **named, **common)

    return made


def _rows(data: str, part: Any) -> tuple[NDArray[np.float64], NDArray]:
    loaded = load_dataset(data, part=part)
    return loaded.X, loaded.y


@lru_cache(maxsize=4)
def _prepared(
    data: str, n_clients: int, seed: int
) -> tuple[list[tuple[NDArray, NDArray]], tuple[NDArray, NDArray], NDArray]:
    """Return the rows of each client and the server's, as four angles each, and the classes."""
    X, y = _rows(data, "settle")
    parts = split(X, y, n_clients, rng=seed)
    project = pooled_pca([Moments.of(own) for own, _ in parts], n_components=min(4, X.shape[1]))
    test, labels = _rows(data, "judge")
    # half a standard deviation to the radian: nearly all rows lie within half a turn
    return [(0.5 * project(own), mine) for own, mine in parts], (0.5 * project(test), labels), np.unique(y)
