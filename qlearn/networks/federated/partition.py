"""The partition of a data set among clients: evenly, or with skewed labels."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, as_rng, same_length

# Fractions are equal to six digits there; near the largest floats their law cannot be drawn.
_MOST_ALPHA = 1e12


class Split(list[tuple[NDArray, NDArray]]):
    """A list of one (X, y) pair for each client, with the counts of its samples and labels."""

    @property
    def sizes(self) -> list[int]:
        """Samples of each client."""
        return [len(y) for _, y in self]

    @property
    def label_counts(self) -> NDArray[np.intp]:
        """Samples of each client (row) in each class (column, sorted), shape (n_clients, n_classes)."""
        classes = np.unique(np.concatenate([y for _, y in self]))
        return np.array([[np.count_nonzero(y == label) for label in classes] for _, y in self])


def split(X: ArrayLike, y: ArrayLike, n_clients: int, alpha: float | None = None, rng: Any = None) -> Split:
    r"""Divide samples among clients; each sample goes to exactly one, and no client is left empty.

    .. math:: (q_{k1}, \dots, q_{kC}) \sim \mathrm{Dirichlet}(\alpha, \dots, \alpha)
              \quad\text{for each class } k

    Client c gets a fraction :math:`q_{kc}` of class k. Large alpha approaches equal fractions; at 0.1 most
    clients hold one class. Without alpha the samples are shuffled and dealt out, sizes differing by at most 1.

    Parameters
    ----------
    X : array_like, shape (n_samples, ...)
        Features, or states: anything with one row a sample.
    y : array_like, shape (n_samples,)
        Labels, of at least two classes.
    n_clients : int
        Number of clients, 1 to n_samples.
    alpha : float, optional
        Concentration of the label skew, above 0; None is independent and identically distributed (IID).
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Split
        A list of (X, y) pairs; `.sizes` and `.label_counts` report it. Should the draw leave a client
        empty, it is given one sample of the largest client.

    Examples
    --------
    >>> parts = split(np.arange(10), [0, 1] * 5, n_clients=3, rng=0)
    >>> parts.sizes
    [4, 3, 3]
    >>> parts.label_counts.sum(axis=0)
    array([5, 5])

    References
    ----------
    Yurochkin et al., "Bayesian nonparametric federated learning of neural networks", 2019, arXiv:1905.12022
    (fractions of each class over the clients).
    Hsu, Qi, Brown, "Measuring the effects of non-identical data distribution for federated visual
    classification", 2019, arXiv:1909.06335 (what skew does).
    """
    X, y = np.asarray(X), np.asarray(y)
    as_count(n_clients, "n_clients")
    if y.ndim != 1 or X.ndim < 1:
        raise ValueError(
            f"X and y must have one row and one label a sample, not shapes {X.shape} and {y.shape}"
        )
    same_length(X, y, "X and y")
    if y.dtype.kind in "fc" and not np.isfinite(y).all():
        raise ValueError("y must be labels; it holds NaN or infinity, which belong to no class")
    classes = np.unique(y)
    if len(classes) < 2:
        raise ValueError(
            f"y must hold at least two classes, not {classes.tolist()}: there is nothing to tell apart"
        )
    if n_clients > len(y):
        raise ValueError(
            f"n_clients must be at most the {len(y)} samples, not {n_clients}: a client would be empty"
        )
    generator = as_rng(rng)
    if alpha is None:
        owners = np.array_split(generator.permutation(len(y)), n_clients)
    else:
        if as_real(alpha, "alpha", most=_MOST_ALPHA) <= 0:
            raise ValueError(f"alpha must be above 0, not {alpha}; None divides without skew")
        owners = _skewed(y, classes, n_clients, alpha, generator)
    return Split((X[rows], y[rows]) for rows in owners)


def _skewed(
    y: NDArray, classes: NDArray, n_clients: int, alpha: float, rng: np.random.Generator
) -> list[NDArray[np.intp]]:
    """Return the rows of each client, each class dealt out by a Dirichlet draw of its own."""
    owned: list[list[int]] = [[] for _ in range(n_clients)]
    for label in classes:
        rows = rng.permutation(np.flatnonzero(y == label))
        fractions = rng.dirichlet(np.full(n_clients, alpha))
        cuts = np.rint(np.cumsum(fractions)[:-1] * len(rows)).astype(int)
        for mine, part in zip(owned, np.split(rows, cuts), strict=True):
            mine.extend(part.tolist())
    for mine in owned:
        if not mine:
            mine.append(max(owned, key=len).pop())
    return [rng.permutation(mine) for mine in owned]
