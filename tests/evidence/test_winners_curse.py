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


# Integrals of mpmath 1.4 at 40 digits, of z m phi(z) Phi(z)**(m-1) and of -phi(u) expm1(m log Phi(u + sqrt(2) z)),
# with Phi from erfc and z from its root.
@pytest.mark.parametrize(
    ("methods", "due"),
    [(10, 1.5387527308351729), (1000, 3.2414357691334409), (10**6, 4.8628974861964627), (10**16, 8.2896688429654168),
     (10**17, 8.5593668108530522), (10**18, 8.8210194397290418), (10**100, 21.300425915226435),
     (10**300, 37.062646206645245)],
)  # fmt: skip
def test_the_lead_of_the_best_of_very_many(methods, due):
    assert lead_of_best(methods) == pytest.approx(due, rel=1e-10)
    assert lead_of_best(methods) < np.sqrt(2 * np.log(float(methods)))


@pytest.mark.parametrize(
    ("methods", "level", "due"),
    [(10, 0.05, 0.14366712239226217), (1000, 0.05, 0.67000504141012675), (10**12, 0.05, 0.99999097186245313),
     (10**30, 1e-10, 0.99072713877610715), (10**300, 0.05, 1.0), (5, 0.999999, 0.83333295898893354),
     (10, 1e-14, 4.9998683515027508e-14), (1, 1e-12, 5e-13), (1, 1e-20, 5e-21), (1, 1e-300, 5e-301)],
)  # fmt: skip
def test_a_false_lead_of_very_many_or_a_very_low_level(methods, level, due):
    assert false_lead(methods, level) == pytest.approx(due, rel=1e-10, abs=0)
    assert false_lead(methods, level) <= 1
    # less than the sum of the levels, of one method as much
    assert false_lead(methods, level) <= methods * level / 2 * (1 + (1e-10 if methods == 1 else 0))


def test_refusals():
    for asked in (lead_of_best, false_lead):
        with pytest.raises(ValueError, match="methods must be at most 1e300, not a number of 401 digits"):
            asked(10**400)
    with pytest.raises(ValueError, match="methods must be"):
        false_lead(0)
    with pytest.raises(ValueError, match="level must be above 0 and below 1, not 1"):
        false_lead(3, 1)
    with pytest.raises(ValueError, match="methods must be"):
        lead_of_best(0)
    with pytest.raises(ValueError, match=r"error must be 0 or more, not -1"):
        lead_of_best(3, -1.0)
