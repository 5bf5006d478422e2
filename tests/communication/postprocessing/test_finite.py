"""Finite keys: the formula of the paper, Serfling against the hypergeometric law, and the endless limit."""

from math import floor, log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from qlearn.communication.entropy import binary_entropy
from qlearn.communication.postprocessing import deviation, finite_key_length, key_rate, margin


def by_the_paper(n, k, qber, security, correctness, efficiency):
    """Tomamichel et al., eq. 2, as it is printed."""
    mu = sqrt((n + k) / (n * k) * (k + 1) / k * log(4 / security))
    leak = efficiency * n * float(binary_entropy(qber))
    secret = n * (1 - float(binary_entropy(min(0.5, qber + mu))))
    return secret - leak - log2(2 / (security**2 * correctness))


@pytest.mark.parametrize(("n_signals", "qber"), [(3_000, 0.01), (10_000, 0.025), (50_000, 0.05)])
def test_is_the_best_over_all_sample_sizes(n_signals, qber):
    best = max(by_the_paper(n_signals - k, k, qber, 1e-10, 1e-15, 1.1) for k in range(1, n_signals))
    found = finite_key_length(n_signals, qber)
    assert floor(best) * 0.9999 - 1 <= found <= best


def test_no_key_from_a_thousand_signals():
    assert finite_key_length(1_000, 0.01) == 0
    assert finite_key_length(1_000, 0.0) == 0
    assert finite_key_length(3_000, 0.05) == 0
    assert finite_key_length(2, 0.0) == 0


@pytest.mark.parametrize("qber", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("efficiency", [1.0, 1.1])
def test_the_limit_is_the_asymptotic_rate(qber, efficiency):
    endless = key_rate(qber, efficiency=efficiency)
    shares = [finite_key_length(10**e, qber, efficiency=efficiency) / 10**e for e in (5, 7, 9, 13)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(endless, abs=2e-3)
    assert shares[-1] < endless


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 10**9), st.floats(0, 0.2), st.floats(-14, -2))
def test_longer_sessions_and_laxer_security_never_lose(n, qber, exponent):
    length = finite_key_length(n, qber, security=10**exponent)
    assert 0 <= length <= n * key_rate(qber)
    assert finite_key_length(2 * n, qber, security=10**exponent) >= length
    assert finite_key_length(n, qber, security=min(0.5, 10 ** (exponent + 1))) >= length


@pytest.mark.parametrize(
    ("n", "k", "errors"), [(900, 100, 50), (500, 500, 30), (200, 800, 100), (5000, 300, 900)]
)
@pytest.mark.parametrize("failure", [0.05, 1e-3, 1e-6])
def test_serfling_bounds_the_hypergeometric_law(n, k, errors, failure):
    # the exact chance that the kept n bits err by more than mu above what the sample of k shows
    mu = float(deviation(n, k, failure))
    seen = np.arange(max(0, errors - n), min(k, errors) + 1)
    exceeds = (errors - seen) / n >= seen / k + mu
    assert hypergeom(n + k, errors, k).pmf(seen)[exceeds].sum() <= failure


def test_margin_is_two_logarithms():
    assert margin(2**-10) == pytest.approx(20, abs=1e-12)


def test_counts_may_be_written_as_people_write_them():
    assert finite_key_length(1e6, 0.01) == finite_key_length(10**6, 0.01)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: finite_key_length(1, 0.01), ValueError, "n_signals must be at least 2"),
        (lambda: finite_key_length(10.5, 0.01), TypeError, "n_signals must be a whole number"),
        (lambda: finite_key_length(100, 1.1), ValueError, "qber must be"),
        (lambda: finite_key_length(100, 0.1, security=0), ValueError, "security must lie"),
        (lambda: finite_key_length(100, 0.1, correctness=1), ValueError, "correctness must lie"),
        (lambda: finite_key_length(100, 0.1, efficiency=0.5), ValueError, "efficiency must be"),
        (lambda: deviation(0, 5, 0.1), ValueError, "n_key and n_sample must be at least 1"),
        (lambda: deviation(5, 5, 2), ValueError, "failure must lie"),
        (lambda: margin(0), ValueError, "security must lie"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
