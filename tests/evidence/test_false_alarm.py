"""False alarms: tails, and their sum."""

import numpy as np
import pytest
from scipy.integrate import quad

from qlearn.evidence import beyond, binomial_band, false_alarm


def test_tails_are_the_areas_under_the_curves():
    normal, _ = quad(lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), 3, np.inf)
    assert beyond(3) == pytest.approx(2 * normal, rel=1e-6)
    # Student's t with two degrees of freedom has a closed form: 1 - k / sqrt(2 + k^2)
    assert beyond(3, n=3) == pytest.approx(1 - 3 / np.sqrt(11), rel=1e-9)


def test_many_points_and_many_checks_add_up():
    assert beyond(4, 10) == pytest.approx(10 * beyond(4))
    assert beyond(0.1, 100) == 1.0
    assert false_alarm(1e-6, 2e-6) == pytest.approx(3e-6)
    assert false_alarm(0.7, 0.7) == 1.0
    assert false_alarm(beyond(40), beyond(0.1, points=30)) == 1.0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: beyond(0), "sigmas must be above 0"),
        (lambda: beyond(5, 0), "points must be at least 1"),
        (lambda: beyond(5, n=1), "n must be at least 2"),
        (lambda: false_alarm(), "at least one check"),
        (lambda: false_alarm(1.5), "chances must be a probability"),
        (lambda: binomial_band([], 10, 0.1), "at least one point"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
