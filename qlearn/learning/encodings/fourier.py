"""A model in angles is a Fourier series: which frequencies it can have, and which it has."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real
from qlearn.learning.encodings.encoding import as_rows

# Frequencies closer than this are one: sums of the same scales in another order.
_SAME = 1e-9
# What is left of a mean value that is 0: sums of numbers of the order of 1 cancel to this.
_ROUNDING = 1e-13


class Spectrum(NamedTuple):
    """The frequencies that a circuit can reach, and in how many ways it reaches each."""

    frequencies: NDArray[np.float64]
    """From 0 up; with each one its negative is there too."""
    paths: NDArray[np.int64]
    """Pairs of paths through the turns whose difference is that frequency."""


def accessible_frequencies(scales: Sequence[float]) -> Spectrum:
    r"""Return the frequencies in x of every mean value of a circuit with turns by :math:`s_1 x, \dots, s_L x`.

    .. math:: f(x) = \sum_{\omega \in \Omega} c_\omega\, e^{i\omega x}, \qquad
              \Omega = \Big\{ \sum_\ell s_\ell\, d_\ell \;:\; d_\ell \in \{-1, 0, 0, 1\} \Big\}

    A turn about any axis has the eigenvalues :math:`\pm s_\ell/2`, and a mean value sees differences of them:
    :math:`-1`, twice :math:`0`, or :math:`1` times the scale. What stands *between* the turns decides the
    coefficients :math:`c_\omega` and cannot add a frequency. L equal turns give the frequencies 0 to L,
    reached in :math:`\binom{2L}{L+\omega}` ways; scales 1, 3, 9, ... give all up to :math:`(3^L - 1)/2`.

    Parameters
    ----------
    scales : sequence of float
        A factor for each turn by x, on whichever wire.

    Returns
    -------
    Spectrum
        Frequencies from 0 up, and the number of pairs of paths of each.

    Examples
    --------
    >>> accessible_frequencies([1, 1])
    Spectrum(frequencies=array([0., 1., 2.]), paths=array([6, 4, 1]))
    >>> accessible_frequencies([1, 3]).frequencies
    array([0., 1., 2., 3., 4.])

    References
    ----------
    Schuld, Sweke, Meyer, 2021, arXiv:2008.08605, section II. Shin, Teo, Jeong, 2023, arXiv:2206.12105.
    """
    if not hasattr(scales, "__len__"):
        raise TypeError(
            "scales must be a sequence of factors, one for each turn by x, such as [1.0, 1.0] for a circuit with "
            f"two turns by x itself, not {type(scales).__name__}"
        )
    if not 0 < len(scales) < 32:
        raise ValueError(
            f"scales must have a factor for each turn by x, at least one and at most 31, not {len(scales)}: "
            "beyond, the 4**L pairs of paths do not fit 64 bits"
        )
    reached, paths = np.zeros(1), np.ones(1, dtype=np.int64)
    for scale in scales:
        step = as_real(scale, "scales")
        sums = np.concatenate([reached - step, reached, reached + step])
        ways = np.concatenate([paths, 2 * paths, paths])
        order = np.argsort(sums, kind="stable")
        sums, ways = sums[order], ways[order]
        first = np.flatnonzero(np.append(True, np.diff(sums) > _SAME))
        reached, paths = sums[first], np.add.reduceat(ways, first)
    kept = reached > -_SAME
    return Spectrum(reached[kept].clip(min=0), paths[kept])


def fourier_coefficients(
    f: Callable[[NDArray[np.float64]], ArrayLike],
    degree: int,
    n_features: int = 1,
    *,
    tolerance: float = 1e-6,
) -> NDArray[np.complex128]:
    r"""Return the Fourier coefficients of a function of angles, exactly if its frequencies end at `degree`.

    .. math:: f(x) = \sum_{k \in \{-K..K\}^d} c_k\, e^{i k \cdot x}, \qquad
              c_k = \frac{1}{(2K+1)^d} \sum_j f(x_j)\, e^{-i k \cdot x_j}

    over the grid :math:`x_j \in \{0, h, \dots, 2Kh\}^d` with :math:`h = 2\pi/(2K+1)`: one FFT. As many more values of f
    are compared with the series, since a frequency beyond K would pass for a lower one.

    Parameters
    ----------
    f : callable
        Takes rows, shape (n, n_features), to numbers, shape (n,); of period :math:`2\pi` in every feature.
    degree : int
        The highest frequency K, at least 0.
    n_features : int
        Number of features d.
    tolerance : float
        How far f may be from the series, as a share of the largest value of f that was seen; :data:`numpy.inf` where
        f is measured and has shot noise. (What is below 1e-13 counts as rounding of terms of the order of 1.)

    Returns
    -------
    ndarray of complex128, shape (2 degree + 1,) * n_features
        Frequencies -K to K along each axis: the middle entry is the mean of f.

    Examples
    --------
    >>> fourier_coefficients(lambda x: 1 + np.cos(2 * x[:, 0]), 2).real.round(3) + 0
    array([0.5, 0. , 1. , 0. , 0.5])

    References
    ----------
    Schuld, Sweke, Meyer, 2021, arXiv:2008.08605, section II.
    """
    size = 2 * as_count(degree, "degree", least=0) + 1
    d = as_count(n_features, "n_features")
    if np.isnan(tolerance) or tolerance < 0:
        raise ValueError(f"tolerance must be 0 or more, not {tolerance}")
    axis = 2 * np.pi * np.arange(size) / size
    grid = np.stack(np.meshgrid(*[axis] * d, indexing="ij"), axis=-1).reshape(-1, d)
    here = _values(f, grid)
    coefficients = np.fft.fftn(here.reshape([size] * d)) / size**d
    coefficients = np.fft.fftshift(coefficients)
    if tolerance < np.inf:
        # Shares of a step that no whole number of turns fits: no higher frequency hides on this grid too.
        shifted = grid + np.random.default_rng(0).uniform(0.2, 0.8, d) * 2 * np.pi / size
        there = _values(f, shifted)
        off = np.abs(there - fourier_series(coefficients, shifted)).max()
        size_of_f = max(np.abs(there).max(), np.abs(here).max())
        if not off <= max(tolerance * size_of_f, _ROUNDING):
            raise ValueError(
                f"f is {off:.2g} away from its series, where its largest value is {size_of_f:.2g}: it has frequencies "
                f"beyond degree={degree}, or its period is not 2 pi. Raise degree, or scale the features"
            )
    return coefficients


def fourier_series(coefficients: ArrayLike, X: ArrayLike) -> NDArray[np.complex128]:
    r"""Return the values of a Fourier series at rows of angles, shape (n,).

    .. math:: f(x) = \sum_{k \in \{-K..K\}^d} c_k\, e^{i k \cdot x}

    Parameters
    ----------
    coefficients : array_like of complex, shape (2 K + 1,) * d
        As :func:`fourier_coefficients` gives them.
    X : array_like, shape (n, d)
        Angles in radians.

    Returns
    -------
    ndarray of complex128, shape (n,)
        Real up to rounding if the coefficients of k and -k are conjugates.

    Raises
    ------
    ValueError, TypeError
        If the coefficients have an even side, or not as many axes as there are features.

    Examples
    --------
    >>> fourier_series([0.5, 0, 0.5], [[0.0], [np.pi]]).real
    array([ 1., -1.])

    References
    ----------
    Schreiber, Eisert, Meyer, "Classical surrogates for quantum learning models", 2023, arXiv:2206.11740.
    """
    rows = as_rows(X)
    rest = np.asarray(coefficients, dtype=np.complex128)
    if rest.ndim != rows.shape[1] or any(side % 2 == 0 for side in rest.shape):
        raise ValueError(
            f"coefficients must have an axis of odd length for each of the {rows.shape[1]} features, not shape {rest.shape}"
        )
    values = np.broadcast_to(rest, (len(rows), *rest.shape))
    for column in reversed(rows.T):
        k = np.arange(values.shape[-1]) - values.shape[-1] // 2
        values = np.einsum("n...k,nk->n...", values, np.exp(1j * np.outer(column, k)))
    return values


def _values(f: Callable[[NDArray[np.float64]], ArrayLike], grid: NDArray[np.float64]) -> NDArray:
    values = np.asarray(f(grid))
    if values.shape != (len(grid),):
        raise ValueError(
            f"f must give one number for each of the {len(grid)} rows, shape ({len(grid)},), not shape {values.shape}"
        )
    return values
