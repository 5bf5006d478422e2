"""Gradient descent over a list of arrays, in batches: stochastic gradient descent (SGD) and Adam."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn._types import Arrays


class Optimizer(Protocol):
    """Anything that turns parameters and their gradients into better parameters."""

    def step(self, parameters: Arrays, gradients: Arrays) -> Arrays:
        """Return the next parameters; the given ones are not changed."""
        ...


class SGD:
    r"""Plain gradient descent, :math:`\theta \leftarrow \theta - \eta\, g`; with momentum it keeps a velocity.

    .. math:: v \leftarrow \mu v - \eta\, g, \qquad \theta \leftarrow \theta + v
              \quad\text{or, Nesterov's,}\quad \theta \leftarrow \theta + \mu v - \eta\, g

    Parameters
    ----------
    learning_rate : float
        Step :math:`\eta`, above 0.
    momentum : float
        Share :math:`\mu` of the velocity that a step keeps, from 0 to below 1.
    nesterov : bool
        Whether a step looks ahead along the velocity, as scikit-learn's networks do.

    Examples
    --------
    >>> import numpy as np
    >>> SGD(0.5).step([np.array([1.0, 2.0])], [np.array([1.0, 0.0])])
    [array([0.5, 2. ])]
    >>> heavy = SGD(0.5, momentum=0.5)
    >>> first = heavy.step([np.array([1.0])], [np.array([1.0])])
    >>> heavy.step(first, [np.array([0.0])])  # no slope, and it rolls on
    [array([0.25])]

    References
    ----------
    Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013.
    """

    def __init__(self, learning_rate: float = 0.1, momentum: float = 0.0, nesterov: bool = False) -> None:
        self.learning_rate = _positive(learning_rate)
        if not 0 <= as_real(momentum, "momentum") < 1:
            raise ValueError(
                f"momentum must lie in 0 to below 1, not {momentum}: it is the share of the velocity that is kept"
            )
        if nesterov and not momentum:
            raise ValueError(
                "nesterov=True looks ahead along the velocity: give a momentum above 0, such as 0.9"
            )
        self.momentum, self.nesterov = float(momentum), nesterov
        self._velocity: Arrays | None = None

    def __repr__(self) -> str:
        return f"SGD(learning_rate={self.learning_rate!r})"

    def step(self, parameters: Arrays, gradients: Arrays) -> Arrays:
        """Return the next parameters; the given ones are not changed."""
        rate, kept = self.learning_rate, self.momentum
        if not kept:
            return [p - rate * g for p, g in zip(parameters, gradients, strict=True)]
        before = self._velocity or [np.zeros_like(g) for g in gradients]
        self._velocity = [kept * v - rate * g for v, g in zip(before, gradients, strict=True)]
        if not self.nesterov:
            return [p + v for p, v in zip(parameters, self._velocity, strict=True)]
        moved = zip(parameters, self._velocity, gradients, strict=True)
        return [p + kept * v - rate * g for p, v, g in moved]


class Adam:
    r"""Adam: descent with a running mean of the gradient, scaled by a running mean of its square.

    .. math:: m \leftarrow b_1 m + (1-b_1) g, \quad v \leftarrow b_2 v + (1-b_2) g^2, \quad
              \theta \leftarrow \theta - \eta\, \frac{m / (1-b_1^t)}{\sqrt{v / (1-b_2^t)} + \epsilon}

    Parameters
    ----------
    learning_rate : float
        Step :math:`\eta`, above 0; the first step moves each parameter by very nearly this much.
    decay : tuple of two floats
        :math:`b_1` and :math:`b_2`.
    epsilon : float
        Keeps the division finite.

    Examples
    --------
    >>> import numpy as np
    >>> Adam(0.5).step([np.array([1.0, 2.0])], [np.array([1e-3, -7.0])])[0].round(4)
    array([0.5, 2.5])

    References
    ----------
    Kingma, Ba, "Adam: a method for stochastic optimization", 2015, arXiv:1412.6980, algorithm 1.
    """

    def __init__(
        self, learning_rate: float = 0.05, decay: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8
    ) -> None:
        self.learning_rate, self.decay, self.epsilon = _positive(learning_rate), decay, epsilon
        self._mean: NDArray[np.float64] | None = None
        self._square: NDArray[np.float64] | None = None
        self._steps = 0

    def __repr__(self) -> str:
        return f"Adam(learning_rate={self.learning_rate!r}, decay={self.decay!r}, epsilon={self.epsilon!r})"

    def step(self, parameters: Arrays, gradients: Arrays) -> Arrays:
        """Return the next parameters; the given ones are not changed."""
        # One long array for all, changed in place: of small arrays the steps cost more than the numbers.
        g = np.concatenate([each.ravel() for each in gradients])
        if self._mean is None or self._square is None:
            self._mean, self._square = np.zeros(g.size), np.zeros(g.size)
        first, second = self.decay
        self._steps += 1
        self._mean *= first
        self._mean += (1 - first) * g
        squared = (1 - second) * g
        squared *= g
        self._square *= second
        self._square += squared
        # The running means start at zero; both corrections are numbers, so they fold into the step.
        unbias = math.sqrt(1 - second**self._steps)
        rate = self.learning_rate * unbias / (1 - first**self._steps)
        moved, root = rate * self._mean, np.sqrt(self._square)
        root += self.epsilon * unbias
        moved /= root
        found, stop = [], 0
        for p in parameters:
            start, stop = stop, stop + p.size
            found.append(p - moved[start:stop].reshape(p.shape))
        return found


OPTIMIZERS: dict[str, type[SGD] | type[Adam]] = {"adam": Adam, "sgd": SGD}


def new_optimizer(name: str, learning_rate: float) -> Optimizer:
    """Return a fresh optimizer, without memory of earlier steps.

    Examples
    --------
    >>> import numpy as np
    >>> new_optimizer("sgd", 0.5).step([np.array([1.0])], [np.array([1.0])])
    [array([0.5])]
    """
    if name not in list(OPTIMIZERS):
        raise ValueError(f"optimizer must be one of {', '.join(OPTIMIZERS)}, not {name!r}")
    return OPTIMIZERS[name](learning_rate)


def _positive(learning_rate: float) -> float:
    if as_real(learning_rate, "learning_rate") <= 0:
        raise ValueError(
            f"learning_rate must be above 0, not {learning_rate}: the step goes down the gradient"
        )
    return float(learning_rate)


Loss = Callable[[Arrays, NDArray[np.intp] | slice], tuple[float, Arrays]]


def epochs_of(
    loss: Loss,
    parameters: Sequence[NDArray[np.float64]],
    n_samples: int,
    *,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None,
    rng: np.random.Generator | None,
    reorder: Callable[[NDArray[np.intp]], None] | None = None,
) -> Iterator[tuple[Arrays, float]]:
    """Yield the parameters and the mean loss after each epoch of a descent in batches.

    Parameters
    ----------
    loss : callable
        Takes the parameters and the rows of a batch (an index array, or a slice for all of them); returns
        the mean loss and its gradients, one array for each parameter.
    parameters : sequence of ndarray
        Where to start; not changed.
    n_samples : int
        Number of samples.
    optimizer : Optimizer
        Makes the steps.
    epochs : int
        Passes over the samples.
    batch_size : int or None
        Samples in a step, drawn without replacement in each epoch; None, or as many as there are, takes all.
    rng : numpy.random.Generator or None
        Shuffles the samples; None only where each step takes all of them.
    reorder : callable, optional
        Told the order of the samples before each epoch in batches; the rows of a batch are then a slice of that order,
        so that who has laid his samples out in it need not gather them for every step.

    Returns
    -------
    iterator of (list of ndarray, float)
        After each epoch: the parameters, and the mean loss of the epoch's samples, each measured just before
        its step. Who stops early keeps the last ones.

    Examples
    --------
    >>> import numpy as np
    >>> bowl = lambda p, rows: (float(p[0] @ p[0]), [2 * p[0]])
    >>> for found, value in epochs_of(bowl, [np.array([1.0, -2.0])], 1, optimizer=SGD(0.25), epochs=2,
    ...                            batch_size=None, rng=np.random.default_rng(0)):
    ...     print(found[0], value)
    [ 0.5 -1. ] 5.0
    [ 0.25 -0.5 ] 1.25
    """
    as_count(epochs, "epochs")
    if batch_size is not None and rng is None:
        raise ValueError("rng must be a generator, not None: it draws what is in each batch")
    size = n_samples if batch_size is None else min(as_count(batch_size, "batch_size"), n_samples)
    return _epochs(loss, list(parameters), n_samples, optimizer, epochs, size, rng, reorder)


def _epochs(
    loss: Loss,
    found: Arrays,
    n_samples: int,
    optimizer: Optimizer,
    epochs: int,
    size: int,
    rng: np.random.Generator | None,
    reorder: Callable[[NDArray[np.intp]], None] | None,
) -> Iterator[tuple[Arrays, float]]:
    for _ in range(epochs):
        order = rng.permutation(n_samples) if rng is not None and size < n_samples else None
        if order is not None and reorder is not None:
            reorder(order)
        total = 0.0
        for start in range(0, n_samples, size):
            stop = min(start + size, n_samples)
            if order is None:
                rows: NDArray[np.intp] | slice = slice(None)
            else:
                rows = order[start:stop] if reorder is None else slice(start, stop)
            value, gradients = loss(found, rows)
            found = optimizer.step(found, gradients)
            total += value * (stop - start)
        refuse_divergence(found, total, optimizer)
        yield found, total / n_samples


def _finite(p: NDArray[np.float64]) -> bool:
    """Tell whether all numbers are finite: their sum of squares says so at once; where it overflows, each is looked at."""
    return math.isfinite(np.vdot(p, p)) or bool(np.isfinite(p).all())


def refuse_divergence(found: Arrays, total: float, optimizer: object) -> None:
    """Stop a descent that has left the numbers, as scikit-learn does: NaN would predict the first class for all."""
    if not (math.isfinite(total) and all(map(_finite, found))):
        rate = getattr(optimizer, "learning_rate", None)
        raise ValueError(
            "training has left the finite numbers: the loss or a parameter is NaN or infinite. "
            + (f"learning_rate={rate:g} is most likely too large" if rate else "The steps are too large")
            + "; also look whether the features are scaled"
        )


def checked_parameters(parameters: Sequence[ArrayLike], shapes: Sequence[tuple[int, ...]]) -> Arrays:
    """Return `parameters` as float64 copies; refuse them if a shape differs or a value is not real and finite."""
    given = [np.asarray(p) for p in parameters]
    strange = [a.dtype for a in given if a.dtype.kind not in "buif"]
    if strange:
        raise TypeError(f"parameters must be arrays of real numbers, not of {strange[0]}")
    arrays = [a.astype(np.float64) for a in given]
    if [a.shape for a in arrays] != list(shapes):
        raise ValueError(
            f"parameters must be arrays of shapes {list(shapes)}, not {[a.shape for a in arrays]}"
        )
    if not all(_finite(a) for a in arrays):
        raise ValueError("parameters must be finite; they hold NaN or infinity")
    return arrays


def completed(given: Sequence[ArrayLike], drawn: Sequence[NDArray[np.float64]]) -> list[ArrayLike]:
    """Return first parameters; where only the first of them are given, what follows stays as it was drawn.

    Examples
    --------
    >>> completed([[0.5, 0.5]], [np.zeros(2), np.ones(1)])
    [[0.5, 0.5], array([1.])]
    """
    shapes = [p.shape for p in drawn]
    if not 0 < len(given) <= len(drawn) or [np.shape(p) for p in given] != shapes[: len(given)]:
        raise ValueError(
            f"initial must be a list of arrays of shapes {shapes} or of the first of them (of a circuit its angles), not of "
            f"{[np.shape(p) for p in given]}: get_parameters() of a fitted model has such a list"
        )
    return [*given, *drawn[len(given) :]]
