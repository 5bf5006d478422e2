"""Added noise: every loss lets in vacuum, and the total is what Bob's variance says.

Mutual information: Shannon's formula, the literature's form of it, and counting without any formula.
"""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.continuous_variables import (
    entangling_cloner,
    exchange,
    mutual_information,
    sampled_information,
)
from qlearn.communication.continuous_variables.information import detector_noise


def total_noise(t, xi, eta, v, detection="homodyne"):
    """All noise that is added, referred to the input of the line, as the literature writes it (arXiv:0706.4255)."""
    return 1 / t - 1 + xi + detector_noise(eta, v, detection) / t


def test_a_perfect_line_adds_nothing_to_homodyne_and_one_unit_to_heterodyne():
    assert [total_noise(1.0, 0, 1, 0, detection) for detection in ("homodyne", "heterodyne")] == [0, 1]


@given(st.floats(0.01, 0.99), st.floats(0, 1), st.floats(0.1, 0.99), st.floats(0, 1), st.floats(0, 40))
def test_total_is_what_bob_sees(t, xi, eta, v, variance):
    # Bob's variance, from the chain of splitters of the cloner, is eta T (V + chi_tot) for homodyne detection
    tap = entangling_cloner(
        t, modulation_variance=variance, excess_noise=xi, efficiency=eta, electronic_noise=v
    )
    seen = eta * t * (variance + 1 + total_noise(t, xi, eta, v))
    assert seen == pytest.approx(tap.covariance_of("B")[0, 0])


@given(st.floats(0.01, 1), st.floats(0, 1), st.floats(0.1, 1), st.floats(0, 1))
def test_heterodyne_measures_each_half_with_a_homodyne_detector(t, xi, eta, v):
    # per quadrature: half the light, so 1 + chi_tot = 2 (1 + v) / (eta T) + xi
    assert 1 + total_noise(t, xi, eta, v, "heterodyne") == pytest.approx(2 * (1 + v) / (eta * t) + xi)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"transmittance": 1.01}, ValueError, "transmittance must be finite and between 0 and 1, not 1.01"),
        ({"excess_noise": -0.1}, ValueError, "excess_noise must be finite and at least 0"),
        ({"efficiency": 0}, ValueError, "blind detector"),
        ({"efficiency": 60}, ValueError, "efficiency must be finite and between 0 and 1, not 60"),
        ({"electronic_noise": np.inf}, ValueError, "electronic_noise must be finite"),
        ({"electronic_noise": True}, TypeError, "electronic_noise must be a number"),
        ({"detection": "both"}, ValueError, "detection must be"),
        (
            {"excess_noise": [0, 0], "efficiency": [1, 1, 1]},
            ValueError,
            r"must broadcast .* \(2,\), efficiency \(3,\)",
        ),
    ],
)
def test_refuses(change, error, says):
    with pytest.raises(error, match=says):
        mutual_information(**{"transmittance": 0.5, "modulation_variance": 4, "excess_noise": 0.0, **change})


LINE = {"excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}


@given(st.floats(0.01, 1), st.floats(0.01, 100), st.sampled_from(["homodyne", "heterodyne"]))
def test_equals_the_form_of_the_literature(t, variance, detection):
    total = total_noise(t, *LINE.values(), detection)
    quadratures = 1 if detection == "homodyne" else 2
    expected = quadratures / 2 * np.log2((variance + 1 + total) / (1 + total))
    got = mutual_information(t, modulation_variance=variance, detection=detection, **LINE)
    assert got == pytest.approx(expected)


@pytest.mark.parametrize("detection", ["homodyne", "heterodyne"])
@pytest.mark.parametrize(("variance", "length"), [(4.0, 25.0), (18.5, 10.0)])
def test_equals_what_is_counted_in_samples(detection, variance, length):
    # 600,000 symbols. A plug-in estimate has sigma sqrt(Var log-ratio / n) < sqrt(1 / ln(2)^2 / n) = 0.0019 a pair
    # (for Gaussians the log-ratio has variance rho^2 < 1); 5 sigma: 6e-7. Cells of width w (in standard deviations)
    # act like noise of variance w^2 / 12 on each record.
    sent = exchange(
        600_000, length_km=length, modulation_variance=variance, detection=detection, rng=7, **LINE
    )
    x, y = sent.pairs
    quadratures = x.size // len(sent)
    through = 10 ** (-0.02 * length)
    both = mutual_information(through, modulation_variance=variance, detection=detection, **LINE)
    theory, sigma = float(both) / quadratures, 0.0019
    rho = np.corrcoef(x, y)[0, 1]
    assert -np.log2(1 - rho**2) / 2 == pytest.approx(theory, abs=5 * sigma)
    for bins in (40, 100):
        blur = (np.ptp(x) ** 2 / x.var() + np.ptp(y) ** 2 / y.var()) / (12 * bins**2)
        lost = np.log2(1 + blur / (1 - rho**2)) / 2
        assert theory - lost - 5 * sigma < sampled_information(x, y, bins=bins) < theory + 5 * sigma


def test_independent_records_share_nothing():
    # 200,000 pairs in 1,600 cells: the plain sum would show 0.005 bit of luck. n I 2 ln 2 is chi-squared with some
    # 1,500 degrees of freedom: sigma of I is sqrt(2 * 1500) / (2 n ln 2) = 0.0002; 6 sigma: 2e-9
    x, y = np.random.default_rng(8).uniform(size=(2, 200_000))
    assert abs(sampled_information(x, y)) < 6 * 0.0002


def test_a_copy_tells_all_that_the_cells_can_hold():
    x = np.random.default_rng(9).uniform(size=100_000)
    assert sampled_information(x, x, bins=16) == pytest.approx(4, abs=0.001)
    assert sampled_information(x, -x, bins=16) == pytest.approx(4, abs=0.001)


def test_grows_with_light_and_is_zero_without():
    t = np.linspace(0, 1, 50)
    assert (np.diff(mutual_information(t, modulation_variance=4, **LINE)) > 0).all()
    assert mutual_information(0, modulation_variance=4, **LINE) == 0
    assert mutual_information(0.5, modulation_variance=0, **LINE) == 0
    assert mutual_information(np.zeros((3, 1)), modulation_variance=np.ones(2), **LINE).shape == (3, 2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: mutual_information(2, modulation_variance=4, **LINE), ValueError, "transmittance must be"),
        (
            lambda: mutual_information(1, modulation_variance=-4, **LINE),
            ValueError,
            "modulation_variance must be",
        ),
        (
            lambda: mutual_information(1, modulation_variance="bright", **LINE),
            TypeError,
            "modulation_variance must be",
        ),
        (lambda: sampled_information([1, 2, 3], [1, 2]), ValueError, "x and y must have the same length"),
        (lambda: sampled_information([1, 1], [1, 2]), ValueError, "x must be 1-D and hold different numbers"),
        (lambda: sampled_information([1, 2], [[1, 2]]), ValueError, "y must be 1-D"),
        (lambda: sampled_information([1, np.nan], [1, 2]), ValueError, "x must be finite"),
        (lambda: sampled_information([1, 2], [1, 2], bins=1), ValueError, "bins must be at least 2"),
    ],
)
def test_refuses_information(call, error, says):
    with pytest.raises(error, match=says):
        call()
