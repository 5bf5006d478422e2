"""Power: thresholds and powers by exact sums of whole numbers, the needed rows by the normal law, inverses by each other."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.control.side_channels import detection_power, least_right, smallest_leak, trials_needed


def tail(n, k, p):
    p = Fraction(p).limit_denominator(1000)
    return sum(comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.sampled_from([0.3, 0.05, 0.01]), st.sampled_from([0.5, 0.6, 0.9]))
def test_exact(n, level, a):
    k = least_right(n, level=level)
    assert tail(n, k, 0.5) <= level < tail(n, k - 1, 0.5)
    assert float(detection_power(n, a, level=level)) == pytest.approx(float(tail(n, k, a)), abs=1e-12)


def test_reference():
    assert least_right(10_000) == 5117
    assert detection_power(10_000, [0.51, 0.52]) == pytest.approx([0.370698, 0.952651], abs=1e-6)
    assert trials_needed(0.51) == 32_538


def test_where_the_saw_is_safely_above():
    # the exact power passes 90 % within a tenth of a percent of what the normal law says
    powers = [float(detection_power(n, 0.51)) for n in range(32_400, 32_600)]
    first = 32_400 + int(np.argmax(np.array(powers) >= 0.9))
    assert first == 32_561
    under = [n for n in range(first, 34_000) if detection_power(n, 0.51) < 0.9]
    assert max(under) == 32_681
    assert min(float(detection_power(n, 0.51)) for n in under) > 0.898


@settings(max_examples=30)
@given(st.integers(20, 100_000), st.floats(0.1, 0.99))
def test_the_smallest_leak_has_this_power(n, power):
    a = smallest_leak(n, power=power)
    assert 0.5 < a < 1
    assert float(detection_power(n, a)) == pytest.approx(power, abs=1e-9)


def test_too_few():
    assert least_right(3) == 4
    assert detection_power(3, 1.0) == 0
    assert smallest_leak(3) == float("inf")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: least_right(0), "n must be at least 1"),
        (lambda: least_right(10, level=0.0), "level must lie between 0 and 1"),
        (lambda: detection_power(10, 1.2), "accuracy must be chances of a right guess"),
        (lambda: trials_needed(0.5), "accuracy must be above 0.5"),
        (lambda: trials_needed(1.0), "accuracy must be below 1"),
        (lambda: smallest_leak(10, power=0.005), "power must be above level"),
        (lambda: trials_needed(0.6, power=0.005), "power must be above level"),
        (lambda: trials_needed(0.6, power=0.7, level=0.7), "power must be above level=0.7"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
