"""Error bars: right where the textbook is, never zero, and covering what they promise.

The waterfall: bars that hang from each other, and end where the ledger ends.
"""

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy import stats

from qlearn.communication.secret_key import Ledger
from qlearn.plotting import COLORS, binomial_error, theory_and_points, waterfall


def test_equals_wilsons_interval():
    # scipy's Wilson interval at the confidence of one sigma is the oracle
    one_sigma = 1 - 2 * stats.norm.sf(1)
    for k, n in ((0, 10), (3, 10), (10, 10), (250, 1000)):
        low, high = stats.binomtest(k, n).proportion_ci(one_sigma, method="wilson")
        assert binomial_error(k / n, n) == pytest.approx((high - low) / 2, abs=1e-12)


def test_many_trials_give_the_textbook_formula():
    assert binomial_error(0.25, 10**6) == pytest.approx(np.sqrt(0.25 * 0.75 / 10**6), rel=1e-5)


def test_nothing_counted_is_not_certainty():
    assert (binomial_error([0.0, 1.0], 100) > 0).all()


def test_is_the_spread_of_repeated_experiments():
    # sd of an sd from 40,000 repetitions: 0.35 %; 6 sigma = 2.1 %, false alarm 1e-9
    frequencies = np.random.default_rng(5).binomial(400, 0.2, 40_000) / 400
    assert frequencies.std() == pytest.approx(float(binomial_error(0.2, 400)), rel=0.021)


@pytest.mark.parametrize(
    ("p_hat", "n", "says"),
    [
        (1.2, 10, "divide the counts"),
        (np.nan, 10, "divide the counts"),
        (0.5, 0, "at least 1"),
        (0.5, 1.5, "whole"),
    ],
)
def test_binomial_error_refuses(p_hat, n, says):
    with pytest.raises(ValueError, match=says):
        binomial_error(p_hat, n)


def test_draws_a_black_line_and_coloured_points_with_a_direct_label():
    ax = Figure().subplots()
    assert theory_and_points(ax, [0, 1], [0, 2], [0.5, 1], [1, 2], [0.1, 0.1], "eve", "measured") is ax
    line, points = ax.lines[0], ax.containers[0]
    assert line.get_color() == COLORS["theory"]
    assert points.lines[0].get_color() == COLORS["eve"]
    assert points.has_yerr
    assert ax.texts[0].get_text() == "measured"
    assert ax.texts[0].xy == (1, 2)
    assert ax.get_legend() is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([0, 1], [0], [0], [0]), "x_theory and y_theory must be 1-D"),
        (([0], [0], [0, 1], [0]), "x and y must be 1-D"),
        (([0], [0], [], []), "length of x and y must be at least 1"),
        (([0], [0], [0], [0], None, "no colour"), "color must be one of"),
    ],
)
def test_theory_and_points_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        theory_and_points(Figure().subplots(), *arguments)


BOOK = Ledger().add("sift", "sifted", 1000).add("estimate", "compared", -100).add("amplify", "Eve", -700)


def test_each_bar_begins_where_the_last_one_ended():
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in waterfall(BOOK).patches]
    assert bars == [(0, 1000), (1000, 900), (900, 200), (0, 200)]


def test_names_and_numbers_every_bar():
    ax = waterfall(BOOK)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sifted", "compared", "Eve", "secret key"]
    assert [text.get_text() for text in ax.texts] == ["1,000", "−100", "−700", "200"]
    assert ax.get_xlabel() == "bits"


def test_without_a_key_there_is_no_bar_for_it():
    ax = waterfall(BOOK.add("amplify", "more than there is", -300))
    assert len(ax.patches) == 4
    assert ax.get_xlim()[0] == -100


def test_losses_are_eves_colour():
    from matplotlib.colors import to_rgba

    colours = [bar.get_facecolor() for bar in waterfall(BOOK).patches]
    assert colours == [to_rgba(COLORS[who]) for who in ("alice", "eve", "eve", "bob")]


def test_refuses_an_empty_ledger():
    with pytest.raises(ValueError, match="ledger must have at least one entry"):
        waterfall(Ledger())
