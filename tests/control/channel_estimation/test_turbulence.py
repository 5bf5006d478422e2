"""Turbulence: the lognormal law, the law of counts, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm, poisson

from qlearn.control.channel_estimation import click_log_likelihood, lognormal_transmittance


@given(st.floats(0.01, 0.2), st.floats(0, 0.5))
def test_its_mean_is_the_mean(mean, spread):
    # by quadrature; beyond the cut at 1 there is less than 1e-3 of the mean
    x = np.linspace(-8, 8, 4001)
    value = (lognormal_transmittance(x, mean, spread) * norm.pdf(x)).sum() * (x[1] - x[0])
    assert value == pytest.approx(mean, rel=1e-3)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=5), st.floats(0.1, 50))
def test_counts_follow_poissons_law(counts, mean):
    told = click_log_likelihood(counts, [mean, 2 * mean])
    assert np.allclose(told, poisson.logpmf(np.array(counts)[:, None], [mean, 2 * mean]))


def test_a_block_without_a_count_tells_nothing():
    told = click_log_likelihood([np.nan, 3.0], [1.0, 2.0])
    assert np.isnan(told[0]).all()
    assert np.isfinite(told[1]).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: lognormal_transmittance([0.0], 1.5, 0.1), "mean must"),
        (lambda: lognormal_transmittance([0.0], 0.5, -0.1), "spread must"),
        (lambda: lognormal_transmittance([np.nan], 0.5, 0.1), "drift must"),
        (lambda: click_log_likelihood([-1.0], [1.0]), "0 or more"),
        (lambda: click_log_likelihood([0.5], [1.0]), "whole numbers"),
        (lambda: click_log_likelihood([np.inf], [1.0]), "whole numbers"),
        (lambda: click_log_likelihood([1.0], [0.0]), "above 0"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
