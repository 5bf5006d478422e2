"""Interleaving: undone exactly, bursts spread, refusals."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.control.classical_links import deinterleave, hamming_decode, hamming_words, interleave


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_there_and_back(depth, width, seed):
    bits = np.random.default_rng(seed).integers(0, 2, depth * width, dtype=np.uint8)
    assert (deinterleave(interleave(bits, depth), depth) == bits).all()


@given(st.integers(2, 9), st.integers(1, 9))
def test_the_bits_of_a_word_lie_depth_apart(depth, width):
    for word in range(depth):
        bits = np.zeros((depth, width), np.uint8)
        bits[word] = 1
        assert np.flatnonzero(interleave(bits.ravel(), depth)).tolist() == list(
            range(word, depth * width, depth)
        )


def test_a_burst_as_long_as_the_table_is_deep_is_mended():
    sent = hamming_words()
    for start in range(7 * 16 - 16 + 1):
        line = interleave(sent.ravel(), 16)
        line[start : start + 16] ^= 1
        assert (hamming_decode(deinterleave(line, 16).reshape(-1, 7)) == hamming_decode(sent)).all()


@pytest.mark.parametrize(("depth", "says"), [(3, "would have a hole"), (0, "depth must be")])
def test_refuses(depth, says):
    for turn in (interleave, deinterleave):
        with pytest.raises(ValueError, match=says):
            turn([0, 1, 1, 0], depth)
