"""Limits: no honest line meets them, and they grow no faster than the work."""

from math import ceil

import numpy as np
import pytest
from scipy import stats

from qlearn.communication.postprocessing.reconciliation.cascade import (
    block_sizes,
    correct,
    most_errors,
    most_questions,
)


@pytest.mark.parametrize("bits", [1, 30, 1000, 2**14, 10**6])
@pytest.mark.parametrize("rate", [0, 0.001, 0.01, 0.03, 0.11, 0.48])
def test_more_errors_occur_once_in_a_thousand_million_keys(bits, rate):
    # The exact tail of the binomial distribution.
    assert stats.binom.sf(most_errors(bits, rate), bits, rate) <= 1e-9


def test_of_a_long_key_the_errors_and_little_more_are_explained():
    for rate in (0.02, 0.06, 0.16):
        assert 1 <= most_errors(10**6, rate) / (10**6 * rate) <= 1.05


# Questions are half of the messages; those that begin a pass are not among the limited ones.
@pytest.mark.parametrize("qber", [0.005, 0.01, 0.03, 0.05, 0.08, 0.11])
@pytest.mark.parametrize(("length", "frames"), [(2000, 1), (2000, 8), (2**14, 1)])
def test_honest_keys_stay_far_below(length, frames, qber):
    most = most_questions(length, qber, block_sizes(length, qber)[0], frames)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        alice = rng.integers(0, 2, length * frames, dtype=np.uint8)
        bob = alice ^ (rng.random(alice.size) < qber).astype(np.uint8)
        assert correct(alice, bob, qber, rng=seed, frame=length).rounds / 2 < 0.85 * most


@pytest.mark.parametrize("size", [8, 32, 128])
def test_hidden_errors_are_those_of_blocks_whose_errors_are_even_in_number(size):
    # Blocks with an odd number of errors show one each: the exact expectation, block by block.
    qber, blocks = 0.04, 1000
    errors = np.arange(size + 1)
    chance = stats.binom.pmf(errors, size, qber)
    hidden = blocks * float(chance @ (errors - errors % 2))
    assert most_questions(size * blocks, qber, size) == ceil(3 * (20 + 9.5 * hidden**0.65))
    together = most_questions(size * blocks, qber, size, frames=8)
    assert together == ceil(3 * (20 + 9.5 * hidden**0.65) * 2.2)
