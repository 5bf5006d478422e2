"""Resolution: a true difference of that size is found as often as it says."""

import numpy as np
import pytest

from qlearn.evidence import Difference, paired, resolution


def test_a_difference_of_that_size_is_found_as_often_as_said():
    # normal differences with known spread: n = 25 uses Student's t, for which it is exact.
    # 3,000 comparisons, 80 %: sd .0073, six of them .044, chance 1e-9
    rng, n = np.random.default_rng(2), 25
    unit = resolution(Difference(0.0, 1 / np.sqrt(n), -1.0, 1.0, 1.0, n))
    found = [paired(rng.normal(unit, 1, n), np.zeros(n)).verdict() == "ahead" for _ in range(3_000)]
    assert abs(np.mean(found) - 0.8) < 6 * np.sqrt(0.8 * 0.2 / 3_000)


def test_scales_with_the_error_and_falls_with_power():
    one = Difference(0.1, 0.02, 0.0, 0.2, 0.1, 8)
    two = Difference(0.1, 0.04, 0.0, 0.2, 0.1, 8)
    assert resolution(two) == pytest.approx(2 * resolution(one))
    assert resolution(one, power=0.5) < resolution(one) < resolution(one, power=0.99)
    assert resolution(one) < resolution(one, level=0.01)


def test_refuses_a_power_that_chance_has():
    with pytest.raises(ValueError, match="power must be above level"):
        resolution(Difference(0.1, 0.02, 0.0, 0.2, 0.1, 8), power=0.05)
