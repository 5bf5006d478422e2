"""Linear complexity: Berlekamp and Massey on plain lists, registers tried out, NIST's examples."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.special import gammaincc

from qlearn.communication.random_numbers import berlekamp_massey, linear_complexity
from qlearn.communication.random_numbers.shift_registers import _EXACT, _NIST


def shortest(sequence):
    """Return the length of the shortest register by trying all of them."""
    n = len(sequence)
    for length in range(n + 1):
        for taps in product((0, 1), repeat=length):
            if all(
                sequence[i] == sum(c * sequence[i - 1 - k] for k, c in enumerate(taps)) % 2
                for i in range(length, n)
            ):
                return length
    raise AssertionError("a register as long as the sequence always makes it")


def massey(sequence):
    """Massey's algorithm of 1969, with polynomials as whole numbers."""
    c, b, length, shift, seen = 1, 1, 0, 1, 0
    for n, bit in enumerate(sequence):
        seen = seen << 1 | bit
        if (c & seen).bit_count() % 2 == 0:
            shift += 1
            continue
        before, c = c, c ^ b << shift
        if 2 * length <= n:
            length, b, shift = n + 1 - length, before, 1
        else:
            shift += 1
    return length


@settings(max_examples=50)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=9))
def test_it_is_the_shortest_of_all_registers(sequence):
    assert berlekamp_massey(sequence) == shortest(sequence)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 70), st.integers(1, 150))
def test_all_blocks_at_once_are_each_alone(seed, many, m):
    rng = np.random.default_rng(seed)
    blocks = (rng.random((many, m)) < rng.random((many, 1))).astype(int)
    assert berlekamp_massey(blocks).tolist() == [massey(block) for block in blocks.tolist()]


def test_the_shape_is_that_of_the_blocks():
    assert berlekamp_massey(np.zeros((2, 3, 10), int)).tolist() == [[0] * 3] * 2
    assert berlekamp_massey([0, 0, 0, 1]) == 4


def test_the_examples_of_the_document(e):
    nist = linear_complexity(e, 1000)
    assert nist.statistics[0] == pytest.approx(2.700348, abs=1e-6)
    assert nist.p_value == pytest.approx(0.845406, abs=1e-6)
    t = berlekamp_massey(e.reshape(1000, 1000)) - 500 - 8 / 36 + 2 / 9
    counts = np.histogram(t, [-999, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 999])[0]
    assert counts.tolist() == [11, 31, 116, 501, 258, 57, 26]
    # without NIST's slip
    expected = 1000 * np.array(_EXACT)
    chi2 = ((counts - expected) ** 2 / expected).sum()
    assert gammaincc(3, chi2 / 2) == pytest.approx(0.844721, abs=2e-5)
    some = linear_complexity(e[:100_000], 1000, probabilities="exact").statistics[0]
    counts = np.histogram(t[:100], [-999, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 999])[0]
    assert some == pytest.approx(((counts - expected / 10) ** 2 / (expected / 10)).sum())


@pytest.mark.parametrize(("name", "p"), [("e", 0.826335), ("sqrt2", 0.317127)])
def test_a_million_bits_as_in_nists_program(name, p, reports):
    assert reports[name].tests["linear_complexity"].p_value == pytest.approx(p, abs=2e-6)


@pytest.mark.parametrize("m", [12, 13])
def test_the_classes_are_those_of_all_sequences(m):
    # of 2^m sequences; what lies beyond the ends of a short block is less than 2^-(m-7)
    every = (np.arange(2**m)[:, None] >> np.arange(m)) & 1
    lengths = berlekamp_massey(every)
    sign = (-1) ** m
    mean = m / 2 + (9 - sign) / 36 - (m / 3 + 2 / 9) / 2**m
    assert lengths.mean() == pytest.approx(mean, abs=1e-9)
    t = sign * (lengths - mean) + 2 / 9
    shares = np.histogram(t, [-99, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 99])[0] / 2**m
    np.testing.assert_allclose(shares, _EXACT, atol=2.0 ** (7 - m))
    assert np.abs(np.array(_NIST) - _EXACT).argmax() == 0


def test_a_register_fails():
    sequence = [1] + [0] * 30
    while len(sequence) < 20_000:
        sequence.append(sequence[-31] ^ sequence[-28])
    assert linear_complexity(sequence).p_value < 1e-100


def test_refuses():
    with pytest.raises(
        ValueError, match="at least 500 here, not 3; NIST recommends a million, and 200 blocks"
    ):
        linear_complexity([0, 1, 1])
    with pytest.raises(ValueError, match="block must be at least 4"):
        linear_complexity([0, 1, 1], 3)
    with pytest.raises(ValueError, match="not be a single bit"):
        berlekamp_massey(1)
