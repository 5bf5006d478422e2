"""The picture of a kernel: how alike the rows look to it, sorted by class.

Taught in :doc:`/learning/qsvm`.
"""

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_reals, same_length

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class KernelDisplay:
    r"""The Gram matrix :math:`K_{ij} = k(x_i, x_j)` as a picture, rows and columns sorted by class.

    A kernel that serves a task has bright squares along the diagonal, one for each class, and is dark between them. If all
    of it is dark but the diagonal, no row looks like another: the kernel has concentrated, or its bandwidth is too large. If
    all of it is bright, it tells nothing apart.

    Made by :meth:`from_kernel` or :meth:`from_estimator`, like the displays of scikit-learn.

    Parameters
    ----------
    matrix : array_like of float, shape (n, n)
        Symmetric.
    y : array_like, shape (n,), optional
        The class of each row. None leaves the order as it is.

    Attributes
    ----------
    ax_, figure_, image_ : matplotlib.axes.Axes, matplotlib.figure.Figure, matplotlib.image.AxesImage
        Where and what was drawn.
    order_ : ndarray of int, shape (n,)
        Which row stands where.

    Examples
    --------
    >>> from qlearn.learning import FidelityKernel
    >>> X = [[0.1, 0.2], [1.4, 1.3], [0.2, 0.2]]
    >>> display = KernelDisplay.from_kernel(FidelityKernel("z"), X, ["near", "far", "near"])
    >>> [label.get_text() for label in display.ax_.get_yticklabels()], display.order_
    (['far', 'near'], array([1, 0, 2]))

    References
    ----------
    Shaydulin and Wild, "Importance of kernel bandwidth in quantum machine learning", 2022, arXiv:2111.05451.
    """

    def __init__(self, matrix: ArrayLike, y: ArrayLike | None = None) -> None:
        table = as_reals(matrix, "matrix")
        if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
            raise ValueError(f"matrix must be square, the kernel of rows with themselves, not {table.shape}")
        if y is not None:
            same_length(table, np.asarray(y), "matrix and y")
        self.matrix, self.y = table, y

    @classmethod
    def from_kernel(
        cls, kernel: Any, X: ArrayLike, y: ArrayLike | None = None, *, ax: "Axes | None" = None
    ) -> Self:
        """Compute the Gram matrix of rows and draw it.

        Parameters
        ----------
        kernel : object with gram, or callable
            Such as :class:`~qlearn.learning.FidelityKernel`; or a function of two tables of rows.
        X : array_like, shape (n, n_features)
            Rows.
        y : array_like, shape (n,), optional
            Their classes, by which they are sorted.
        ax : matplotlib.axes.Axes, optional
            Where to draw. None: a new figure.

        Returns
        -------
        KernelDisplay
        """
        if hasattr(kernel, "gram") and not isinstance(kernel, type):
            return cls(kernel.gram(X), y).plot(ax=ax)
        if not callable(kernel) or isinstance(kernel, type):
            raise TypeError(
                f"kernel must have gram, such as FidelityKernel(), or be a function of two tables of rows, not {kernel!r}. "
                "A matrix that is there already: KernelDisplay(matrix, y).plot()"
            )
        return cls(kernel(X, X), y).plot(ax=ax)

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: ArrayLike, y: ArrayLike | None = None, *, ax: "Axes | None" = None
    ) -> Self:
        """Draw the Gram matrix by the kernel that a fitted machine uses, its bandwidth included.

        Parameters
        ----------
        estimator : QSVC or another with `kernel_`
            Fitted.
        X : array_like, shape (n, n_features)
            Rows; of a machine with ``kernel="precomputed"`` the matrix.
        y : array_like, shape (n,), optional
            Their classes, by which they are sorted.
        ax : matplotlib.axes.Axes, optional
            Where to draw. None: a new figure.

        Returns
        -------
        KernelDisplay
        """
        if not hasattr(estimator, "kernel_"):
            raise ValueError(
                f"estimator must be a fitted machine with a kernel, such as QSVC().fit(X, y), not {estimator!r}"
            )
        if isinstance(estimator.kernel_, str):  # "precomputed": then X is the matrix
            return cls(X, y).plot(ax=ax)
        return cls.from_kernel(estimator.kernel_, X, y, ax=ax)

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Draw the matrix, a white line between classes, and return itself."""
        from matplotlib import pyplot as plt

        if ax is None:
            _, ax = plt.subplots(figsize=(4.8, 4.0), layout="constrained")
        n = len(self.matrix)
        labels = None if self.y is None else np.asarray(self.y)
        self.order_: NDArray[np.intp] = np.arange(n) if labels is None else np.argsort(labels, kind="stable")
        picture = self.matrix[np.ix_(self.order_, self.order_)]
        low, high = min(0.0, float(picture.min())), max(1.0, float(picture.max()))
        self.image_ = ax.imshow(picture, cmap="cividis", vmin=low, vmax=high, interpolation="nearest")
        ax.grid(visible=False)
        if labels is None:
            ax.locator_params(nbins=5, integer=True)
            ax.set(xlabel="row", ylabel="row")
        else:
            names, first, many = np.unique(labels[self.order_], return_index=True, return_counts=True)
            for border in first[1:] - 0.5:
                ax.axhline(border, color="white", linewidth=1.5)
                ax.axvline(border, color="white", linewidth=1.5)
            middles = first + (many - 1) / 2
            ax.set_xticks(middles, [str(name) for name in names])
            ax.set_yticks(middles, [str(name) for name in names], rotation=90, va="center")
            ax.tick_params(length=0)
            ax.set(xlabel="rows, by class", ylabel="")
        for spine in ax.spines.values():
            spine.set_visible(False)
        figure: Any = ax.get_figure()
        bar = figure.colorbar(self.image_, ax=ax, shrink=0.9, label="kernel")
        bar.outline.set_visible(False)
        bar.locator = plt.MaxNLocator(5)
        bar.update_ticks()
        self.ax_, self.figure_ = ax, figure
        return self
