"""Estimation: what is disclosed leaves the key, the bound holds, too few bits give no key."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from qlearn.communication import bb84


@pytest.fixture
def keys():
    return bb84.sift(bb84.exchange(200_000, noise=0.03, rng=1))


def test_what_is_disclosed_leaves_the_key(keys):
    seen = bb84.estimate(keys, 2_000, rng=2)
    assert len(seen.remaining) == len(keys) - 4_000
    for basis in "ZX":
        assert seen.remaining.bits_by_basis[basis] == keys.bits_by_basis[basis] - 2_000
        before = round(keys.qber_by_basis[basis] * keys.bits_by_basis[basis])
        after = round(seen.remaining.qber_by_basis[basis] * seen.remaining.bits_by_basis[basis])
        assert before - after == seen.errors[basis]
        assert seen.qber_by_basis[basis] == seen.errors[basis] / 2_000


def test_what_remains_keeps_its_order():
    keys = bb84.SiftedKeys(*np.random.default_rng(1).integers(0, 2, (3, 4_000), dtype=np.uint8))
    left = bb84.estimate(keys, 500, rng=3).remaining
    before = iter(zip(keys.alice, keys.bob, keys.bases, strict=True))
    assert len(left) == 3_000
    assert all(bit in before for bit in zip(left.alice, left.bob, left.bases, strict=True))  # a subsequence


@given(st.integers(200, 5_000), st.floats(0, 0.3))
def test_bound_is_the_one_of_clopper_and_pearson(size, share):
    # At the bound, so few errors have exactly the failure probability: SciPy's binomial is the oracle.
    wrong = int(share * size)
    alice = np.zeros(2 * size + 2, dtype=np.uint8)
    bob, bases = alice.copy(), np.repeat(np.array([0, 1], dtype=np.uint8), size + 1)
    bob[:wrong] = bob[size + 1 : size + 1 + wrong] = 1
    seen = bb84.estimate(bb84.SiftedKeys(alice, bob, bases), size, rng=4)
    for basis in "ZX":
        assert stats.binom.cdf(seen.errors[basis], size, seen.bounds[basis]) == pytest.approx(1e-10, rel=1e-5)


def test_bound_fails_as_rarely_as_it_says():
    # 2000 independent estimates in each basis, failure 1 %: 40 expected of 4000, sigma 6.3; 5.5 sigma: 4e-8
    rng = np.random.default_rng(5)
    failures = 0
    for _ in range(2_000):
        keys = bb84.sift(bb84.exchange(2_000, noise=0.05, rng=rng))
        seen = bb84.estimate(keys, 200, failure=0.01, rng=rng)
        failures += sum(bound < 0.05 for bound in seen.bounds.values())
    assert failures <= 40 + 5.5 * 6.3


def test_rate_is_positive_for_a_quiet_line_and_zero_for_eve(keys):
    assert 0 < bb84.estimate(keys, 5_000, rng=6).rate < bb84.asymptotic_rate(0.03)
    for basis in ("random", "Z", "X", "breidbart"):
        sent = bb84.exchange(200_000, eavesdropper=bb84.InterceptResend(basis=basis), rng=7)
        assert bb84.estimate(bb84.sift(sent), 5_000, rng=8).rate == 0


def test_an_average_would_have_hidden_eve():
    # p_x = 0.1, Eve always in Z: 0.6 % of errors on average, and she knows every bit of Z
    line = {"p_x": 0.1, "eavesdropper": bb84.InterceptResend(basis="Z"), "rng": 9}
    keys = bb84.sift(bb84.exchange(400_000, **line))
    assert bb84.asymptotic_rate(keys.qber) > 0.8
    assert bb84.estimate(keys, 1_000, rng=10).rate == 0


@pytest.mark.parametrize("size", [1, 50, 197])
def test_too_few_bits_prove_nothing(size, keys):
    with pytest.raises(ValueError, match="at least 198 bits of each basis"):
        bb84.estimate(keys, size)
    assert keys.origin.spent == ""  # nothing was compared
    assert bb84.estimate(keys, 198, rng=1).sample_size == 198


def test_198_is_where_the_bound_meets_the_threshold():
    assert 1 - 1e-10 ** (1 / 198) < bb84.threshold() < 1 - 1e-10 ** (1 / 197)


def test_short_keys_give_no_key():
    for pulses in (1, 10, 700):
        with pytest.raises(ValueError, match="Send more pulses"):
            bb84.estimate(bb84.sift(bb84.exchange(pulses, rng=1)), 198)


def test_nothing_may_be_left_to_keep():
    bits = np.zeros(400, dtype=np.uint8)
    bases = np.repeat(np.array([0, 1], dtype=np.uint8), 200)
    with pytest.raises(ValueError, match="200 bits in Z and 200 in X: too few to disclose 200"):
        bb84.estimate(bb84.SiftedKeys(bits, bits, bases), 200)


def test_all_errors_bound_nothing():
    ones, zeros = np.ones(1_000, dtype=np.uint8), np.zeros(1_000, dtype=np.uint8)
    seen = bb84.estimate(bb84.SiftedKeys(ones, zeros, np.arange(1_000, dtype=np.uint8) % 2), 300, rng=1)
    assert seen.bounds == {"Z": 1.0, "X": 1.0}
    assert seen.rate == 0


@pytest.mark.parametrize(
    ("size", "failure", "error", "says"),
    [
        (0, 1e-10, ValueError, "sample_size must be at least 1"),
        (2.0, 1e-10, TypeError, "sample_size must be a whole number"),
        (300, 0, ValueError, "failure must lie between 0 and 1"),
        (300, 1, ValueError, "failure must lie between 0 and 1"),
        (300, float("nan"), ValueError, "failure must be a finite number"),
    ],
)
def test_refuses(size, failure, error, says, keys):
    with pytest.raises(error, match=says):
        bb84.estimate(keys, size, failure=failure)


@pytest.mark.parametrize("wrong", [None, 3, bb84.exchange(10, rng=1)])
def test_estimates_from_sifted_keys_only(wrong):
    with pytest.raises(TypeError, match="sifted must be SiftedKeys, as sift returns them, not"):
        bb84.estimate(wrong, 200)
