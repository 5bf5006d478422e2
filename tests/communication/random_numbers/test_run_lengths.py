"""Runs and longest runs: NIST's examples, and all sequences counted."""

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import longest_run, runs
from qlearn.communication.random_numbers.run_lengths import _CLASSES, _NIST, _exact_classes

PRINTED = (
    "1100110000010101011011000100110011100000000000100100110101010001"
    "0001001111010110100000001101011111001100111001101101100010110010"
)
BITS128 = np.array([int(digit) for digit in PRINTED])


def longest(sequence):
    return max((len(list(run)) for bit, run in groupby(sequence) if bit), default=0)


def test_the_examples_of_the_document(pi100):
    assert runs([1, 0, 0, 1, 1, 0, 1, 0, 1, 1]).p_value == pytest.approx(0.147232, abs=1e-6)
    assert runs(pi100).p_value == pytest.approx(0.500798, abs=1e-6)
    for probabilities in ("nist", "exact"):
        p = longest_run(BITS128, probabilities=probabilities).p_value
        assert p == pytest.approx(0.180609, abs=1e-6)
    printed = longest_run(BITS128, probabilities=[0.2148, 0.3672, 0.2305, 0.1875])
    assert printed.p_value == pytest.approx(0.180598, abs=1e-6)


@pytest.mark.parametrize(("name", "many", "long"), [("e", 0.561917, 0.718945), ("sqrt2", 0.313427, 0.012117)])
def test_a_million_bits_as_in_nists_program(name, many, long, reports):
    tests = reports[name].tests
    assert tests["runs"].p_value == pytest.approx(many, abs=2e-6)
    assert tests["longest_run"].p_value == pytest.approx(long, abs=2e-6)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=2, max_size=100))
def test_runs_are_counted(sequence):
    assert runs(sequence).statistics[0] == len(list(groupby(sequence)))


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_the_longest_run_of_each_block_is_found(seed):
    sequence = np.random.default_rng(seed).integers(0, 2, 8 * 20)
    lengths = [longest(block) for block in sequence.reshape(20, 8)]
    counts = np.bincount(np.clip(lengths, 1, 4) - 1, minlength=4)
    expected = 20 * np.array(_NIST[8])
    chi2 = ((counts - expected) ** 2 / expected).sum()
    assert longest_run(sequence, 8).statistics[0] == pytest.approx(chi2, abs=1e-9)


def test_the_exact_classes_are_those_of_all_sequences():
    lengths = [longest(sequence) for sequence in product((0, 1), repeat=8)]
    counts = np.bincount(np.clip(lengths, 1, 4) - 1)
    np.testing.assert_allclose(_exact_classes(8), counts / 256, atol=1e-15)


def test_nists_classes_are_exact_but_for_the_longest_blocks():
    for block in (8, 128):
        np.testing.assert_allclose(_NIST[block], _exact_classes(block), atol=1e-8)
    off = np.array(_NIST[10_000]) / _exact_classes(10_000) - 1
    assert 0.01 < np.abs(off).max() < 0.02


@pytest.mark.parametrize("block", _CLASSES)
def test_blocks_of_zeros_and_blocks_of_ones_count(block):
    first, last = np.zeros(128 * block, int), np.ones(128 * block, int)
    for sequence, place in ((first, 0), (last, -1)):
        p = _NIST[block][place] / sum(_NIST[block])
        found = longest_run(sequence, block).statistics[0]
        assert found == pytest.approx(128 * (1 / p - 1), rel=1e-3)


def test_the_choice_of_the_block_is_nists(e):
    for n, block in ((6271, 8), (6272, 128), (749_999, 128), (750_000, 10_000)):
        assert longest_run(e[:n]).p_value == longest_run(e[:n], block).p_value


def test_too_far_from_half_ones_fails_at_once():
    assert runs(np.arange(100) % 5 == 0).p_value == 0
    assert runs([1, 1]).p_value == 0


def test_refuses():
    with pytest.raises(ValueError, match="at least 128 here, not 100; NIST recommends 128 or more"):
        longest_run(np.zeros(100, int))
    with pytest.raises(ValueError, match="block must be 8, 128 or 10000"):
        longest_run(BITS128, 16)
    with pytest.raises(ValueError, match="at least one block of 10000, not 128"):
        longest_run(BITS128, 10_000)
    with pytest.raises(ValueError, match="one of nist, exact or 4 numbers, not 'best'"):
        longest_run(BITS128, probabilities="best")
    with pytest.raises(ValueError, match="4 numbers above 0 that sum to 1"):
        longest_run(BITS128, probabilities=[0.5, 0.5])
    with pytest.raises(ValueError, match="at least 2 here"):
        runs([1])
