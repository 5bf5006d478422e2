"""Inner products without reading the vectors: by a swap test, and by classical samples from the same vectors."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals, as_rng, same_length


def swap_test(
    x: ArrayLike, y: ArrayLike, shots: int, *, runs: int = 1, rng: Any = None
) -> NDArray[np.float64]:
    r"""Estimate the squared cosine of two vectors by swap tests of their amplitude-encoded states.

    .. math:: P(0) = \tfrac12 + \tfrac12 |\langle x | y \rangle|^2, \qquad
              |x\rangle = \frac1{\|x\|} \sum_i x_i |i\rangle

    The standard error is :math:`\sqrt{(1 - c^2)/\text{shots}}` for the squared cosine c, whatever the
    dimension is: the number of which the speed-ups speak. Loading the vectors is not counted.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Real vectors, not zero.
    shots : int
        Swap tests of one estimate.
    runs : int
        How many estimates to make.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (runs,)

    Examples
    --------
    >>> swap_test([1, 0], [1, 0], shots=100)
    array([1.])

    References
    ----------
    Buhrman et al., "Quantum fingerprinting", 2001, arXiv:quant-ph/0102001. Lloyd, Mohseni and Rebentrost, 2013,
    arXiv:1307.0411.
    """
    a, b = _directions(x, y)
    zero = (1 + (a @ b) ** 2) / 2
    counts = as_rng(rng).binomial(as_count(shots, "shots"), min(float(zero), 1.0), as_count(runs, "runs"))
    return 2 * counts / shots - 1


def sampled_cosine(
    x: ArrayLike, y: ArrayLike, samples: int, *, runs: int = 1, rng: Any = None
) -> NDArray[np.float64]:
    r"""Estimate the cosine of two vectors from a few of their entries, drawn as a measurement draws them.

    .. math:: \cos(x, y) = \mathbb{E}_{i \sim x_i^2 / \|x\|^2}\;
              \frac{y_i / \|y\|}{x_i / \|x\|}

    Drawing i with probability :math:`x_i^2` is what measuring :math:`|x\rangle` does; a classical computer that
    holds x in a tree of partial sums, which also is what preparing :math:`|x\rangle` fast takes, does it as
    quickly. The variance of one sample is :math:`1 - \cos^2`, or less where x has zeros: again no dimension. This
    is the seed of the "dequantised" algorithms.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Real vectors, not zero. Entries where x is 0 are never drawn, and add nothing to the cosine.
    samples : int
        Entries read for one estimate.
    runs : int
        How many estimates to make.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    ndarray of float64, shape (runs,)

    Examples
    --------
    >>> sampled_cosine([1.0, 2.0], [2.0, 4.0], samples=3).round(12)
    array([1.])

    References
    ----------
    Tang, "A quantum-inspired classical algorithm for recommendation systems", 2019, arXiv:1807.04271
    (inner products from length-squared samples).
    """
    a, b = _directions(x, y)
    size = as_count(runs, "runs"), as_count(samples, "samples")
    seen = as_rng(rng).choice(len(a), size=size, p=a**2 / (a**2).sum())
    return (b[seen] / a[seen]).mean(axis=1)


def _directions(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b = as_reals(x, "x"), as_reals(y, "y")
    for vector, name in ((a, "x"), (b, "y")):
        if vector.ndim != 1 or not vector.any():
            raise ValueError(f"{name} must be a vector that is not zero, not of shape {vector.shape}")
    same_length(a, b, "x and y")
    return a / np.linalg.norm(a), b / np.linalg.norm(b)
