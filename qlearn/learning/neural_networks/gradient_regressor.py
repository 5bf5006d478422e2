r"""What every regressor trained by gradients shares: targets in their own unit, learned in one of size 1."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_array

from qlearn._checks import as_count
from qlearn.learning.neural_networks.descent import as_generator
from qlearn.learning.neural_networks.gradient_model import GradientModel
from qlearn.learning.neural_networks.squared_error import squared_error
from qlearn.learning.sklearn_checks import kept_if_refused, refuse_times


class GradientRegressor(RegressorMixin, GradientModel):
    r"""A regressor whose parameters are a list of arrays, trained by exact gradients of the squared error.

    Targets are learned in a unit of their own, :math:`t = (y - m)/d` with mean m and standard deviation d of
    the targets of the first fit, so that the step of the optimiser fits kilometres and millimetres alike. The
    loss is then :math:`1 - R^2` on the training samples, summed over the outputs.

    Taught in :doc:`/learning/neural_networks`.
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

        Raises
        ------
        ValueError
            If an argument of the estimator does not fit.
        """
        k = as_count(n_outputs, "n_outputs")
        with kept_if_refused(self):
            self.target_mean_, self.target_scale_, self._flat = np.zeros(k), np.ones(k), k == 1
            self._open(n_features, as_generator(self.random_state if rng is None else rng))
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, *, epochs: int = 1, rng: Any = None) -> Self:
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

        Returns
        -------
        self
        """
        generator = as_generator(self.random_state if rng is None else rng)
        with kept_if_refused(self):
            if not hasattr(self, "parameters_"):
                rows, targets = self._validated(X, y)
                self._learn_targets(targets)
                self._open(rows.shape[1], generator)
            self._refuse_reshaping()
            return self.train(self.prepare(X, y), epochs, generator)

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

    def _learn_targets(self, y: NDArray) -> None:
        columns = y.reshape(len(y), -1)
        # In a unit of their own size first: the square of 1e200 is no number, nor that of 1e-200.
        unit = np.ldexp(1.0, np.frexp(np.abs(columns).max(axis=0))[1] - 1)
        scale = unit * (columns / unit).std(axis=0)
        self.target_mean_, self._flat = unit * (columns / unit).mean(axis=0), y.ndim == 1
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

    def _loss(self, scores: NDArray[np.float64], targets: NDArray) -> tuple[float, NDArray[np.float64]]:
        return squared_error(scores, targets)
