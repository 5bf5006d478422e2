"""Privacy amplification: exact, linear, universal, the same in blocks, and strict about its input."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication.secret_key import (
    PublicChannel,
    amplify,
    privacy_amplification as module,
    toeplitz_hash,
)
from qlearn.communication.secret_key.privacy_amplification import hash_frames


def exact(key, seed, length):
    """The definition, with Python's integers: the oracle."""
    n = len(key)
    return [sum(int(seed[n - 1 + i - j]) * int(k) for j, k in enumerate(key)) % 2 for i in range(length)]


def exact_fast(key, seed, length):
    """The same with big integers: bits of a product without carries, four binary digits apart, then eight..."""
    pad = 32  # a count of up to 2^32 fits between two digits
    number = sum(int(b) << (pad * i) for i, b in enumerate(key)) * sum(
        int(b) << (pad * i) for i, b in enumerate(seed)
    )
    return [(number >> (pad * (len(key) - 1 + i))) & 1 for i in range(length)]


@given(st.lists(st.integers(0, 1), min_size=1, max_size=60), st.data())
def test_equals_the_definition(key, data):
    length = data.draw(st.integers(1, len(key)))
    size = len(key) + length - 1
    seed = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    assert toeplitz_hash(key, seed, length).tolist() == exact(key, seed, length)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_blocks_of_any_size_are_the_whole(n, length, block, seed):
    length, rng = min(n, length), np.random.default_rng(seed)
    key, diagonals = rng.integers(0, 2, n, dtype=np.uint8), rng.integers(0, 2, n + length - 1, dtype=np.uint8)
    pieces = module._bits(module._in_blocks(key, diagonals, length, block), length)
    assert pieces.tolist() == exact(key, diagonals, length)


def test_equals_the_exact_product_of_big_integers():
    rng = np.random.default_rng(5)
    key, seed = rng.integers(0, 2, 3_000), rng.integers(0, 2, 4_999)
    assert toeplitz_hash(key, seed, 2_000).tolist() == exact_fast(key, seed, 2_000)


def test_all_ones_is_the_worst_case_for_rounding():
    # three blocks and a bit; every sum is as large as it can be
    n, m = 800_001, 400_000
    assert (toeplitz_hash(np.ones(n), np.ones(n + m - 1), m) == n % 2).all()


def test_is_linear():
    rng = np.random.default_rng(3)
    a, b, seed = rng.integers(0, 2, 500), rng.integers(0, 2, 500), rng.integers(0, 2, 699)
    together = toeplitz_hash(a ^ b, seed, 200)
    assert (together == toeplitz_hash(a, seed, 200) ^ toeplitz_hash(b, seed, 200)).all()


def test_two_keys_collide_with_probability_2_to_minus_length():
    # universality: over 20,000 seeds, 4-bit hashes of two different keys agree in 1/16, sd 0.0017; 6 sd: 2e-9
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 2, (2, 32))
    seeds = rng.integers(0, 2, (20_000, 35))
    collisions = np.mean([(toeplitz_hash(a, s, 4) == toeplitz_hash(b, s, 4)).all() for s in seeds])
    assert abs(collisions - 1 / 16) < 6 * 0.0017


def test_frames_are_hashed_each_by_itself():
    rng = np.random.default_rng(4)
    frames, seed = rng.integers(0, 2, (5, 77), dtype=np.uint8), rng.integers(0, 2, 77 + 9, dtype=np.uint8)
    assert [row.tolist() for row in hash_frames(frames, seed, 10)] == [exact(f, seed, 10) for f in frames]


def test_refuses_to_round_what_is_no_integer():
    with pytest.raises(ArithmeticError, match="smaller blocks"):
        module._bits(np.array([[0.0, 1.3]]), 2)


def test_both_hash_with_what_they_know():
    rng = np.random.default_rng(6)
    key, line = rng.integers(0, 2, 100, dtype=np.uint8), PublicChannel()
    ours, theirs = amplify(key, key, 40, channel=line, rng=1)
    assert (ours == theirs).all()
    assert ours.size == 40
    assert line.disclosed == {"amplify": 0}  # the seed says nothing about the key
    seed = np.unpackbits(line.messages[0].payload, count=139)
    assert ours.tolist() == exact(key, seed, 40)


def test_bob_hashes_with_the_seed_that_he_heard():
    def other(message):
        message.payload[:] ^= 0xFF
        return message

    key = np.random.default_rng(6).integers(0, 2, 100, dtype=np.uint8)
    ours, theirs = amplify(key, key, 40, channel=PublicChannel(other), rng=1)
    assert (ours != theirs).any()


@pytest.mark.parametrize(
    ("key", "seed", "length", "says"),
    [
        ([0, 2], [0, 1], 1, "key must be"),
        ([], [], 1, "key must be"),
        ([0, 1], [0, 3], 1, "seed must be"),
        ([0, 1], [0, 1, 1], 3, "adds no secrecy"),
        ([0, 1], [0, 1, 1], 0, "length must be at least 1"),
        ([0, 1], [0, 1], 2, "one for each diagonal"),
    ],
)
def test_refuses(key, seed, length, says):
    with pytest.raises(ValueError, match=says):
        toeplitz_hash(key, seed, length)
