"""Error bars: right where the textbook is, never zero, and covering what they promise."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy import stats

from qlearn.plotting import COLORS, binomial_error, theory_and_points


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
