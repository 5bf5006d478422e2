"""Rate adaptation: every key fits, nothing is told twice over, and no key is told whole."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing.reconciliation.ldpc import adapt
from qlearn.communication.postprocessing.reconciliation.ldpc.adaptation import rate_for, share_to_tell


@given(st.integers(256, 300_000), st.floats(0, 0.2), st.integers(256, 2**15))
def test_every_key_fits(n, qber, frame):
    fit = adapt(n, qber, frame)
    assert fit.bits <= frame
    assert (fit.frames - 1) * fit.bits < n <= fit.frames * fit.bits
    assert min(fit.bits, fit.punctured + 1, fit.shortened + 1, fit.disclosed) > 0
    assert fit.bits + fit.punctured + fit.shortened == fit.code.variables
    assert fit.punctured <= fit.code.untainted.size
    assert fit.qber == max(qber, 1 / n)


@given(st.floats(0.006, 0.2), st.integers(2**14, 300_000))
def test_long_keys_are_told_what_is_needed_and_hardly_more(qber, n):
    fit = adapt(n, qber)
    needed = fit.bits * share_to_tell(qber, fit.bits)
    assert 0.98 * needed <= fit.disclosed <= 1.025 * needed + 1


def test_the_share_to_tell_by_hand():
    # h(1/2) = 1, and 100 bits with 50 errors vary by their root
    assert share_to_tell(0.5, 100) == pytest.approx(1.11 + 0.8 / sqrt(50))
    assert share_to_tell(0.11, 10**9) == pytest.approx(1.11 * float(binary_entropy(0.11)), rel=1e-4)


@given(st.floats(1e-5, 0.49), st.integers(256, 10**6))
def test_the_rate_that_a_share_is_for(qber, bits):
    assert rate_for(share_to_tell(qber, bits), bits) == pytest.approx(qber, abs=1e-8)
    assert rate_for(2.0, bits) == 0.5


def test_the_more_errors_the_lower_the_rate_of_the_code():
    rates = [adapt(10**5, qber).code.rate for qber in (0.005, 0.01, 0.02, 0.03, 0.05)]
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == len(rates)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((255, 0.01), ValueError, "n must be at least 256"),
        ((1000, 0.01, 100), ValueError, "frame must be at least 256"),
        ((1000, -0.1), ValueError, "qber must be a probability"),
        ((1000, "few"), TypeError, "qber must be a number"),
        ((1000, 0.4), ValueError, "qber must leave something to keep"),
        ((1000, 1.0), ValueError, "qber must leave something to keep"),
        ((1e4, 0.1), TypeError, "n must be a whole number"),
    ],
)
def test_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        adapt(*arguments)
