"""Fixed point: exact sums of words, the bound before anything is sent, words of few bits."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.networks.secure_aggregation import FixedPoint, ternary_word_bits, value_word_bits
from qlearn.networks.secure_aggregation.fixed_point import as_words, bytes_for, words_of

bits = st.integers(2, 64)


@given(
    st.lists(st.lists(st.floats(-1000, 1000), min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(0, 40),
)
def test_sums_are_those_of_the_rounded_numbers(updates, s):
    numbers, n = FixedPoint(s), len(updates)
    words = np.array([numbers.encode(x, n) for x in updates]).sum(axis=0, dtype=np.uint64)
    # the oracle: whole numbers of any size, halves to the even neighbour
    exact = [sum(round(Fraction(x) * 2**s) for x in column) for column in zip(*updates, strict=True)]
    assert [int(word) for word in words] == [total % 2**64 for total in exact]
    assert numbers.decode(words).tolist() == [float(Fraction(total, 2**s)) for total in exact]
    error = np.abs(numbers.decode(words) - np.sum(updates, axis=0))
    assert (error <= numbers.rounding(n) * (1 + 1e-9) + 1e-9).all()


def test_vector():
    # made by code that shares nothing with this library
    words = [FixedPoint(16).encode(x, 3) for x in ([0.5, -1.25], [2.0, 0.125], [-0.75, 3.5])]
    assert [w.tolist() for w in words] == [
        [0x8000, 2**64 - 0x14000],
        [0x20000, 0x2000],
        [2**64 - 0xC000, 0x38000],
    ]
    assert FixedPoint(40).largest(10) == 838860.8


@given(bits, st.integers(1, 20), st.integers(-5, 50))
def test_the_bound_is_sharp(word_bits, n, s):
    numbers = FixedPoint(s, word_bits)
    most = (2 ** (word_bits - 1) - 1) // n  # steps that n clients may have each
    if most and most < 2**50:  # float64 holds them
        for sign in (1, -1):
            words = numbers.encode([sign * most * 2.0**-s], n)
            total = words * np.uint64(n) & numbers.mask
            assert numbers.decode(total)[0] == sign * n * most * 2.0**-s
    if most < 2**50 and n * (most + 1) >= 2 ** (word_bits - 1):
        with pytest.raises(ValueError, match=r"n max\|x\| 2\^s < 2\^.*Nothing was sent"):
            numbers.encode([(most + 1) * 2.0**-s], n)


def test_a_value_that_rounds_onto_the_bound_is_refused():
    FixedPoint(0, 8).encode([127.4], 1)
    with pytest.raises(ValueError, match=r"must stay below 128, not 127\.6"):
        FixedPoint(0, 8).encode([127.6], 1)


@given(st.binary(max_size=64), bits)
def test_words_are_read_from_bits(material, word_bits):
    number, count = int.from_bytes(material, "big"), 8 * len(material) // word_bits
    first = [number >> (8 * len(material) - word_bits * (k + 1)) & (2**word_bits - 1) for k in range(count)]
    assert words_of(material, word_bits).tolist() == first
    assert bytes_for(count, word_bits) <= len(material)


def test_stochastic_rounding_has_the_right_mean():
    # 10^5 draws of .3: sd of the mean .00145; 6 sd: 2e-9
    words = FixedPoint(0).encode(np.full(10**5, 0.3), 1, rng=1)
    assert set(words.tolist()) == {0, 1}
    assert abs(words.mean() - 0.3) < 6 * 0.00145


def test_word_bits_of_quantised_values():
    assert [value_word_bits(8, n) for n in (1, 2, 8, 9, 10, 16, 17)] == [8, 9, 11, 12, 12, 12, 13]
    for n in range(1, 200):
        assert 2 ** ternary_word_bits(n) >= 2 * n + 1 > 2 ** (ternary_word_bits(n) - 1)
    numbers = FixedPoint.for_values(8, 10, largest=0.7)
    assert numbers == FixedPoint(7, 12)
    assert np.abs(np.ldexp(0.7, 7)) <= 127 < np.ldexp(0.7, 8)
    words = numbers.encode([0.7, -0.7], 10) * np.uint64(10) & numbers.mask
    assert np.abs(numbers.decode(words) - [7, -7]).max() <= numbers.rounding(10)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: FixedPoint(1.5), "fraction_bits must be a whole number"),
        (lambda: FixedPoint(3, 65), "word_bits must be at most 64, not 65"),
        (lambda: FixedPoint(3, 1), "word_bits must be at least 2"),
        (lambda: FixedPoint().encode([np.nan], 1), "values must be finite"),
        (lambda: FixedPoint().encode([np.inf], 1), "values must be finite"),
        (lambda: FixedPoint().encode([[1.0]], 1), "one axis, not of shape"),
        (lambda: FixedPoint().encode(["a"], 1), "must be a number"),
        (lambda: FixedPoint().encode([1.0], 0), "n_clients must be at least 1"),
        (lambda: FixedPoint().decode(np.array([1])), "uint64 with one axis, not int64"),
        (lambda: FixedPoint().decode([1]), "uint64 with one axis, not list"),
        (lambda: FixedPoint(0, 8).decode(np.array([256], np.uint64)), r"must lie below 2\*\*8, not 256"),
        (lambda: as_words(np.zeros(2, np.uint64), "pads", size=3), "pads must have 3 words, not 2"),
        (lambda: FixedPoint.for_values(1, 3, 1.0), "value_bits must be at least 2"),
        (lambda: FixedPoint.for_values(8, 3, 0.0), "largest must be above 0"),
    ],
)
def test_refuses(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()
