r"""A client: samples that never leave it, and a model that it trains on them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from qlearn._checks import as_count, same_length
from qlearn._types import Arrays
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier


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


class Client:
    """One party of a federation: trains the model it is sent on samples it keeps.

    :meth:`fit` and :meth:`evaluate` take and return lists of arrays, numbers and flat dictionaries: what can be sent.
    Flower's ``NumPyClient`` has two methods of these names with the same arguments and answers, but this class is none:
    it knows no network, and to put it behind one takes a wrapper of your own.

    Parameters
    ----------
    model : GradientClassifier
        For example :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`; copied, the given one is not changed.
    X : array_like, shape (n_samples, n_features)
        The client's own samples.
    y : array_like, shape (n_samples,)
        Their labels. Both are copied: what happens to the caller's arrays afterwards does not reach the client.
    classes : array_like, optional
        All labels of the federation. None takes those in `y`, which must then be two or more.
    name : str, optional
        For records; no two clients of a federation may have the same.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> client = Client(SoftmaxClassifier(optimizer="sgd", learning_rate=1.0), [[-1.0], [2.0]], ["no", "yes"])
    >>> parameters, n, metrics = client.fit(client.initial(rng=0), {"epochs": 1, "seed": 0})
    >>> n, parameters[0]
    (2, array([[0.75]]))

    References
    ----------
    McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017,
    arXiv:1602.05629, algorithm 1 (ClientUpdate).
    """

    settings: tuple[str, ...] = ("round", "epochs", "seed")
    """Settings that :meth:`fit` takes; a client that takes more names them here."""

    def __init__(
        self,
        model: GradientClassifier,
        X: ArrayLike,
        y: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        name: str = "",
    ) -> None:
        if not isinstance(model, GradientClassifier):
            raise TypeError(
                f"model must be a QNNClassifier, a SoftmaxClassifier or another GradientClassifier, not {model!r}"
            )
        self.X, self.y, self.name = np.array(X), np.array(y), name
        for own in (self.X, self.y):  # the prepared samples below are made of these
            own.setflags(write=False)
        if self.X.ndim != 2 or self.y.ndim != 1:
            raise ValueError(
                f"X and y must have shapes (n_samples, n_features) and (n_samples,), not {self.X.shape} and {self.y.shape}"
            )
        same_length(self.X, self.y, "X and y")
        if self.y.dtype.kind in "fc" and not np.isfinite(self.y).all():
            raise ValueError("y must be labels; it holds NaN or infinity, which belong to no class")
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
        self._model = clone(model).initialise(self.X.shape[1], self.classes, rng=0)
        self._samples = self._model.prepare(self.X, self.y)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.y)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of the parameters that this client trains."""
        return [p.shape for p in self._model.get_parameters()]

    def initial(self, rng: Any = None) -> Arrays:
        """Return fresh first parameters: they depend on the model and `rng`, not on the samples."""
        return self._model.initialise(self._model.n_features_in_, self.classes, rng).get_parameters()

    def check(self, config: Mapping[str, Any]) -> None:
        """Refuse what :meth:`fit` could not do, before anything is trained."""
        unknown = [key for key in config if key not in self.settings]
        if unknown:
            raise ValueError(
                f"config must hold {', '.join(self.settings)} only, not {unknown[0]!r}: it would be ignored. How a client "
                "steps, its learning rate for one, is an option of its model"
            )
        as_count(config.get("epochs", 1), "epochs")

    def fit(
        self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]
    ) -> tuple[Arrays, int, dict[str, float]]:
        """Train on from `parameters`.

        Parameters
        ----------
        parameters : sequence of ndarray
            The global model.
        config : mapping
            "epochs" (default 1), "seed" of the batches (default 0) and "round", of which a plain client makes no use.

        Returns
        -------
        parameters : list of ndarray
            The local model.
        n_samples : int
            Its weight.
        metrics : dict
            "loss": mean loss of the last epoch, nats.
        """
        self.check(config)
        self._model.set_parameters(parameters)
        self._model.train(self._samples, config.get("epochs", 1), config.get("seed", 0))
        return self._model.get_parameters(), self.n_samples, {"loss": self._model.loss_curve_[-1]}

    def evaluate(
        self, parameters: Sequence[NDArray[np.float64]], config: Mapping[str, Any]
    ) -> tuple[float, int, dict[str, float]]:
        """Return the loss (nats) of `parameters` on the own samples, their number, and {"accuracy": ...}."""
        self._model.set_parameters(parameters)
        loss, accuracy = self._model.assess(self._samples)
        return loss, self.n_samples, {"accuracy": accuracy}
