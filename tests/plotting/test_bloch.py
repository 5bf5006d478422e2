"""The Bloch sphere: every state at its place, behind is pale, wrong input is refused."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from qlearn.plotting import COLORS, bloch_sphere
from qlearn.qubits import bloch


@pytest.fixture
def ax():
    return Figure().subplots()


def tips(ax):
    """The heads of the drawn arrows: annotations with an arrow point at their state."""
    return [note.xy for note in ax.texts if getattr(note, "arrow_patch", None) is not None]


def test_up_is_zero_and_down_is_one(ax):
    bloch_sphere([[1, 0], [0, 1]], ax=ax)
    (x0, y0), (x1, y1) = tips(ax)
    assert y0 > 0.9
    assert y1 < -0.9
    assert x0 == pytest.approx(x1) == pytest.approx(0)


def test_amplitudes_and_bloch_vectors_are_the_same_arrow(ax):
    bloch_sphere(bloch(1.1, 0.4), ax=ax)
    bloch_sphere([np.sin(1.1) * np.cos(0.4), np.sin(1.1) * np.sin(0.4), np.cos(1.1)], ax=ax)
    first, second = tips(ax)
    assert first == pytest.approx(second)


def test_opposite_states_are_drawn_opposite_and_the_hidden_one_paler(ax):
    bloch_sphere([[1, 0, 0], [-1, 0, 0]], ax=ax)
    front, back = tips(ax)
    assert np.array(front) == pytest.approx(-np.array(back))
    near, far = [
        note.arrow_patch.get_alpha() for note in ax.texts if getattr(note, "arrow_patch", None) is not None
    ]
    assert near == 1
    assert far < near


def test_labels_colours_and_paths(ax):
    turn = np.linspace(0, np.pi / 2, 9)
    bloch_sphere([[0, 0, 1]], ["start"], ax, colors=["eve"], paths=[bloch(turn, 0)])
    label = next(text for text in ax.texts if text.get_text() == "start")
    assert label.get_color() == COLORS["eve"]
    assert any(line.get_color() == COLORS["eve"] and len(line.get_xdata()) == 9 for line in ax.lines)


def test_the_centre_is_a_dot(ax):
    before = len(bloch_sphere([[0, 0, 1]], ax=Figure().subplots()).lines)
    bloch_sphere([[0, 0, 0]], ax=ax)
    assert tips(ax) == []
    assert len(ax.lines) == before + 1


def test_makes_its_own_axes():
    import matplotlib.pyplot as plt

    own = bloch_sphere([1, 0])
    assert own.figure in map(plt.figure, plt.get_fignums())
    plt.close(own.figure)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([[1, 0, 0, 0]],), r"shape \(n, 2\), amplitudes, or \(n, 3\)"),
        (([],), "shape"),
        (([["a", "b"]],), "shape"),
        (([[0, 0, 1j]],), "shape"),
        (([[1, 1]],), "normalised"),
        (([[0, 0, 1.1]],), "length at most 1, not 1.1"),
        (([[0, 0, np.nan]],), "length at most 1"),
        (([[1, 0]], ["a", "b"]), "labels and states must have the same length"),
    ],
)
def test_refuses(ax, arguments, says):
    with pytest.raises(ValueError, match=says):
        bloch_sphere(*arguments, ax=ax)
    assert not ax.lines, "refused before anything was drawn"


def test_refuses_colours_that_do_not_match(ax):
    with pytest.raises(ValueError, match="colors must be as many as states"):
        bloch_sphere([[1, 0]], ax=ax, colors=["eve", "bob"])
    with pytest.raises(ValueError, match=r"paths\[0\] must have shape"):
        bloch_sphere([[1, 0]], ax=ax, paths=[[0, 0, 0, 0]])
