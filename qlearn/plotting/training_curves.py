"""Curves of training: the loss, and the size of the gradient, epoch by epoch, with bands over seeds.

Taught in :doc:`/learning/neural_networks`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_choice
from qlearn.plotting.styles import COLORS, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Band = Literal["error", "range"]
_TINTS = ("alice", "eve", "bob", "purple", "orange", "sky", "grey")
_STROKES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.2)), "-.")


class CurveDisplay:
    r"""Curves with bands: the mean of several runs, and one standard error (or all of the runs) to each side.

    .. math:: \bar y_t = \frac1n \sum_r y_{rt}, \qquad
              \sigma_t = \sqrt{\frac{1}{n(n-1)} \sum_r (y_{rt} - \bar y_t)^2}

    A run that ended early keeps its last value, as the model that it left does.

    Parameters
    ----------
    curves : mapping of str to sequence of array_like
        For each name its runs, one a seed, each of shape (steps,).
    band : {"error", "range"}
        One standard error of the mean, or from the lowest run to the highest. One run has none.

    Attributes
    ----------
    ax_, figure_ : matplotlib.axes.Axes, matplotlib.figure.Figure
        Where it was drawn.
    means_, bands_ : dict
        For each name the curve, shape (steps,), and its band, shape (2, steps).
    """

    _ylabel, _log = "", False

    def __init__(self, curves: Mapping[str, Sequence[ArrayLike]], band: Band = "error") -> None:
        as_choice(band, ("error", "range"), "band")
        if not isinstance(curves, Mapping) or not curves:
            raise TypeError(
                f"curves must be a table of names and their runs, {{name: [run, run]}}, not {curves!r}"
            )
        if len(curves) > len(_TINTS):
            raise ValueError(
                f"curves must be at most {len(_TINTS)}, not {len(curves)}: more cannot be told apart"
            )
        self.band: Band = band
        self.curves = {str(name): _runs(name, runs) for name, runs in curves.items()}

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Draw the curves and their bands, their names above, and return itself."""
        from matplotlib import pyplot as plt

        if ax is None:
            _, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
        self.means_: dict[str, NDArray[np.float64]] = {}
        self.bands_: dict[str, NDArray[np.float64]] = {}
        for k, (name, runs) in enumerate(self.curves.items()):
            mean, steps = runs.mean(axis=0), np.arange(1, runs.shape[1] + 1)
            error = runs.std(axis=0, ddof=1) / np.sqrt(len(runs)) if len(runs) > 1 else np.zeros_like(mean)
            low, high = (mean - error, mean + error)
            if self.band == "range":
                low, high = runs.min(axis=0), runs.max(axis=0)
            self.means_[name], self.bands_[name] = mean, np.stack([low, high])
            tint, stroke = COLORS[_TINTS[k]], _STROKES[k % len(_STROKES)]
            ax.fill_between(steps, low, high, color=tint, alpha=0.22, linewidth=0, zorder=2)
            ax.plot(steps, mean, color=tint, linestyle=stroke, label=name, zorder=3)
        if self._log:
            ax.set_yscale("log")
        ax.locator_params(axis="x", integer=True, nbins=6)
        ax.set(xlabel="epoch", ylabel=self._ylabel)
        if len(self.curves) > 1 or next(iter(self.curves)):
            legend_above(ax, list(self.curves))
        self.ax_, self.figure_ = ax, ax.get_figure()
        return self


class LossCurveDisplay(CurveDisplay):
    """The loss of trained models, epoch by epoch, with bands over seeds.

    Made by :meth:`from_estimators`, like the displays of scikit-learn.

    Parameters
    ----------
    curves : mapping of str to sequence of array_like
        For each name its runs, one a seed, each of shape (epochs,).
    band : {"error", "range"}
        One standard error of the mean, or from the lowest run to the highest. One run has none.

    Examples
    --------
    >>> import numpy as np
    >>> from qlearn.learning import QNNClassifier
    >>> X = np.array([[-1.0], [0.0], [1.0]])
    >>> models = [QNNClassifier(layers=1, epochs=8, random_state=seed).fit(X, [0, 1, 0]) for seed in range(3)]
    >>> display = LossCurveDisplay.from_estimators({"one layer": models})
    >>> display.means_["one layer"].shape, display.bands_["one layer"].shape
    ((8,), (2, 8))

    References
    ----------
    LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998, doi:10.1007/3-540-49430-8_2 (what such curves tell).
    """

    _ylabel = "loss"

    @classmethod
    def from_estimators(cls, estimators: Any, *, band: Band = "error", ax: "Axes | None" = None) -> Self:
        """Draw the losses that fitted models have kept.

        Parameters
        ----------
        estimators : estimator, sequence of estimators, or mapping of str to these
            Fitted, with `loss_curve_`; several under one name are its seeds.
        band : {"error", "range"}
            As in the class.
        ax : matplotlib.axes.Axes, optional
            Where to draw. None: a new figure.

        Returns
        -------
        LossCurveDisplay
        """
        named = {name: [_loss_of(model) for model in models] for name, models in _named(estimators).items()}
        return cls(named, band).plot(ax=ax)

    from_estimator = from_estimators


class GradientDisplay(CurveDisplay):
    r"""The size of the gradient while models train, epoch by epoch, with bands over seeds, on a logarithmic axis.

    .. math:: \|\nabla L(\theta_t)\|_2

    Small from the first epoch on, it speaks of a plateau; small after the loss has fallen, of a floor that was reached.
    Made by :meth:`from_estimators`, like the displays of scikit-learn.

    Parameters
    ----------
    curves : mapping of str to sequence of array_like
        For each name its runs, one a seed, each of shape (epochs,): norms above 0.
    band : {"error", "range"}
        One standard error of the mean, or from the lowest run to the highest. One run has none.

    Examples
    --------
    >>> from qlearn.learning import QNNClassifier
    >>> models = [QNNClassifier(layers=1, epochs=4, random_state=seed) for seed in range(2)]
    >>> display = GradientDisplay.from_estimators({"one layer": models}, [[-1.0], [0.0], [1.0]], [0, 1, 0])
    >>> display.means_["one layer"].shape, display.ax_.get_yscale()
    ((4,), 'log')

    References
    ----------
    McClean, Boixo, Smelyanskiy, Babbush, Neven, "Barren plateaus in quantum neural network training landscapes",
    2018, arXiv:1803.11173.
    """

    _ylabel, _log = "norm of the gradient", True

    @classmethod
    def from_estimators(
        cls, estimators: Any, X: ArrayLike, y: ArrayLike, *, band: Band = "error", ax: "Axes | None" = None
    ) -> Self:
        """Train copies of models and draw the norm of their gradient, on all rows, after each epoch.

        All rows count alike: `class_weight` changes the training, and not what is drawn of it.

        Parameters
        ----------
        estimators : estimator, sequence of estimators, or mapping of str to these
            With `callback` and `loss_and_gradient`, such as QNNClassifier; they stay as they are, and a callback of their
            own is asked too. Several under one name are its seeds.
        X, y : array_like, shapes (rows, features), (rows,)
            What they train on.
        band : {"error", "range"}
            As in the class.
        ax : matplotlib.axes.Axes, optional
            Where to draw. None: a new figure.

        Returns
        -------
        GradientDisplay
        """
        named = _named(estimators)
        for model in (model for models in named.values() for model in models):
            if not hasattr(model, "loss_and_gradient") or "callback" not in model.get_params(deep=False):
                raise TypeError(
                    f"estimators must train by gradients and take a callback, as QNNClassifier does, not {model!r}"
                )
        return cls(
            {name: [_norms_of(model, X, y) for model in models] for name, models in named.items()}, band
        ).plot(ax=ax)

    from_estimator = from_estimators


def _norms_of(model: Any, X: ArrayLike, y: ArrayLike) -> list[float]:
    """Train a copy and return the norm of its gradient after each epoch."""
    from sklearn.base import clone

    norms, own = [], model.callback

    def record(now: Any, epoch: int, loss: float) -> object:
        _, gradient = now.loss_and_gradient(now.get_parameters(), X, y)
        norms.append(float(np.sqrt(sum((part**2).sum() for part in gradient))))
        return own is not None and own(now, epoch, loss)

    clone(model).set_params(callback=record).fit(X, y)
    return norms


def _named(estimators: Any) -> dict[str, list[Any]]:
    """Return the models under each name: one model, several of one kind, or a table of names."""
    if not isinstance(estimators, Mapping):
        estimators = {"": estimators}
    return {
        name: list(models) if isinstance(models, list | tuple) else [models]
        for name, models in estimators.items()
    }


def _loss_of(model: Any) -> Any:
    if not hasattr(model, "loss_curve_"):
        raise ValueError(
            f"estimators must be fitted and keep a loss_curve_, as QNNClassifier does, not {model!r}"
        )
    return model.loss_curve_


def _runs(name: Any, runs: Any) -> NDArray[np.float64]:
    """Return runs as a table, shape (runs, steps); one that ended early keeps its last value."""
    lines = [np.asarray(run, dtype=float) for run in runs]
    if not lines or any(line.ndim != 1 or not line.size for line in lines):
        raise ValueError(
            f"curves must hold runs of at least one step each, and {name!r} has none, or one that is empty"
        )
    most = max(line.size for line in lines)
    return np.stack([np.pad(line, (0, most - line.size), mode="edge") for line in lines])
