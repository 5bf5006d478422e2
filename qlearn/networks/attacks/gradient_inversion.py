r"""Gradient inversion: the samples behind an update."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares, linear_sum_assignment
from scipy.special import expit, softmax
from sklearn.base import clone

from qlearn._checks import as_count, as_real, as_reals, as_rng, same_length
from qlearn._types import Arrays
from qlearn.learning.neural_networks.gradient_estimators import GradientClassifier
from qlearn.learning.neural_networks.scored_model import Prepared
from qlearn.networks.attacks._attacker import flat

# Every list of labels of a batch is tried: 2 classes and 15 samples are 16.
_MOST_LABELLINGS = 64

# A mismatch below this, in units of the update, is rounding: no other start can fit better.
_FITS = 1e-9


def read_sample(before: Sequence[ArrayLike], after: Sequence[ArrayLike]) -> NDArray[np.float64]:
    r"""Return the one sample that a linear model was trained on, exactly, from the model before and after.

    .. math:: \frac{\partial L}{\partial W_{jk}} = x_j\,(p_k-y_k), \qquad \frac{\partial L}{\partial b_k} = p_k-y_k
              \quad\Rightarrow\quad x_j = \frac{\Delta W_{jk}}{\Delta b_k}

    for each score k. Every plain step has this ratio, and so has their sum: any number of local steps, any step size,
    with a proximal term or without. Adam scales each number by its own past and breaks it. From a batch the same ratio is
    the mean of the samples with the weights of :func:`mixture_weights`.

    Parameters
    ----------
    before, after : sequence of array_like
        The last two arrays are weights (n_features, n_scores) and offset (n_scores,), as
        :class:`~qlearn.learning.neural_networks.gradient_estimators.SoftmaxClassifier` has them.

    Returns
    -------
    ndarray, shape (n_features,)
        From the score whose offset moved most.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    >>> client = Client(model, [[1.5, -2.0, 0.75]], [1], classes=[0, 1])
    >>> start = [np.array([[0.2], [-0.5], [0.1]]), np.array([0.3])]
    >>> read_sample(start, client.fit(start, {"epochs": 10})[0]).round(9)
    array([ 1.5 , -2.  ,  0.75])

    References
    ----------
    Geiping, Bauermeister, Droege, Moeller, "Inverting gradients", 2020, arXiv:2003.14053, section 3.1.
    """
    weights, offset = _moved(before, after)
    k = np.abs(offset).argmax()
    if not offset[k]:
        raise ValueError(
            "after must differ from before in its offset; this one did not move. Was the loss at its minimum, or does the "
            "model train no offset?"
        )
    return weights[:, k] / offset[k]


def read_label(before: Sequence[ArrayLike], after: Sequence[ArrayLike]) -> int:
    r"""Return the index of the class of the one sample that a model was trained on.

    In each step :math:`-\partial L/\partial b_k = y_k - p_k` is positive for the class of the sample and for no other: its
    offset rises, all others fall. A single score rises for class 1 and falls for class 0.

    Parameters
    ----------
    before, after : sequence of array_like
        The last array is the offset of the scores.

    Returns
    -------
    int

    Examples
    --------
    >>> zeros = [np.zeros((2, 3)), np.zeros(3)]
    >>> read_label(zeros, [np.zeros((2, 3)), np.array([-0.1, 0.3, -0.2])])
    1

    References
    ----------
    Zhao, Mopuri, Bilen, "iDLG: improved deep leakage from gradients", 2020, arXiv:2001.02610.
    """
    moved = np.asarray(after[-1], dtype=np.float64) - np.asarray(before[-1], dtype=np.float64)
    if moved.ndim != 1 or not moved.any():
        raise ValueError("after must differ from before in its offset, the last array; this one did not move")
    return int(moved[0] > 0) if len(moved) == 1 else int(moved.argmax())


def read_label_counts(
    before: Sequence[ArrayLike], after: Sequence[ArrayLike], n_samples: int, learning_rate: float
) -> NDArray[np.float64]:
    r"""Return how many samples of each class are behind one plain step from a model of zero weights.

    .. math:: \frac{\partial L}{\partial b_k} = p_k - \frac{n_k}{n} \quad\Rightarrow\quad
              n_k = n\,\Bigl(p_k + \frac{\Delta b_k}{\eta}\Bigr)

    Zero weights, the usual first model, give every sample the same p; then the counts are exact for a batch of any size.
    They are exact too for the mean of many clients: this is what secure aggregation does not hide.

    Parameters
    ----------
    before, after : sequence of array_like
        Models before and after one step of plain descent over all samples; the weights before are zero.
    n_samples : int
        n.
    learning_rate : float
        :math:`\eta`.

    Returns
    -------
    ndarray, shape (n_classes,)
        Whole numbers, up to rounding.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client
    >>> model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)
    >>> client = Client(model, [[1.0], [2.0], [5.0], [7.0]], [0, 2, 2, 1])
    >>> start = client.initial()
    >>> read_label_counts(start, client.fit(start, {})[0], 4, learning_rate=0.5).round(9)
    array([1., 1., 2.])

    References
    ----------
    Yin, Mallya, Vahdat, Alvarez, Kautz, Molchanov, "See through gradients", 2021, arXiv:2104.07586 (counts in a batch).
    """
    n, rate = as_count(n_samples, "n_samples"), as_real(learning_rate, "learning_rate", above=0)
    if any(np.any(p) for p in before[:-1]):
        raise ValueError(
            "before must have zero weights: with others each sample has probabilities of its own"
        )
    _, moved = _moved(before, after)
    offset = np.asarray(before[-1], dtype=np.float64)
    if len(offset) == 1:
        ones = n * (expit(offset) + moved / rate)
        return np.concatenate([n - ones, ones])
    return n * (softmax(offset) + moved / rate)


def mixture_weights(parameters: Sequence[ArrayLike], X: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    r"""Return the weight of each sample of a batch in the ratio that :func:`read_sample` returns: shape (n, n_scores).

    .. math:: \frac{\partial L/\partial W_{jk}}{\partial L/\partial b_k} = \sum_i v_{ik}\,x_{ij}, \qquad
              v_{ik} = \frac{p_{ik}-y_{ik}}{\sum_i (p_{ik}-y_{ik})}

    They add to 1. With one label in the batch all are positive, and the ratio lies between the samples; with several, some
    are negative and the ratio may lie far outside. The same holds for the sum over clients, with all their samples.

    Parameters
    ----------
    parameters : sequence of array_like
        Weights (n_features, n_scores) and offset (n_scores,) before the step.
    X : array_like, shape (n, n_features)
        The batch.
    y : array_like of int, shape (n,)
        Indices of its classes.

    Returns
    -------
    ndarray, shape (n, n_scores)

    Examples
    --------
    >>> pair = [[1.5, -2.0, 0.75], [-0.5, 1.0, 2.0]]
    >>> model = [[[0.2], [-0.5], [0.1]], [0.3]]
    >>> mixture_weights(model, pair, [1, 1]).ravel().round(6), mixture_weights(model, pair, [1, 0]).ravel().round(6)
    (array([0.231068, 0.768932]), array([-0.49725,  1.49725]))

    References
    ----------
    Geiping et al., 2020, arXiv:2003.14053, section 3.1.
    """
    weights, offset = (np.asarray(p, dtype=np.float64) for p in parameters)
    rows, labels = as_reals(X, "X"), np.asarray(y)
    same_length(rows, labels, "X and y")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"y must be indices of classes, whole numbers, not {labels.dtype}")
    scores = rows @ weights + offset
    n_scores = scores.shape[1]
    if labels.min() < 0 or labels.max() >= max(2, n_scores):
        raise ValueError(
            f"y must be indices of classes from 0 to {max(2, n_scores) - 1}, not {labels.min()} to {labels.max()}"
        )
    p = expit(scores) if n_scores == 1 else softmax(scores, axis=1)
    residuals = p - (labels[:, None] if n_scores == 1 else np.eye(n_scores)[labels])
    return residuals / residuals.sum(axis=0)


@dataclass(frozen=True)
class Inversion:
    """What an attacker read out of an update.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        The samples, in no order that means anything.
    y : ndarray, shape (n_samples,)
        Their labels.
    mismatch : float
        Length of the difference between the update that these samples cause and the one that was seen, in units of
        the latter. At 1e-9 the samples explain it, which is not to say that no others do.
    directions : int
        Numbers of the samples that the update settles: the rank of the slopes at this point. If it is fewer than
        X.size, whole families of samples cause this update, and the ones found are as good as any.
    tried : int
        Starts that it took.
    """

    X: NDArray[np.float64]
    y: NDArray
    mismatch: float
    directions: int
    tried: int

    @property
    def determined(self) -> bool:
        """Whether no sample can be moved a little without being seen in the update."""
        return self.directions == self.X.size


def invert_update(
    model: GradientClassifier,
    before: Sequence[ArrayLike],
    after: Sequence[ArrayLike],
    n_samples: int = 1,
    *,
    epochs: int = 1,
    labels: ArrayLike | None = None,
    starts: int = 5,
    width: float = 1.5,
    rng: Any = None,
) -> Inversion:
    r"""Search the samples that cause an update, by least squares over the samples.

    .. math:: \min_{X}\; \bigl\lVert \mathrm{train}(\theta, X, y) - \theta' \bigr\rVert^2

    The attacker knows the model, its options and the number of samples, and trains on samples of its own until its update
    is the one that it saw: a quantum network is no obstacle, for the attacker runs the same simulator. For the sum of n
    clients that take one plain step each, `n_samples` counts the samples of all. The update has as many equations as the
    model has numbers, and the batch has n_samples x n_features unknowns; with fewer equations some families of samples
    stay open, until another update of the same samples brings more.

    Parameters
    ----------
    model : GradientClassifier
        Initialised: its features and classes are set. It is copied. All samples must be one batch (`batch_size=None`).
    before, after : sequence of array_like
        The model before and after.
    n_samples : int
        Size of the batch.
    epochs : int
        Local passes behind the update.
    labels : array_like, optional
        The labels of the batch where they are known (:func:`read_label`); None tries every list of them.
    starts : int
        Random first guesses for each list of labels, at least 1.
    width : float
        They are uniform within plus and minus this.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Inversion
        The best of all starts; the search ends early where the update is explained.

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> model = QNNClassifier(optimizer="sgd", batch_size=None).initialise(2, [0, 1], rng=0)
    >>> before = model.get_parameters()
    >>> after = model.train(model.prepare([[0.3, -0.8]], [1]), epochs=1).get_parameters()
    >>> found = invert_update(model, before, after, rng=0)
    >>> found.X.round(6), found.y, found.determined
    (array([[ 0.3, -0.8]]), array([1]), True)

    References
    ----------
    Zhu, Liu, Han, "Deep leakage from gradients", 2019, arXiv:1906.08935. Papadopoulos et al., "A numerical gradient
    inversion attack in variational quantum neural-networks", 2025, arXiv:2504.12806.
    """
    n, passes, most = as_count(n_samples, "n_samples"), as_count(epochs, "epochs"), as_count(starts, "starts")
    half = as_real(width, "width", above=0)
    trial, start = _rehearsal(model, before)
    target = flat(trial.set_parameters(after).get_parameters()) - flat(start)
    length = float(np.linalg.norm(target))
    if not length:
        raise ValueError("after must differ from before: an update of zero says nothing")
    generator = as_rng(rng)
    shape = (n, trial.n_features_in_)

    def mismatch(row: NDArray[np.float64], samples: Prepared) -> NDArray[np.float64]:
        trial.parameters_ = start
        trial.train(samples._replace(inputs=trial._inputs(row.reshape(shape))), passes, 0)
        return (flat(trial.parameters_) - flat(start) - target) / length

    best: Inversion | None = None
    tried = 0
    for y in _labellings(trial.classes_, n, labels):
        samples = trial.prepare(np.zeros(shape), y)
        for _ in range(most):
            tried += 1
            guess = generator.uniform(-half, half, n * shape[1])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a guess may be an angle that no sample has
                found = least_squares(mismatch, guess, args=(samples,), xtol=1e-14, ftol=1e-14, gtol=1e-14)
            value = float(np.linalg.norm(found.fun))
            if best is None or value < best.mismatch:
                directions = int(np.linalg.matrix_rank(found.jac, rtol=1e-6))
                best = Inversion(found.x.reshape(shape), y, value, directions, tried)
            if value < _FITS:
                return best
    assert best is not None  # there is at least one start
    return Inversion(best.X, best.y, best.mismatch, best.directions, tried)


def reconstruction_errors(found: ArrayLike, X: ArrayLike) -> NDArray[np.float64]:
    """Return how far each true sample is from the one that was read for it, in the best pairing: shape (n,).

    Parameters
    ----------
    found, X : array_like, shape (n, n_features)
        What was read, and what was true; the order of the rows does not count.

    Returns
    -------
    ndarray, shape (n,)
        The largest difference of any feature, for each row of X.

    Examples
    --------
    >>> reconstruction_errors([[5.0, 5.0], [1.0, 2.5]], X=[[1.0, 2.0], [5.0, 5.0]])
    array([0.5, 0. ])
    """
    read, true = as_reals(found, "found"), as_reals(X, "X")
    if read.ndim != 2 or read.shape != true.shape:
        raise ValueError(f"found and X must be rows of the same shape, not {read.shape} and {true.shape}")
    apart = np.abs(true[:, None] - read[None]).max(axis=2)
    rows, columns = linear_sum_assignment(apart)
    return apart[rows, columns]


def _moved(before: Sequence[ArrayLike], after: Sequence[ArrayLike]) -> tuple[NDArray, NDArray]:
    """Return how weights and offset of a linear readout moved."""
    (w, b), (w_new, b_new) = (
        [np.asarray(p, dtype=np.float64) for p in model[-2:]] for model in (before, after)
    )
    if (
        w.ndim != 2
        or b.ndim != 1
        or w.shape != w_new.shape
        or b.shape != b_new.shape
        or w.shape[1:] != b.shape
    ):
        raise ValueError(
            "before and after must end in weights (n_features, n_scores) and offset (n_scores,), not in shapes "
            f"{w.shape}, {b.shape} and {w_new.shape}, {b_new.shape}"
        )
    return w_new - w, b_new - b


def _rehearsal(model: GradientClassifier, before: Sequence[ArrayLike]) -> tuple[GradientClassifier, Arrays]:
    """Return a copy of the model, ready to train, and the parameters to train from."""
    if not isinstance(model, GradientClassifier) or not hasattr(model, "parameters_"):
        raise TypeError(
            f"model must be a GradientClassifier that was initialised with its features and classes, not {model!r}"
        )
    if model.batch_size is not None:
        raise ValueError(
            f"model must take all samples as one batch, batch_size=None, not {model.batch_size}: the order of the batches is "
            "drawn by the client"
        )
    trial = clone(model).initialise(model.n_features_in_, model.classes_, 0)
    return trial, trial.set_parameters(before).get_parameters()


def _labellings(classes: NDArray, n: int, labels: ArrayLike | None) -> list[NDArray]:
    """Return the lists of labels to try; the order of samples in a batch means nothing, so each only once."""
    if labels is not None:
        known = np.asarray(labels)
        if known.shape != (n,):
            raise ValueError(f"labels must be {n}, one for each sample, not of shape {known.shape}")
        return [known]
    lists = [np.array(y) for y in combinations_with_replacement(classes.tolist(), n)]
    if len(lists) > _MOST_LABELLINGS:
        raise ValueError(
            f"labels must be given for {n} samples of {len(classes)} classes: {len(lists)} lists of them are too many to try"
        )
    return lists
