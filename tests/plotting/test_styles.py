"""The look of the book: safe colours, readable sizes, and nothing heavy at import."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from qlearn.plotting import COLORS, style
from qlearn.plotting.styles import as_color


@pytest.fixture
def styled():
    with matplotlib.rc_context():
        style()
        yield matplotlib.rcParams


def test_figures_fit_a_page_and_text_fits_a_phone(styled):
    width, height = styled["figure.figsize"]
    assert width <= 7
    assert height <= 4
    assert (
        min(styled[key] for key in ("font.size", "axes.labelsize", "xtick.labelsize", "legend.fontsize")) >= 9
    )


def test_paper_stays_white_in_dark_mode(styled):
    assert {styled["figure.facecolor"], styled["axes.facecolor"], styled["savefig.facecolor"]} == {"white"}


def test_the_parties_come_first_in_the_cycle(styled):
    cycle = styled["axes.prop_cycle"].by_key()["color"]
    assert cycle[:3] == [COLORS["alice"], COLORS["eve"], COLORS["bob"]]
    assert len(set(cycle)) == len(cycle)


def test_red_blind_readers_tell_the_parties_apart():
    # protanopia after Vienot, Brettel & Mollon (1999): the red-green axis folds onto two of three cone responses
    to_lms = np.array(
        [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
    )
    blind = np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]])
    linear = {name: np.array(to_rgb(COLORS[name])) ** 2.2 for name in ("alice", "bob", "eve", "theory")}
    seen = {
        name: np.clip(np.linalg.inv(to_lms) @ blind @ to_lms @ rgb, 0, 1) ** (1 / 2.2)
        for name, rgb in linear.items()
    }
    names = list(seen)
    for i, first in enumerate(names):
        for second in names[:i]:
            assert np.linalg.norm(seen[first] - seen[second]) > 0.2, (first, second)


def test_unknown_colours_are_refused_with_the_list():
    assert as_color("#123456") == "#123456"
    with pytest.raises(ValueError, match=r"color must be one of alice, bob.*not 'allice'"):
        as_color("allice")


def test_importing_the_plots_does_not_import_pyplot():
    code = "import sys, qlearn, qlearn.plotting; print('matplotlib.pyplot' in sys.modules, 'matplotlib' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]
