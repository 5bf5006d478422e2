"""The order of a migration: the optimum of all orders, and where a rule finds it too."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import quad

from qlearn.applications.finance import (
    SURVEY_2023_EARLY,
    System,
    ThreatTimeline,
    exposed_records,
    plan_migration,
)

systems = st.lists(
    st.tuples(st.floats(0, 40), st.floats(0.1, 5), st.floats(0, 10)), min_size=1, max_size=5
).map(lambda rows: [System(f"s{i}", *row) for i, row in enumerate(rows)])


@settings(max_examples=40)
@given(systems)
def test_no_order_is_better(listed):
    plan = plan_migration(listed, SURVEY_2023_EARLY)
    every = [exposed_records(order, SURVEY_2023_EARLY) for order in permutations(listed)]
    assert plan.exposed == pytest.approx(min(every), abs=1e-9)
    named = {system.name: system for system in listed}
    assert exposed_records([named[name] for name in plan.order], SURVEY_2023_EARLY) == pytest.approx(
        plan.exposed
    )


def test_the_records_by_integration():
    listed = [System("a", 5, 2.0, 3), System("b", 20, 1.5, 1)]
    due = sum(
        s.records * quad(lambda t, s=s: SURVEY_2023_EARLY.chance(t + s.shelf_life), 0, end, limit=200)[0]
        for s, end in zip(listed, (2.0, 3.5), strict=True)
    )
    assert exposed_records(listed, SURVEY_2023_EARLY) == pytest.approx(due, abs=1e-7)


def test_smiths_rule_where_the_danger_stands_still():
    """F flat from 0.1 years on: what is lost grows evenly, and value over effort is the optimal rule (Smith, 1956)."""
    flat = ThreatTimeline((0.1,), (0.3,), later=0)
    rng = np.random.default_rng(1)
    for _ in range(5):
        listed = [System(str(i), 10, *rng.uniform(0.5, 5, 2)) for i in range(7)]
        rule = sorted(listed, key=lambda s: -s.records / s.effort)
        assert plan_migration(listed, flat).order == tuple(s.name for s in rule)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ([], "systems must be 1 to 14"),
        ([System("a", 1, 1), System("a", 2, 1)], "different names"),
        ([System(str(i), 1, 1) for i in range(15)], "systems must be 1 to 14, not 15"),
    ],
)
def test_refuses(listed, says):
    with pytest.raises(ValueError, match=says):
        plan_migration(listed, SURVEY_2023_EARLY)
    with pytest.raises(ValueError, match=says):
        exposed_records(listed, SURVEY_2023_EARLY)


@pytest.mark.parametrize(
    ("row", "says"), [((-1, 1), "shelf_life"), ((1, 0), "effort"), ((1, 1, -1), "records")]
)
def test_a_system_refuses(row, says):
    with pytest.raises(ValueError, match=f"{says} must be"):
        System("a", *row)
