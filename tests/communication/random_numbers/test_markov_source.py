"""Bits with bias and memory: exact entropies against all strings, samples against the model."""

from itertools import pairwise, product
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import MarkovSource, min_entropy

chances = st.floats(0.01, 0.99)


def strings(source, n):
    """The probability of every string of n bits, by the definition."""
    after = [source.after_zero, source.after_one]

    def p(string):
        value = source.ones if string[0] else 1 - source.ones
        for last, bit in pairwise(string):
            value *= after[last] if bit else 1 - after[last]
        return value

    return {string: p(string) for string in product((0, 1), repeat=n)}


@settings(max_examples=30)
@given(chances, chances)
def test_entropies_are_those_of_all_strings(after_zero, after_one):
    source = MarkovSource(after_zero, after_one)
    p = {n: strings(source, n) for n in (6, 7)}
    assert sum(p[7].values()) == pytest.approx(1)
    h = {n: -sum(q * log2(q) for q in p[n].values()) for n in p}
    assert source.shannon_rate == pytest.approx(h[7] - h[6], abs=1e-9)
    # the best guess of the seventh bit from the six before it
    best = sum(max(p[7][(*s, 0)], p[7][(*s, 1)]) for s in p[6])
    assert source.guess_probability == pytest.approx(best, abs=1e-12)
    # every bit is a one as often as every other
    assert sum(q for s, q in p[7].items() if s[6]) == pytest.approx(source.ones)


@settings(max_examples=10)
@given(chances, chances)
def test_the_rate_of_min_entropy_is_reached_by_long_strings(after_zero, after_one):
    source = MarkovSource(after_zero, after_one)
    # ten steps cost ten rates at least but for an odd step of a pair, and at most the first bit and one odd step more
    total, odd = -log2(max(strings(source, 11).values())), log2(1 / 0.01)
    assert 10 * source.min_entropy_rate - 1e-9 <= total + odd
    assert total <= 10 * source.min_entropy_rate + 2 * odd + 1e-9
    assert source.min_entropy_rate <= source.shannon_rate + 1e-12


@settings(max_examples=25)
@given(chances, chances)
def test_no_guess_beats_the_likeliest_path_when_the_source_has_no_memory(after_zero, after_one):
    biased = MarkovSource(after_zero, after_zero)
    assert biased.ones == pytest.approx(after_zero)
    assert biased.min_entropy_rate == pytest.approx(-log2(biased.guess_probability))
    assert biased.correlation == 0


@pytest.mark.parametrize("source", [MarkovSource(0.2, 0.7), MarkovSource(0.8, 0.3), MarkovSource(0.3, 0.3)])
def test_samples_follow_the_model(source):
    # 200,000 bits: the sd of each frequency is below .5 / sqrt(n of its condition > 50,000) = .0022; 6 sd of 6 numbers: 1e-8
    x = source.sample(200_000, rng=11)
    assert x.dtype == np.uint8
    assert abs(x[1:][x[:-1] == 0].mean() - source.after_zero) < 6 * 0.0022
    assert abs(x[1:][x[:-1] == 1].mean() - source.after_one) < 6 * 0.0022
    # nothing is remembered for longer: after 01 a one is as likely as after 11
    two = x[1:-1] == 1
    rate_01, rate_11 = (x[2:][two & (x[:-2] == before)].mean() for before in (0, 1))
    assert abs(rate_01 - rate_11) < 6 * 0.5 * np.sqrt(1 / 20_000 + 1 / 20_000)


def test_the_first_bit_is_as_any_other():
    # 5000 starts: sd .0069 of .4, 6 sd: 2e-9; a fair first bit would be 14 sd off
    source, rng = MarkovSource(0.2, 0.7), np.random.default_rng(3)
    first = np.mean([source.sample(2, rng)[0] for _ in range(5000)])
    assert abs(first - source.ones) < 6 * 0.0069


def test_settings_are_kept_as_plain_numbers():
    assert MarkovSource(np.float32(0.25), np.float64(0.5)) == MarkovSource(0.25, 0.5)
    assert type(MarkovSource(np.float32(0.25), 0.5).ones) is float


def test_extremes():
    stuck, flips = MarkovSource(0, 1), MarkovSource(1, 0)
    assert (stuck.ones, stuck.guess_probability, stuck.shannon_rate, stuck.min_entropy_rate) == (0.5, 1, 0, 0)
    assert len(set(stuck.sample(50, rng=1))) == 1
    assert {int(stuck.sample(1, rng=seed)[0]) for seed in range(20)} == {0, 1}
    assert (np.diff(flips.sample(50, rng=1).astype(int)) != 0).all()
    assert MarkovSource(0.5, 0.5).min_entropy_rate == MarkovSource(0.5, 0.5).shannon_rate == 1


def test_the_estimate_of_sp800_90b_finds_the_rate():
    # its interval of 99 % costs less than .02 at 200,000 bits
    for source in (MarkovSource(0.2, 0.7), MarkovSource(0.8, 0.3)):
        found = min_entropy(source.sample(200_000, rng=5), "markov")
        assert found == pytest.approx(source.min_entropy_rate, abs=0.02)


def test_refuses():
    with pytest.raises(ValueError, match="after_zero must be a probability"):
        MarkovSource(1.2, 0)
    with pytest.raises(ValueError, match="after_one must be a probability"):
        MarkovSource(0.2, -1)
    with pytest.raises(TypeError, match="after_one"):
        MarkovSource(0.2, "1")
    with pytest.raises(ValueError, match="n must be at least 1"):
        MarkovSource(0.2, 0.3).sample(0)
