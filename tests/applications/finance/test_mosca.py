"""Mosca's inequality: by hand, by simulation, and at its edges."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.applications.finance import SURVEY_2023_EARLY, ThreatTimeline, exposure, mosca_margin

FAIR = ThreatTimeline((10,), (0.5,))


def test_the_inequality():
    assert mosca_margin(7, 6, 12) == -1
    assert mosca_margin([[1], [20]], [2, 9], 12).tolist() == [[9, 2], [-10, -17]]


def test_a_simulation_agrees():
    """20,000 worlds, each its own y and z, 40 items each; 6 standard errors, three numbers: a false alarm below 1e-8."""
    x, median, spread, past = 8.0, 5.0, 0.4, 3.0
    rng = np.random.default_rng(3)
    n = 20_000
    y = median * np.exp(spread * rng.standard_normal(n))
    z = -np.log(1 - rng.random(n)) / (np.log(2) / 10)  # the one hazard of FAIR
    sealed = -past + (y + past)[:, None] * rng.random((n, 40))
    years = np.clip(sealed + x - np.maximum(z[:, None], sealed), 0, None)
    found = exposure(x, median, FAIR, spread=spread, recorded=past)
    for values, due in (
        (z < x + y, found.chance),
        ((years > 0).mean(axis=1), found.share),
        (years.mean(axis=1), found.years),
    ):
        assert abs(values.mean() - due) < 6 * values.std() / np.sqrt(n) + 2e-4  # and what quadrature leaves


def test_edges():
    nothing = exposure(0, 0, FAIR)
    assert (nothing.chance, nothing.share, nothing.years) == (0, 0, 0)
    now = exposure(10, 0, FAIR)
    assert now.chance == now.share == pytest.approx(0.5)
    assert now.years == pytest.approx(FAIR.years_open(10))
    # a sure date: the share is the mean of F over x to x + y
    assert exposure(10, 4, FAIR).share == pytest.approx((FAIR.years_open(14) - FAIR.years_open(10)) / 4)
    # what was recorded longer ago than it has to last is worth nothing
    assert exposure(1, 0, FAIR, recorded=5).share == pytest.approx(FAIR.years_open(1) / 5)


def test_the_years_are_the_integral_on_paper():
    # one hazard h, a sure date: the mean over s of x - (exp(-h s) - exp(-h (s + x))) / h
    h, x, y = np.log(2) / 10, 8.0, 6.0
    due = x - (1 - np.exp(-h * x)) * (1 - np.exp(-h * y)) / (h**2 * y)
    assert exposure(x, y, FAIR).years == pytest.approx(due, abs=1e-4)


@given(st.floats(0, 40), st.floats(0, 20), st.floats(0, 1), st.floats(0, 10))
def test_orders(x, y, spread, past):
    some = exposure(x, y, SURVEY_2023_EARLY, spread=spread, recorded=past)
    assert -1e-12 <= some.share <= some.chance + 1e-9 <= 1 + 1e-9
    assert some.years <= x * some.share + 1e-6
    assert exposure(x + 1, y, SURVEY_2023_EARLY, spread=spread, recorded=past).share >= some.share - 1e-12


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"shelf_life": -1}, "shelf_life must be"),
        ({"migration": -1}, "migration must be"),
        ({"spread": -1}, "spread must be"),
        ({"recorded": -1}, "recorded must be"),
    ],
)
def test_refuses(given_, says):
    with pytest.raises(ValueError, match=says):
        exposure(**({"shelf_life": 1, "migration": 1, "timeline": FAIR} | given_))


def test_refuses_what_is_no_timeline():
    with pytest.raises(TypeError, match="must be a ThreatTimeline"):
        exposure(1, 1, 0.5)
    with pytest.raises(ValueError, match="threat must be"):
        mosca_margin(1, 1, -1)
    with pytest.raises(ValueError, match="must broadcast"):
        mosca_margin([1, 2], [1, 2, 3], 1)
