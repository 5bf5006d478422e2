"""A scored model: parameters in a list of arrays give each sample scores, a loss, and the loss's exact gradients."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from qlearn._types import Arrays
from qlearn.learning._estimators import NestedParameters, validate_rows, validate_valued
from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks._on_demand import EncodedOnDemand, encoded
from qlearn.learning.neural_networks._weights import Weights, as_sample_weight, normalised
from qlearn.learning.neural_networks.layers import Pullback
from qlearn.learning.neural_networks.optimizers import checked_parameters

_BLOCK = 2**22
"""Numbers that scores may need at a time: 64 MiB of complex ones."""

_ENCODED_BYTES = 2**26
"""Samples that would take more than so much as inputs are encoded in the batches that need them."""

ScoreLoss = Callable[[NDArray[np.float64], Any], tuple[float, NDArray[np.float64]]]
"""What takes scores and targets, and returns the mean loss and its gradient in the scores."""


class Prepared(NamedTuple):
    """Samples as a model works on them: encoded once, checked once; row i of both is sample i."""

    inputs: Any
    targets: NDArray


class ScoredModel(NestedParameters, ABC):
    """A model whose parameters are a list of arrays, and whose scores have exact gradients in them.

    A classifier or regressor says what targets are (`_learn_targets`, `_targets`) and how far scores are from
    them (`_loss`). A model says how features become inputs (`_inputs`, whose rows are samples), where the
    parameters start (`_start`), and how parameters and inputs give scores and pull a gradient back
    (`_scores`), with how many numbers a row (`_numbers_a_row`).
    """

    parameters_: Arrays

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

    def _inputs(self, X: NDArray) -> Any:
        return X

    def _inputs_are_arrays(self) -> bool:
        """Return whether inputs can be parted row by row: circuits cannot, and are made batch by batch."""
        return True

    def _draws(self) -> bool:
        """Return whether scores are drawn at random."""
        return False

    def _running(self, rng: Any = None) -> AbstractContextManager[Any]:
        """Make ready what reads the circuit, for one call."""
        return nullcontext()

    def _bytes_an_input(self) -> int:
        """Return the bytes of one row's inputs, or of its states on the way where it is not followed among many at once."""
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

    def prepare(self, X: ArrayLike, y: ArrayLike) -> Prepared:
        """Check samples, as `partial_fit` does, and encode them once for many calls of :meth:`train`."""
        samples = self._prepared(X, y)
        return samples._replace(inputs=encoded(samples.inputs)) if self._inputs_are_arrays() else samples

    def _prepared(self, X: ArrayLike, y: ArrayLike) -> Prepared:
        check_is_fitted(self)
        rows, targets = self._rows(X), self._targets(y)
        check_consistent_length(rows, targets)
        self._warn_of_inputs(rows)
        return self._encoded_later(rows, targets)

    def _encoded_later(self, rows: NDArray, targets: NDArray) -> Prepared:
        """Encode rows now, or, where that would take much memory, in the batches that need them."""
        later = not self._inputs_are_arrays() or len(rows) * self._bytes_an_input() > _ENCODED_BYTES
        return Prepared(EncodedOnDemand(rows, self._inputs) if later else self._inputs(rows), targets)

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
        with one_thread(), self._running():
            return self._step(parameters, *samples, None, weights)

    def _all_scores(self, X: ArrayLike) -> NDArray[np.float64]:
        check_is_fitted(self)
        rows = self._rows(X)
        self._warn_of_inputs(rows)
        with one_thread(), self._running():
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
        with one_thread(), self._running():
            return self._value(self.parameters_, *samples, None, weights)

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
