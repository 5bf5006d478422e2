"""The rate: published values, the limits, and no key from certainty alone."""

import numpy as np
import pytest

from qlearn.communication import bb84


def test_published_values():
    np.testing.assert_allclose(bb84.asymptotic_rate([0.01, 0.05]), [0.838414, 0.427206], atol=5e-7)
    assert bb84.threshold() == pytest.approx(0.110028, abs=5e-7)


def test_zero_at_and_beyond_the_threshold_positive_below():
    e = bb84.threshold()
    assert bb84.asymptotic_rate(e - 1e-9) > 0
    assert not bb84.asymptotic_rate([e + 1e-9, 0.25, 0.5, 0.75, 1.0]).any()
    assert bb84.asymptotic_rate(0) == 1


def test_never_rises_with_the_errors():
    rate = bb84.asymptotic_rate(np.linspace(0, 1, 1001))
    assert (np.diff(rate) <= 0).all()


def test_the_other_basis_pays_for_eve():
    # Eve reads Z and is silent there: her price stands in X. Both prices are symmetric.
    assert bb84.asymptotic_rate(0.0, phase=0.5) == 0
    assert bb84.asymptotic_rate(0.02, phase=0.05) == pytest.approx(bb84.asymptotic_rate(0.05, phase=0.02))
    assert bb84.asymptotic_rate(0.03, phase=0.03) == bb84.asymptotic_rate(0.03)
    assert bb84.asymptotic_rate(0.0, phase=0.11) == pytest.approx(0.500084, abs=1e-6)


def test_broadcasts():
    assert bb84.asymptotic_rate(np.zeros((4, 1)), phase=np.zeros(3)).shape == (4, 3)


@pytest.mark.parametrize("bad", [-0.01, 5, float("nan")])
def test_refuses(bad):
    with pytest.raises(ValueError, match="qber must be error rates between 0 and 1"):
        bb84.asymptotic_rate(bad)
    with pytest.raises(ValueError, match="phase must be error rates"):
        bb84.asymptotic_rate(0.01, phase=bad)


@pytest.mark.parametrize("wrong", [None, "5%", 1j])
def test_refuses_what_is_no_number(wrong):
    with pytest.raises(TypeError, match="qber must be error rates, numbers between 0 and 1"):
        bb84.asymptotic_rate(wrong)


def test_the_two_rates_must_broadcast():
    with pytest.raises(
        ValueError, match=r"must broadcast against each other, not: qber \(2,\), phase \(3,\)"
    ):
        bb84.asymptotic_rate([0.1, 0.2], phase=[0.1, 0.2, 0.3])
