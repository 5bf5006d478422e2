r"""Classifiers of scikit-learn as members of a federation: their parameters as a list of arrays."""

import warnings
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from qlearn._checks import as_count, as_rng
from qlearn._types import Arrays
from qlearn.learning._estimators import validate
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.learning.neural_networks.scored_model import Prepared

_MOST_SEED = 2**32 - 1


class ScikitClassifier(ClassifierMixin, BaseEstimator):
    """A linear classifier or a multilayer perceptron of scikit-learn, with parameters that can be sent and set.

    Three kinds are taken. :class:`~sklearn.linear_model.SGDClassifier` with ``loss="log_loss"`` and
    :class:`~sklearn.neural_network.MLPClassifier` (solver "adam" or "sgd") make one `partial_fit` an epoch, with a
    fresh optimiser at each call of :meth:`train`.
    :class:`~sklearn.linear_model.LogisticRegression` goes on from the parameters for `epochs` steps of its solver, any but
    "liblinear", which always starts at zero; it needs samples of every class. What :meth:`train` finds depends on the
    parameters, the samples and `rng`, and on nothing that was trained before.

    Parameters
    ----------
    estimator : SGDClassifier, LogisticRegression or MLPClassifier
        Copied, the given one is not changed.

    Attributes
    ----------
    estimator_ : estimator
        The fitted one, of the parameters that were set last.
    classes_ : ndarray
        The labels, sorted.
    n_features_in_ : int
        Features of a sample.
    loss_curve_ : list of float
        Mean cross-entropy (nats) of the samples after each epoch of the last training; of a LogisticRegression, of the last.

    Examples
    --------
    >>> from sklearn.linear_model import SGDClassifier
    >>> from qlearn.networks.federated import Client, FedAvg, run
    >>> plain = ScikitClassifier(SGDClassifier(loss="log_loss"))
    >>> pair = [Client(plain, [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> history = run(pair, FedAvg(), rounds=2, rng=0, central=([[-3.0], [3.0]], [0, 1]))
    >>> history.central_accuracy
    array([1., 1.])
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    @property
    def train_options(self) -> tuple[str, ...]:
        """What one call of :meth:`train` may be told besides its epochs."""
        if isinstance(self.estimator, MLPClassifier):
            return ("learning_rate", "batch_size")
        return ("learning_rate",) if isinstance(self.estimator, SGDClassifier) else ()

    def initialise(self, n_features: int, classes: ArrayLike, rng: Any = None) -> Self:
        """Set the model up without data: linear models at zero, a perceptron at random weights and offsets of zero.

        Parameters
        ----------
        n_features : int
            Number of features.
        classes : array_like
            The labels, at least two different ones.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; draws a perceptron's weights, uniformly by the rule of
            Glorot and Bengio.
        """
        _refuse_unless_known(self.estimator)
        self.n_features_in_ = as_count(n_features, "n_features")
        self.classes_ = np.unique(np.asarray(classes))
        if len(self.classes_) < 2:
            raise ValueError(f"classes must be at least two, not {self.classes_.tolist()}")
        model = clone(self.estimator)
        blank = np.zeros((len(self.classes_), n_features))
        if isinstance(model, LogisticRegression):
            model.set_params(warm_start=True, max_iter=1)
        else:
            model.set_params(random_state=0)
        # Only to give the arrays their shapes: what it learns of the zeros is overwritten.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if isinstance(model, LogisticRegression):
                model.fit(blank, self.classes_)
            else:
                model.partial_fit(blank, self.classes_, classes=self.classes_)
        self.estimator_ = model
        generator = as_rng(rng)
        start = []
        for p in self._arrays():
            most = np.sqrt(6 / sum(p.shape)) if isinstance(model, MLPClassifier) and p.ndim == 2 else 0.0
            start.append(generator.uniform(-most, most, p.shape) if most else np.zeros(p.shape))
        self.set_parameters(start)
        self.loss_curve_: list[float] = []
        return self

    def get_parameters(self) -> Arrays:
        """Return copies of the parameters: weights and offset, or those of every layer (all weights first)."""
        self._refuse_unless_set_up()
        return [np.array(p, np.float64) for p in self._arrays()]

    def set_parameters(self, parameters: Sequence[ArrayLike]) -> Self:
        """Take copies of `parameters`; refuse them if a shape differs or a value is not finite."""
        self._refuse_unless_set_up()
        own = self._arrays()
        for p, value in zip(own, checked_parameters(parameters, [p.shape for p in own]), strict=True):
            p[...] = value
        return self

    def prepare(self, X: ArrayLike, y: ArrayLike) -> Prepared:
        """Check samples once for many calls of :meth:`train`."""
        self._refuse_unless_set_up()
        rows, labels = validate(self, X, y, reset=False, dtype=np.float64)
        unknown = labels[~np.isin(labels, self.classes_)]
        if unknown.size:
            raise ValueError(
                f"y must hold the classes {self.classes_.tolist()}; it holds {unknown.tolist()[0]!r}"
            )
        return Prepared(rows, labels)

    def train(
        self,
        samples: Prepared,
        epochs: int,
        rng: Any = None,
        *,
        learning_rate: float | None = None,
        batch_size: int | None = None,
    ) -> Self:
        """Train on from the parameters as they are, with a fresh optimiser.

        Parameters
        ----------
        samples : Prepared
            From :meth:`prepare`.
        epochs : int
            Passes over them; of a LogisticRegression, steps of its solver.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; shuffles the samples.
        learning_rate, batch_size : optional
            For this call, where `train_options` names them. A learning rate is a constant one.
        """
        X, y = samples
        as_count(epochs, "epochs")
        generator = as_rng(rng)
        model = deepcopy(self.estimator_)
        if isinstance(model, LogisticRegression):
            missing = sorted(set(self.classes_.tolist()) - set(np.unique(y).tolist()))
            if missing:
                raise ValueError(
                    f"samples must hold every class for a LogisticRegression; {missing[0]!r} is missing. An "
                    'SGDClassifier(loss="log_loss") trains on what there is'
                )
            # "sag" and "saga" take the samples in random order.
            model.set_params(max_iter=epochs, random_state=int(generator.integers(_MOST_SEED)))
            with warnings.catch_warnings():  # so many steps were asked for, and no more
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(X, y)
            self._take(model)
            self.loss_curve_ = [self.assess(samples)[0]]
            return self
        _fresh(model, self.estimator, learning_rate, batch_size, len(y))
        curve = []
        for _ in range(epochs):
            model.set_params(random_state=int(generator.integers(_MOST_SEED)))
            model.partial_fit(X, y)
            curve.append(_mean_loss(model, X, y))
        self._take(model)
        self.loss_curve_ = curve
        return self

    def assess(self, samples: Prepared) -> tuple[float, float]:
        """Return the mean cross-entropy (nats) and the accuracy of the parameters as they are."""
        X, y = samples
        return _mean_loss(self.estimator_, X, y), float(np.mean(self.estimator_.predict(X) == y))

    def predict(self, X: ArrayLike) -> NDArray:
        """Return the most probable class of each sample, shape (n_samples,)."""
        self._refuse_unless_set_up()
        return self.estimator_.predict(X)

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each class, shape (n_samples, n_classes)."""
        self._refuse_unless_set_up()
        return self.estimator_.predict_proba(X)

    def _refuse_unless_set_up(self) -> None:
        if not hasattr(self, "estimator_"):
            raise NotFittedError("this ScikitClassifier has no parameters yet: call initialise first")

    def _arrays(self) -> list[NDArray]:
        model = self.estimator_
        if isinstance(model, MLPClassifier):
            return [*model.coefs_, *model.intercepts_]
        return [model.coef_, model.intercept_]

    def _take(self, model: Any) -> None:
        """Keep a trained model, unless it has left the finite numbers."""
        before, self.estimator_ = self.estimator_, model
        if not all(np.isfinite(p).all() for p in self._arrays()):
            self.estimator_ = before
            raise ValueError(
                "training has left the finite numbers: a parameter is NaN or infinite. The learning rate is most likely "
                "too large; also look whether the features are scaled"
            )


def _refuse_unless_known(estimator: Any) -> None:
    if not isinstance(estimator, SGDClassifier | LogisticRegression | MLPClassifier):
        raise TypeError(
            "estimator must be an SGDClassifier, a LogisticRegression or an MLPClassifier object, whose parameters are "
            f"arrays that can be set, not {estimator!r}"
        )
    if isinstance(estimator, LogisticRegression) and estimator.solver == "liblinear":
        raise ValueError(
            'estimator must be a LogisticRegression with another solver than "liblinear", such as "lbfgs": that one starts '
            "at zero, whatever model it was sent"
        )
    if isinstance(estimator, SGDClassifier) and (estimator.loss != "log_loss" or estimator.average):
        raise ValueError(
            'estimator must be an SGDClassifier with loss="log_loss" and average=False: other losses give no '
            "probabilities, and a running mean would not start from the model that is sent"
        )
    if isinstance(estimator, MLPClassifier) and (estimator.solver == "lbfgs" or estimator.early_stopping):
        raise ValueError(
            'estimator must be an MLPClassifier with solver="adam" or "sgd" and early_stopping=False: no other makes '
            "single epochs"
        )
    if isinstance(estimator, SGDClassifier) and estimator.early_stopping:
        raise ValueError("estimator must have early_stopping=False: a client is told how many epochs to make")


def _fresh(
    model: Any, given: Any, learning_rate: float | None, batch_size: int | None, n_samples: int
) -> None:
    """Make the model forget its steps and the settings of the call before, and take those of this one."""
    if isinstance(model, SGDClassifier):
        model.t_ = 1.0  # where the schedules of its learning rate begin
        model.set_params(learning_rate=given.learning_rate, eta0=given.eta0)
        if learning_rate is not None:
            model.set_params(learning_rate="constant", eta0=learning_rate)
        return
    # scikit-learn keeps the moments of "adam" in here, makes new ones where there are none, and has no switch for it.
    vars(model).pop("_optimizer", None)
    # Its schedules go by the samples seen ("invscaling") and by the losses so far ("adaptive").
    model.t_ = model.n_iter_ = model._no_improvement_count = 0
    model.loss_curve_, model.best_loss_ = [], np.inf
    rate = given.learning_rate_init if learning_rate is None else learning_rate
    size = given.batch_size if batch_size is None else batch_size
    # More than there are is taken for a slip, with a warning.
    model.set_params(learning_rate_init=rate, batch_size=size if size == "auto" else min(size, n_samples))


def _mean_loss(model: Any, X: NDArray, y: NDArray) -> float:
    return float(log_loss(y, model.predict_proba(X), labels=model.classes_))
