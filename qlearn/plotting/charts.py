"""Charts: a theory line, measured points with error bars, and the waterfall of where the bits of a key went.

Taught in :doc:`/qubits/measurement`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_trials
from qlearn.plotting.styles import COLORS, as_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def binomial_error(p_hat: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    r"""Return the one-sigma error bar of a frequency counted in `n` trials.

    .. math:: \sigma = \frac{1}{1 + 1/n} \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{1}{4 n^2}}

    Wilson's half-width. For many trials it is the familiar :math:`\sqrt{\hat p (1 - \hat p) / n}`; unlike
    that one it is not zero when nothing (or everything) was counted: ten trials without an error do not
    prove that errors are impossible.

    Parameters
    ----------
    p_hat : array_like of float
        Observed frequencies, 0 to 1.
    n : array_like of int
        Trials behind each of them, at least 1; broadcasts against `p_hat`.

    Returns
    -------
    ndarray of float
        The standard error, in the unit of `p_hat`.

    Examples
    --------
    >>> round(float(binomial_error(0.25, 10_000)), 6)
    0.00433
    >>> round(float(binomial_error(0.0, 10)), 4)
    0.0455

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", 1927,
    doi:10.1080/01621459.1927.10502953, with z = 1.
    """
    p_hat, n = np.asarray(p_hat, dtype=float), as_trials(n)
    if not ((p_hat >= 0) & (p_hat <= 1)).all():
        raise ValueError(f"p_hat must be frequencies between 0 and 1, not {p_hat}: divide the counts by n")
    return np.sqrt(p_hat * (1 - p_hat) / n + 1 / (4 * n.astype(float) ** 2)) / (1 + 1 / n)


def theory_and_points(
    ax: "Axes",
    x_theory: ArrayLike,
    y_theory: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    yerr: ArrayLike | None = None,
    color: str = "alice",
    label: str | None = None,
) -> "Axes":
    """Draw what theory says as a line and what was measured as points with error bars.

    The line is black and drawn first; the points carry the party's colour. `label` is written beside the
    last point, so that the figure needs no legend.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    x_theory, y_theory : array_like of float, shape (m,)
        The theory line.
    x, y : array_like of float, shape (n,)
        The measured points.
    yerr : array_like of float, shape (n,), optional
        Their standard errors, for example from :func:`binomial_error`. None draws no bars.
    color : str
        A name of :data:`COLORS` or a Matplotlib colour.
    label : str, optional
        Direct label of the points.

    Returns
    -------
    matplotlib.axes.Axes
        `ax` itself.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> _ = theory_and_points(ax, [0, 1], [0, 0.25], [0.5], [0.13], [0.01], "eve", "measured")
    >>> ax.texts[0].get_text()
    'measured'
    """
    x_theory, y_theory, x, y = (np.asarray(part, dtype=float) for part in (x_theory, y_theory, x, y))
    for names, first, second in (("x_theory and y_theory", x_theory, y_theory), ("x and y", x, y)):
        if first.shape != second.shape or first.ndim != 1:
            raise ValueError(
                f"{names} must be 1-D and of one length, not of shapes {first.shape} and {second.shape}"
            )
        as_count(first.size, f"the length of {names}")
    tint = as_color(color)
    ax.plot(x_theory, y_theory, color=COLORS["theory"], linewidth=1.6, zorder=2)
    ax.errorbar(x, y, yerr=yerr, fmt="o", color=tint, markeredgecolor="white", markeredgewidth=0.8, zorder=3)
    if label is not None:
        ax.annotate(
            label, (x[-1], y[-1]), (8, 0), textcoords="offset points", va="center", color=tint, weight="bold"
        )
    return ax


if TYPE_CHECKING:
    from matplotlib.axes import Axes


class _Entry(Protocol):
    @property
    def what(self) -> str: ...
    @property
    def bits(self) -> int: ...


class _Ledger(Protocol):
    @property
    def entries(self) -> Sequence[_Entry]: ...
    @property
    def balances(self) -> Sequence[int]: ...


def waterfall(ledger: _Ledger, ax: "Axes | None" = None) -> "Axes":
    """Draw a ledger: a bar for what it begins with, one for each loss hanging from the last, one for the rest.

    Parameters
    ----------
    ledger : Ledger
        Of a session (:class:`~qlearn.communication.secret_key.Ledger`).
    ax : matplotlib.axes.Axes, optional
        Where to draw. None: a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the bits on the horizontal axis, so that the words fit beside the bars.

    Examples
    --------
    >>> from qlearn.communication.secret_key import Ledger
    >>> ax = waterfall(Ledger().add("sift", "sifted", 100).add("estimate", "compared", -20))
    >>> [text.get_text() for text in ax.texts]
    ['100', '−20', '80']
    """
    from matplotlib import pyplot as plt

    if not ledger.entries:
        raise ValueError("ledger must have at least one entry: there is nothing to draw")
    if ax is None:
        _, ax = plt.subplots(figsize=(6.2, 0.42 * len(ledger.entries) + 1.1))
    names = [entry.what for entry in ledger.entries]
    most = max(ledger.balances)
    left = 0
    for row, (entry, after) in enumerate(zip(ledger.entries, ledger.balances, strict=True)):
        gain = entry.bits >= 0
        ax.barh(row, entry.bits, left=left, height=0.62, color=as_color("alice" if gain else "eve"))
        number = f"{entry.bits:,}".replace("-", "−")
        ax.text(max(left, after) + 0.01 * most, row, number, va="center", ha="left", fontsize=11)
        left = after
    if left > 0:
        names.append("secret key")
        ax.barh(len(ledger.entries), left, height=0.62, color=as_color("bob"))
        ax.text(left + 0.01 * most, len(ledger.entries), f"{left:,}", va="center", ha="left", fontsize=11)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set_xlim(min(0, *ledger.balances), 1.2 * most)
    ax.set_xlabel("bits")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.locator_params(axis="x", nbins=4)
    return ax
