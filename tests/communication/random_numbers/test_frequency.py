"""Frequency tests: NIST's examples, and the binomial distribution."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from qlearn.communication.random_numbers import block_frequency, monobit

bits = st.lists(st.integers(0, 1), min_size=3, max_size=200)


def test_the_examples_of_the_document(pi100):
    assert monobit([1, 0, 1, 1, 0, 1, 0, 1, 0, 1]).p_value == pytest.approx(0.527089, abs=1e-6)
    assert monobit(pi100).p_value == pytest.approx(0.109599, abs=1e-6)
    assert block_frequency([0, 1, 1, 0, 0, 1, 1, 0, 1, 0], 3).p_value == pytest.approx(0.801252, abs=1e-6)
    assert block_frequency(pi100, 10).p_value == pytest.approx(0.706438, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "whole", "blocks"), [("e", 0.953749, 0.211072), ("sqrt2", 0.811881, 0.833222)]
)
def test_a_million_bits_as_in_nists_program(name, whole, blocks, reports):
    tests = reports[name].tests
    assert tests["monobit"].p_value == pytest.approx(whole, abs=2e-6)
    assert tests["block_frequency"].p_value == pytest.approx(blocks, abs=2e-6)


@pytest.mark.parametrize("ones", [4900, 5000, 5100, 5150])
def test_monobit_is_the_binomial_test_for_long_sequences(ones):
    exact = stats.binomtest(ones, 10_000).pvalue
    # half a step of the binomial: the normal law lies within the two neighbours' chances
    assert monobit(np.arange(10_000) < ones).p_value == pytest.approx(exact, abs=0.009)


@settings(max_examples=25)
@given(bits)
def test_one_block_is_the_whole(sequence):
    np.testing.assert_allclose(
        block_frequency(sequence, len(sequence)).p_values, monobit(sequence).p_values, atol=1e-9
    )


@settings(max_examples=25)
@given(bits)
def test_zeros_and_ones_are_alike_and_order_does_not_matter(sequence):
    flipped = [1 - bit for bit in sequence]
    for other in (flipped, sorted(sequence), sequence[::-1]):
        assert monobit(other).p_value == pytest.approx(monobit(sequence).p_value, abs=1e-12)


def test_a_bias_that_turns_its_sign_shows_in_blocks_only():
    sequence = np.repeat([0, 1] * 10, 100)
    assert monobit(sequence).p_value == 1
    assert block_frequency(sequence, 100).p_value < 1e-100


def test_bits_after_the_last_block_are_not_used(pi100):
    assert block_frequency(pi100, 33).p_value == block_frequency(pi100[:99], 33).p_value


def test_refuses():
    with pytest.raises(ValueError, match="bits must be an array of 0 and 1; it holds 2"):
        monobit([0, 2])
    with pytest.raises(
        ValueError, match=r"bits must be at least 20 here, not 3; NIST recommends 100 or more"
    ):
        block_frequency([0, 1, 1], 20)
    with pytest.raises(ValueError, match="block must be at least 2"):
        block_frequency([0, 1, 1], 1)
