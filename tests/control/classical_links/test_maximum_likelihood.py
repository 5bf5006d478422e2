"""Maximum likelihood: the tables, no decoder below it, counts as computed, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.special import erfc

from qlearn.control.classical_links import (
    all_words,
    block_error,
    flip_bits,
    gaussian_channel,
    hamming_decode,
    hamming_words,
    most_likely,
    soft_decode,
    word_likelihoods,
)

WORDS = hamming_words()
SYNDROME = hamming_decode(all_words(7)) @ [8, 4, 2, 1]


@pytest.mark.parametrize(
    ("up", "down", "optimum", "syndrome"),
    [
        (0, 0.1, 0.03165129, 0.04448715),
        (0.02, 0.2, 0.16382331, 0.17586232),
        (0.01, 0.1, 0.05286669, 0.05286669),
    ],
)
def test_uneven_channels(up, down, optimum, syndrome):
    table = word_likelihoods(WORDS, up, down)
    assert block_error(most_likely(table), table) == pytest.approx(optimum, abs=1e-8)
    assert block_error(SYNDROME, table) == pytest.approx(syndrome, abs=1e-8)


@given(st.floats(0.001, 0.499))
def test_on_a_symmetric_channel_it_is_the_syndrome(p):
    table = word_likelihoods(WORDS, p)
    assert (most_likely(table) == SYNDROME).all()


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_no_decoder_errs_less(up, down, seed):
    table = word_likelihoods([[0, 0, 0], [0, 1, 1], [1, 0, 1]], up, down)
    least = block_error(most_likely(table), table)
    decisions = np.random.default_rng(seed).integers(0, 3, 8)
    assert least <= block_error(decisions, table) + 1e-12
    assert least == pytest.approx(1 - table.max(axis=0).sum() / 3, abs=1e-12)


def test_the_exact_error_is_what_is_counted():
    # 100,000 words: sd .0012, six of them 2e-9
    rng = np.random.default_rng(2)
    table = word_likelihoods(WORDS, 0.02, 0.2)
    decisions = most_likely(table)
    sent = rng.integers(16, size=100_000)
    read = flip_bits(WORDS[sent], 0.02, 0.2, rng=rng) @ (1 << np.arange(7)[::-1])
    assert abs((decisions[read] != sent).mean() - block_error(decisions, table)) < 6 * 0.0012


def test_soft_decoding_at_four_db():
    # 200,000 words: sd of .0117 is .00024 and of .0367 .00042; six of them
    rng = np.random.default_rng(3)
    sent = rng.integers(16, size=200_000)
    y = gaussian_channel(WORDS[sent], 4.0, 4 / 7, rng=rng)
    soft = (soft_decode(y, WORDS) != sent).mean()
    hard = (SYNDROME[(y < 0) @ (1 << np.arange(7)[::-1])] != sent).mean()
    assert abs(soft - 0.0117) < 6 * 0.00024 + 0.00005  # the table's own rounding
    assert abs(hard - 0.0367149) < 6 * 0.00042
    # the union bound over the words at distance 3, 4 and 7
    union = sum(n * erfc(np.sqrt(d * 4 / 7 * 10**0.4)) / 2 for d, n in ((3, 7), (4, 7), (7, 1)))
    assert soft < union == pytest.approx(0.01415, abs=1e-5)


@given(st.integers(0, 15), st.floats(0.1, 10))
def test_soft_decoding_is_the_nearest_signal(message, scale):
    y = np.random.default_rng(message).normal(size=(5, 7)) * scale
    nearest = ((y[:, None] - (1 - 2.0 * WORDS)) ** 2).sum(axis=-1).argmin(axis=-1)
    assert (soft_decode(y, WORDS) == nearest).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: most_likely(np.ones((2, 4))), "rows sum to 1"),
        (lambda: most_likely([[1.0]]), "rows sum to 1"),
        (lambda: block_error([0, 1], word_likelihoods([[0, 0], [1, 1]], 0.1)), "for each of the 4 words"),
        (
            lambda: block_error([0, 1, 0, 2], word_likelihoods([[0, 0], [1, 1]], 0.1)),
            "decisions must lie in 0 to 1",
        ),
        (lambda: block_error([0.0] * 4, word_likelihoods([[0, 0], [1, 1]], 0.1)), "number of a code word"),
        (lambda: soft_decode([0.1], WORDS), "7 voltages"),
        (lambda: soft_decode([np.nan] * 7, WORDS), "values must be finite"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
