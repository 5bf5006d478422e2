"""A threat timeline: through its points, with constant hazard between, and its integrals by another way."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.integrate import quad

from qlearn.applications.finance import MOSCA_2015, SURVEY_2023_EARLY, SURVEY_2023_LATE, ThreatTimeline


@st.composite
def timelines(draw):
    steps = draw(st.lists(st.floats(0.5, 10), min_size=1, max_size=4))
    hazards = draw(st.lists(st.floats(0, 0.3), min_size=len(steps), max_size=len(steps)))
    later = draw(st.one_of(st.none(), st.floats(0, 0.2)))
    passed = np.cumsum(np.array(steps) * hazards)
    return ThreatTimeline(tuple(np.cumsum(steps)), tuple(-np.expm1(-passed)), later)


@given(timelines(), st.floats(0, 60))
def test_goes_through_its_points_and_integrates(line, t):
    assert np.allclose(line.chance(line.years), line.chances)
    assert line.chance(-1) == line.chance(0) == 0
    area = quad(line.chance, 0, t, points=[y for y in line.years if y < t] or None, limit=200)[0]
    assert line.years_open(t) == pytest.approx(area, abs=1e-7)
    assert line.years_open(-t) == 0


@given(timelines(), st.floats(0, 0.95))
def test_the_quantile_is_the_inverse(line, chance):
    year = line.quantile(chance)
    if np.isfinite(year):
        assert line.chance(year) == pytest.approx(chance, abs=1e-9)
    else:
        assert line.chance(1e4) <= chance + 1e-9


@given(timelines(), st.floats(0, 40), st.floats(0, 40))
def test_later_it_is_the_chance_given_that_nothing_came(line, gone, t):
    rest = (line.chance(gone + t) - line.chance(gone)) / (1 - line.chance(gone))
    assert line.after(gone).chance(t) == pytest.approx(rest, abs=1e-9)


def test_hazards_by_hand():
    # one half by 10: hazard ln 2 / 10; a quarter is left by 20, and the mean of the time open is 10 - (1/2) 10 / ln 2
    line = ThreatTimeline((10,), (0.5,))
    assert line.chance(20) == pytest.approx(0.75)
    assert line.years_open(10) == pytest.approx(10 - 5 / np.log(2))
    assert ThreatTimeline((10,), (0.5,), later=0).chance(99) == pytest.approx(0.5)
    assert ThreatTimeline((10,), (0.5,), later=0).quantile(0.6) == np.inf


def test_what_experts_said():
    assert SURVEY_2023_EARLY.chance([5, 10]) == pytest.approx([0.11, 0.31])
    assert SURVEY_2023_LATE.chance([10, 15]) == pytest.approx([0.17, 0.33])
    assert MOSCA_2015.chance([11, 16]) == pytest.approx([1 / 7, 1 / 2])


def test_the_lower_reading_is_nowhere_above_the_higher():
    """With the point of 15 years alone it was, for the first five: a constant hazard put too much of it early."""
    t = np.linspace(0, 80, 801)[1:]
    for gone in (0, 3):
        early, late = SURVEY_2023_EARLY.after(gone), SURVEY_2023_LATE.after(gone)
        assert (late.chance(t) < early.chance(t)).all()


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        (((1, 2), (0.1,)), "two lists of one length"),
        (((), ()), "two lists of one length"),
        (((0, 2), (0.1, 0.2)), "above 0 and rise"),
        (((3, 2), (0.1, 0.2)), "above 0 and rise"),
        (((1, 2), (0.3, 0.2)), "must not fall"),
        (((1,), (1.0,)), "stay below 1"),
        (((1,), (0.5,), -0.1), "later must be"),
    ],
)
def test_refuses(given_, says):
    with pytest.raises(ValueError, match=says):
        ThreatTimeline(*given_)


def test_refuses_a_chance_of_one():
    with pytest.raises(ValueError, match="from 0 to below 1"):
        SURVEY_2023_LATE.quantile(1.0)
