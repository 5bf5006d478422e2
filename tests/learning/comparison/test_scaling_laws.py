"""Laws of growth: exponents that are there are found, with an error that means something."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.learning.comparison import fit_growth


@given(st.floats(-3, 3), st.floats(1e-3, 1e3))
def test_finds_a_power_law(exponent, prefactor):
    x = np.array([10, 20, 50, 200.0])
    found = fit_growth(x, prefactor * x**exponent)
    assert found.exponent == pytest.approx(exponent, abs=1e-9)
    assert found.prefactor == pytest.approx(prefactor, rel=1e-8)
    np.testing.assert_allclose(found.at(x), prefactor * x**exponent, rtol=1e-8)


@given(st.floats(-2, 2), st.floats(1e-3, 1e3))
def test_finds_an_exponential(exponent, prefactor):
    q = np.arange(2, 9)
    found = fit_growth(q, prefactor * 2 ** (exponent * q), law="exponential")
    assert found.exponent == pytest.approx(exponent, abs=1e-9)
    np.testing.assert_allclose(found.at(q), prefactor * 2 ** (exponent * q), rtol=1e-8)


def test_the_error_covers_the_truth():
    # 400 fits of 12 points with noise: z = (found - true)/error follows Student's t with 10 degrees of freedom;
    # its share within 2.228 is .95 +- .011, and .06 away is five sigma
    rng, x = np.random.default_rng(1), np.geomspace(10, 1000, 12)
    fits = [fit_growth(x, x**2 * np.exp(rng.normal(0, 0.2, 12))) for _ in range(400)]
    covered = np.mean([abs(fit.exponent - 2) < 2.228 * fit.error for fit in fits])
    assert abs(covered - 0.95) < 0.06


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: fit_growth([1, 2], [1, 2]), ValueError, "at least three different sizes"),
        (lambda: fit_growth([1, 1, 2], [1, 1, 2]), ValueError, "two fit every law"),
        (lambda: fit_growth([1, 2, 3], [1, 2]), ValueError, "the same length"),
        (lambda: fit_growth([0, 1, 2], [1, 2, 3]), ValueError, "x must be above 0"),
        (lambda: fit_growth([1, 2, 3], [0, 2, 3]), ValueError, "y must be above 0"),
        (lambda: fit_growth([1, 2, 3], [1, 2, 3], law="cubic"), ValueError, "law must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
