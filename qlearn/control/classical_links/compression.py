"""Compression: principal components and their linear optimum, autoencoders, a general coder, and the bound on all of them."""

import lzma
import zlib
from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.neural_network import MLPRegressor
from sklearn.utils.validation import check_is_fitted

from qlearn._checks import as_count, as_real, as_reals
from qlearn.learning._estimators import validate_rows


def pca_error(covariance: ArrayLike, k: int) -> float:
    r"""Return the mean squared error for each sample if blocks are kept as k numbers by principal components.

    .. math:: \epsilon_k = \frac1d \sum_{j>k} \lambda_j

    with the eigenvalues in falling order. No linear encoder and decoder has a smaller error, so no autoencoder
    without bends has one.

    Parameters
    ----------
    covariance : array_like, shape (d, d)
        Of a block of d samples, about their mean.
    k : int
        Numbers that are kept, 0 to d.

    Returns
    -------
    float
        In squares of the samples' unit.

    Examples
    --------
    >>> lags = np.arange(16)
    >>> drift = 0.9 ** np.abs(lags[:, None] - lags)
    >>> [round(pca_error(drift, k), 6) for k in (1, 4, 16)]
    [0.379574, 0.089283, 0.0]

    References
    ----------
    Baldi and Hornik, "Neural networks and principal component analysis", 1989, doi:10.1016/0893-6080(89)90014-2.
    """
    eigenvalues = _spectrum(covariance)
    kept = as_count(k, "k", least=0)
    if kept > eigenvalues.size:
        raise ValueError(f"k must be at most the {eigenvalues.size} samples of a block, not {kept}")
    return float(eigenvalues[: eigenvalues.size - kept].sum() / eigenvalues.size) + 0.0


def rate_distortion(covariance: ArrayLike, distortion: float) -> float:
    r"""Return the fewest bits a sample with which Gaussian blocks can be kept at a mean squared error, however coded.

    .. math:: R = \frac1d \sum_j \max\Bigl(0, \tfrac12\log_2\frac{\lambda_j}{\theta}\Bigr), \qquad
              D = \frac1d \sum_j \min(\lambda_j, \theta)

    The water level :math:`\theta` fills each component up to the same error (reverse water-filling). Long sequences of
    blocks can come as close as one likes; blocks are taken as independent of each other.

    Parameters
    ----------
    covariance : array_like, shape (d, d)
        Of a block.
    distortion : float
        Mean squared error a sample, D, above 0.

    Returns
    -------
    float
        Bits a sample; 0 from the variance on.

    Examples
    --------
    >>> rate_distortion(np.eye(3), 0.25)
    1.0

    References
    ----------
    Cover and Thomas, 2006, doi:10.1002/047174882X, theorem 10.3.3.
    """
    eigenvalues = _spectrum(covariance)
    wanted = as_real(distortion, "distortion", above=0.0) * eigenvalues.size
    if wanted >= eigenvalues.sum():
        return 0.0
    # With the j smallest filled to the brim the rest is level; the first level below the next brim is the water.
    below = np.concatenate([[0.0], np.cumsum(eigenvalues)[:-1]])
    level = (wanted - below) / (eigenvalues.size - np.arange(eigenvalues.size))
    first = int(np.argmax(level <= eigenvalues))
    return float(np.log2(eigenvalues[first:] / level[first]).sum() / 2 / eigenvalues.size)


def quantise(values: ArrayLike, step: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    r"""Round values to multiples of a step: the multiples, and what is restored from them, both of the shape of `values`.

    .. math:: q = \mathrm{round}(x/\Delta), \qquad \hat x = q\,\Delta, \qquad
              \langle(x-\hat x)^2\rangle \approx \Delta^2/12

    Parameters
    ----------
    values : array_like of float
        Any shape.
    step : float
        Distance of two multiples, in the unit of the values, above 0.

    Returns
    -------
    numbers : ndarray of int
    restored : ndarray of float

    Examples
    --------
    >>> numbers, restored = quantise([0.2, -1.3, 0.9], step=0.5)
    >>> numbers, restored
    (array([ 0, -3,  2]), array([ 0. , -1.5,  1. ]))
    """
    x, width = as_reals(values, "values"), as_real(step, "step", above=0.0)
    if x.size and np.abs(x).max() > 2.0**62 * width:
        raise ValueError(f"step must not be so small that values are beyond 2**62 steps, as with {width:g}")
    numbers = np.rint(x / width)
    return numbers.astype(np.int64), numbers * width


def coded_bits(numbers: ArrayLike) -> float:
    """Return how many bits a number a general coder takes for whole numbers: the shorter of zlib's and LZMA's answers.

    Both are told nothing about the source. Each number is a byte if all fit into one, else two or more bytes. A table is
    given row by row and column by column, and the shorter answer counts: what are neighbours depends on the source. LZMA's
    container is left out, zlib's six bytes are not; which of the four answers it is, the shape and the step count for nothing.

    Parameters
    ----------
    numbers : array_like of int, at least one
        As :func:`quantise` returns them.

    Returns
    -------
    float

    Examples
    --------
    >>> 0.9 < coded_bits(np.random.default_rng(0).integers(0, 2, 20_000)) < 1.2
    True
    >>> coded_bits(np.zeros(20_000, int)) < 0.05
    True

    References
    ----------
    Ziv and Lempel, "A universal algorithm for sequential data compression", 1977, doi:10.1109/TIT.1977.1055714.
    """
    array = np.asarray(numbers)
    if array.dtype.kind not in "ui" or array.size == 0:
        raise ValueError(
            f"numbers must be whole, at least one, not {array.size} of {array.dtype}: quantise them first"
        )
    stream = array.ravel()
    kinds = (np.int8, np.int16, np.int32, np.int64, np.uint64)
    small = next(
        kind
        for kind in kinds
        if (stream >= np.iinfo(kind).min).all() and (stream <= np.iinfo(kind).max).all()
    )
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 0, "pb": 0}]
    lengths = []
    for order in (array, array.T):
        raw = order.astype(small).tobytes()
        lengths += [len(zlib.compress(raw, 9)), len(lzma.compress(raw, lzma.FORMAT_RAW, filters=filters))]
    return 8 * min(lengths) / array.size


class BottleneckAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    r"""An autoencoder: a network that has to give back its input through a narrow layer.

    .. math:: \min_{f,g} \sum_i \bigl|x_i - g(f(x_i))\bigr|^2, \qquad f: \mathbb R^d \to \mathbb R^k

    With ``activation="identity"`` all of it is linear, and :func:`pca_error` bounds it from below. Else every hidden layer
    bends, the narrow one too, and the way out is linear.

    Parameters
    ----------
    n_components : int
        Numbers that are kept, k.
    hidden : tuple of int
        Layers between input and bottleneck, and mirrored behind it.
    activation : {"identity", "tanh", "relu", "logistic"}
        As of scikit-learn's MLPRegressor, which it is.
    alpha : float
        Weight decay.
    max_iter : int
        Steps of L-BFGS.
    random_state : int, RandomState or None
        Draws the first weights.

    Attributes
    ----------
    network_ : MLPRegressor
        What was trained, on blocks about their mean, in units of `scale_`.
    mean_, scale_ : ndarray of shape (d,), float
        Of the blocks.
    n_iter_ : int
        Steps that were taken.
    n_features_in_ : int
        Samples of a block.

    Examples
    --------
    >>> turn = np.random.default_rng(0).uniform(-1, 1, 300)
    >>> X = np.column_stack([np.cos(turn), np.sin(turn)])  # an arc: one number says where, no straight line does
    >>> coder = BottleneckAutoencoder(1, hidden=(8,), activation="tanh", random_state=0).fit(X)
    >>> coder.transform(X).shape, bool(((coder.inverse_transform(coder.transform(X)) - X) ** 2).mean() < 0.01)
    ((300, 1), True)

    References
    ----------
    Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006,
    doi:10.1126/science.1127647.
    """

    def __init__(
        self,
        n_components: int = 1,
        hidden: tuple[int, ...] = (),
        activation: str = "identity",
        alpha: float = 0.0,
        max_iter: int = 500,
        random_state: Any = None,
    ) -> None:
        self.n_components = n_components
        self.hidden = hidden
        self.activation = activation
        self.alpha = alpha
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Train on blocks, shape (n, d); `y` is not used."""
        import warnings

        from sklearn.exceptions import ConvergenceWarning

        rows = validate_rows(self, X, reset=True)
        k = as_count(self.n_components, "n_components")
        hidden = tuple(as_count(width, "hidden") for width in self.hidden)
        network = MLPRegressor(
            hidden_layer_sizes=(*hidden, k, *hidden[::-1]),
            activation=self.activation,
            solver="lbfgs",
            alpha=self.alpha,
            max_iter=as_count(self.max_iter, "max_iter"),
            tol=1e-7,
            random_state=self.random_state,
        )
        self.mean_, self.scale_ = rows.mean(axis=0), float(rows.std()) or 1.0
        scaled = (rows - self.mean_) / self.scale_
        with warnings.catch_warnings():  # that the budget of steps ended it is what max_iter says
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.network_ = network.fit(scaled, scaled if scaled.shape[1] > 1 else scaled.ravel())
        self._n_features_out, self.n_iter_ = k, self.network_.n_iter_
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the k numbers of each block, shape (n, k)."""
        check_is_fitted(self)
        rows = (validate_rows(self, X) - self.mean_) / self.scale_
        return self._run(rows, 0, len(self.hidden) + 1)

    def inverse_transform(self, codes: ArrayLike) -> NDArray[np.float64]:
        """Return the blocks that codes of shape (n, k) stand for, shape (n, d)."""
        check_is_fitted(self)
        kept = as_reals(codes, "codes")
        if kept.ndim != 2 or kept.shape[1] != self._n_features_out:
            raise ValueError(f"codes must have shape (n, {self._n_features_out}), not {kept.shape}")
        return self._run(kept, len(self.hidden) + 1, None) * self.scale_ + self.mean_

    def _run(self, values: NDArray[np.float64], first: int, last: int | None) -> NDArray[np.float64]:
        """Send values through some of the layers; the last of all does not bend."""
        bend = _BENDS[self.activation]
        layers = list(zip(self.network_.coefs_, self.network_.intercepts_, strict=True))
        for i, (weights, offset) in list(enumerate(layers))[first:last]:
            values = values @ weights + offset
            values = bend(values) if i < len(layers) - 1 else values
        return values


_BENDS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "identity": lambda x: x,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "logistic": lambda x: 0.5 * (1 + np.tanh(x / 2)),
}


def _spectrum(covariance: ArrayLike) -> NDArray[np.float64]:
    """Return the eigenvalues in rising order, or say why this is no covariance."""
    table = as_reals(covariance, "covariance")
    if (
        table.ndim != 2
        or table.shape[0] != table.shape[1]
        or not table.size
        or not np.allclose(table, table.T)
    ):
        raise ValueError(f"covariance must be a symmetric table (d, d), not of shape {table.shape}")
    eigenvalues = np.linalg.eigvalsh(table)
    if eigenvalues[0] < -1e-9 * max(eigenvalues[-1], 1e-300):
        raise ValueError(
            f"covariance must have no negative eigenvalue; it has {eigenvalues[0]:g}: no data vary so"
        )
    return np.clip(eigenvalues, 0, None)
