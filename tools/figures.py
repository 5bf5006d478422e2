"""A probe for the figures of the book: points outside their axes, text on data, text too small for a phone.

It looks at a Matplotlib figure that has just been drawn, where everything has its place, and asks for no second drawing:

    figures.watch()      # from now on every figure that is printed as PNG is looked at
    figures.said()       # what was found since the last call

The run of the chapters under nbval does this in each kernel (`conftest.py`).
"""

from collections.abc import Iterator
from functools import wraps
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.cbook import STEP_LOOKUP_MAP
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

FIGURE = 382
"""CSS pixels that `house.css` leaves for a figure on a phone of 390; a test in the browser measures it."""
SMALLEST = 9.0
"""Size of the smallest text, in CSS pixels."""
SLACK = 0.05
"""What rounding may take from it."""
TOUCH = 1.5
"""Points (1/72 inch) by which the box around a text is larger than what is seen of it: so far a neighbour may reach."""

CUT = 0.25
"""Share of a marker's diameter that must lie between its middle and the frame: a marker cut in half is half a marker."""

_found: list[str] = []


def watch() -> None:
    """Look at every figure that is printed as PNG from now on."""
    plain = FigureCanvasBase.print_figure
    if hasattr(plain, "watched"):
        return

    @wraps(plain)
    def print_figure(self: FigureCanvasBase, filename: Any, *args: Any, **kwargs: Any) -> Any:
        result = plain(self, filename, *args, **kwargs)
        if hasattr(filename, "getvalue") and filename.getvalue()[1:4] == b"PNG":
            pixels = int.from_bytes(filename.getvalue()[16:20], "big")  # the width, in the header
            drawn, own = float(kwargs.get("dpi") or self.figure.dpi), self.figure.dpi
            self.figure.dpi = (
                drawn  # a notebook draws two pixels for one: what was drawn has its place in those
            )
            _found.extend(probe(self.figure, pixels / drawn, own))
            self.figure.dpi = own
        return result

    print_figure.watched = True  # type: ignore[attr-defined]
    FigureCanvasBase.print_figure = print_figure  # type: ignore[method-assign]


def said() -> str:
    """Return what was found since the last call, a line each."""
    text = "\n".join(_found)
    _found.clear()
    return text


def probe(figure: Figure, width: float | None = None, screen: float | None = None) -> list[str]:
    """Return what is wrong with a figure that has been drawn.

    Parameters
    ----------
    figure : Figure
    width : float, optional
        Of the picture in inches, when it was cut to what is on it; by default the figure's own.
    screen : float, optional
        Pixels of the page that an inch takes where there is room; by default the figure's own `dpi`.
    """
    inches = float(width or figure.get_figwidth())
    return [*outside(figure), *covered(figure), *small(figure, inches, screen or figure.dpi)]


def flat(figure: Figure) -> list[Axes]:
    """Return the axes that can be looked at: seen, and in a plane."""
    return [ax for ax in figure.axes if ax.get_visible() and ax.name == "rectilinear"]


def outside(figure: Figure) -> Iterator[str]:
    """Yield the points and bars that end beyond the frame, where they are cut off."""
    for ax in flat(figure):
        for what, points, room in clipped_points(ax):
            box = ax.bbox.padded(1 - room)
            beyond = sum(not box.contains(x, y) for x, y in points)
            if beyond:
                yield f"{where(ax)}{beyond} of {len(points)} {what} outside the axes"


def clipped_points(ax: Axes) -> Iterator[tuple[str, np.ndarray, float]]:
    """Yield the places of markers and the ends of bars that the frame cuts, and the room that one takes, in pixels."""
    for artist in [*ax.lines, *ax.collections]:
        if not artist.get_visible() or not artist.get_clip_on():
            continue
        points = markers(artist)
        if len(points):
            cap = isinstance(artist, Line2D) and artist.get_marker() in ("|", "_")
            yield "ends of error bars" if cap else "points", points, 0 if cap else CUT * size(artist)
    for container in ax.containers:
        bars = [bar for bar in container if isinstance(bar, Patch) and bar.get_visible()]
        if bars:
            corners = np.array([bar.get_window_extent().max for bar in bars])
            yield "ends of bars", corners[np.isfinite(corners).all(axis=1)], 0


def size(artist: Any) -> float:
    """Return the diameter of an artist's markers in pixels."""
    points = (
        artist.get_markersize()
        if isinstance(artist, Line2D)
        else np.sqrt(np.max(artist.get_sizes(), initial=0))
    )
    return float(points * artist.get_figure(root=True).dpi / 72)


def markers(artist: Any) -> np.ndarray:
    """Return the places of an artist's markers in pixels, shape (n, 2): none of a plain line."""
    if isinstance(artist, Line2D) and artist.get_marker() not in ("", " ", "none", "None", None):
        points = artist.get_transform().transform(np.asarray(artist.get_xydata(), dtype=float))
    elif isinstance(artist, PathCollection):
        points = artist.get_offset_transform().transform(
            np.ma.filled(np.ma.asarray(artist.get_offsets(), float), np.nan)
        )
    else:
        points = np.zeros((0, 2))
    return points[np.isfinite(points).all(axis=1)]


def covered(figure: Figure) -> Iterator[str]:
    """Yield the texts that touch another text, or data."""
    boxes = [(text, seen_box(text)) for text in texts(figure)]
    for i, (one, box) in enumerate(boxes):
        for other, its_box in boxes[:i]:
            if overlap(box, its_box):
                yield f"{quoted(one)} on {quoted(other)}"
    for ax in flat(figure):
        for panel in flat(figure):
            if panel.axison and not overlap(ax.bbox, panel.bbox):
                for text in around(ax):
                    if is_seen(text) and overlap(seen_box(text), panel.bbox):
                        yield f"{where(ax)}{quoted(text)} on another panel"
        labels = [(quoted(text), seen_box(text), text) for text in ax.texts if is_seen(text)]
        if legend := ax.get_legend():
            labels += [("the legend", seen_box(part), part) for part in legend.get_texts() if is_seen(part)]
        for name, box, text in labels:
            for artist in [*ax.lines, *ax.collections, *ax.patches]:
                if artist.get_visible() and not shields(ax, text, box, artist) and touches(artist, box, ax):
                    yield f"{where(ax)}{name} on data"
                    break


def texts(figure: Figure) -> list[Text]:
    """Return the texts of a figure that are seen, those of tick labels included."""
    found: list[Text] = [text for text in figure.texts if is_seen(text)]
    for ax in figure.axes:
        if not ax.get_visible():
            continue
        parts = [*ax.texts, *around(ax)]
        if legend := ax.get_legend():
            parts += legend.get_texts()
        found += [text for text in parts if is_seen(text)]
    return found


def around(ax: Axes) -> list[Text]:
    """Return what is written around a panel: its title, the names of its axes, and their numbers."""
    parts = [getattr(ax, name) for name in ("title", "_left_title", "_right_title")]
    if ax.axison:
        for axis in (ax.xaxis, ax.yaxis):
            parts += [axis.label, axis.offsetText]
            if axis.get_visible():
                parts += ticks(ax, axis)
    return parts


def ticks(ax: Axes, axis: Any) -> list[Text]:
    """Return the tick labels within the limits of an axis."""
    if ax.name != "rectilinear":
        return []
    low, high = sorted(axis.get_view_interval())
    slack = 1e-6 * (high - low)
    return [
        label
        for tick in [  # no more than are drawn now: an axis keeps what it once needed
            *axis.get_major_ticks(len(axis.get_majorticklocs())),
            *axis.get_minor_ticks(len(axis.get_minorticklocs())),
        ]
        if low - slack <= tick.get_loc() <= high + slack
        for label in (tick.label1, tick.label2)
    ]


def is_seen(text: Text) -> bool:
    """Tell whether there is anything to read."""
    return bool(text.get_visible() and text.get_text().strip() and text.get_alpha() != 0)


def seen_box(text: Any) -> Bbox:
    """Return the box of a text in pixels, less the air around its letters."""
    box = Text.get_window_extent(text)  # of an annotation: without its arrow
    air = TOUCH * text.get_figure(root=True).dpi / 72
    across, along = min(air, box.width / 4), min(air, box.height / 4)
    return Bbox([[box.x0 + across, box.y0 + along], [box.x1 - across, box.y1 - along]])


def overlap(one: Bbox, other: Bbox) -> bool:
    """Tell whether two boxes share more than an edge."""
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def shields(ax: Axes, text: Any, box: Bbox, artist: Any) -> bool:
    """Tell whether something opaque is between text and artist: paper or a rim of paper of its own, or a filled shape."""
    paper = text.get_bbox_patch()
    halo = any(isinstance(effect, withStroke) for effect in text.get_path_effects())
    if text.get_zorder() > artist.get_zorder() and (halo or (paper is not None and opaque(paper))):
        return True
    return any(
        shape is not artist
        and opaque(shape)
        and shape.get_zorder() >= artist.get_zorder()
        and holds(shape, box)
        for shape in ax.patches
    )


def opaque(shape: Any) -> bool:
    """Tell whether a shape hides what is under it."""
    return bool(shape.get_visible() and shape.get_fill() and shape.get_facecolor()[3] > 0.6)


def holds(shape: Patch, box: Bbox) -> bool:
    """Tell whether the middle of the box lies within the shape."""
    extent = shape.get_window_extent()
    return bool(extent.contains((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))


def touches(artist: Any, box: Bbox, ax: Axes) -> bool:
    """Tell whether a line, a marker or the outline of an empty shape runs through the box."""
    if artist.get_clip_on():
        both = Bbox.intersection(box, ax.bbox)
        if both is None:
            return False
        box = both
    if isinstance(artist, Line2D | PathCollection) and np.any(within(markers(artist), box)):
        return True
    paths: list[Any] = []
    if isinstance(artist, Line2D) and artist.get_linestyle() not in ("", " ", "none", "None"):
        steps = STEP_LOOKUP_MAP[artist.get_drawstyle()]
        course = Path(np.transpose(steps(*np.asarray(artist.get_xydata(), dtype=float).T)))
        paths = [artist.get_transform().transform_path(course)]
    elif isinstance(artist, LineCollection):
        paths = [artist.get_transform().transform_path(path) for path in artist.get_paths()]
    elif isinstance(artist, Patch) and not artist.get_fill() and to_rgba(artist.get_edgecolor())[3] > 0:
        paths = [artist.get_transform().transform_path(artist.get_path())]
    return any(path.intersects_bbox(box, filled=False) for path in paths if len(path.vertices) > 1)


def within(points: np.ndarray, box: Bbox) -> np.ndarray:
    """Return which points lie in the box."""
    return np.all((points > box.min) & (points < box.max), axis=1) if len(points) else np.zeros(0, dtype=bool)


def small(figure: Figure, inches: float, screen: float) -> Iterator[str]:
    """Yield the smallest text, when a phone shows it smaller than it may be."""
    scale = min(FIGURE, inches * screen) / inches / 72  # CSS pixels a point
    sizes = {text: float(text.get_fontsize()) * scale for text in texts(figure)}
    least = min(sizes, key=lambda text: sizes[text], default=None)
    if least is not None and sizes[least] < SMALLEST - SLACK:
        told = f"{inches:.1f} inches of picture, {least.get_fontsize():.1f} pt"
        yield f"{quoted(least)} has {sizes[least]:.1f} px on a phone: {told}"


def quoted(text: Text) -> str:
    """Name a text."""
    return repr(text.get_text())


def where(ax: Axes) -> str:
    """Name the panel, where there are several."""
    axes = ax.figure.axes
    return f"panel {axes.index(ax) + 1}: " if len(axes) > 1 else ""
