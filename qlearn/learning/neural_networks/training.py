"""Training by gradients: what every such model shares, whose parameters are a list of arrays."""

import warnings
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import is_classifier
from tqdm import tqdm

from qlearn._checks import as_count, as_real
from qlearn.learning._estimators import as_generator, restored_on_error
from qlearn.learning._threads import one_thread
from qlearn.learning.neural_networks._batches import Batches, places_of
from qlearn.learning.neural_networks._contents import MAY_CHANGE, contents
from qlearn.learning.neural_networks._convergence import warn_if_unfinished, warn_if_worse
from qlearn.learning.neural_networks._descent import as_optimizer, descend, refuse_ignored
from qlearn.learning.neural_networks._watch import Watch, held_out
from qlearn.learning.neural_networks._weights import Weights, as_sample_weight, normalised
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.optimizers import Optimizer, completed
from qlearn.learning.neural_networks.scored_model import Prepared, ScoredModel, ScoreLoss
from qlearn.learning.neural_networks.spsa import SPSA

_BAR: dict[str, Any] = {"desc": "training", "unit": "epoch", "leave": False}

_LAID_OUT_BYTES = 2**26
"""Samples up to this size are laid out anew for every epoch: one more copy of them, and no gathering in every step."""


class GradientModel(ScoredModel):
    """A model whose parameters are a list of arrays, trained by exact gradients or by values alone."""

    train_options: tuple[str, ...] = ("learning_rate", "batch_size", "proximal_mu")
    """What one call of :meth:`train` may be told besides its epochs."""
    validation_curve_: list[float]

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
            the best constant: the steps are too large. If 50 iterations of "l-bfgs" or more are used up and the last fifth
            still lowered the loss by more than a hundredth of it. With `early_stopping`: if the epochs ended
            before the held-out rows had stopped to gain.
        """
        # Of an interrupt between the epochs the training itself takes care; before them nothing has been learned.
        with restored_on_error(self):
            watch = self._fit(X, y, sample_weight)
        if watch is not None and watch.error is not None:
            raise watch.error
        return self

    def _fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Watch | None:
        again = self.warm_start and hasattr(self, "parameters_")
        n_features = self.n_features_in_ if again else None
        rows, targets = self._validated(X, y)
        weights = as_sample_weight(sample_weight, rows)
        if weights is not None:  # what counts nothing is not there: not in the batches, not among the classes
            rows, targets, weights = rows[weights > 0], targets[weights > 0], weights[weights > 0]
        rng = as_generator(self.random_state)
        # From a stream of its own: where random_state is a number, a warm start holds the same rows out again.
        apart_by = rng.spawn(1)[0] if self.early_stopping else rng
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
            apart = held_out(numbers, self.validation_fraction, apart_by, by_class=is_classifier(self))
            held = (
                self._encoded_later(rows[apart], numbers[apart]),
                None if weights is None else weights[apart],
            )
            rows, numbers = rows[~apart], numbers[~apart]
            weights = None if weights is None else weights[~apart]
        samples, weights = self._encoded_later(rows, numbers), normalised(weights)
        first = self._mean_loss(samples, weights)
        try:
            watch = self._train(samples, self.epochs, rng, weights=weights, held=held)
            if watch.error is None and not warn_if_worse(self, first, samples, weights):
                warn_if_unfinished(self, watch)
        except KeyboardInterrupt:
            warnings.warn(f"interrupted after {len(self.loss_curve_)} of {self.epochs} epochs", stacklevel=4)
            return None
        return watch

    def _refuse_other(self, n_features: int | None, targets: NDArray) -> None:
        """Say what differs from the first fit: a warm start goes on with its parameters."""
        if self.n_features_in_ != n_features:
            raise ValueError(
                f"X must have {n_features} features as in the first fit, not {self.n_features_in_}: with "
                "warm_start=True its parameters are trained on. Set warm_start=False to start anew"
            )
        self._refuse_reshaping()

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
            raise ValueError(
                "sample_weight must be None with a loss of the call: let that weigh the rows itself"
            )
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
        draws = self._draws() or size is not None or isinstance(chosen, SPSA)
        generator = as_generator(rng) if draws else None
        watch = Watch(
            self.callback,
            None if held is None else partial(self._mean_loss, held[0], normalised(held[1])),
            self.tol,
            self.n_iter_no_change,
        )
        batches = Batches(self, samples, loss, weights, mu, places_of(frozen, len(start)), chosen, generator)
        self.loss_curve_: list[float] = []
        self.__dict__.pop("validation_curve_", None)  # that of another training says nothing of this one
        # Even a bar that shows nothing takes as long to make as some steps.
        shown: Any = tqdm(total=epochs, **_BAR) if self.progress else nullcontext()
        with one_thread(), self._running(generator), shown as bar:

            def after(parameters: Any, value: Any) -> bool:
                self.parameters_ = parameters
                self.loss_curve_.append(value)
                if bar is not None:
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
        chosen = as_optimizer(self.optimizer, self.learning_rate if learning_rate is None else learning_rate)
        whole = isinstance(chosen, LBFGS)
        for name, value, unused in (
            ("learning_rate", learning_rate, whole or not isinstance(self.optimizer, str)),
            ("batch_size", batch_size, whole),
        ):
            if unused and value is not None:
                raise ValueError(
                    f"{name} must be None, not {value!r}: optimizer={self.optimizer!r} does not use it"
                )
        return chosen, None if whole else self.batch_size if batch_size is None else batch_size

    def _check_options(self) -> None:
        """Look at every option of the training before any work."""
        as_optimizer(self.optimizer, self.learning_rate)
        as_count(self.epochs, "epochs")
        if self.batch_size is not None:
            as_count(self.batch_size, "batch_size")
        for name in ("early_stopping", "warm_start"):
            if not isinstance(value := getattr(self, name), bool | np.bool_):
                raise TypeError(f"{name} must be True or False, not {value!r}")
        if not 0 < as_real(self.validation_fraction, "validation_fraction") < 1:
            raise ValueError(f"validation_fraction must lie between 0 and 1, not {self.validation_fraction}")
        as_real(self.tol, "tol", least=0)
        as_count(self.n_iter_no_change, "n_iter_no_change")
        refuse_ignored(self)
        if self.callback is not None and not callable(self.callback):
            raise TypeError(
                f"callback must be None or a function of model, epoch and loss, not {self.callback!r}"
            )

    def _open(self, n_features: int, rng: np.random.Generator) -> None:
        """Draw the first parameters, once everything that a later step could refuse has been looked at."""
        self.n_features_in_ = as_count(n_features, "n_features")
        self._check_options()
        self.parameters_ = self._start(rng)
        # As they are now: a list or a mapping may be changed where it is.
        self._shaped_by = {
            name: (contents(value), repr(value)) for name, value in self._shape_options().items()
        }
        if self.initial is not None:
            self.set_parameters(completed(self.initial, self.parameters_))

    def _shape_options(self) -> dict[str, Any]:
        return {name: value for name, value in self.get_params(deep=False).items() if name not in MAY_CHANGE}

    def _refuse_reshaping(self) -> None:
        """Say what was set since the model got its shape: training on cannot heed it."""
        for name, value in self._shape_options().items():
            was, said = self._shaped_by[name]
            if contents(value) != was:
                other = repr(value) if repr(value) != said else "another one that is written alike"
                raise ValueError(
                    f"{name} must stay {said} while a model is trained on, not {other}: its parameters have the "
                    "shape that it gave them. Call fit, which starts anew"
                )
