r"""A client: samples that never leave it, and a model that it trains on them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from qlearn._checks import as_choice, as_count, as_real, same_length
from qlearn._types import Arrays
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier
from qlearn.networks.federated.scikit_classifier import ScikitClassifier

Model = GradientClassifier | ScikitClassifier
"""What a client can train: something whose parameters are a list of arrays, and that trains on from any of them."""


def agreed_shapes(clients: "Sequence[Client]") -> list[tuple[int, ...]]:
    """Return the parameter shapes that all clients train; refuse clients of different models or classes.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> agreed_shapes([Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)])
    [(1, 1), (1,)]
    """
    if not clients:
        raise ValueError("clients must hold at least one client")
    for i, client in enumerate(clients):
        if not isinstance(client, Client):
            raise TypeError(f"clients must be Client objects; client {i} is {client!r}")
    first = clients[0]
    for i, client in enumerate(clients):
        if client.shapes != first.shapes:
            raise ValueError(
                f"clients must train one model: client {i} has parameters of shapes {client.shapes}, "
                f"client 0 of {first.shapes}. Do they hold different numbers of features, classes or layers?"
            )
        if not np.array_equal(client.classes, first.classes):
            raise ValueError(
                f"clients must agree on the classes: client {i} has {client.classes.tolist()}, "
                f"client 0 has {first.classes.tolist()}. Give each of them classes="
            )
    return first.shapes


def different_names(clients: "Sequence[Client]") -> list[str]:
    """Return a name for each client, different from the others'; refuse two clients of one name.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> different_names([Client(SoftmaxClassifier(), [[-1.0], [1.0]], [0, 1], name=name) for name in ("ward", "")])
    ['ward', 'client 1']
    """
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


def own_of_server(client: "Client") -> "Client":
    """Return a client of the server's own, with the model and the classes of another and none of its methods.

    A client is another party, and may override what it likes: what it says of the server's rows, and which model the
    rounds begin with, is not asked of it. The *class* of its model is taken as it is: who trusts no code of a client gives
    it a model of the library.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> class Boasting(Client):
    ...     def score(self, parameters, rows):
    ...         return 0.0, 1.0
    >>> boasting = Boasting(SoftmaxClassifier(), [[-1.0], [1.0]], [0, 1])
    >>> rows = boasting.prepare(([[-1.0], [1.0]], [1, 0]), "central")
    >>> [judge.score([np.ones((1, 1)), np.zeros(1)], rows)[1] for judge in (boasting, own_of_server(boasting))]
    [1.0, 0.0]
    """
    return Client(client._model, client.X[:1], client.y[:1], classes=client.classes)  # it makes a copy


class Client:
    """One party of a federation: trains the model it is sent on samples it keeps.

    :meth:`fit` and :meth:`evaluate` take and return lists of arrays, numbers and flat dictionaries: what can be sent.
    Flower's ``NumPyClient`` has two methods of these names with the same arguments and answers, but this class is none:
    it knows no network, and to put it behind one takes a wrapper of your own.

    Parameters
    ----------
    model : GradientClassifier or ScikitClassifier
        For example :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`; copied, the given one is not changed.
    X : array_like, shape (n_samples, n_features)
        The client's own samples.
    y : array_like, shape (n_samples,)
        Their labels. Both are copied: what happens to the caller's arrays afterwards does not reach the client.
    classes : array_like, optional
        All labels of the federation. None takes those in `y`, which must then be two or more.
    name : str, optional
        For records; no two clients of a federation may have the same.
    held_out : pair of array_like, optional
        Samples (X, y) of the client that never train: what a model is worth to it. They must be others than the first.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=1.0)
    >>> client = Client(model, [[-1.0], [2.0]], ["no", "yes"], held_out=([[3.0]], ["yes"]))
    >>> parameters, n, metrics = client.fit(client.initial(rng=0), {"epochs": 1, "seed": 0})
    >>> n, parameters[0]
    (2, array([[0.75]]))
    >>> client.evaluate(parameters, {"on": "held_out"})[1:]
    (1, {'accuracy': 1.0})

    References
    ----------
    McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017,
    arXiv:1602.05629, algorithm 1 (ClientUpdate).
    Li et al., "Federated optimization in heterogeneous networks", 2020, arXiv:1812.06127, algorithm 2 ("proximal_mu").
    """

    settings: tuple[str, ...] = ("round", "epochs", "seed", "learning_rate", "batch_size", "proximal_mu")
    """Settings that :meth:`fit` knows; a client that takes more names them here."""

    def __init__(
        self,
        model: Model,
        X: ArrayLike,
        y: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        name: str = "",
        held_out: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> None:
        if not isinstance(model, Model):
            raise TypeError(
                "model must be a QNNClassifier, a SoftmaxClassifier or another GradientClassifier, or a "
                f"ScikitClassifier around a classifier of scikit-learn, not {model!r}"
            )
        if not isinstance(name, str):
            raise TypeError(f"name must be a string, not {name!r}")
        self.name = name
        self.X, self.y = _own(X, y)
        if not len(self.y):
            raise ValueError(f"X and y must hold at least one sample; client {name!r} has none")
        labels = np.unique(self.y)
        self.classes = labels if classes is None else np.unique(np.asarray(classes))
        if len(self.classes) < 2:
            raise ValueError(
                f"y holds one class only ({labels.tolist()}): give classes= all labels of the federation, "
                "so that this client trains the same model as the others"
            )
        if not np.isin(labels, self.classes).all():
            raise ValueError(
                f"y must hold labels of the classes {self.classes.tolist()}, not {labels.tolist()}"
            )
        # Whatever the model refuses in these samples, it refuses now.
        self._model: Any = clone(model).initialise(self.X.shape[1], self.classes, rng=0)
        self._samples = self._model.prepare(self.X, self.y)
        self._held_out = None if held_out is None else self.prepare(held_out, "held_out")

    @property
    def model(self) -> Model:
        """The model as it was given, without parameters."""
        return clone(self._model)

    @property
    def n_samples(self) -> int:
        """Number of samples that train."""
        return len(self.y)

    @property
    def n_held_out(self) -> int:
        """Number of samples that never train."""
        return 0 if self._held_out is None else len(self._held_out.targets)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of the parameters that this client trains."""
        return [p.shape for p in self._model.get_parameters()]

    def initial(self, rng: Any = None) -> Arrays:
        """Return fresh first parameters: they depend on the model and `rng`, not on the samples."""
        return self._model.initialise(self._model.n_features_in_, self.classes, rng).get_parameters()

    def prepare(self, rows: tuple[ArrayLike, ArrayLike], name: str) -> Any:
        """Return a pair (X, y) as :meth:`score` takes it, or refuse it; `name` is what the caller calls it."""
        if not isinstance(rows, tuple | list) or len(rows) != 2:
            raise TypeError(f"{name} must be a pair (X, y), not {type(rows).__name__}")
        try:
            X, y = _own(*rows)
            if not len(y):
                raise ValueError("it must hold at least one sample")
            return self._model.prepare(X, y)
        except ValueError as error:
            raise ValueError(f"{name} must be samples of the model (X, y): {error}") from None

    def score(self, parameters: Sequence[NDArray[np.float64]], rows: Any) -> tuple[float, float]:
        """Return the loss (nats) and the accuracy of `parameters` on prepared samples."""
        self._model.set_parameters(parameters)
        return self._model.assess(rows)

    def check(self, config: Mapping[str, Any]) -> None:
        """Refuse what :meth:`fit` could not do, before anything is trained."""
        unknown = [key for key in config if key not in self.settings]
        if unknown:
            raise ValueError(
                f"config must hold {', '.join(self.settings)} only, not {unknown[0]!r}: it would be ignored"
            )
        known = ("learning_rate", "batch_size", "proximal_mu")
        for key in known:
            # A pull of nothing is no pull: anything can do that.
            if (
                key in config
                and key not in self._model.train_options
                and not (key == "proximal_mu" and config[key] == 0)
            ):
                raise ValueError(
                    f"config must not hold {key!r}: {type(self._model).__name__} cannot change it for one call of its "
                    f"training; it takes {', '.join(self._model.train_options) or 'none of these settings'}"
                )
        as_count(config.get("epochs", 1), "epochs")
        if "learning_rate" in config:
            as_real(config["learning_rate"], "learning_rate", above=0)
        if "batch_size" in config:
            as_count(config["batch_size"], "batch_size")
        if "proximal_mu" in config:
            as_real(config["proximal_mu"], "proximal_mu", least=0)

    def fit(
        self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]
    ) -> tuple[Arrays, int, dict[str, float]]:
        """Train on from `parameters`.

        Parameters
        ----------
        parameters : sequence of ndarray
            The global model.
        config : mapping
            "epochs" (default 1), "seed" of the batches (default 0); "learning_rate", "batch_size" for this call instead
            of the model's own; "proximal_mu", a pull back to the global model (FedProx); and "round", of which a plain client
            makes no use. What the model cannot take is refused.

        Returns
        -------
        parameters : list of ndarray
            The local model.
        n_samples : int
            Its weight.
        metrics : dict
            "loss": mean loss of the last epoch, nats, without the pull.
        """
        self.check(config)
        options = {key: config[key] for key in self._model.train_options if key in config}
        self._model.set_parameters(parameters)
        self._model.train(self._samples, config.get("epochs", 1), config.get("seed", 0), **options)
        return self._model.get_parameters(), self.n_samples, {"loss": self._model.loss_curve_[-1]}

    def evaluate(
        self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]
    ) -> tuple[float, int, dict[str, float]]:
        """Return the loss (nats) of `parameters` on own samples, their number, and {"accuracy": ...}.

        `config` says on which: ``{"on": "train"}`` (the default) or ``{"on": "held_out"}``.
        """
        unknown = [key for key in config if key != "on"]
        if unknown:
            raise ValueError(f"config must hold on only, not {unknown[0]!r}: it would be ignored")
        if as_choice(config.get("on", "train"), ("train", "held_out"), "on") == "train":
            rows, n = self._samples, self.n_samples
        elif self._held_out is None:
            raise ValueError(
                f"on must be train: client {self.name!r} holds nothing out. Give it held_out=(X, y)"
            )
        else:
            rows, n = self._held_out, self.n_held_out
        loss, accuracy = self.score(parameters, rows)
        return loss, n, {"accuracy": accuracy}


def _own(X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return copies that nobody writes to; refuse what are no samples with labels."""
    X, y = np.array(X), np.array(y)
    for own in (X, y):  # the prepared samples are made of these
        own.setflags(write=False)
    if X.ndim != 2 or y.ndim != 1:
        raise ValueError(
            f"X and y must have shapes (n_samples, n_features) and (n_samples,), not {X.shape} and {y.shape}"
        )
    same_length(X, y, "X and y")
    if y.dtype.kind in "fc" and not np.isfinite(y).all():
        raise ValueError("y must be labels; it holds NaN or infinity, which belong to no class")
    return X, y
