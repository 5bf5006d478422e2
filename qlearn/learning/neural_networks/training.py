"""Training by gradients: what every such model shares, whose parameters are a list of arrays."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
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
from qlearn.learning.neural_networks.layers import Pullback
from qlearn.learning.neural_networks.optimizers import (
    checked_parameters,
    epochs_of,
    new_optimizer,
)

_MAY_CHANGE = ("optimizer", "learning_rate", "epochs", "batch_size", "initial", "random_state", "progress")
"""Options that are asked for again at each training; all others gave the model its shape."""

_CLIMBED = 1.1
"""A last loss so many times that of the start and that of a constant was not trained: what batches do is less."""

_BLOCK = 2**22
"""Numbers that scores may need at a time: 64 MiB of complex ones."""

_LAID_OUT_BYTES = 0
"""Samples up to this size are laid out anew for every epoch: one more copy of them, and no gathering in every step."""


ScoreLoss = Callable[[NDArray[np.float64], Any], tuple[float, NDArray[np.float64]]]
"""What takes scores and targets, and returns the mean loss and its gradient in the scores."""


class Prepared(NamedTuple):
    """Samples as a model works on them: encoded once, checked once; row i of both is sample i."""

    inputs: NDArray
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
        optimizer: str = "adam",
        learning_rate: float = 0.05,
        epochs: int = 50,
        batch_size: int | None = 32,
        initial: Sequence[ArrayLike] | None = None,
        random_state: Any = None,
        progress: bool = False,
    ) -> None:
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.initial = initial
        self.random_state = random_state
        self.progress = progress

    @abstractmethod
    def _start(self, rng: np.random.Generator) -> Arrays: ...

    @abstractmethod
    def _scores(self, parameters: Arrays, inputs: NDArray) -> tuple[NDArray[np.float64], Pullback]: ...

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
        """Return rows and targets of a first fit, checked; a classifier also counts the classes."""
        return validate_valued(self, X, y)

    @abstractmethod
    def _learn_targets(self, y: NDArray) -> None:
        """Take note of what the targets are: classes, or their number and unit."""

    @abstractmethod
    def _targets(self, y: ArrayLike) -> NDArray:
        """Return targets as the loss takes them; refuse those that the model has not been told of."""

    @abstractmethod
    def _loss(self, scores: NDArray[np.float64], targets: NDArray) -> tuple[float, NDArray[np.float64]]: ...

    @property
    @abstractmethod
    def n_scores_(self) -> int:
        """Number of scores that the model gives each sample."""

    def _constant_scores(self, targets: NDArray) -> NDArray[np.float64]:
        """Return the scores of the best answer that is the same for all samples; zero is the mean of the targets."""
        return np.zeros((len(targets), self.n_scores_))

    def _warn_of_inputs(self, X: NDArray) -> None:
        """Warn of rows that the model takes and will not do well with: once for all of them."""

    def _inputs(self, X: NDArray) -> NDArray:
        return X

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

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train from the start: from `initial` where it is given, else from random parameters.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)

        Returns
        -------
        self

        Warns
        -----
        ConvergenceWarning
            If the loss after training is more than a tenth above the one before training, and more than a tenth above that of
            the best constant: the steps are too large.
        """
        with restored_on_error(self):
            rows, targets = self._validated(X, y)
            rng = as_generator(self.random_state)
            self._learn_targets(targets)
            self._open(rows.shape[1], rng)
            self._warn_of_inputs(rows)
            samples = Prepared(self._inputs(rows), self._targets(targets))
            first = self._mean_loss(samples)
            try:
                self.train(samples, self.epochs, rng)
                self._warn_if_worse(first, samples)
                return self
            except KeyboardInterrupt:
                warnings.warn(
                    f"interrupted after {len(self.loss_curve_)} of {self.epochs} epochs", stacklevel=2
                )
                return self

    def prepare(self, X: ArrayLike, y: ArrayLike) -> Prepared:
        """Check samples, as `partial_fit` does, and encode them once for many calls of :meth:`train`."""
        check_is_fitted(self)
        rows, targets = self._rows(X), self._targets(y)
        check_consistent_length(rows, targets)
        self._warn_of_inputs(rows)
        return Prepared(self._inputs(rows), targets)

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
    ) -> Self:
        r"""Train on from the parameters as they are, as `partial_fit` does, on prepared samples.

        An interrupt (Ctrl-C) is passed on, and so is the ValueError of a descent that leaves the finite numbers; the
        model keeps what it knew after the last whole epoch. `loss_curve_` holds the epochs of this call.

        Parameters
        ----------
        samples : Prepared
            From :meth:`prepare`.
        epochs : int
            Passes over them.
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
        """
        inputs, targets = samples
        still = _places(frozen, len(self.parameters_))
        mu = as_real(proximal_mu, "proximal_mu", least=0)
        start = self.parameters_
        size = self.batch_size if batch_size is None else batch_size

        # Annotations of inner functions are evaluated at each call: plain names cost nothing.
        def laid_out(order: Any) -> None:
            nonlocal inputs, targets
            inputs, targets = samples.inputs.take(order, axis=0), samples.targets.take(order, axis=0)

        def step(parameters: Any, rows: Any) -> Any:
            return self._step(parameters, inputs[rows], targets[rows])

        def altered_step(parameters: Any, rows: Any) -> Any:
            own = () if loss is None else (loss,)
            value, gradients = self._step(parameters, inputs[rows], targets[rows], *own)
            pulled = [g + mu * (p - s) for g, p, s in zip(gradients, parameters, start, strict=True)]
            return value, [np.zeros_like(g) if k in still else g for k, g in enumerate(pulled)]

        epoch = epochs_of(
            altered_step if mu or still or loss is not None else step,
            start,
            len(targets),
            optimizer=new_optimizer(
                self.optimizer, self.learning_rate if learning_rate is None else learning_rate
            ),
            epochs=epochs,
            batch_size=size,
            rng=None if size is None else as_generator(rng),
            reorder=laid_out if inputs.nbytes <= _LAID_OUT_BYTES else None,
        )
        self.loss_curve_: list[float] = []
        with one_thread():
            bar = tqdm(epoch, "training", epochs, unit="epoch", leave=False) if self.progress else epoch
            for self.parameters_, value in bar:
                self.loss_curve_.append(value)
        return self

    def loss_and_gradient(
        self, parameters: Sequence[NDArray[np.float64]], X: ArrayLike, y: ArrayLike
    ) -> tuple[float, Arrays]:
        """Return the loss at `parameters`, the mean over the samples, and its exact gradients.

        Parameters
        ----------
        parameters : sequence of ndarray
            As :meth:`get_parameters` gives them.
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)

        Returns
        -------
        loss : float
            Cross-entropy in nats, or the squared error in units of the targets' variance.
        gradients : list of ndarray, of the shapes of `parameters`
        """
        check_is_fitted(self)
        parameters = checked_parameters(parameters, [p.shape for p in self.parameters_])
        with one_thread():
            return self._step(parameters, *self.prepare(X, y))

    def _all_scores(self, X: ArrayLike) -> NDArray[np.float64]:
        check_is_fitted(self)
        rows = self._rows(X)
        self._warn_of_inputs(rows)
        with one_thread():
            return np.concatenate(
                [self._scores(self.parameters_, self._inputs(some))[0] for some in self._blocks(rows)]
            )

    def _blocks(self, rows: NDArray) -> list[NDArray]:
        """Part rows so that memory does not grow with their number."""
        size = max(1, _BLOCK // self._numbers_a_row())
        return [rows[start : start + size] for start in range(0, len(rows), size)]

    def _mean_loss(self, samples: Prepared) -> float:
        """Return the loss at the parameters as they are."""
        with one_thread():
            scores = [self._scores(self.parameters_, some)[0] for some in self._blocks(samples.inputs)]
        return self._loss(np.concatenate(scores), samples.targets)[0]

    def _open(self, n_features: int, rng: np.random.Generator) -> None:
        """Draw the first parameters, once everything that a later step could refuse has been looked at."""
        self.n_features_in_ = as_count(n_features, "n_features")
        new_optimizer(self.optimizer, self.learning_rate)
        as_count(self.epochs, "epochs")
        if self.batch_size is not None:
            as_count(self.batch_size, "batch_size")
        self.parameters_ = self._start(rng)
        self._shaped_by = self._shape_options()
        if self.initial is not None:
            self.set_parameters(self.initial)

    def _warn_if_worse(self, first: float, samples: Prepared) -> None:
        """Say when training ends by more than a tenth above where it began and above the best constant.

        Finite numbers can be lost too.

        Not the first epoch is where it began: with large steps its mean has climbed already. Nor does the last one tell
        where it ends: one more step follows.
        """
        last = self._mean_loss(samples)
        constant, _ = self._loss(self._constant_scores(samples.targets), samples.targets)
        if last > _CLIMBED * max(first, constant):
            warnings.warn(
                f"the loss rose from {first:.3g} to {last:.3g} in training (a constant has {constant:.3g}): "
                f"learning_rate={self.learning_rate:g} is most likely too large",
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
        self, parameters: Arrays, inputs: NDArray, targets: NDArray, loss: ScoreLoss | None = None
    ) -> tuple[float, Arrays]:
        scores, pull_back = self._scores(parameters, inputs)
        value, gradient = self._loss(scores, targets) if loss is None else loss(scores, targets)
        return value, pull_back(gradient)


def _places(frozen: Collection[int], n_arrays: int) -> set[int]:
    """Return which arrays of the parameters stay as they are, or say which there are."""
    places = set(frozen)
    if unknown := sorted(places - set(range(n_arrays))):
        raise ValueError(
            f"frozen must hold places in the list of {n_arrays} arrays of parameters, 0 to {n_arrays - 1}, not {unknown[0]}"
        )
    return places
