"""Templates: NIST's examples, words counted one after the other, all sequences of a block."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.special import gammaincc

from qlearn.communication.random_numbers import (
    aperiodic_templates,
    non_overlapping_template,
    overlapping_template,
)
from qlearn.communication.random_numbers.template_matching import _asymptotic, _exact

BITS20 = [int(digit) for digit in "10100100101110010110"]
TABLE_OF_THE_EXAMPLE = [0.367879, 0.183940, 0.137955, 0.099634, 0.069935, 0.140656]
CORRECTED_TABLE = [0.364091, 0.185659, 0.139381, 0.100571, 0.070432, 0.139865]


def occurrences(block, word, overlapping):
    found, i = 0, 0
    while i + len(word) <= len(block):
        hit = list(block[i : i + len(word)]) == list(word)
        found += hit
        i += len(word) if hit and not overlapping else 1
    return found


def test_the_examples_of_the_document(e):
    assert non_overlapping_template(BITS20, [0, 0, 1], blocks=2).p_value == pytest.approx(0.344154, abs=1e-6)
    assert overlapping_template(e).p_value == pytest.approx(0.110434, abs=2e-6)
    assert overlapping_template(e, probabilities=TABLE_OF_THE_EXAMPLE).p_value == pytest.approx(
        0.110431, abs=2e-6
    )
    # six printed digits, 968 blocks: 1e-4
    for probabilities in (CORRECTED_TABLE, "exact"):
        p = overlapping_template(e, probabilities=probabilities).p_value
        assert p == pytest.approx(0.159032, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "apart", "over"), [("e", 0.078790, 0.110434), ("sqrt2", 0.569461, 0.791982)]
)
def test_a_million_bits_as_in_nists_program(name, apart, over, request, reports):
    sequence, tests = request.getfixturevalue(name), reports[name].tests
    all_of_them = tests["non_overlapping_template"]
    assert all_of_them.p_values.shape == (148,)
    assert all_of_them.p_values[0] == pytest.approx(apart, abs=2e-6)
    assert non_overlapping_template(sequence, [0] * 8 + [1]).p_value == all_of_them.p_values[0]
    assert tests["overlapping_template"].p_value == pytest.approx(over, abs=2e-6)


def test_the_two_tables_are_the_formula_and_the_exact_chances():
    np.testing.assert_allclose(_asymptotic(9, 1032, 6), TABLE_OF_THE_EXAMPLE, atol=1e-6)
    np.testing.assert_allclose(_exact(9, 1032, 6), CORRECTED_TABLE, atol=2e-6)


def test_the_exact_chances_are_those_of_all_blocks():
    found = [min(occurrences(block, [1, 1], True), 5) for block in product((0, 1), repeat=9)]
    np.testing.assert_allclose(_exact(2, 9, 6), np.bincount(found) / 512, atol=1e-15)


def test_aperiodic_templates_are_as_many_as_nist_has():
    assert [aperiodic_templates(m).size for m in range(2, 11)] == [2, 4, 6, 12, 20, 40, 74, 148, 284]


@settings(max_examples=50)
@given(st.integers(2, 9), st.data())
def test_aperiodic_means_no_overlap_with_itself(m, data):
    word = data.draw(st.integers(0, 2**m - 1))
    text = f"{word:0{m}b}"
    overlaps = any(text.startswith(text[shift:]) for shift in range(1, m))
    assert (word in aperiodic_templates(m)) == (not overlaps)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(1, 4))
def test_words_are_counted_as_one_after_the_other(seed, m, blocks):
    sequence = np.random.default_rng(seed).integers(0, 2, 90)
    size = 90 // blocks
    mean = (size - m + 1) / 2**m
    variance = size * (1 / 2**m - (2 * m - 1) / 2 ** (2 * m))
    found = non_overlapping_template(sequence, m=m, blocks=blocks)
    for k, number in enumerate(aperiodic_templates(m)):
        word = [int(digit) for digit in f"{number:0{m}b}"]
        w = [occurrences(sequence[j * size : (j + 1) * size], word, False) for j in range(blocks)]
        chi2 = sum((x - mean) ** 2 / variance for x in w)
        assert found.statistics[k] == pytest.approx(chi2, abs=1e-9)
        assert found.p_values[k] == pytest.approx(gammaincc(blocks / 2, chi2 / 2), abs=1e-9)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_ones_are_counted_with_overlaps_within_blocks(seed):
    sequence = (np.random.default_rng(seed).random(30 * 20 + 7) < 0.7).astype(int)
    found = [occurrences(block, [1, 1, 1], True) for block in sequence[:600].reshape(20, 30)]
    counts = np.bincount(np.minimum(found, 5), minlength=6)
    expected = 20 * np.array(_exact(3, 30, 6))
    chi2 = ((counts - expected) ** 2 / expected).sum()
    assert overlapping_template(sequence, 3, 30, probabilities="exact").statistics[0] == pytest.approx(chi2)


def test_numpys_small_integers_are_numbers():
    bits = np.random.default_rng(2).integers(0, 2, 3000)
    for small, m in ((np.int8(9), 9), (np.uint8(9), 9)):
        found = non_overlapping_template(bits, m=small).p_values
        assert found.tolist() == non_overlapping_template(bits, m=m).p_values.tolist()


@pytest.mark.parametrize("probabilities", ["asymptotic", "exact"])
def test_blocks_too_long_for_the_word_are_refused(probabilities):
    # no 11 in 5000 bits has a chance that a float does not hold
    with pytest.raises(ValueError, match="probabilities must be above 1e-200, but with these parameters"):
        overlapping_template(np.zeros(5000, int), 2, 5000, probabilities=probabilities)


def test_refuses():
    with pytest.raises(ValueError, match="template must not overlap with itself, as"):
        non_overlapping_template(BITS20, [1, 0, 1])
    with pytest.raises(ValueError, match="bits must be at least 144 here, not 20; NIST recommends a million"):
        non_overlapping_template(BITS20)
    with pytest.raises(
        ValueError, match="bits must be at least 1032 here, not 20; NIST recommends a million"
    ):
        overlapping_template(BITS20)
    with pytest.raises(ValueError, match="probabilities must be asymptotic, exact or 6 numbers, not 'nist'"):
        overlapping_template(BITS20, 2, 10, probabilities="nist")
    with pytest.raises(ValueError, match="m must be at most 21"):
        overlapping_template(BITS20, 22, 100)
    with pytest.raises(ValueError, match="m must be at most 21"):
        aperiodic_templates(22)
