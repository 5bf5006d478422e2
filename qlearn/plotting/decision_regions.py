"""Decision regions: what a classifier of two features says everywhere, beside the rows that it learned from.

Taught in :doc:`/learning/qsvm`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_real, same_length
from qlearn.plotting.styles import COLORS, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Black and the grey of the palette are those of lines and of what is aside.
_TINTS = ("alice", "eve", "bob", "purple", "orange", "sky")
_MARKERS = "os^DvP"
_PALEST, _DEEPEST = 0.12, 0.45


class DecisionRegionDisplay:
    r"""The regions in which a classifier names each class, deeper in colour where it is more certain.

    .. math:: \hat y(x) = \arg\max_c\, p_c(x), \qquad
              \text{depth} \propto \frac{\max_c p_c(x) - 1/C}{1 - 1/C}

    Made by :meth:`from_estimator`, like the displays of scikit-learn: :meth:`plot` draws it again on other axes, and what was
    drawn stands in ``ax_`` and ``figure_``.

    Parameters
    ----------
    x0, x1 : ndarray of float, shapes (n,), (m,)
        The places asked, along the two features.
    probabilities : ndarray of float, shape (m, n, classes)
        Of each class at each place; 1 and 0 from a classifier that only names one.
    classes : sequence
        What the classes are called.
    X, y : array_like, shapes (rows, 2), (rows,), optional
        Rows to show as points, and their classes. Without `y` they are grey.
    names : (str, str)
        Of the features, for the axes.

    Attributes
    ----------
    ax_, figure_ : matplotlib.axes.Axes, matplotlib.figure.Figure
        Where it was drawn.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning import QSVC
    >>> X = np.array([[-1.0, -1], [1, 1], [-1, 1], [1, -1]])
    >>> machine = QSVC(encoding="zz", bandwidth=0.5).fit(X, ["like", "like", "unlike", "unlike"])
    >>> display = DecisionRegionDisplay.from_estimator(machine, X, ["like", "like", "unlike", "unlike"])
    >>> [text.get_text() for text in display.ax_.get_legend().get_texts()]
    ['like', 'unlike']

    References
    ----------
    Hastie, Tibshirani, Friedman, *The Elements of Statistical Learning*, 2009, section 2.3 (figures of this kind).
    """

    def __init__(
        self,
        x0: NDArray[np.float64],
        x1: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        classes: Sequence[Any],
        X: ArrayLike | None = None,
        y: ArrayLike | None = None,
        names: tuple[str, str] = ("feature 0", "feature 1"),
    ) -> None:
        self.x0, self.x1, self.probabilities = x0, x1, probabilities
        self.classes, self.X, self.y, self.names = list(classes), X, y, names

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: ArrayLike,
        y: ArrayLike | None = None,
        *,
        resolution: int = 90,
        margin: float = 0.08,
        names: tuple[str, str] | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Ask a fitted classifier all over the range of the rows, and draw what it says.

        Parameters
        ----------
        estimator : classifier
            Fitted on two features; anything with `predict`. Its `predict_proba` is used where there is one.
        X : array_like, shape (rows, 2)
            Rows, which set the range and are shown as points.
        y : array_like, shape (rows,), optional
            Their classes.
        resolution : int
            Places asked along each feature.
        margin : float
            Room on each side, as a share of the range. 0 stays within the rows: what an encoding refuses beyond them is not
            asked.
        names : (str, str), optional
            Of the features. None: the columns of a table, else "feature 0" and "feature 1".
        ax : matplotlib.axes.Axes, optional
            Where to draw. None: a new figure.

        Returns
        -------
        DecisionRegionDisplay
        """
        rows = np.asarray(X, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != 2 or not len(rows):
            raise ValueError(
                f"X must have two features, shape (rows, 2), not {rows.shape}: a page has two directions. "
                "Reduce the features first, and fit on what is left"
            )
        if not hasattr(estimator, "predict"):
            raise TypeError(f"estimator must have predict, as classifiers have, not {estimator!r}")
        n, room = as_count(resolution, "resolution", least=2), as_real(margin, "margin", least=0)
        low, high = rows.min(axis=0), rows.max(axis=0)
        reach = room * np.where(high > low, high - low, 1.0)
        x0, x1 = np.linspace(low - reach, high + reach, n).T
        grid: Any = np.stack(np.meshgrid(x0, x1), axis=-1).reshape(-1, 2)
        if hasattr(X, "columns"):  # a table is asked as it was fitted, by the names of its columns
            table: Any = X
            grid = type(table)(grid, columns=table.columns)
            names = names or (str(table.columns[0]), str(table.columns[1]))
        classes, probabilities = _answers(estimator, grid)
        _refuse_too_many(classes)
        display = cls(
            x0, x1, probabilities.reshape(n, n, -1), classes, rows, y, names or ("feature 0", "feature 1")
        )
        return display.plot(ax=ax)

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Draw the regions, their borders, and the rows, and return itself."""
        from matplotlib import pyplot as plt
        from matplotlib.colors import to_rgb

        if ax is None:
            _, ax = plt.subplots(figsize=(4.6, 4.0), layout="constrained")
        tints = np.array([to_rgb(COLORS[tint]) for tint in _TINTS[: len(self.classes)]])
        p, n = self.probabilities, max(2, len(self.classes))
        certain = ((p.max(axis=-1) - 1 / n) / (1 - 1 / n)).clip(0, 1)[..., None]
        depth = _PALEST + (_DEEPEST - _PALEST) * certain
        picture = 1 - depth * (1 - tints[p.argmax(axis=-1)])
        half = [(axis[1] - axis[0]) / 2 for axis in (self.x0, self.x1)]
        extent = (self.x0[0] - half[0], self.x0[-1] + half[0], self.x1[0] - half[1], self.x1[-1] + half[1])
        ax.imshow(picture, origin="lower", extent=extent, aspect="auto", interpolation="nearest", zorder=0)
        for c in range(len(self.classes) if len(self.classes) > 2 else 1):
            others = np.delete(p, c, axis=-1).max(axis=-1, initial=0)
            if (lead := p[..., c] - others).min() < 0 < lead.max():
                ax.contour(self.x0, self.x1, lead, levels=[0], colors=COLORS["theory"], linewidths=1.2)
        self._points(ax)
        ax.grid(visible=False)
        ax.set(xlabel=self.names[0], ylabel=self.names[1], xlim=extent[:2], ylim=extent[2:])
        ax.locator_params(nbins=5)
        self.ax_, self.figure_ = ax, ax.get_figure()
        return self

    def _points(self, ax: "Axes") -> None:
        """Draw the rows, each class in its colour and with its marker, and name the classes above the picture."""
        look: dict[str, Any] = {"s": 30, "edgecolors": "white", "linewidths": 0.7, "zorder": 3}
        rows = None if self.X is None else np.asarray(self.X, dtype=float)
        if rows is not None and self.y is not None:
            same_length(rows, np.asarray(self.y), "X and y")
        elif rows is not None:
            ax.scatter(*rows.T, color=COLORS["grey"], **look)
        for label, tint, marker in zip(self.classes, _TINTS, _MARKERS, strict=False):
            chosen = np.zeros((0, 2)) if rows is None or self.y is None else rows[np.asarray(self.y) == label]
            ax.scatter(*chosen.T, color=COLORS[tint], marker=marker, label=str(label), **look)
        legend_above(ax, [str(label) for label in self.classes])


def _refuse_too_many(classes: Sequence[Any]) -> None:
    if len(classes) > len(_TINTS):
        raise ValueError(
            f"estimator must tell at most {len(_TINTS)} classes apart to be shown in colours that can be told apart, "
            f"not {len(classes)}"
        )


def _answers(estimator: Any, grid: Any) -> tuple[list[Any], NDArray[np.float64]]:
    """Return the classes, and the probability of each at each place: 1 and 0 where it only names one."""
    if hasattr(estimator, "predict_proba"):
        probabilities = np.asarray(
            estimator.predict_proba(grid), dtype=float
        )  # first: it says so if nothing is fitted
        return list(estimator.classes_), probabilities
    named = np.asarray(estimator.predict(grid))
    classes = list(estimator.classes_) if hasattr(estimator, "classes_") else list(np.unique(named))
    _refuse_too_many(classes)  # of a regressor each place has its own
    return classes, np.stack([named == label for label in classes], axis=-1).astype(float)
