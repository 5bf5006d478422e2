"""Coins: exact at the ends, fair in between, independent, reproducible."""

import numpy as np
import pytest

from qlearn.communication.randomness import random_bits


@pytest.mark.parametrize("p", [0.5, 0.25, 0.75, 0.1, 1 / 3, 0.987654321, 2**-10])
def test_frequency(p):
    # n = 10^6, sigma = sqrt(p (1-p) / n), 5.5 sigma: a false alarm in 4e-8
    n = 1_000_000
    assert abs(random_bits(n, p, rng=5).mean() - p) < 5.5 * np.sqrt(p * (1 - p) / n)


def test_certain_coins():
    assert not random_bits(1000, 0.0).any()
    assert random_bits(1000, 1.0).all()


def test_the_binary_expansion_is_exact():
    # The same 53 fair coins a throw, spelled out with integers: c = 1 exactly where the number
    # they spell is below p * 2^53, up to the order of the comparison.
    p, n = 0.3, 64
    rng = np.random.default_rng(7)
    digits = round(p * 2**53)
    zeros = (digits & -digits).bit_length() - 1
    words = [int(rng.integers(0, 2**64 - 1, dtype=np.uint64, endpoint=True)) for _ in range(53 - zeros)]
    got = random_bits(n, p, rng=7)
    for i in range(n):
        place = (i // 8) * 8 + 7 - i % 8  # unpackbits reads a byte from its highest bit
        carry = 0
        for step, word in enumerate(words):
            fair = word >> place & 1
            carry = fair | carry if digits >> (zeros + step) & 1 else fair & carry
        assert got[i] == carry


def test_neighbours_are_independent():
    # correlation of neighbours over 10^6 fair coins: mean 0, sigma 10^-3; 5.5 sigma: 4e-8
    signs = 1.0 - 2.0 * random_bits(1_000_000, rng=3)
    for apart in (1, 8, 64):
        assert abs(np.mean(signs[:-apart] * signs[apart:])) < 5.5e-3


@pytest.mark.parametrize("n", [1, 7, 8, 63, 64, 65, 1000])
def test_shape_type_and_seed(n):
    thrown = random_bits(n, 0.3, rng=1)
    assert thrown.shape == (n,)
    assert thrown.dtype == np.uint8
    assert set(thrown) <= {0, 1}
    np.testing.assert_array_equal(thrown, random_bits(n, 0.3, rng=1))


def test_a_generator_is_used_not_copied():
    rng = np.random.default_rng(1)
    assert (random_bits(200, rng=rng) != random_bits(200, rng=rng)).any()


@pytest.mark.parametrize(
    ("n", "p", "error", "says"),
    [
        (0, 0.5, ValueError, "n must be at least 1"),
        (2.5, 0.5, TypeError, "n must be a whole number"),
        (3, 1.5, ValueError, "p must be a probability"),
        (3, float("nan"), ValueError, "p must be a probability"),
        (3, "half", TypeError, "p must be a number"),
    ],
)
def test_refuses(n, p, error, says):
    with pytest.raises(error, match=says):
        random_bits(n, p)
