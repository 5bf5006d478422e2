"""Added noise: every loss lets in vacuum, and the total is what Bob's variance says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.continuous_variables import added_noise, entangling_cloner


def test_a_perfect_line_adds_nothing_to_homodyne_and_one_unit_to_heterodyne():
    assert [float(part) for part in added_noise(1.0, excess_noise=0)] == [0, 0, 0]
    assert [float(part) for part in added_noise(1.0, excess_noise=0, detection="heterodyne")] == [0, 1, 1]


@given(st.floats(0.01, 0.99), st.floats(0, 1), st.floats(0.1, 0.99), st.floats(0, 1), st.floats(0, 40))
def test_total_is_what_bob_sees(t, xi, eta, v, variance):
    # Bob's variance, from the chain of splitters of the cloner, is eta T (V + chi_tot) for homodyne detection
    noise = added_noise(t, excess_noise=xi, efficiency=eta, electronic_noise=v)
    tap = entangling_cloner(
        t, modulation_variance=variance, excess_noise=xi, efficiency=eta, electronic_noise=v
    )
    assert eta * t * (variance + 1 + noise.total) == pytest.approx(tap.of("B")[0, 0])
    assert noise.total == pytest.approx(noise.line + noise.detector / t)


@given(st.floats(0.01, 1), st.floats(0, 1), st.floats(0.1, 1), st.floats(0, 1))
def test_heterodyne_measures_each_half_with_a_homodyne_detector(t, xi, eta, v):
    # per quadrature: half the light, so 1 + chi_tot = 2 (1 + v) / (eta T) + xi
    total = added_noise(t, excess_noise=xi, efficiency=eta, electronic_noise=v, detection="heterodyne").total
    assert 1 + total == pytest.approx(2 * (1 + v) / (eta * t) + xi)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"transmittance": 0}, ValueError, "transmittance must be above 0"),
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
        added_noise(**{"transmittance": 0.5, "excess_noise": 0.0, **change})
