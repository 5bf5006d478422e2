"""A theory line, the measured points that should fall on it, and how far they may stray."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_failure
from qlearn.plotting.look import COLORS, colour

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

    Raises
    ------
    ValueError
        If a frequency lies outside 0 to 1 or a number of trials is not a whole number of at least 1.

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

    Taught in :doc:`/qubits/measurement`.
    """
    p_hat, n = np.asarray(p_hat, dtype=float), np.asarray(n)
    if not ((p_hat >= 0) & (p_hat <= 1)).all():
        raise ValueError(f"p_hat must be frequencies between 0 and 1, not {p_hat}: divide the counts by n")
    if not ((n >= 1) & (n == np.floor(n))).all():
        raise ValueError(f"n must be whole numbers of trials, at least 1, not {n}")
    return np.sqrt(p_hat * (1 - p_hat) / n + 1 / (4 * n.astype(float) ** 2)) / (1 + 1 / n)


def binomial_band(
    p: ArrayLike, n: ArrayLike, failure: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return the band in which frequencies counted in `n` trials lie, all of them, but for a stated chance.

    .. math:: \Pr(k < k_{\text{low}}) \le \frac{\varepsilon}{2m}, \qquad
              \Pr(k > k_{\text{high}}) \le \frac{\varepsilon}{2m}, \qquad
              \Bigl(\frac{k_{\text{low}} - 1/2}{n},\ \frac{k_{\text{high}} + 1/2}{n}\Bigr)

    The counts are binomial and their tails exact: no normal curve is put in their place, which far out would be
    wrong for rare events. The failure :math:`\varepsilon` is that of all m points *together*, each tail of each
    point gets its share; so an assert on thirty points keeps its promise, where "five standard errors" each
    does not. The points may depend on each other. The edges lie half a count outside, so that rounding
    decides nothing. A scalar `p` is *one* point; :func:`counts_agree` counts the points by itself.

    Parameters
    ----------
    p : array_like of float
        The chances that theory gives, 0 to 1.
    n : array_like of int
        Trials behind each frequency, at least 1; broadcasts against `p`.
    failure : float
        The chance that a right program leaves the band at one point at least; above 0 and below 1.

    Returns
    -------
    low, high : ndarray of float
        Where the frequencies must lie.

    Raises
    ------
    TypeError, ValueError
        If a chance lies outside 0 to 1, a number of trials is not a whole number of at least 1, or the failure
        is not above 0 and below 1.

    Examples
    --------
    >>> low, high = binomial_band(0.5, 100, failure=0.05)
    >>> float(low), float(high)  # 40 to 60 heads
    (0.395, 0.605)
    >>> low, high = binomial_band(np.full(30, 0.5), 100, failure=0.05)
    >>> float(low[0]), float(high[0])  # thirty such experiments, and all of them shall lie inside
    (0.335, 0.665)

    References
    ----------
    Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934,
    doi:10.1093/biomet/26.4.404: the same tails, read for p instead of for the count.

    Taught in :doc:`/qubits/measurement`.
    """
    from scipy.stats import binom  # half a second of imports, for one function

    p, n = np.asarray(p, dtype=float), np.asarray(n)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p must be chances between 0 and 1, not {p}")
    if not ((n >= 1) & (n == np.floor(n))).all():
        raise ValueError(f"n must be whole numbers of trials, at least 1, not {n}")
    tail = as_failure(failure) / 2 / np.broadcast(p, n).size
    # The upper tail is the lower one of the failures: 1 - 1e-16 would be 1.
    lowest, highest = binom.ppf(tail, n, p), n - binom.ppf(tail, n, 1 - p)
    return (lowest - 0.5) / n, (highest + 0.5) / n


def counts_agree(*rows: tuple[ArrayLike, ArrayLike, ArrayLike], failure: float = 1e-6) -> bool:
    r"""Tell whether all frequencies of a page lie where theory allows, with one false alarm for all together.

    .. math:: \Pr(\text{False, although the theory is right}) \le \varepsilon

    Each row is a curve of :func:`binomial_band`, and the failure :math:`\varepsilon` is shared by all points of
    all rows: a page of checks that is one call has a false-alarm chance that is stated and true.

    Parameters
    ----------
    *rows : tuple of (measured, theory, n)
        Frequencies that were counted, the chances that theory gives, and the trials behind each; the three
        broadcast.
    failure : float
        The chance that a right program is told False; above 0 and below 1.

    Returns
    -------
    bool
        Whether every frequency lies in its band.

    Raises
    ------
    TypeError, ValueError
        If there is no row, a chance or a number of trials is not valid, or a frequency times its trials is no
        whole number: then it was not counted, and its spread is not binomial.

    Examples
    --------
    >>> counts_agree((0.531, 1 / 2, 1000), ([0.24, 0.26], 1 / 4, 1000))
    True
    >>> counts_agree((0.6, 1 / 2, 1000), ([0.24, 0.26], 1 / 4, 1000))
    False

    References
    ----------
    Bonferroni's inequality: the chance that one of several things happens is at most the sum of their chances.

    Taught in :doc:`/qubits/measurement`.
    """
    if not rows:
        raise ValueError("rows must hold at least one (measured, theory, n): nothing was compared")
    curves = [
        [np.asarray(part) for part in np.broadcast_arrays(*(np.asarray(part, float) for part in row))]
        for row in rows
    ]
    points = sum(measured.size for measured, _, _ in curves)
    agree = True
    for measured, theory, n in curves:
        off = np.abs(measured * n - np.rint(measured * n))
        if not (off < 1e-3).all():
            raise ValueError(
                "measured must be counts divided by n, so that their spread is binomial; "
                f"{measured.flat[off.argmax()]:.6g} of {n.flat[off.argmax()]:.0f} trials is no whole number of them"
            )
        low, high = binomial_band(theory, n, as_failure(failure) * measured.size / points)
        agree &= bool(((low <= measured) & (measured <= high)).all())
    return agree


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

    Raises
    ------
    ValueError
        If a pair of coordinates differs in length, there is no point, or `color` is unknown.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> _ = theory_and_points(ax, [0, 1], [0, 0.25], [0.5], [0.13], [0.01], "eve", "measured")
    >>> ax.texts[0].get_text()
    'measured'

    Taught in :doc:`/qubits/measurement`.
    """
    x_theory, y_theory, x, y = (np.asarray(part, dtype=float) for part in (x_theory, y_theory, x, y))
    for names, first, second in (("x_theory and y_theory", x_theory, y_theory), ("x and y", x, y)):
        if first.shape != second.shape or first.ndim != 1:
            raise ValueError(
                f"{names} must be 1-D and of one length, not of shapes {first.shape} and {second.shape}"
            )
        as_count(first.size, f"the length of {names}")
    tint = colour(color)
    ax.plot(x_theory, y_theory, color=COLORS["theory"], linewidth=1.6, zorder=2)
    ax.errorbar(x, y, yerr=yerr, fmt="o", color=tint, markeredgecolor="white", markeredgewidth=0.8, zorder=3)
    if label is not None:
        ax.annotate(
            label, (x[-1], y[-1]), (8, 0), textcoords="offset points", va="center", color=tint, weight="bold"
        )
    return ax
