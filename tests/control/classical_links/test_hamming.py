"""Hamming's code: the table of its words by hand, any single error mended, and its block error."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.control.classical_links import (
    all_words,
    block_error,
    flip_bits,
    hamming_block_error,
    hamming_decode,
    hamming_encode,
    hamming_words,
    word_likelihoods,
)

message = st.lists(st.integers(0, 1), min_size=4, max_size=4)


@given(message)
def test_parities_by_hand(bits):
    d1, d2, d3, d4 = bits
    assert hamming_encode(bits).tolist() == [d1 ^ d2 ^ d4, d1 ^ d3 ^ d4, d1, d2 ^ d3 ^ d4, d2, d3, d4]


@given(message, st.integers(0, 7))
def test_any_single_error_is_mended(bits, position):
    word = hamming_encode(bits)
    if position:
        word[position - 1] ^= 1
    assert hamming_decode(word).tolist() == bits


def test_any_two_errors_are_not_and_nothing_says_so():
    words = hamming_words()
    for i, j in combinations(range(7), 2):
        spoilt = words.copy()
        spoilt[:, [i, j]] ^= 1
        assert (hamming_decode(spoilt) != all_words(4)).any(axis=1).all()


def test_the_code_is_perfect():
    # 16 words and the seven neighbours of each: 128 different ones, all there are
    near = {
        tuple(w ^ e)
        for w in hamming_words()
        for e in np.concatenate([np.zeros((1, 7), np.uint8), np.eye(7, dtype=np.uint8)])
    }
    assert len(near) == 128


def table():
    """The decoder as a table of numbers."""
    return hamming_decode(all_words(7)) @ [8, 4, 2, 1]


@pytest.mark.parametrize(
    ("p", "block", "bit"),
    [(0.01, 2.031041635e-3, 0.0008742988), (0.05, 0.04438054219, 0.01943375), (0.1, 0.1496944, 0.06688)],
)
def test_block_and_bit_errors(p, block, bit):
    assert hamming_block_error(p) == pytest.approx(block, rel=1e-6)
    likelihoods = word_likelihoods(hamming_words(), p)
    assert block_error(table(), likelihoods) == pytest.approx(block, rel=1e-6)
    wrong = hamming_decode(all_words(7))[None] != all_words(4)[:, None]
    assert np.allclose((likelihoods[..., None] * wrong).sum(axis=1).mean(axis=0), bit, rtol=1e-4)


def test_block_errors_as_counted():
    # 200,000 words: sd of the share .00046, six of them 2e-9
    rng = np.random.default_rng(1)
    sent = rng.integers(0, 2, (200_000, 4), dtype=np.uint8)
    read = hamming_decode(flip_bits(hamming_encode(sent), 0.05, rng=rng))
    assert abs((read != sent).any(axis=1).mean() - hamming_block_error(0.05)) < 6 * 0.00046


@given(st.floats(0, 1))
def test_the_closed_form(p):
    assert hamming_block_error(p) == pytest.approx(1 - (1 - p) ** 7 - 7 * p * (1 - p) ** 6, abs=1e-12)


def test_rare_errors_keep_their_digits():
    assert hamming_block_error(1e-10) == pytest.approx(21e-20, rel=1e-8)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: hamming_encode([0, 1, 0]), "message must have 4 bits"),
        (lambda: hamming_decode([0, 1, 0]), "received must have 7 bits"),
        (lambda: hamming_encode([0, 1, 0, 2]), "it holds 2"),
        (lambda: hamming_block_error(1.5), "p must be a probability"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
