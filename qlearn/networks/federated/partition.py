"""The partition of a data set among clients: evenly, or with skewed labels, features or sizes."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice, as_count, as_real, as_reals, as_rng, same_length

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


def split(
    X: ArrayLike,
    y: ArrayLike,
    n_clients: int,
    alpha: float | None = None,
    rng: Any = None,
    *,
    skew: str = "label",
    feature: int | ArrayLike | None = None,
) -> Split:
    r"""Divide samples among clients; each sample goes to exactly one, and no client is left empty.

    .. math:: (q_{k1}, \dots, q_{kC}) \sim \mathrm{Dirichlet}(\alpha, \dots, \alpha)
              \quad\text{for each group } k

    Client c gets a fraction :math:`q_{kc}` of group k. What the groups are is the kind of `skew`: the classes, slices of
    a feature, or one group of all samples, so that only sizes differ. Large alpha approaches equal fractions; at 0.1 most
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
        Concentration of the skew, above 0; None is independent and identically distributed (IID).
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.
    skew : {"label", "feature", "size"}
        The groups: classes; as many slices of `feature` as clients, with equal numbers of samples; all samples as one. The
        first two make sizes differ, too.
    feature : int or array_like, shape (n_samples,), optional
        For ``skew="feature"``: a column of X, or one number for each sample. None takes the first principal component.

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
    >>> skewed = split(np.arange(8)[:, None], [0, 1] * 4, 2, alpha=0.01, rng=1, skew="feature")
    >>> [sorted(rows.ravel().tolist()) for rows, _ in skewed]
    [[4, 5, 6, 7], [0, 1, 2, 3]]

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
    groups = _groups(X, y, n_clients, as_choice(skew, SKEWS, "skew"), feature)
    generator = as_rng(rng)
    if alpha is None:
        owners = np.array_split(generator.permutation(len(y)), n_clients)
    else:
        if as_real(alpha, "alpha", most=_MOST_ALPHA) <= 0:
            raise ValueError(f"alpha must be above 0, not {alpha}; None divides without skew")
        owners = _skewed(groups, n_clients, alpha, generator)
    return Split((X[rows], y[rows]) for rows in owners)


SKEWS = ("label", "feature", "size")


def _groups(
    X: NDArray, y: NDArray, n_clients: int, skew: str, feature: int | ArrayLike | None
) -> list[NDArray[np.intp]]:
    """Return the rows of each group that a skew divides unequally."""
    if skew != "feature":
        if feature is not None:
            raise ValueError(f'feature must be None with skew="{skew}": it would be ignored')
        return (
            [np.flatnonzero(y == label) for label in np.unique(y)] if skew == "label" else [np.arange(len(y))]
        )
    order = np.argsort(_feature(X, len(y), feature), kind="stable")
    return np.array_split(order, n_clients)


def _feature(X: NDArray, n_samples: int, feature: int | ArrayLike | None) -> NDArray[np.float64]:
    """Return one real number for each sample."""
    if isinstance(feature, bool) or (feature is not None and not np.ndim(feature)):
        column = as_count(feature, "feature", least=0)
        if X.ndim != 2 or column >= X.shape[1]:
            raise ValueError(f"feature must be a column of X, whose shape is {X.shape}, not {column}")
        return as_reals(X[:, column], "X")
    if feature is not None:
        values = as_reals(feature, "feature")
        if values.shape != (n_samples,):
            raise ValueError(
                f"feature must have one number for each of {n_samples} samples, not {values.shape}"
            )
        return values
    if X.ndim != 2 or X.dtype.kind not in "uif":
        raise ValueError(
            f"feature must be one number for each sample, as X, {X.dtype} of shape {X.shape}, has no principal component"
        )
    centred = as_reals(X, "X") - X.mean(axis=0)
    spread = centred.std(axis=0)
    _, _, axes = np.linalg.svd(centred / np.where(spread > 0, spread, 1.0), full_matrices=False)
    axis = axes[0] * np.sign(axes[0][np.abs(axes[0]).argmax()])
    return centred / np.where(spread > 0, spread, 1.0) @ axis


def _skewed(
    groups: list[NDArray[np.intp]], n_clients: int, alpha: float, rng: np.random.Generator
) -> list[NDArray[np.intp]]:
    """Return the rows of each client, each group dealt out by a Dirichlet draw of its own."""
    owned: list[list[int]] = [[] for _ in range(n_clients)]
    for group in groups:
        rows = rng.permutation(group)
        fractions = rng.dirichlet(np.full(n_clients, alpha))
        cuts = np.rint(np.cumsum(fractions)[:-1] * len(rows)).astype(int)
        for mine, part in zip(owned, np.split(rows, cuts), strict=True):
            mine.extend(part.tolist())
    for mine in owned:
        if not mine:
            mine.append(max(owned, key=len).pop())
    return [rng.permutation(mine) for mine in owned]
