"""The style of the figures: one palette that colour-blind readers can tell apart, one set of sizes.

Taught in :doc:`/qubits/superposition`.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito's palette; the parties of a protocol keep their colour through the whole book.
COLORS = {
    "alice": "#0072B2",
    "bob": "#009E73",
    "eve": "#D55E00",
    "theory": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "purple": "#CC79A7",
    "grey": "#767676",
}
"""Colour of a party ("alice", "bob", "eve"), of a theory line, and the rest of the Okabe-Ito palette."""

_RC: dict[str, Any] = {
    "figure.figsize": (6, 3.4),
    "figure.dpi": 108,
    "figure.constrained_layout.use": True,
    # Paper that is seen: a dark page does not swallow black axes. (The book has a dark twin of each picture.)
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 12,
    "xtick.labelsize": 11.5,
    "ytick.labelsize": 11.5,
    "legend.fontsize": 11.5,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.9,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "errorbar.capsize": 3,
}


def style() -> None:
    """Give every figure that follows the look of the book.

    Figures of 6 x 3.4 inches (at most 7 x 4), text that a phone can show, white paper, no frame that
    carries no information, and the Okabe-Ito palette in the order of :data:`COLORS`. It changes Matplotlib's
    defaults for the session; ``matplotlib.rcdefaults()`` brings the old ones back. A notebook gets its pictures with
    two pixels where the page has one, so that they are sharp on a fine screen and on paper.

    Examples
    --------
    >>> import matplotlib
    >>> style()
    >>> matplotlib.rcParams["axes.prop_cycle"].by_key()["color"][0] == COLORS["alice"]
    True

    References
    ----------
    Okabe and Ito, "Color Universal Design", 2008, jfly.uni-koeln.de/color.
    """
    import matplotlib
    from cycler import cycler

    order = ("alice", "eve", "bob", "purple", "orange", "sky", "grey")
    matplotlib.rcParams.update(_RC)  # type: ignore[arg-type]
    matplotlib.rcParams["axes.prop_cycle"] = cycler(color=[COLORS[name] for name in order])
    _sharpen()


def _sharpen() -> None:
    """Let a notebook draw two pixels for one, and each figure once; anywhere else, where no kernel runs, do nothing."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(shell, "kernel"):
        from matplotlib import get_backend, pyplot
        from matplotlib_inline.config import InlineBackend

        InlineBackend.instance(parent=shell).figure_formats = {"retina"}
        # Behind each cell pyplot draws what is open, for windows; then the notebook draws the same again, for the page.
        if "inline" in get_backend():
            pyplot.uninstall_repl_displayhook()


def as_color(name: str) -> str:
    """Return the book's colour called `name`; any other Matplotlib colour passes through."""
    from matplotlib.colors import is_color_like

    if name in COLORS:
        return COLORS[name]
    if not is_color_like(name):
        raise ValueError(f"color must be one of {', '.join(COLORS)}, or a Matplotlib colour, not {name!r}")
    return name


def legend_above(ax: "Axes", names: Sequence[str]) -> None:
    """Name what is drawn above the panel, where no data lies: in one row if a phone has room for it, else three a row."""
    # A phone has room for some 40 letters; each name takes a marker and air besides.
    fits = sum(len(name) + 3 for name in names) <= 40
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(names) if fits else min(3, len(names)),
        borderaxespad=0.2,
        handletextpad=0.3,
        columnspacing=1.2,
        frameon=False,
    )
