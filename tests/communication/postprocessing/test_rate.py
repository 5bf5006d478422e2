"""The asymptotic rate: published thresholds, and the older function of the BB84 chapter as its special case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication import bb84
from qlearn.communication.postprocessing import key_rate, tolerable_qber


@pytest.mark.parametrize(
    ("qber", "expected"), [(0.0, 1.0), (0.01, 0.838414), (0.05, 0.427206), (0.12, 0), (0.5, 0), (1, 0)]
)
def test_bb84(qber, expected):
    assert key_rate(qber) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 0.110028), ({"efficiency": 1.16}, 0.098106), ({"protocol": "six-state"}, 0.126193)],
)
def test_published_thresholds(options, expected):
    assert tolerable_qber(**options) == pytest.approx(expected, abs=5e-7)
    assert key_rate(expected - 1e-5, **options) > 0 == key_rate(expected + 1e-5, **options)


def test_six_states_is_the_entropy_of_the_depolarising_lines_pauli_errors():
    e = 0.07
    pauli = np.array([1 - 1.5 * e, e / 2, e / 2, e / 2])
    assert key_rate(e, protocol="six-state") == pytest.approx(1 + (pauli * np.log2(pauli)).sum(), abs=1e-12)


@given(st.floats(0, 1), st.floats(1, 3))
def test_never_negative_falls_with_inefficiency_and_six_states_bear_more(qber, f):
    two, three = key_rate(qber, efficiency=f), key_rate(qber, efficiency=f, protocol="six-state")
    assert 0 <= two <= three + 1e-12 <= 1 + 1e-12
    assert two <= key_rate(qber) == bb84.asymptotic_rate(qber)


def test_broadcasts():
    assert key_rate(np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: key_rate(1.5), ValueError, "qber must be"),
        (lambda: key_rate("5 %"), TypeError, "qber must be"),
        (lambda: key_rate(0.05, efficiency=0.9), ValueError, "efficiency must be"),
        (lambda: key_rate(0.05, protocol="e91"), ValueError, "protocol must be one of bb84, six-state"),
        (lambda: tolerable_qber(protocol="e91"), ValueError, "protocol must be one of"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
