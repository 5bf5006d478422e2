"""Finite keys: the formula of the paper, Serfling against the hypergeometric law, and the endless limit.

Sample sizes: near the best of all, sensible at the edges.
"""

import itertools
from math import floor, log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import hypergeom

from qlearn.communication import binary_entropy
from qlearn.communication.secret_key import (
    finite_key_length,
    hashing_margin,
    key_rate,
    sample_sizes,
    serfling_deviation,
)


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
    mu = float(serfling_deviation(n, k, failure))
    seen = np.arange(max(0, errors - n), min(k, errors) + 1)
    exceeds = (errors - seen) / n >= seen / k + mu
    assert hypergeom(n + k, errors, k).pmf(seen)[exceeds].sum() <= failure


def test_margin_is_two_logarithms():
    assert hashing_margin(2**-10) == pytest.approx(20, abs=1e-12)


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
        (lambda: serfling_deviation(0, 5, 0.1), ValueError, "n_key and n_sample must be at least 1"),
        (lambda: serfling_deviation(5, 5, 2), ValueError, "failure must lie"),
        (lambda: hashing_margin(0), ValueError, "security must lie"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def key_left(bits, sizes, error, security=1e-10):
    """The bits a session leaves for these sample sizes, basis by basis, from the definition."""
    total = 0.0
    for basis, other in ("ZX", "XZ"):
        kept, sample = bits[basis] - sizes[basis], sizes[other]
        if kept and sample:
            worst = min(0.5, error + float(serfling_deviation(kept, sample, (security / 4) ** 2 / 2)))
            total += kept * float(1 - binary_entropy(worst) - 1.1 * binary_entropy(error))
        else:
            total -= kept * 1.1 * float(binary_entropy(error))
    return total


@pytest.mark.parametrize("bits", [{"Z": 50_000, "X": 50_000}, {"Z": 90_000, "X": 3_000}])
def test_near_the_best_of_a_fine_grid(bits):
    found = key_left(bits, sample_sizes(bits), 0.03)
    shares = [i / 50 for i in range(51)]
    grid = [
        key_left(bits, {"Z": round(z * bits["Z"]), "X": round(x * bits["X"])}, 0.03)
        for z, x in itertools.product(shares, shares)
    ]
    assert found > 0
    assert found >= 0.99 * max(grid)


def test_a_rare_basis_is_given_up_to_vouch_for_the_other():
    sizes = sample_sizes({"Z": 90_000, "X": 3_000})
    assert sizes["X"] == 3_000
    assert sizes["Z"] < 9_000


def test_larger_sessions_give_up_a_smaller_share():
    shares = [sample_sizes({"Z": n, "X": n})["Z"] / n for n in (10**5, 10**6, 10**7)]
    assert shares == sorted(shares, reverse=True)


def test_nothing_of_nothing():
    assert sample_sizes({"Z": 0, "X": 0}) == {"Z": 0, "X": 0}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sample_sizes({"Z": -1, "X": 5}), r"bits\['Z'\] must be"),
        (lambda: sample_sizes({"Z": 5, "X": 5}, security=0), "security must lie"),
        (lambda: sample_sizes({"Z": 5, "X": 5}, expected_qber=0.6), "expected_qber must be"),
    ],
)
def test_refuses_sampling(call, says):
    with pytest.raises(ValueError, match=says):
        call()
