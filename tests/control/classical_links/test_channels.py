"""Channels: their flips counted, bursts against enumeration by hand, Gaussian noise, refusals."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.control.classical_links import (
    BurstChannel,
    all_words,
    block_error,
    flip_bits,
    gaussian_channel,
    hamming_block_error,
    hamming_words,
    most_likely,
    word_likelihoods,
)

chance = st.floats(0, 1)


def test_flips_as_often_as_said():
    # 400,000 bits of each kind: sd at most .0008, six of them 2e-9
    bits = np.repeat([0, 1], 400_000).astype(np.uint8)
    read = flip_bits(bits, 0.05, 0.3, rng=1)
    assert abs(read[:400_000].mean() - 0.05) < 6 * 0.0008
    assert abs(read[400_000:].mean() - 0.7) < 6 * 0.0008


def test_symmetric_unless_said_otherwise_and_the_input_stays():
    bits = np.array([0, 1, 0, 1], np.uint8)
    assert flip_bits(bits, 1.0).tolist() == [1, 0, 1, 0]
    assert flip_bits(bits, 0.0, 1.0).tolist() == [0, 0, 0, 0]
    assert bits.tolist() == [0, 1, 0, 1]


@settings(deadline=None, max_examples=40)
@given(chance, chance)
def test_likelihoods_by_hand(up, down):
    words = [[0, 1, 1], [1, 0, 0]]
    table = word_likelihoods(words, up, down)
    for word, row in zip(words, table, strict=True):
        for read, found in zip(product((0, 1), repeat=3), row, strict=True):
            each = [
                (down if c else up) if c != y else 1 - (down if c else up)
                for c, y in zip(word, read, strict=True)
            ]
            assert found == pytest.approx(np.prod(each), abs=1e-12)
    assert np.allclose(table.sum(axis=1), 1)


def by_paths(line, pattern, gap=1):
    """The chance of a pattern of errors, summed over every path of the hidden state, all steps of it."""
    good = line.recover / (line.fade + line.recover)
    steps = (len(pattern) - 1) * gap + 1
    total = 0.0
    for path in product((0, 1), repeat=steps):
        weight = good if path[0] else 1 - good
        for now, after in pairwise(path):
            stay = (1 - line.fade) if now else (1 - line.recover)
            weight *= stay if now == after else 1 - stay
        for i, error in enumerate(pattern):
            flip = line.good_error if path[i * gap] else line.bad_error
            weight *= flip if error else 1 - flip
        total += weight
    return total


@settings(deadline=None, max_examples=15)
@given(st.floats(0.01, 1), st.floats(0.01, 1), chance, chance, st.integers(1, 3))
def test_bursts_are_summed_over_all_paths(fade, recover, good, bad, gap):
    line = BurstChannel(fade, recover, good, bad)
    found = line.patterns(3, gap)
    assert np.allclose(found, [by_paths(line, pattern, gap) for pattern in all_words(3)], atol=1e-12)


def test_the_burst_channel_of_the_tables():
    line, words = BurstChannel(0.01, 0.2, 1e-3, 0.3), hamming_words()
    syndrome = most_likely(word_likelihoods(words, 0.01))
    assert line.error_rate == pytest.approx(0.0152381, rel=1e-5)
    assert block_error(syndrome, line.likelihoods(words)) == pytest.approx(0.0258003, rel=1e-5)
    assert block_error(syndrome, line.likelihoods(words, gap=500)) == pytest.approx(0.0046341, rel=1e-4)
    assert hamming_block_error(line.error_rate) == pytest.approx(0.0046341, rel=1e-4)


def test_bursts_as_sent():
    # errors of 30,000 bits; 30 of them memory: sd below .0035 (measured .0016), six of them
    line = BurstChannel(0.05, 0.1, 0.0, 0.5)
    read = line.send(np.zeros(30_000, np.uint8), rng=3)
    assert abs(read.mean() - line.error_rate) < 6 * 0.0035
    pairs = (read[:-1] & read[1:]).mean()
    assert abs(pairs - line.patterns(2)[3]) < 6 * 0.0035
    assert pairs > 2 * read.mean() ** 2  # a burst: far more than by chance


def test_the_noise_belongs_to_a_message_bit():
    # 100,000 voltages: the variance has an error of its share of sqrt(2/n) = .0045; six of them
    y = gaussian_channel(np.zeros(100_000, np.uint8), ebn0_db=3.0, rate=0.5, rng=1)
    assert y.var() == pytest.approx(1 / 10**0.3, rel=6 * 0.0045)
    assert gaussian_channel([0, 1], 60.0, rng=1).round(1).tolist() == [1.0, -1.0]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: flip_bits([0, 1], [0.1, 0.2, 0.3]), ValueError, "broadcast"),
        (lambda: flip_bits([0, 1], [[0.1], [0.2]]), ValueError, "no more axes"),
        (lambda: flip_bits([0, 1], -0.1), ValueError, "zero_to_one must be"),
        (lambda: flip_bits([0, 1], np.nan), ValueError, "zero_to_one must be"),
        (lambda: all_words(17), ValueError, "n must be at most 16"),
        (lambda: all_words(0), ValueError, "n must be at least 1"),
        (lambda: word_likelihoods([[0, 1], [0, 1]], 0.1), ValueError, "cannot be told apart"),
        (lambda: word_likelihoods([0, 1], 0.1), ValueError, "codewords must be"),
        (lambda: gaussian_channel([0], np.inf), ValueError, "ebn0_db must be"),
        (lambda: gaussian_channel([0], 3.0, rate=0.0), ValueError, "rate must be above 0"),
        (lambda: BurstChannel(0.0, 0.0, 0.1, 0.2), ValueError, "never changes"),
        (lambda: BurstChannel(0.1, 0.1, 2, 0.2), ValueError, "good_error must be"),
        (lambda: BurstChannel(0.1, 0.1, 0.1, 0.2).patterns(3, gap=0), ValueError, "gap must be"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()
