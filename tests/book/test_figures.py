"""The probe of the figures finds what was planted, and nothing in a figure that is right; the run of the chapters asks it."""

import io
from collections.abc import Callable, Iterator
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from qlearn.plotting import style


@pytest.fixture
def figures(load) -> ModuleType:
    return load("tools/figures.py")


@pytest.fixture
def hook(load) -> ModuleType:
    return load("conftest.py")


@pytest.fixture
def ax() -> Iterator[Axes]:
    with plt.rc_context():
        style()
        figure, ax = plt.subplots()
        yield ax
        plt.close(figure)


def found(figures: ModuleType, ax: Axes, width: float | None = None) -> list[str]:
    ax.figure.savefig(io.BytesIO(), format="png")
    return figures.probe(ax.figure, width)


def nothing(ax: Axes) -> None:
    ax.errorbar([0, 1, 2], [0, 1, 2], 0.1, fmt="o-", label="counted")
    ax.axhline(1.5)
    ax.text(0, 1.6, "over the line")
    ax.set(title="A panel", xlabel="x (km)", ylabel="y")
    ax.legend(loc="lower right")


def a_line_that_leaves_the_frame(ax: Axes) -> None:
    ax.plot([0, 5], [0, 5])
    ax.set_xlim(0, 1)


def a_label_on_its_own_paper(ax: Axes) -> None:
    ax.plot([0, 1], [0, 0])
    ax.text(0.5, 0, "n = 4", va="center", bbox={"facecolor": "white"}, zorder=5)


def a_label_with_a_rim_of_paper(ax: Axes) -> None:
    ax.plot([0, 1], [0, 0])
    ax.text(0.5, 0, "pole", va="center", path_effects=[withStroke(linewidth=3, foreground="white")], zorder=5)


def a_letter_in_a_gate(ax: Axes) -> None:
    ax.plot([0, 1], [0.5, 0.5], zorder=1)
    ax.add_patch(plt.Rectangle((0.4, 0.4), 0.2, 0.2, facecolor="white", edgecolor="black", zorder=2))
    ax.text(0.5, 0.5, "H", ha="center", va="center", zorder=3)


def a_number_on_a_bar(ax: Axes) -> None:
    ax.bar([0, 1], [1, 2])
    ax.text(0, 0.5, "12", ha="center")


def an_arrow_to_a_point(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], "o")
    ax.annotate("here", (1, 1), (0.2, 0.9), arrowprops={"arrowstyle": "->"})


def labels_of_ticks_that_are_not_shown(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1])
    ax.set_xticks(np.arange(100) / 20, [str(i) for i in range(100)])
    ax.set_xlim(0, 0.4)


def ticks_that_were_once_needed(ax: Axes) -> None:
    ax.plot([0.85, 0.95], [0, 1])
    ax.xaxis.set_major_locator(MaxNLocator(9))
    ax.figure.canvas.draw()
    ax.xaxis.set_major_locator(MaxNLocator(2))


@pytest.mark.parametrize(
    "draw",
    [
        nothing,
        a_line_that_leaves_the_frame,
        a_label_on_its_own_paper,
        a_label_with_a_rim_of_paper,
        a_letter_in_a_gate,
        a_number_on_a_bar,
        an_arrow_to_a_point,
        labels_of_ticks_that_are_not_shown,
        ticks_that_were_once_needed,
    ],
)
def test_a_figure_that_is_right_passes(figures: ModuleType, ax: Axes, draw: Callable[[Axes], None]):
    draw(ax)
    assert found(figures, ax) == []


def points_cut_off(ax: Axes) -> str:
    ax.errorbar([0, 1, 2], [0, 1, 2], 0.1, fmt="o")
    ax.set_ylim(-1, 0.9)
    return "2 of 3 points outside the axes"


def dots_cut_off(ax: Axes) -> str:
    ax.scatter([0, 1, 2], [0, 1, 2])
    ax.set_xlim(0.5, 3)
    return "1 of 3 points outside the axes"


def bars_cut_off(ax: Axes) -> str:
    ax.bar([0, 1], [1, 2])
    ax.set_ylim(0, 1.5)
    return "1 of 2 ends of bars outside the axes"


def a_marker_cut_in_half(ax: Axes) -> str:
    ax.plot([0, 1, 2], [0, 1, 2], "o")
    ax.set_xlim(0, 2.5)
    return "1 of 3 points outside the axes"


def an_error_bar_cut_off(ax: Axes) -> str:
    ax.errorbar([0, 1, 2], [0, 1, 2], [0, 0, 1], fmt="o")
    ax.set_ylim(-1, 2.5)
    return "1 of 3 ends of error bars outside the axes"


def points_cut_off_on_a_log_axis(ax: Axes) -> str:
    ax.loglog([1, 10, 100], [1, 1, 1], "s")
    ax.set_xlim(0.5, 50)
    return "1 of 3 points outside the axes"


def a_label_on_a_line(ax: Axes) -> str:
    ax.plot([0, 1], [0, 1])
    ax.text(0.5, 0.5, "exact", ha="center", va="center")
    return "'exact' on data"


def a_label_on_a_point(ax: Axes) -> str:
    ax.plot([0, 0.5, 1], [0, 0.5, 1], "o")
    ax.text(0.5, 0.5, "one wire", ha="center", va="center")
    return "'one wire' on data"


def a_label_on_an_error_bar(ax: Axes) -> str:
    ax.errorbar([0, 1], [0, 1], 2, fmt="o")
    ax.text(1, 2.2, "far up", ha="center")
    return "'far up' on data"


def a_label_on_a_circle(ax: Axes) -> str:
    ax.add_patch(plt.Circle((0.5, 0.5), 0.3, fill=False))
    ax.text(0.8, 0.5, "rim", ha="center", va="center")
    return "'rim' on data"


def a_label_on_a_step(ax: Axes) -> str:
    ax.step([0, 1, 2], [0, 1, 0], where="post")
    ax.text(1, 0.5, "twin", ha="center", va="center")
    return "'twin' on data"


def a_label_on_the_panel_beside_it(ax: Axes) -> str:
    ax.figure.set_layout_engine("none")
    ax.set_position((0.5, 0.1, 0.4, 0.8))
    ax.set_ylabel("loss")
    ax.figure.add_axes((0.1, 0.1, 0.38, 0.8))
    return "panel 1: 'loss' on another panel"


def a_legend_on_data(ax: Axes) -> str:
    ax.plot([0, 1], [0.93, 0.93], label="high")
    ax.set_ylim(0, 1)
    ax.legend(loc="upper left")
    return "the legend on data"


def labels_on_each_other(ax: Axes) -> str:
    ax.text(0.1, 0.5, "one name")
    ax.text(0.15, 0.52, "another")
    return "'another' on 'one name'"


def ticks_on_each_other(ax: Axes) -> str:
    ax.set_xticks([0, 0.01], ["nothing", "a little"])
    return "'a little' on 'nothing'"


@pytest.mark.parametrize(
    "draw",
    [
        points_cut_off,
        dots_cut_off,
        bars_cut_off,
        a_marker_cut_in_half,
        an_error_bar_cut_off,
        points_cut_off_on_a_log_axis,
        a_label_on_a_line,
        a_label_on_a_point,
        a_label_on_an_error_bar,
        a_label_on_a_circle,
        a_label_on_a_step,
        a_label_on_the_panel_beside_it,
        a_legend_on_data,
        labels_on_each_other,
        ticks_on_each_other,
    ],
)
def test_a_planted_fault_is_found(figures: ModuleType, ax: Axes, draw: Callable[[Axes], str]):
    wanted = draw(ax)
    assert wanted in found(figures, ax)


def test_the_smallest_text_is_measured_as_a_phone_shows_it(figures: ModuleType, ax: Axes):
    assert found(figures, ax, 6.2) == []  # the look of the book on its own paper
    ax.text(0.5, 0.5, "small", fontsize=8)
    (line,) = found(figures, ax, 6.0)
    assert line.startswith(f"'small' has {8 / 72 * figures.FIGURE / 6.0:.1f} px on a phone: 6.0 inches")


def test_a_chapter_s_kernel_reports_its_figure(hook: ModuleType):
    manager, client = start_new_kernel()
    try:
        hook.ask(client, hook.WATCH, {})
        cell = "import matplotlib.pyplot as plt\nplt.plot([0, 1], 'o')\n_ = plt.ylim(0.5, 2)"
        assert client.execute(cell, reply=True, timeout=60)["content"]["status"] == "ok"
        assert "1 of 2 points outside the axes" in hook.said(client)
        assert hook.said(client) == ""
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_what_is_found_fails_the_cell_unless_it_is_still_to_be_mended(
    hook: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hook, "UNMENDED", {"part/page": {"cell-2"}})
    hook.judge("part/page", "cell-1", "")
    hook.judge("part/page", "cell-2", "'a' on data")
    with pytest.raises(AssertionError, match="'a' on data"):
        hook.judge("part/page", "cell-1", "'a' on data")
    with pytest.raises(AssertionError, match="cell-2 is mended: take it off the list"):
        hook.judge("part/page", "cell-2", "")
