"""Ranks: NIST's examples, and all small matrices counted."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.communication.random_numbers import rank
from qlearn.communication.random_numbers.matrix_rank import _chance

BITS20 = [int(digit) for digit in "01011001001010101101"]


def rank_of(matrix):
    """Return the rank by the size of the row space."""
    span = {0}
    for row in matrix:
        word = int("".join(map(str, row)), 2)
        span |= {word ^ other for other in span}
    return len(span).bit_length() - 1


def test_the_examples_of_the_document(e):
    shortcut = rank(BITS20, 3, 3, probabilities=[0.2888, 0.5776, 0.1336])
    assert shortcut.p_value == pytest.approx(0.741948, abs=1e-6)
    assert rank(BITS20, 3, 3).p_value == pytest.approx(0.820962, abs=1e-6)
    assert rank(e[:100_000]).p_value == pytest.approx(0.532069, abs=1e-6)


@pytest.mark.parametrize(("name", "p"), [("e", 0.306156), ("sqrt2", 0.823810)])
def test_a_million_bits_as_in_nists_program(name, p, reports):
    assert reports[name].tests["rank"].p_value == pytest.approx(p, abs=2e-6)


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 3), (2, 4), (4, 3)])
def test_the_chances_are_those_of_all_matrices(rows, columns):
    ranks = [rank_of(np.reshape(m, (rows, columns))) for m in product((0, 1), repeat=rows * columns)]
    shares = np.bincount(ranks) / len(ranks)
    assert [_chance(rows, columns, r) for r in range(min(rows, columns) + 1)] == pytest.approx(
        shares, abs=1e-12
    )


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.integers(2, 8))
def test_ranks_are_those_of_the_row_spaces(seed, rows, columns):
    rng = np.random.default_rng(seed)
    matrices = rng.integers(0, 2, (30, rows, columns))
    matrices[:10, 1] = matrices[:10, 0]
    full = min(rows, columns)
    counts = np.bincount([min(full - rank_of(m), 2) for m in matrices], minlength=3)
    p = np.array([_chance(rows, columns, full), _chance(rows, columns, full - 1)])
    expected = 30 * np.append(p, 1 - p.sum())
    chi2 = ((counts - expected) ** 2 / expected).sum()
    found = rank(matrices.ravel(), rows, columns)
    assert found.statistics[0] == pytest.approx(chi2, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(np.exp(-chi2 / 2), abs=1e-9)


def test_a_short_shift_register_fails():
    sequence = [1] + [0] * 15
    while len(sequence) < 40_000:
        sequence.append(sequence[-16] ^ sequence[-14] ^ sequence[-13] ^ sequence[-11])
    assert rank(sequence).p_value < 1e-50


def test_words_of_64_columns_are_whole():
    identity = np.eye(64, dtype=int)
    assert rank(np.tile(identity.ravel(), 3), 64, 64).statistics[0] == pytest.approx(
        3 * (1 / _chance(64, 64, 64) - 1)
    )


@pytest.mark.parametrize(("rows", "columns"), [(2, 64), (64, 2)])
def test_a_class_as_good_as_impossible_counts_as_that(rows, columns):
    # zeros have rank 0, which comes with the chance 2^-128; 1 less the other two is rounded to something below 0
    found = rank(np.zeros(1280, int), rows, columns)
    assert found.p_value == 0
    assert found.statistics[0] == pytest.approx(10 * 2.0**128, rel=1e-9)


def test_refuses():
    with pytest.raises(ValueError, match="with these parameters a class has 0: choose them so that each"):
        rank(np.zeros(76_800, int), 1200, 64)
    with pytest.raises(ValueError, match="at least 1024 here, not 20; NIST recommends 38 matrices or more"):
        rank(BITS20)
    with pytest.raises(ValueError, match="columns must be at most 64"):
        rank(BITS20, 2, 65)
    with pytest.raises(ValueError, match="rows must be at least 2"):
        rank(BITS20, 1, 2)
