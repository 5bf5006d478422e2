r"""Preprocessing without pooling: mean, scale and principal axes from sums that clients send."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count

# Of a feature, relative to its mean: the variance is then good to three digits.
_SMALLEST_SPREAD = 1e-6


@dataclass(frozen=True)
class Moments:
    r"""The count, sum and second moments of some samples: what one client sends, once.

    .. math:: n, \qquad s = \sum_i x_i, \qquad M = \sum_i x_i x_i^{\mathsf T}

    Moments add: those of a union are the sums of those of its parts, so that a server gets the mean and
    covariance of data that it never sees. It does see these sums: from a client of one sample they are the
    sample.

    Parameters
    ----------
    count : int
        n.
    total : ndarray of float64, shape (n_features,)
        s.
    second : ndarray of float64, shape (n_features, n_features)
        M.

    Examples
    --------
    >>> both = Moments.of([[1.0], [3.0]]) + Moments.of([[8.0]])
    >>> both.mean, both.covariance
    (array([4.]), array([[8.66666667]]))
    """

    count: int
    total: NDArray[np.float64]
    second: NDArray[np.float64]

    @classmethod
    def of(cls, X: ArrayLike) -> Self:
        """Return the moments of samples, shape (n_samples, n_features)."""
        X = np.asarray(X, float)
        if X.ndim != 2 or not len(X) or not np.isfinite(X).all():
            raise ValueError(
                f"X must be finite samples of shape (n_samples, n_features), at least one, not {X.shape}"
            )
        return cls(len(X), X.sum(axis=0), X.T @ X)

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, Moments):
            return NotImplemented
        if other.total.shape != self.total.shape:
            raise ValueError(
                f"moments must be of the same features, not {self.total.size} and {other.total.size}"
            )
        return type(self)(self.count + other.count, self.total + other.total, self.second + other.second)

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean, shape (n_features,)."""
        return self.total / self.count

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Covariance (divided by n), shape (n_features, n_features)."""
        return self.second / self.count - np.outer(self.mean, self.mean)

    @property
    def bits(self) -> int:
        """Bits to send them: one count, the sums, and half of the symmetric matrix, 64 bits each."""
        d = self.total.size
        return 64 * (1 + d + d * (d + 1) // 2)


@dataclass(frozen=True)
class Projection:
    """A map to a few principal components, each of unit variance: ``projection(X)``.

    Parameters
    ----------
    mean : ndarray, shape (n_features,)
    axes : ndarray, shape (n_features, n_components)
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]

    def __call__(self, X: ArrayLike) -> NDArray[np.float64]:
        """Project samples, shape (n_samples, n_features), to (n_samples, n_components)."""
        samples = np.asarray(X, float)
        if samples.shape[-1:] != self.mean.shape:
            raise ValueError(
                f"X must have the {self.mean.size} features of the moments on its last axis, not shape {samples.shape}"
            )
        return (samples - self.mean) @ self.axes


def pooled_pca(moments: Iterable[Moments], n_components: int) -> Projection:
    r"""Standardise and take principal components of data that stay where they are.

    The correlation matrix of the union follows exactly from the clients' :class:`Moments`; its leading
    eigenvectors, divided by the roots of their eigenvalues, give components of unit variance.

    Parameters
    ----------
    moments : iterable of Moments
        One for each client.
    n_components : int
        Components to keep, 1 to n_features.

    Returns
    -------
    Projection
        Signs are fixed: the largest entry of each axis is positive.

    Raises
    ------
    ValueError
        If there are more components than the data span. A feature whose spread is under a millionth of its mean
        counts as constant: sums of squares in float64 cannot tell it from rounding. Subtract a common value first.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(60, 5))
    >>> projection = pooled_pca([Moments.of(X[:10]), Moments.of(X[10:])], n_components=2)
    >>> np.cov(projection(X).T, bias=True).round(6) + 0.0
    array([[1., 0.],
           [0., 1.]])

    References
    ----------
    Pearson, "On lines and planes of closest fit to systems of points in space", 1901,
    doi:10.1080/14786440109462720.
    """
    parts = list(moments)
    if not parts:
        raise ValueError("moments must come from at least one client")
    if not all(isinstance(part, Moments) for part in parts):
        raise TypeError("moments must be what Moments.of(X) gives, one for each client, not the samples")
    pooled = sum(parts[1:], parts[0])
    covariance = pooled.covariance
    spread = np.sqrt(np.diag(covariance).clip(min=0))
    # A constant feature has no scale: what the difference of its two large sums leaves is rounding.
    varies = spread > np.maximum(1e-12, _SMALLEST_SPREAD * np.abs(pooled.mean))
    covariance, spread = covariance * np.outer(varies, varies), np.where(varies, spread, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(spread, spread))
    kept = slice(None, -as_count(n_components, "n_components") - 1, -1)
    values, vectors = values[kept], vectors[:, kept]
    if len(values) < n_components or values[-1] < 1e-10:
        raise ValueError(
            f"n_components must be at most what the {covariance.shape[0]} features span, not {n_components}"
        )
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(n_components)])
    return Projection(pooled.mean, vectors / np.sqrt(values) / spread[:, None])
