"""Harvesting: bytes by hand, money by a sum over days."""

import numpy as np
import pytest

from qlearn.applications.finance import harvest_cost


def by_days(rate, years, until, price, decline, lifetime):
    """Buy on each day what the day needs, and again whenever a disk is old."""
    day = 1 / 365.25
    total = 0.0
    for s in np.arange(0, years, day) + day / 2:
        t, begins = s, s
        while t - (begins - s) < until - 1e-12 and t < until:
            total += rate / 8 * 86400 / 1e12 * price * (1 - decline) ** t
            t += lifetime
    return total


def test_a_gigabit_for_a_year():
    kept = harvest_cost(1e9, 1, keep_until=1, price=14)
    assert kept.terabytes == pytest.approx(1e9 / 8 * 31_557_600 / 1e12)  # 3944.7 TB
    assert kept.cost == pytest.approx(14 * kept.terabytes)


@pytest.mark.parametrize("decline", [0.0, 0.09])
@pytest.mark.parametrize(("years", "until", "lifetime"), [(3, 3, 5), (5, 15, 5), (4, 12.5, 3), (2, 30, 7)])
def test_the_sum_over_days(years, until, lifetime, decline):
    found = harvest_cost(1e9, years, keep_until=until, price=14, decline=decline, lifetime=lifetime)
    assert found.cost == pytest.approx(by_days(1e9, years, until, 14, decline, lifetime), rel=2e-3)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"bits_per_second": -1}, "bits_per_second must be"),
        ({"years": 0}, "years must be above 0"),
        ({"keep_until": 1}, "must be at least years=2"),
        ({"price": -1}, "price must be"),
        ({"decline": 1}, "decline must be below 1"),
        ({"decline": -0.1}, "decline must be"),
        ({"lifetime": 0.5}, "lifetime must be"),
    ],
)
def test_refuses(given, says):
    with pytest.raises(ValueError, match=says):
        harvest_cost(**({"bits_per_second": 1.0, "years": 2, "keep_until": 3, "price": 1.0} | given))
