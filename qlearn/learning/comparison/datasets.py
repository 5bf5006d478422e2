"""Ten measured data sets that ship in packages, and a made one: enough to judge a claim, small enough for a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.model_selection import train_test_split

from qlearn._checks import as_count, as_rng
from qlearn.evidence.holdout import Part, holdout_split
from qlearn.learning.qsvm.ad_hoc import ad_hoc_data

Raw = tuple[NDArray[np.float64], NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows with their classes, and where they come from.

    Parameters
    ----------
    name : str
        One of :data:`DATASETS`.
    X : ndarray of float64, shape (n, n_features)
        The features as they were measured: scaling is part of a model, and is learned from training rows.
    y : ndarray, shape (n,)
        Classes.
    angles : bool
        Whether the features are angles in radians already, which nobody should scale.
    source : str
        Author, year and licence.
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[Any]
    angles: bool
    source: str

    def __repr__(self) -> str:
        n, q = self.X.shape
        return f"Dataset({self.name!r}, {n} rows, {q} features, {len(np.unique(self.y))} classes)"


def _digits(one: int, other: int) -> Raw:
    X, y = load_digits(return_X_y=True)
    wanted = (y == one) | (y == other)
    return X[wanted], y[wanted]


def _diabetes() -> Raw:
    X, progress = load_diabetes(return_X_y=True, scaled=False)
    return X, (progress > np.median(progress)).astype(np.int64)


def _intrusion() -> Raw:
    table = files(__package__).joinpath("data/intrusion.csv").read_text().splitlines()
    rows = [line.split(",") for line in table[1:]]
    return np.array([row[:-1] for row in rows], dtype=np.float64), np.array([row[-1] for row in rows])


def _synthetic() -> Raw:
    data = ad_hoc_data(n_train=60, n_test=60, rng=5)
    return np.concatenate([data.X_train, data.X_test]), np.concatenate([data.y_train, data.y_test])


_SCIKIT_LEARN = "ships with scikit-learn (UCI Machine Learning Repository, CC BY 4.0)"
_LOADERS: dict[str, tuple[Callable[[], Raw], str]] = {
    "breast cancer": (lambda: load_breast_cancer(return_X_y=True), f"Wolberg et al., 1993; {_SCIKIT_LEARN}"),
    **{
        f"digits {one} or {other}": (
            partial(_digits, one, other),
            f"Alpaydin and Kaynak, 1998; {_SCIKIT_LEARN}; each digit in one pair only",
        )
        for one, other in ((3, 5), (4, 9), (1, 7), (2, 8), (0, 6))
    },
    "wine": (lambda: load_wine(return_X_y=True), f"Aeberhard and Forina, 1991; {_SCIKIT_LEARN}"),
    "iris": (lambda: load_iris(return_X_y=True), f"Fisher, 1936; {_SCIKIT_LEARN}"),
    "intrusion": (
        _intrusion,
        "KDD Cup 1999 (Stolfo et al.), doi:10.24432/C51C7N, CC BY 4.0: 200 distinct connections of each of two "
        "port scanners, satan and portsweep, drawn from the selections of KEEL; numbers that never change left out",
    ),
    "diabetes": (
        _diabetes,
        "Efron, Hastie, Johnstone and Tibshirani, 2004, doi:10.1214/009053604000000067, ships with scikit-learn: whether "
        "the disease has gone further after a year than in half of the patients",
    ),
    "synthetic": (
        _synthetic,
        "the ad hoc data of Havlicek et al., 2019, arXiv:1804.11326, made for the ZZ map",
    ),
}

DATASETS: tuple[str, ...] = tuple(_LOADERS)
"""The names that :func:`load_dataset` knows; the last one is made, the others are measured."""


@cache
def _raw(name: str) -> Raw:
    """Read a set once; whoever takes it gets a copy."""
    return _LOADERS[name][0]()


def load_dataset(name: str, n: int | None = None, *, part: Part | None = None, rng: Any = None) -> Dataset:
    """Return a data set by its name, or some of its rows with the classes in the same proportion.

    Each set comes in two halves, the same for everybody: rows that `settle` how models are set up and tuned, and rows
    that `judge` them (:func:`~qlearn.evidence.holdout_split`). Whoever has looked at scores of the second half has
    used it up.

    Parameters
    ----------
    name : str
        One of :data:`DATASETS`.
    n : int, optional
        Number of rows to draw without replacement, at least 10 for each class; None, or as many as there
        are, takes all.
    part : {"settle", "judge"}, optional
        One half of the rows only; None takes all.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; it draws the rows.

    Returns
    -------
    Dataset

    Examples
    --------
    >>> scans = load_dataset("intrusion")
    >>> scans.X.shape, sorted(set(scans.y.tolist()))
    ((400, 23), ['portsweep', 'satan'])
    >>> load_dataset("iris", 60, rng=0).y.shape, load_dataset("iris", part="judge").y.shape
    ((60,), (75,))

    References
    ----------
    Stolfo et al., "KDD Cup 1999 data", 1999, doi:10.24432/C51C7N. Havlicek et al., 2019, arXiv:1804.11326.
    """
    if name not in DATASETS:
        raise ValueError(f"name must be one of {', '.join(DATASETS)}, not {name!r}")
    X, y = (column.copy() for column in _raw(name))
    if part is not None:
        halves = holdout_split(y, rng=0)
        if part not in halves._fields:
            raise ValueError(f"part must be one of {', '.join(halves._fields)}, not {part!r}")
        rows = getattr(halves, part)
        X, y = X[rows], y[rows]
    if n is not None:
        least = 10 * len(np.unique(y))
        if not least <= as_count(n, "n") <= len(y):
            raise ValueError(
                f"n must be {least} to {len(y)} rows of {name!r}, not {n}: fewer leave a fold without a class"
            )
        if n < len(y):
            seed = int(as_rng(rng).integers(2**31))
            X, _, y, _ = train_test_split(X, y, train_size=n, stratify=y, random_state=seed)
    return Dataset(name, np.asarray(X, dtype=np.float64), y, name == "synthetic", _LOADERS[name][1])
