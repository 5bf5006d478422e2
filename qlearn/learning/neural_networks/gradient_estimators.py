"""Classifiers and regressors trained by gradients: scikit-learn's contract over a list of arrays."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit, log_softmax, softmax
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, column_or_1d

from qlearn._checks import as_count
from qlearn._types import Arrays
from qlearn.learning._estimators import as_generator, refuse_times, restored_on_error, validate_labelled
from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks._on_demand import encoded
from qlearn.learning.neural_networks._weights import (
    Weights,
    as_class_weight,
    as_sample_weight,
    weighted_by_class,
)
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.layers import Pullback, linear
from qlearn.learning.neural_networks.losses import cross_entropy, squared_error
from qlearn.learning.neural_networks.optimizers import Optimizer
from qlearn.learning.neural_networks.scored_model import Prepared
from qlearn.learning.neural_networks.training import GradientModel


def _can_learn_in_pieces(model: Any) -> bool:
    if isinstance(model.class_weight, str):
        raise ValueError(
            f"class_weight must be a dict or None in partial_fit, not {model.class_weight!r}: the share of each class is "
            "known only from all samples"
        )
    return True


class GradientClassifier(ClassifierMixin, GradientModel):
    """A classifier whose parameters are a list of arrays, trained by exact gradients of the cross-entropy.

    Two classes need one score, its sign decides; more need one each, the largest decides.
    """

    def __init__(
        self,
        optimizer: str | Optimizer | LBFGS = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        tol: float = 1e-4,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        callback: Callable[[Any, int, float], object] | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
    ) -> None:
        super().__init__(
            optimizer,
            learning_rate,
            epochs,
            batch_size,
            initial,
            random_state,
            progress,
            early_stopping,
            validation_fraction,
            tol,
            n_iter_no_change,
            warm_start,
            callback,
        )
        self.class_weight = class_weight

    def initialise(self, n_features: int, classes: ArrayLike, rng: Any = None) -> Self:
        """Set the model up without data: what a server does before its first round.

        Parameters
        ----------
        n_features : int
            Number of features.
        classes : array_like
            The labels, at least two different ones.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; None is `random_state`.

        Returns
        -------
        self
        """
        with restored_on_error(self):
            self._learn_targets(np.asarray(classes))
            self._open(n_features, as_generator(self.random_state if rng is None else rng))
        return self

    @available_if(_can_learn_in_pieces)
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        *,
        epochs: int = 1,
        rng: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train on from the parameters as they are, with a fresh optimiser.

        It trains all of its `epochs`: `early_stopping` and `warm_start` are switches of :meth:`fit`. The optimiser keeps
        nothing between calls: whoever set the parameters in between, as a server does, would have its
        steps follow gradients of other places.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)
            Need not hold every class.
        classes : array_like, optional
            All classes; needed in the first call, as these samples may not show them all. If given later they must be
            the same.
        epochs : int
            Passes over these samples.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; None is `random_state`.
        sample_weight : array_like, shape (n_samples,), optional
            As in :meth:`fit`.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If `classes` are missing in the first call or others than in the first, or an option that gave the model
            its shape, such as `layers`, was changed since.
        AttributeError
            With ``class_weight="balanced"``, which needs all samples at once.
        """
        generator = as_generator(self.random_state if rng is None else rng)
        with restored_on_error(self, keep_on=(KeyboardInterrupt,)):
            if not hasattr(self, "parameters_"):
                if classes is None:
                    raise ValueError("classes must be given in the first call: these samples may lack some")
                self.initialise(self._rows(X, reset=True).shape[1], classes, generator)
            elif classes is not None and not np.array_equal(np.unique(np.asarray(classes)), self.classes_):
                raise ValueError(
                    f"classes must be those of the first call, {self.classes_.tolist()}, "
                    f"not {np.unique(np.asarray(classes)).tolist()}"
                )
            watch = self._train_on(X, y, sample_weight, epochs, generator)
        if watch.error is not None:
            raise watch.error
        return self

    def assess(self, samples: Prepared) -> tuple[float, float]:
        """Return the mean cross-entropy (nats) and the accuracy of the parameters as they are."""
        with one_thread(), self._running():
            blocks = self._blocks(samples.inputs)
            scores = np.concatenate([self._scores(self.parameters_, encoded(some))[0] for some in blocks])
            loss, _ = cross_entropy(scores, samples.targets)
        best = scores[:, 0] > 0 if scores.shape[1] == 1 else scores.argmax(axis=1)
        return loss, float(np.mean(best == samples.targets))

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the scores, shape (n_samples,) for two classes, else (n_samples, n_classes)."""
        scores = self._all_scores(X)
        return scores[:, 0] if scores.shape[1] == 1 else scores

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each class, shape (n_samples, n_classes)."""
        scores = self.decision_function(X)
        return (
            np.column_stack([expit(-scores), expit(scores)]) if scores.ndim == 1 else softmax(scores, axis=1)
        )

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the logarithm of the probability of each class, shape (n_samples, n_classes)."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            return np.column_stack([log_expit(-scores), log_expit(scores)])
        return np.asarray(log_softmax(scores, axis=1))

    def predict(self, X: ArrayLike) -> NDArray:
        """Return the most probable class of each sample, shape (n_samples,)."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]

    @property
    def n_scores_(self) -> int:
        """Number of scores: one for two classes, else one for each."""
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
        return validate_labelled(self, X, y)

    def _learn_targets(self, y: NDArray, weights: Weights = None) -> None:
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(
                f"y must hold at least two classes, not one class only ({self.classes_.tolist()}): there is nothing to tell apart"
            )

    def _check_options(self) -> None:
        super()._check_options()
        as_class_weight(self.class_weight, self.classes_)

    def _class_weighted(self, weights: Weights, targets: NDArray) -> Weights:
        return weighted_by_class(weights, as_class_weight(self.class_weight, self.classes_), targets)

    def _refuse_other(self, n_features: int | None, targets: NDArray) -> None:
        super()._refuse_other(n_features, targets)
        if not np.array_equal(np.unique(targets), self.classes_):
            raise ValueError(
                f"y must hold the classes of the first fit, {self.classes_.tolist()}, not "
                f"{np.unique(targets).tolist()}: with warm_start=True its parameters are trained on"
            )

    def _targets(self, y: ArrayLike) -> NDArray[np.intp]:
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        indices = np.searchsorted(self.classes_, labels).clip(max=len(self.classes_) - 1)
        unknown = self.classes_[indices] != labels
        if unknown.any():
            raise ValueError(
                f"y must hold the classes {self.classes_.tolist()}; it holds {labels[unknown].tolist()[0]!r}"
            )
        return indices

    def _constant_scores(self, targets: NDArray, weights: Weights = None) -> NDArray[np.float64]:
        """Return the scores at which each class is as probable as it is frequent."""
        counts = np.bincount(targets, weights, minlength=len(self.classes_))
        logs = np.log(np.maximum(counts, 1e-300))  # a class that is missing gets no probability
        scores = logs[1:] - logs[:1] if self.n_scores_ == 1 else logs
        return np.broadcast_to(scores, (len(targets), self.n_scores_))

    def _loss(
        self, scores: NDArray[np.float64], targets: NDArray, weights: Weights = None
    ) -> tuple[float, NDArray[np.float64]]:
        return cross_entropy(scores, targets, weights)


class GradientRegressor(RegressorMixin, GradientModel):
    r"""A regressor whose parameters are a list of arrays, trained by exact gradients of the squared error.

    Targets are learned in a unit of their own, :math:`t = (y - m)/d` with mean m and standard deviation d of
    the targets of the first fit, so that the step of the optimiser fits kilometres and millimetres alike. The
    loss is then :math:`1 - R^2` on the training samples, summed over the outputs.
    """

    def initialise(self, n_features: int, n_outputs: int = 1, rng: Any = None) -> Self:
        """Set the model up without data, with targets of mean 0 and standard deviation 1.

        Parameters
        ----------
        n_features : int
            Number of features.
        n_outputs : int
            Number of targets of a sample.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; None is `random_state`.

        Returns
        -------
        self
        """
        k = as_count(n_outputs, "n_outputs")
        with restored_on_error(self):
            self.target_mean_, self.target_scale_, self._flat = np.zeros(k), np.ones(k), k == 1
            self._open(n_features, as_generator(self.random_state if rng is None else rng))
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        epochs: int = 1,
        rng: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train on from the parameters as they are, with a fresh optimiser.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,) or (n_samples, n_outputs)
            In the first call it sets the unit of the targets.
        epochs : int
            Passes over these samples.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; None is `random_state`.
        sample_weight : array_like, shape (n_samples,), optional
            As in :meth:`fit`.

        Returns
        -------
        self
        """
        generator = as_generator(self.random_state if rng is None else rng)
        with restored_on_error(self, keep_on=(KeyboardInterrupt,)):
            if not hasattr(self, "parameters_"):
                rows, targets = self._validated(X, y)
                self._learn_targets(targets, as_sample_weight(sample_weight, rows))
                self._open(rows.shape[1], generator)
            watch = self._train_on(X, y, sample_weight, epochs, generator)
        if watch.error is not None:
            raise watch.error
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the values, in the targets' unit, shape (n_samples,) or (n_samples, n_outputs)."""
        values = self._all_scores(X) * self.target_scale_ + self.target_mean_
        return values[:, 0] if self._flat else values

    @property
    def n_scores_(self) -> int:
        """Number of scores: one for each output."""
        return len(self.target_mean_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _learn_targets(self, y: NDArray, weights: Weights = None) -> None:
        columns = y.reshape(len(y), -1)
        # In a unit of their own size first: the square of 1e200 is no number, nor that of 1e-200.
        unit = np.ldexp(1.0, np.frexp(np.abs(columns).max(axis=0))[1] - 1)
        if weights is None:
            mean, deviation = (columns / unit).mean(axis=0), (columns / unit).std(axis=0)
        else:
            mean = np.average(columns / unit, axis=0, weights=weights)
            deviation = np.sqrt(np.average((columns / unit - mean) ** 2, axis=0, weights=weights))
        scale = unit * deviation
        self.target_mean_, self._flat = unit * mean, y.ndim == 1
        # A constant is learned as it is, and so is what varies by less than a normal number.
        self.target_scale_ = np.where(scale > np.finfo(np.float64).tiny, scale, 1.0)

    def _targets(self, y: ArrayLike) -> NDArray[np.float64]:
        refuse_times(y)
        values = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
        columns = values.reshape(len(values), -1)
        if columns.shape[1] != self.n_scores_:
            raise ValueError(
                f"y must have {self.n_scores_} columns as in the first fit, not {columns.shape[1]}"
            )
        # Of halves, so that the difference of the two largest numbers is a number.
        return (columns / 2 - self.target_mean_ / 2) / (self.target_scale_ / 2)

    def _loss(
        self, scores: NDArray[np.float64], targets: NDArray, weights: Weights = None
    ) -> tuple[float, NDArray[np.float64]]:
        return squared_error(scores, targets, weights)


class SoftmaxClassifier(GradientClassifier):
    r"""Logistic regression over a list of arrays, trained as the quantum network is.

    .. math:: p(\cdot\,|x) = \operatorname{softmax}(b + W^{\mathsf T} x)

    What :class:`sklearn.linear_model.LogisticRegression` lacks and a federation needs: parameters that can be
    set, and a number of local epochs. It is also the fair rival of
    :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`: whatever that gains over this model, its circuit gave.

    Parameters
    ----------
    optimizer, learning_rate, epochs, batch_size, random_state, progress
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    initial : list of ndarray, optional
        Parameters to start from: weights and offset. None starts from zeros.
    early_stopping, validation_fraction, tol, n_iter_no_change, warm_start, callback, class_weight
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.

    Attributes
    ----------
    classes_, n_features_in_, loss_curve_
        As in :class:`~qlearn.learning.neural_networks.qnn.QNNClassifier`.
    parameters_ : list of ndarray
        Weights (n_features, n_scores) and offset (n_scores,); two classes need one score.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> y = np.where(X[:, 0] > X[:, 1], "first", "second")
    >>> SoftmaxClassifier(random_state=0).fit(X, y).predict([[1.0, 0.0]])
    array(['first'], dtype='<U6')

    References
    ----------
    Bishop, "Pattern Recognition and Machine Learning", 2006, section 4.3.
    """

    def _start(self, rng: np.random.Generator) -> Arrays:
        return [np.zeros((self.n_features_in_, self.n_scores_)), np.zeros(self.n_scores_)]

    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]:
        return linear(inputs, *parameters)
