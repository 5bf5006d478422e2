"""The winner's curse: the best of several equal methods, against known values, draws and other integrals."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from qlearn.evidence import false_lead, lead_of_best


def test_what_is_known_in_closed_form():
    assert lead_of_best(1) == pytest.approx(0, abs=1e-12)
    assert lead_of_best(2) == pytest.approx(1 / np.sqrt(np.pi))
    assert lead_of_best(3) == pytest.approx(1.5 / np.sqrt(np.pi))
    assert lead_of_best(4, 0.02) == pytest.approx(
        0.02 * 3 / np.sqrt(np.pi) * (0.5 + np.arcsin(1 / 3) / np.pi)
    )


@pytest.mark.parametrize("methods", [2, 5, 10, 100, 5000])
def test_another_integral(methods):
    above, _ = quad(lambda z: 1 - norm.cdf(z) ** methods - norm.cdf(-z) ** methods, 0, 12, epsabs=1e-11)
    assert lead_of_best(methods) == pytest.approx(above, rel=1e-8)
    assert lead_of_best(methods) < np.sqrt(2 * np.log(methods))


def test_the_best_of_ten_equal_methods_over_a_rival_that_all_share():
    # 100,000 comparisons, six standard errors: chance 2e-9
    rng = np.random.default_rng(1)
    best = (rng.normal(size=(100_000, 10)) - rng.normal(size=(100_000, 1))).max(axis=1)
    assert abs(best.mean() - lead_of_best(10)) < 6 * best.std() / np.sqrt(100_000)


@pytest.mark.parametrize("level", [0.2, 0.05, 0.001])
def test_a_false_lead(level):
    z = norm.isf(level / 2)
    assert false_lead(1, level) == pytest.approx(level / 2, rel=1e-9)
    # Two differences from one rival have correlation 1/2; ten of them, by another integral.
    both = multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]]).cdf([z, z])
    assert false_lead(2, level) == pytest.approx(1 - both, abs=2e-5)
    none, _ = quad(lambda u: norm.pdf(u) * norm.cdf(u + np.sqrt(2) * z) ** 10, -12, 12, epsabs=1e-13)
    assert false_lead(10, level) == pytest.approx(1 - none, abs=1e-10)
    assert false_lead(2, level) < false_lead(10, level) < 10 * level / 2


def test_how_often_the_best_of_ten_is_called_ahead():
    # 100,000 comparisons of many seeds, six standard errors: chance 2e-9
    rng = np.random.default_rng(2)
    leads = ((rng.normal(size=(100_000, 10)) - rng.normal(size=(100_000, 1))) / np.sqrt(2)).max(axis=1)
    chance = false_lead(10)
    assert abs(np.mean(leads > norm.isf(0.025)) - chance) < 6 * np.sqrt(chance * (1 - chance) / 100_000)


def test_refusals():
    with pytest.raises(ValueError, match="methods must be"):
        false_lead(0)
    with pytest.raises(ValueError, match="level must be above 0 and below 1, not 1"):
        false_lead(3, 1)
    with pytest.raises(ValueError, match="methods must be"):
        lead_of_best(0)
    with pytest.raises(ValueError, match=r"error must be 0 or more, not -1"):
        lead_of_best(3, -1.0)
