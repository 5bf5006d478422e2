"""Training by gradients: what every such model shares, whose parameters are a list of arrays."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_consistent_length, check_is_fitted
from tqdm import tqdm

from qlearn._checks import as_count, as_real
from qlearn._types import Arrays
from qlearn.learning._estimators import (
    as_generator,
    level_of_caller,
    restored_on_error,
    validate_rows,
    validate_valued,
)
from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks._batches import Batches
from qlearn.learning.neural_networks._descent import as_optimizer, descend, refuse_ignored
from qlearn.learning.neural_networks._on_demand import EncodedOnDemand, encoded
from qlearn.learning.neural_networks._watch import Watch, held_out, still_falls
from qlearn.learning.neural_networks._weights import Weights, as_sample_weight, normalised
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.layers import Pullback
from qlearn.learning.neural_networks.optimizers import Optimizer, checked_parameters
from qlearn.learning.neural_networks.spsa import SPSA

_MAY_CHANGE = (
    *("optimizer", "learning_rate", "epochs", "batch_size", "initial", "random_state", "progress"),
    *("early_stopping", "validation_fraction", "tol", "n_iter_no_change", "warm_start", "callback"),
    *("class_weight", "shots", "noise", "device", "gradient"),
)
"""Options that are asked for again at each training; all others gave the model its shape."""

_CLIMBED = 1.1
"""A last loss so many times that of the start and that of a constant was not trained: what batches do is less."""

_BLOCK = 2**22
"""Numbers that scores may need at a time: 64 MiB of complex ones."""

_ENCODED_BYTES = 2**26
"""Samples that would take more than so much as inputs are encoded in the batches that need them."""

_BAR: dict[str, Any] = {"desc": "training", "unit": "epoch", "leave": False}

_LAID_OUT_BYTES = 0
"""Samples up to this size are laid out anew for every epoch: one more copy of them, and no gathering in every step."""


ScoreLoss = Callable[[NDArray[np.float64], Any], tuple[float, NDArray[np.float64]]]
"""What takes scores and targets, and returns the mean loss and its gradient in the scores."""


class Prepared(NamedTuple):
    """Samples as a model works on them: encoded once, checked once; row i of both is sample i."""

    inputs: Any
    targets: NDArray


class GradientModel(BaseEstimator, ABC):
    """A model whose parameters are a list of arrays, trained by exact gradients.

    A classifier or regressor says what targets are (`_learn_targets`, `_targets`) and how far scores are from
    them (`_loss`). A model says how features become inputs (`_inputs`, whose rows are samples), where the
    parameters start (`_start`), and how parameters and inputs give scores and pull a gradient back
    (`_scores`), with how many numbers a row (`_numbers_a_row`).
    """

    parameters_: Arrays

    train_options: tuple[str, ...] = ("learning_rate", "batch_size", "proximal_mu")
    """What one call of :meth:`train` may be told besides its epochs."""

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
    ) -> None:
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.initial = initial
        self.random_state = random_state
        self.progress = progress
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.warm_start = warm_start
        self.callback = callback

    @abstractmethod
    def _start(self, rng: np.random.Generator) -> Arrays: ...

    @abstractmethod
    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]: ...

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
        """Return rows and targets of a first fit, checked; a classifier also counts the classes."""
        return validate_valued(self, X, y)

    @abstractmethod
    def _learn_targets(self, y: NDArray, weights: Weights = None) -> None:
        """Take note of what the targets are: classes, or their number and unit."""

    @abstractmethod
    def _targets(self, y: ArrayLike) -> NDArray:
        """Return targets as the loss takes them; refuse those that the model has not been told of."""

    @abstractmethod
    def _loss(
        self, scores: NDArray[np.float64], targets: NDArray, weights: Weights = None
    ) -> tuple[float, NDArray[np.float64]]: ...

    def _class_weighted(self, weights: Weights, targets: NDArray) -> Weights:
        """Return the weights of rows, times those of their classes where there are such."""
        return weights

    @property
    @abstractmethod
    def n_scores_(self) -> int:
        """Number of scores that the model gives each sample."""

    def _constant_scores(self, targets: NDArray, weights: Weights = None) -> NDArray[np.float64]:
        """Return the scores of the best answer that is the same for all samples; zero is the mean of the targets."""
        return np.zeros((len(targets), self.n_scores_))

    def _warn_of_inputs(self, X: NDArray) -> None:
        """Warn of rows that the model takes and will not do well with: once for all of them."""

    def _inputs(self, X: NDArray) -> NDArray:
        return X

    def _bytes_an_input(self) -> int:
        """Return the bytes of one row's inputs, where they are more than the row itself."""
        return 0

    def _numbers_a_row(self) -> int:
        """Return how many numbers the way from a row to its scores keeps in memory."""
        return self.n_features_in_

    def _rows(self, X: ArrayLike, *, reset: bool = False) -> NDArray:
        return validate_rows(self, X, reset=reset)

    def get_parameters(self) -> Arrays:
        """Return copies of the parameters, a list of arrays."""
        self._refuse_unless_set_up()
        return [p.copy() for p in self.parameters_]

    def set_parameters(self, parameters: Sequence[ArrayLike]) -> Self:
        """Take copies of `parameters`; refuse them if a shape differs or a value is not finite."""
        self._refuse_unless_set_up()
        self.parameters_ = checked_parameters(parameters, [p.shape for p in self.parameters_])
        return self

    def _refuse_unless_set_up(self) -> None:
        if not hasattr(self, "parameters_"):  # scikit-learn's own look takes as long as a step
            check_is_fitted(self)

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train from the start: from `initial` where it is given, else from random parameters.

        With `warm_start` a second call trains on from the parameters of the first, with a fresh optimizer.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)
        sample_weight : array_like, shape (n_samples,), optional
            How much each row counts, at least 0: the loss is the weighted mean. A row of weight 2 counts as two equal rows
            (in batches: in the mean over their draws), one of weight 0 as none.

        Returns
        -------
        self

        Raises
        ------
        Exception
            What the `callback` raised, with a note: the model keeps what it had learned until then. After any other
            error it is what it was before the call.

        Warns
        -----
        ConvergenceWarning
            If the loss after training is more than a tenth above the one before training, and more than a tenth above that of
            the best constant: the steps are too large. If there are 50 epochs or more and the loss fell in the last quarter
            of them as fast as in the mean: the steps are too small or too few. With `early_stopping`: if the epochs ended before the
            held-out rows had stopped to gain.
        """
        with restored_on_error(self):
            watch = self._fit(X, y, sample_weight)
        if watch is not None and watch.error is not None:
            raise watch.error
        return self

    def _fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Watch | None:
        again = bool(self.warm_start) and hasattr(self, "parameters_")
        n_features = self.n_features_in_ if again else None
        rows, targets = self._validated(X, y)
        weights = as_sample_weight(sample_weight, rows)
        if weights is not None:  # what counts nothing is not there: not in the batches, not among the classes
            rows, targets, weights = rows[weights > 0], targets[weights > 0], weights[weights > 0]
        rng = as_generator(self.random_state)
        if again:
            self._refuse_other(n_features, targets)
            self._check_options()
        else:
            self._learn_targets(targets, weights)
            self._open(rows.shape[1], rng)
        self._warn_of_inputs(rows)
        numbers = self._targets(targets)
        weights = self._class_weighted(weights, numbers)
        if weights is not None and not weights.all():
            rows, numbers, weights = rows[weights > 0], numbers[weights > 0], weights[weights > 0]
        held: tuple[Prepared, Weights] | None = None
        if self.early_stopping:
            apart = held_out(numbers, self.validation_fraction, rng, by_class=is_classifier(self))
            held = self._encoded_later(rows[apart], numbers[apart]), None if weights is None else weights[apart]
            rows, numbers = rows[~apart], numbers[~apart]
            weights = None if weights is None else weights[~apart]
        samples, weights = self._encoded_later(rows, numbers), normalised(weights)
        first = self._mean_loss(samples, weights)
        try:
            watch = self._train(samples, self.epochs, rng, weights=weights, held=held)
        except KeyboardInterrupt:
            warnings.warn(f"interrupted after {len(self.loss_curve_)} of {self.epochs} epochs", stacklevel=4)
            return None
        if watch.error is None and not self._warn_if_worse(first, samples, weights):
            self._warn_if_unfinished(watch)
        return watch

    def _refuse_other(self, n_features: int | None, targets: NDArray) -> None:
        """Say what differs from the first fit: a warm start goes on with its parameters."""
        if self.n_features_in_ != n_features:
            raise ValueError(
                f"X must have {n_features} features as in the first fit, not {self.n_features_in_}: with "
                "warm_start=True its parameters are trained on. Set warm_start=False to start anew"
            )
        self._refuse_reshaping()

    def prepare(self, X: ArrayLike, y: ArrayLike) -> Prepared:
        """Check samples, as `partial_fit` does, and encode them once for many calls of :meth:`train`."""
        samples = self._prepared(X, y)
        return samples._replace(inputs=encoded(samples.inputs))

    def _prepared(self, X: ArrayLike, y: ArrayLike) -> Prepared:
        check_is_fitted(self)
        rows, targets = self._rows(X), self._targets(y)
        check_consistent_length(rows, targets)
        self._warn_of_inputs(rows)
        return self._encoded_later(rows, targets)

    def _encoded_later(self, rows: NDArray, targets: NDArray) -> Prepared:
        """Encode rows now, or, where that would take much memory, in the batches that need them."""
        many = len(rows) * self._bytes_an_input() > _ENCODED_BYTES
        return Prepared(EncodedOnDemand(rows, self._inputs) if many else self._inputs(rows), targets)

    def train(
        self,
        samples: Prepared,
        epochs: int,
        rng: Any = None,
        *,
        learning_rate: float | None = None,
        batch_size: int | None = None,
        proximal_mu: float = 0.0,
        loss: ScoreLoss | None = None,
        frozen: Collection[int] = (),
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        r"""Train on from the parameters as they are, as `partial_fit` does, on prepared samples.

        An interrupt (Ctrl-C) is passed on, and so are what the callback raises and the ValueError of a descent that leaves
        the finite numbers; the model keeps what it knew after the last whole epoch. `loss_curve_` holds the epochs of this
        call.

        Parameters
        ----------
        samples : Prepared
            From :meth:`prepare`.
        epochs : int
            Passes over them; of "l-bfgs" iterations.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; shuffles the batches.
        learning_rate, batch_size : optional
            For this call, instead of the model's own; None keeps those.
        proximal_mu : float, default 0
            Pull :math:`\mu` back to the parameters :math:`\theta_0` at the start of the call: what is minimised is
            :math:`L(\theta)+\tfrac{\mu}{2}\lVert\theta-\theta_0\rVert^2`. `loss_curve_` holds L alone.
        loss : callable, optional
            For this call, instead of the model's own: takes scores (N, n_scores) and the batch's targets, which may then be
            any array with a row for each sample, and returns the mean loss and its gradient in the scores.
        frozen : collection of int
            Which arrays of the parameters stay as they are, by their place in the list.
        sample_weight : array_like, shape (n_samples,), optional
            As in :meth:`fit`; not together with `loss`, which may weigh by what it takes as targets.
        """
        weights = as_sample_weight(sample_weight, samples.targets)
        if weights is not None and loss is not None:
            raise ValueError("sample_weight must be None with a loss of the call: let that weigh the rows itself")
        watch = self._train(
            samples,
            epochs,
            rng,
            learning_rate=learning_rate,
            batch_size=batch_size,
            proximal_mu=proximal_mu,
            loss=loss,
            frozen=frozen,
            weights=normalised(weights),
        )
        if watch.error is not None:
            raise watch.error
        return self

    def _train(
        self,
        samples: Prepared,
        epochs: int,
        rng: Any,
        *,
        learning_rate: float | None = None,
        batch_size: int | None = None,
        proximal_mu: float = 0.0,
        loss: ScoreLoss | None = None,
        frozen: Collection[int] = (),
        weights: Weights = None,
        held: tuple[Prepared, Weights] | None = None,
    ) -> Watch:
        start, mu = self.parameters_, as_real(proximal_mu, "proximal_mu", least=0)
        chosen, size = self._chosen(learning_rate, batch_size)
        needs_rng = size is not None or isinstance(chosen, SPSA)
        generator = as_generator(rng) if needs_rng else None
        watch = Watch(
            self.callback,
            None if held is None else partial(self._mean_loss, held[0], normalised(held[1])),
            self.tol,
            self.n_iter_no_change,
        )
        batches = Batches(self, samples, loss, weights, mu, _places(frozen, len(start)), chosen, generator)
        self.loss_curve_: list[float] = []
        with one_thread(), tqdm(**_BAR, total=epochs, disable=not self.progress) as bar:

            def after(parameters: Any, value: Any) -> bool:
                self.parameters_ = parameters
                self.loss_curve_.append(value)
                bar.update()
                return watch.stops(self, len(self.loss_curve_), value)

            try:
                descend(
                    batches,
                    start,
                    len(samples.targets),
                    optimizer=chosen,
                    epochs=epochs,
                    batch_size=size,
                    rng=generator,
                    after=after,
                    pull=batches.pull if mu else None,
                    reorder=batches.lay_out if samples.inputs.nbytes <= _LAID_OUT_BYTES else None,
                )
            finally:
                if watch.best is not None:
                    self.parameters_, self.validation_curve_ = watch.best, watch.curve
        return watch

    def _train_on(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, epochs: int, rng: Any
    ) -> Watch:
        """Train on from the parameters as they are, on rows as they come."""
        self._refuse_reshaping()
        samples = self._prepared(X, y)
        weights = self._class_weighted(as_sample_weight(sample_weight, samples.targets), samples.targets)
        return self._train(samples, epochs, rng, weights=normalised(weights))

    def _chosen(self, learning_rate: float | None, batch_size: int | None) -> tuple[Any, int | None]:
        """Return the optimizer of a call and its batch size, None for all samples."""
        chosen = as_optimizer(
            self.optimizer, self.learning_rate if learning_rate is None else learning_rate
        )
        whole = isinstance(chosen, LBFGS)
        for name, value, unused in (
            ("learning_rate", learning_rate, whole or not isinstance(self.optimizer, str)),
            ("batch_size", batch_size, whole),
        ):
            if unused and value is not None:
                raise ValueError(f"{name} must be None, not {value!r}: optimizer={self.optimizer!r} does not use it")
        return chosen, None if whole else self.batch_size if batch_size is None else batch_size

    def loss_and_gradient(
        self,
        parameters: Sequence[NDArray[np.float64]],
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> tuple[float, Arrays]:
        """Return the loss at `parameters`, the mean over the samples, and its exact gradients.

        Parameters
        ----------
        parameters : sequence of ndarray
            As :meth:`get_parameters` gives them.
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)
        sample_weight : array_like, shape (n_samples,), optional
            As in :meth:`fit`. (`class_weight` is heeded in training alone.)

        Returns
        -------
        loss : float
            Cross-entropy in nats, or the squared error in units of the targets' variance.
        gradients : list of ndarray, of the shapes of `parameters`
        """
        check_is_fitted(self)
        parameters = checked_parameters(parameters, [p.shape for p in self.parameters_])
        samples = self._prepared(X, y)
        weights = normalised(as_sample_weight(sample_weight, samples.targets))
        with one_thread():
            return self._step(parameters, *samples, None, weights)

    def _all_scores(self, X: ArrayLike) -> NDArray[np.float64]:
        check_is_fitted(self)
        rows = self._rows(X)
        self._warn_of_inputs(rows)
        with one_thread():
            return np.concatenate(
                [self._scores(self.parameters_, self._inputs(some))[0] for some in self._blocks(rows)]
            )

    def _blocks(self, rows: Any) -> list[Any]:
        """Part rows so that memory does not grow with their number."""
        size = max(1, _BLOCK // self._numbers_a_row())
        return [rows[start : start + size] for start in range(0, len(rows), size)]

    def _value(
        self, parameters: Arrays, inputs: Any, targets: NDArray, loss: ScoreLoss | None, weights: Weights
    ) -> float:
        """Return the loss alone, of any number of samples."""
        blocks = self._blocks(inputs)
        scores = np.concatenate([self._scores(parameters, encoded(some))[0] for some in blocks])
        return (self._loss(scores, targets, weights) if loss is None else loss(scores, targets))[0]

    def _mean_loss(self, samples: Prepared, weights: Weights = None) -> float:
        """Return the loss at the parameters as they are."""
        with one_thread():
            return self._value(self.parameters_, *samples, None, weights)

    def _check_options(self) -> None:
        """Look at every option of the training before any work."""
        as_optimizer(self.optimizer, self.learning_rate)
        as_count(self.epochs, "epochs")
        if self.batch_size is not None:
            as_count(self.batch_size, "batch_size")
        refuse_ignored(self)
        if not 0 < as_real(self.validation_fraction, "validation_fraction") < 1:
            raise ValueError(f"validation_fraction must lie between 0 and 1, not {self.validation_fraction}")
        as_real(self.tol, "tol", least=0)
        as_count(self.n_iter_no_change, "n_iter_no_change")
        if self.callback is not None and not callable(self.callback):
            raise TypeError(
                f"callback must be None or a function of model, epoch and loss, not {self.callback!r}"
            )

    def _open(self, n_features: int, rng: np.random.Generator) -> None:
        """Draw the first parameters, once everything that a later step could refuse has been looked at."""
        self.n_features_in_ = as_count(n_features, "n_features")
        self._check_options()
        self.parameters_ = self._start(rng)
        self._shaped_by = self._shape_options()
        if self.initial is not None:
            self.set_parameters(self.initial)

    def _warn_if_worse(self, first: float, samples: Prepared, weights: Weights) -> bool:
        """Say, and return whether, training ends by more than a tenth above where it began and above the best constant.

        Finite numbers can be lost too.

        Not the first epoch is where it began: with large steps its mean has climbed already. Nor does the last one tell
        where it ends: one more step follows.
        """
        last = self._mean_loss(samples, weights)
        constant, _ = self._loss(self._constant_scores(samples.targets, weights), samples.targets, weights)
        worse = last > _CLIMBED * max(first, constant)
        if worse:
            warnings.warn(
                f"the loss rose from {first:.3g} to {last:.3g} in training (a constant has {constant:.3g}): "
                f"learning_rate={self.learning_rate:g} is most likely too large",
                ConvergenceWarning,
                stacklevel=level_of_caller(),
            )
        return worse

    def _warn_if_unfinished(self, watch: Watch) -> None:
        """Say when the epochs ended before the training did."""
        ran = len(self.loss_curve_)
        if ran < self.epochs:  # something stopped it: it was asked to, or there was nothing left to gain
            return
        if watch.held_out_loss is not None:
            if not watch.settled:
                warnings.warn(
                    f"all {ran} epochs are used up and the held-out loss has not stopped to fall for "
                    f"n_iter_no_change={self.n_iter_no_change} of them: give more epochs",
                    ConvergenceWarning,
                    stacklevel=level_of_caller(),
                )
        elif still_falls(self.loss_curve_):
            warnings.warn(
                f"the loss still falls as fast as in the mean of its {ran} epochs, from {self.loss_curve_[0]:.3g} to "
                f"{self.loss_curve_[-1]:.3g}: give more epochs, or a larger learning_rate",
                ConvergenceWarning,
                stacklevel=level_of_caller(),
            )

    def _shape_options(self) -> dict[str, Any]:
        return {name: value for name, value in self.get_params(deep=False).items() if name not in _MAY_CHANGE}

    def _refuse_reshaping(self) -> None:
        """Say what was set since the model got its shape: training on cannot heed it."""
        for name, value in self._shape_options().items():
            was = self._shaped_by[name]
            if value is not was and repr(value) != repr(was):
                raise ValueError(
                    f"{name} must stay {was!r} while a model is trained on, not {value!r}: its parameters have the "
                    "shape that it gave them. Call fit, which starts anew"
                )

    def _step(
        self,
        parameters: Arrays,
        inputs: Any,
        targets: NDArray,
        loss: ScoreLoss | None = None,
        weights: Weights = None,
    ) -> tuple[float, Arrays]:
        if isinstance(inputs, EncodedOnDemand):
            return self._step_in_blocks(parameters, inputs, targets, loss, weights)
        scores, pull_back = self._scores(parameters, inputs)
        value, gradient = self._loss(scores, targets, weights) if loss is None else loss(scores, targets)
        return value, pull_back(gradient)

    def _step_in_blocks(
        self,
        parameters: Arrays,
        inputs: EncodedOnDemand,
        targets: NDArray,
        loss: ScoreLoss | None,
        weights: Weights,
    ) -> tuple[float, Arrays]:
        """Return what :meth:`_step` does: the mean over blocks, each as heavy as it is long."""
        total, sums, n = 0.0, [np.zeros_like(p) for p in parameters], len(targets)
        own = [None] * n if weights is None else weights
        for some, of, by in zip(*map(self._blocks, (inputs, targets, own)), strict=True):
            value, gradients = self._step(
                parameters, some.encoded(), of, loss, None if weights is None else by
            )
            total += value * (len(of) / n)
            sums = [s + g * (len(of) / n) for s, g in zip(sums, gradients, strict=True)]
        return total, sums


def _places(frozen: Collection[int], n_arrays: int) -> set[int]:
    """Return which arrays of the parameters stay as they are, or say which there are."""
    places = set(frozen)
    if unknown := sorted(places - set(range(n_arrays))):
        raise ValueError(
            f"frozen must hold places in the list of {n_arrays} arrays of parameters, 0 to {n_arrays - 1}, not {unknown[0]}"
        )
    return places
