"""Threshold shares: vectors, any t find the secret, fewer fit all secrets."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.networks.secure_aggregation import recover_secret, threshold_shares


def product(a: int, b: int) -> int:
    """GF(2^8) bit by bit, the oracle: multiply by x, and subtract 0x11b where the degree is 8."""
    total = 0
    while b:
        total ^= a * (b & 1)
        a, b = a << 1 ^ (0x11B if a & 0x80 else 0), b >> 1
    return total


def value(coefficients: list[int], x: int) -> int:
    total = 0
    for a in reversed(coefficients):
        total = product(total, x) ^ a
    return total


def test_vectors():
    # 1234 + 166x + 94x^2 mod 1613; 42 + 7x mod 257; 0x53 + 0xca x + 0x1f x^2 over GF(2^8), as the package galois has them
    shares = threshold_shares(1234, 6, 3, prime=1613, coefficients=[166, 94])
    assert list(shares.values()) == [1494, 329, 965, 176, 1188, 775]
    assert threshold_shares(42, 3, 2, prime=257, coefficients=[7]) == {1: 49, 2: 56, 3: 63}
    shares = threshold_shares(b"\x53", 5, 3, coefficients=[b"\xca", b"\x1f"])
    assert b"".join(shares.values()).hex() == "86a075bd68"


@given(st.lists(st.integers(0, 255), min_size=1, max_size=5), st.integers(5, 20))
def test_shares_are_values_of_the_polynomial(coefficients, n):
    secret, *others = (bytes([a]) for a in coefficients)
    shares = threshold_shares(secret, n, len(coefficients), coefficients=others)
    assert {j: share[0] for j, share in shares.items()} == {
        j: value(coefficients, j) for j in range(1, n + 1)
    }


@settings(max_examples=40)
@given(st.binary(min_size=1, max_size=9), st.integers(1, 6), st.integers(0, 4), st.integers(0, 2**32))
def test_any_t_shares_of_bytes_find_the_secret(secret, t, more, seed):
    shares = threshold_shares(secret, t + more, t, rng=seed)
    for chosen in combinations(shares, t):
        assert recover_secret({j: shares[j] for j in chosen}, t) == secret
    assert recover_secret(shares, t) == secret


@settings(max_examples=40)
@given(st.integers(0, 2**127 - 2), st.integers(1, 5), st.integers(0, 3))
def test_any_t_shares_of_a_number_find_the_secret(secret, t, more):
    prime = 2**127 - 1
    shares = threshold_shares(secret, t + more, t, prime=prime)
    for chosen in combinations(shares, t):
        assert recover_secret({j: shares[j] for j in chosen}, t, prime=prime) == secret


def test_two_shares_of_three_fit_every_secret_equally():
    # all 256^2 polynomials for each of two secrets: the pairs of shares 1 and 2 are all pairs, once each
    a, b = np.meshgrid(np.arange(256), np.arange(256))
    coefficients = [bytes(part.ravel().tolist()) for part in (a, b)]
    for secret in (0, 0x53):
        shares = threshold_shares(bytes([secret]) * 2**16, 3, 3, coefficients=coefficients)
        pairs = np.frombuffer(shares[1], np.uint8).astype(int) * 256 + np.frombuffer(shares[2], np.uint8)
        assert np.array_equal(np.sort(pairs), np.arange(2**16))


def test_without_a_seed_the_shares_are_fresh():
    assert threshold_shares(bytes(32), 3, 2) != threshold_shares(bytes(32), 3, 2)
    assert threshold_shares(5, 3, 2, prime=2**61 - 1) != threshold_shares(5, 3, 2, prime=2**61 - 1)


def test_a_spare_share_shows_an_altered_one():
    shares = threshold_shares(b"key", 5, 3, rng=1)
    shares[2] = bytes([shares[2][0] ^ 1]) + shares[2][1:]
    with pytest.raises(ValueError, match="does not fit those of"):
        recover_secret(shares, 3)
    numbers = threshold_shares(7, 4, 3, prime=257, rng=1)
    numbers[1] = (numbers[1] + 1) % 257
    with pytest.raises(ValueError, match="that of party 4 does not fit"):
        recover_secret(numbers, 3, prime=257)
    del shares[1], shares[5]
    assert recover_secret(shares, 3) != b"key"  # none to spare, and nothing shows it


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: threshold_shares(b"a", 3, 4), "threshold <= n_shares <= 255, not 4 and 3"),
        (lambda: threshold_shares(b"a", 256, 2), "not 2 and 256"),
        (lambda: threshold_shares(1, 257, 2, prime=257), "n_shares <= 256"),
        (lambda: threshold_shares(b"", 3, 2), "secret must be bytes, at least one"),
        (lambda: threshold_shares(7, 3, 2), "give prime="),
        (lambda: threshold_shares(257, 3, 2, prime=257), "must lie below the prime 257"),
        (
            lambda: threshold_shares(b"a", 3, 2, coefficients=[]),
            "coefficients must be 1, one less than the threshold, not 0",
        ),
        (lambda: recover_secret({1: b"a"}, 2), "shares must be at least 2, not 1: fewer fit every secret"),
        (lambda: recover_secret({1: b"a", 2: b"ab"}, 2), "shares must have one length"),
    ],
)
def test_refuses(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()
