"""The Bloch sphere, drawn flat: what is behind the page is pale, what is in front is dark.

Taught in :doc:`/qubits/superposition`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import same_length
from qlearn.plotting.styles import COLORS, as_color

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The viewer stands to the right of the x axis and a little above the equator.
_AZIMUTH, _ELEVATION = np.deg2rad(32), np.deg2rad(16)
_RIGHT = np.array([-np.sin(_AZIMUTH), np.cos(_AZIMUTH), 0])
_TOWARDS = np.array(
    [np.cos(_ELEVATION) * np.cos(_AZIMUTH), np.cos(_ELEVATION) * np.sin(_AZIMUTH), np.sin(_ELEVATION)]
)
_UP = np.cross(_TOWARDS, _RIGHT)

_POLES = {
    r"$|0\rangle$": (0, 0, 1),
    r"$|1\rangle$": (0, 0, -1),
    r"$|{+}\rangle$": (1, 0, 0),
    r"$|{-}\rangle$": (-1, 0, 0),
    r"$|i\rangle$": (0, 1, 0),
    r"$|{-i}\rangle$": (0, -1, 0),
}
_LONGER = 1e-6


def bloch_sphere(
    states: ArrayLike,
    labels: Sequence[str] | None = None,
    ax: "Axes | None" = None,
    *,
    colors: Sequence[str] | None = None,
    paths: Sequence[ArrayLike] = (),
) -> "Axes":
    """Draw states of one qubit as arrows in the Bloch sphere.

    Parameters
    ----------
    states : array_like, shape (2,), (n, 2), (3,) or (n, 3)
        State vectors (two amplitudes) or Bloch vectors (x, y, z; shorter than 1 for a mixed state).
    labels : sequence of str, optional
        One beside each arrow; Matplotlib's mathematics is understood.
    ax : matplotlib.axes.Axes, optional
        Flat axes to draw on; a new figure if None.
    colors : sequence of str, optional
        One for each arrow: names of :data:`COLORS` or Matplotlib colours. Default: the palette in order.
    paths : sequence of array_like, shape (k, 2) or (k, 3)
        Curves to draw on the sphere, for example the way a state takes through a gate, in the colours of
        the arrows of the same position.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = bloch_sphere([0, 0, 1], labels=["north"], ax=Figure().subplots())
    >>> "north" in [text.get_text() for text in ax.texts]
    True

    References
    ----------
    Bloch, "Nuclear induction", 1946, doi:10.1103/PhysRev.70.460, whose vector model this is.
    """
    vectors = _vectors(states, "states")
    tints = _tints(colors, len(vectors))
    if labels is not None:
        same_length(labels, vectors, "labels and states")
    curves = [_vectors(path, f"paths[{i}]") for i, path in enumerate(paths)]

    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.figure(figsize=(4, 4)).subplots()
    _draw_globe(ax)
    for i, curve in enumerate(curves):
        _draw_curve(ax, curve, color=tints[i % len(tints)], linewidth=2)
    for i, vector in enumerate(vectors):
        _draw_arrow(ax, vector, tints[i], "" if labels is None else labels[i])
    return ax


def _vectors(states: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.atleast_2d(np.asarray(states))
    kinds = {2: "buifc", 3: "buif"}.get(array.shape[-1], "")
    if array.ndim != 2 or array.dtype.kind not in kinds or not len(array):
        raise ValueError(
            f"{name} must have shape (n, 2), amplitudes, or (n, 3), Bloch vectors, not {np.shape(states)}"
        )
    if array.shape[1] == 2:
        from qlearn.qubits import bloch_vector

        return bloch_vector(array)
    longest = np.linalg.norm(array, axis=1).max()
    if not longest <= 1 + _LONGER:
        raise ValueError(f"{name} must be Bloch vectors of length at most 1, not {longest:.6g}")
    return array.astype(float)


def _tints(colors: Sequence[str] | None, n: int) -> list[str]:
    if colors is None:
        order = ("alice", "eve", "bob", "purple", "orange", "sky", "grey")
        return [COLORS[order[i % len(order)]] for i in range(n)]
    if len(colors) != n:
        raise ValueError(f"colors must be as many as states, not {len(colors)} for {n}")
    return [as_color(name) for name in colors]


def _flat(points: Any) -> tuple[Any, Any, Any]:
    """Project onto the page: right, up, and towards the reader."""
    right, up, towards = (np.asarray(points) @ direction for direction in (_RIGHT, _UP, _TOWARDS))
    return right, up, towards


def _draw_globe(ax: "Axes") -> None:
    from matplotlib.patches import Circle

    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_xlim(-1.4, 1.4)
    ax.set_ylim(-1.3, 1.3)
    ax.add_patch(Circle((0, 0), 1, facecolor="#F6F8FA", edgecolor=COLORS["grey"], linewidth=1, zorder=0))
    angles = np.linspace(0, 2 * np.pi, 181)
    for great in (
        np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1),
        np.stack([np.sin(angles), 0 * angles, np.cos(angles)], axis=1),
    ):
        _draw_curve(ax, great, color="#B0B0B0", linewidth=0.8, zorder=1)
    for text, pole in _POLES.items():
        x, y, _ = _flat(pole)
        ax.plot([0, x], [0, y], color="#B0B0B0", linewidth=0.8, linestyle=":", zorder=1)
        # The y poles lie almost on the outline: their names go outside it.
        away = (0.3 if pole[1] else 0.16) / np.hypot(x, y)
        words: dict[str, Any] = {"ha": "center", "va": "center", "color": "#555555", "zorder": 6}
        ax.text(x * (1 + away), y * (1 + away), text, path_effects=_halo(), **words)


def _draw_curve(ax: "Axes", points: NDArray[np.float64], **line: Any) -> None:
    """Draw a curve on the sphere: full in front, pale and dashed behind."""
    x, y, depth = _flat(points)
    front = depth >= 0
    ax.plot(np.where(front, x, np.nan), np.where(front, y, np.nan), **line)
    ax.plot(np.where(front, np.nan, x), np.where(front, np.nan, y), alpha=0.45, dashes=(3, 2), **line)


def _draw_arrow(ax: "Axes", vector: NDArray[np.float64], color: str, label: str) -> None:
    x, y, depth = _flat(vector)
    faint = 1.0 if depth >= -_LONGER else 0.55
    if np.hypot(x, y) < 0.05:  # the centre, or straight at the reader: an arrow would have no length
        ax.plot([x], [y], "o", color=color, alpha=faint, zorder=4)
    else:
        arrow = {
            "arrowstyle": "-|>",
            "color": color,
            "linewidth": 2.2,
            "shrinkA": 0,
            "shrinkB": 0,
            "alpha": faint,
        }
        ax.annotate("", (x, y), (0, 0), arrowprops={**arrow, "mutation_scale": 14}, zorder=4)
    if label:
        offset, align = _beside(vector, x, y)
        text: dict[str, Any] = {"color": color, "weight": "bold", "va": "center", "ha": align, "zorder": 7}
        ax.annotate(label, (x, y), offset, textcoords="offset points", path_effects=_halo(), **text)


def _halo() -> list[Any]:
    """Return the rim of paper around a name, which keeps it apart from the lines it lies on."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground="white")]


def _beside(vector: NDArray[np.float64], x: float, y: float) -> tuple[tuple[float, float], str]:
    """Return where a label goes, in points from the tip: outwards, and clear of the name of a pole."""
    if np.abs(vector[:2]).max() > 0.97:
        return (0, 20 if y >= 0 else -20), "center"
    if abs(vector[2]) > 0.97:
        return (14, 8 if y >= 0 else -8), "left"
    return (9 if x >= 0 else -9, 9 if y >= 0 else -9), "left" if x >= 0 else "right"
